import MCPConfig

/// Why bytes aren't a key or a signature that can be verified.
public enum SSHFormatError: Error, Hashable, Sendable {
  /// What isn't as OpenSSH writes it.
  case malformed(String)
  /// A kind of key that isn't verified here.
  case unsupportedKey(ByteString)

  /// One sentence's end, in words: "… is not a signature: ARMOR".
  public var message: String {
    switch self {
    case .malformed(let what): what
    case .unsupportedKey(let type):
      "keys of type \"\(type.shown)\" aren't verified; take one of "
        + SSHKeyType.allCases.map(\.rawValue).joined(separator: ", ")
    }
  }
}

/// The kinds of keys whose signatures are verified, as OpenSSH names them.
///
/// RSA isn't among them: the library that verifies here has none that is meant for new uses. Those with
/// `sk-` are on a hardware key.
public enum SSHKeyType: String, CaseIterable, Sendable {
  case ed25519 = "ssh-ed25519"
  case p256 = "ecdsa-sha2-nistp256"
  case p384 = "ecdsa-sha2-nistp384"
  case p521 = "ecdsa-sha2-nistp521"
  case hardwareEd25519 = "sk-ssh-ed25519@openssh.com"
  case hardwareP256 = "sk-ecdsa-sha2-nistp256@openssh.com"

  public var isHardware: Bool { self == .hardwareEd25519 || self == .hardwareP256 }

  /// The name of the curve as it stands in the key; nil where the type says it all.
  var curve: StaticString? {
    switch self {
    case .ed25519, .hardwareEd25519: nil
    case .p256, .hardwareP256: "nistp256"
    case .p384: "nistp384"
    case .p521: "nistp521"
    }
  }

  /// Bytes of a coordinate, and so of each half of a signature.
  var width: Int {
    switch self {
    case .ed25519, .hardwareEd25519, .p256, .hardwareP256: 32
    case .p384: 48
    case .p521: 66
    }
  }

  init?(_ name: [UInt8]) {
    guard let type = Self.allCases.first(where: { name.elementsEqual($0.rawValue.utf8) }) else {
      return nil
    }
    self = type
  }
}
