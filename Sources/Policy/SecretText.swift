/// Bytes that may hold a secret, and what can be asked of them after its prefix.
struct SecretText {
  let bytes: [UInt8]

  enum Alphabet {
    case upperAlphanumeric, alphanumeric, word, dashed, base64URL, token

    func contains(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
      case UInt8(ascii: "a")...UInt8(ascii: "z"): self != .upperAlphanumeric
      case UInt8(ascii: "_"): self == .word || self == .base64URL || self == .token
      case UInt8(ascii: "-"): self == .dashed || self == .base64URL || self == .token
      default: self == .token && ".~+/=".utf8.contains(byte)
      }
    }
  }

  /// Whether at least so many bytes of the alphabet stand there.
  func has(_ count: Int, of alphabet: Alphabet, from start: Int) -> Bool {
    bytes[start...].prefix(count).count { alphabet.contains($0) } == count
  }

  /// Sixteen more, and the whole of the word: the letters also occur within base64.
  func isAWSKey(after start: Int, prefix: Int) -> Bool {
    has(16, of: .upperAlphanumeric, from: start)
      && !has(1, of: .alphanumeric, from: start + 16)
      && !isPreceded(start - prefix, by: .alphanumeric)
  }

  /// Header and payload, both of them JSON objects in base64, so that `eyJ` starts both, and a
  /// signature.
  func isWebToken(after start: Int, prefix: Int) -> Bool {
    guard !isPreceded(start - prefix, by: .base64URL) else { return false }
    let headerEnd = end(of: .base64URL, from: start)
    let payload = headerEnd + 1
    guard headerEnd - start >= 8, bytes[headerEnd...].starts(with: Array(".eyJ".utf8)) else {
      return false
    }
    return bytes[end(of: .base64URL, from: payload)...].first == UInt8(ascii: ".")
  }

  /// RFC 7468's labels of private keys all end with these words; certificates are no secrets.
  func isPrivateKeyLabel(from start: Int) -> Bool {
    let longestLabel = 64
    let label = bytes[start...].prefix(longestLabel)
    // A generic search costs far more, and a file can be full of beginnings.
    return label.indices.contains {
      bytes[$0] == Self.privateKey[0] && bytes[$0...].starts(with: Self.privateKey)
    }
  }

  private static let privateKey = Array("PRIVATE KEY".utf8)

  /// A token has digits; `Bearer YOUR_ACCESS_TOKEN` says where one belongs.
  func isBearerToken(from start: Int) -> Bool {
    has(16, of: .token, from: start)
      && bytes[start...].prefix(512).prefix { Alphabet.token.contains($0) }
        .contains { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
  }

  /// `user:password@host`, where the password isn't a reference (RFC 3986, section 3.2).
  func hasPassword(inAuthorityFrom start: Int) -> Bool {
    let authority = bytes[start...].prefix { $0 > 0x20 && !"/?#\"'".utf8.contains($0) }
    guard let at = authority.lastIndex(of: UInt8(ascii: "@")),
      let colon = authority[..<at].firstIndex(of: UInt8(ascii: ":"))
    else { return false }
    let password = authority[(colon + 1)..<at]
    return !password.isEmpty && !Self.isReference(password)
  }

  /// `${…}`, or `$NAME`.
  static func isReference(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.first == UInt8(ascii: "$"), let second = bytes.dropFirst().first else {
      return false
    }
    if second == UInt8(ascii: "{") {
      return bytes.firstIndex(of: UInt8(ascii: "}")) == bytes.endIndex - 1
    }
    return bytes.dropFirst().allSatisfy {
      Alphabet.upperAlphanumeric.contains($0) || $0 == UInt8(ascii: "_")
    }
  }

  private func isPreceded(_ start: Int, by alphabet: Alphabet) -> Bool {
    start > 0 && alphabet.contains(bytes[start - 1])
  }

  private func end(of alphabet: Alphabet, from start: Int) -> Int {
    bytes[start...].firstIndex { !alphabet.contains($0) } ?? bytes.endIndex
  }
}
