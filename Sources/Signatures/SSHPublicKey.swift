import Crypto
import MCPConfig

/// A public key of OpenSSH.
public struct SSHPublicKey: Hashable, Sendable {
  public let type: SSHKeyType
  /// As it travels in files and signatures; two keys are the same if these bytes are.
  public let blob: [UInt8]
  /// The key itself: 32 bytes, or an uncompressed point.
  let point: [UInt8]
  /// What a hardware key signs for, `ssh:` as a rule; empty for the others.
  let application: [UInt8]

  static let sizeLimit = 1024

  public init(blob: [UInt8]) throws(SSHFormatError) {
    guard blob.count <= Self.sizeLimit else { throw .malformed("a key that is too long") }
    var reader = WireReader(blob)
    guard let name = reader.string() else { throw .malformed("a key that is cut off") }
    guard let type = SSHKeyType(name) else { throw .unsupportedKey(ByteString(name)) }
    if let curve = type.curve {
      guard let named = reader.string(), curve ~= ByteString(named) else {
        throw .malformed("a key of another curve than its type's")
      }
    }
    guard let point = reader.string() else { throw .malformed("a key that is cut off") }
    var application: [UInt8] = []
    if type.isHardware {
      guard let text = reader.string() else { throw .malformed("a key that is cut off") }
      application = text
    }
    guard reader.isAtEnd else { throw .malformed("a key with something after its end") }
    self.init(type: type, blob: blob, point: point, application: application)
    guard isUsable else { throw .malformed("a key that isn't one of its type") }
  }

  private init(type: SSHKeyType, blob: [UInt8], point: [UInt8], application: [UInt8]) {
    self.type = type
    self.blob = blob
    self.point = point
    self.application = application
  }

  /// A line as in a `.pub` file: type, Base64, and perhaps a comment.
  public init(line: ByteString) throws(SSHFormatError) {
    let parts = line.bytes.split(separator: UInt8(ascii: " "), maxSplits: 2)
    guard parts.count >= 2, parts[0].startIndex == 0 else {
      throw .malformed("a key is its type, a space and its Base64, as in a .pub file")
    }
    guard SSHKeyType(Array(parts[0])) != nil else { throw .unsupportedKey(ByteString(parts[0])) }
    guard parts[1].count <= Self.sizeLimit * 2, let blob = Base64.decoded(Array(parts[1])) else {
      throw .malformed("a key that isn't Base64")
    }
    try self.init(blob: blob)
    guard parts[0].elementsEqual(type.rawValue.utf8) else {
      throw .malformed("a key of another type than it says")
    }
  }

  /// `SHA256:` and 43 characters, as `ssh-keygen -l` prints it.
  public var fingerprint: String {
    "SHA256:\(Base64.unpadded(Array(SHA256.hash(data: blob))))"
  }

  /// Whether a text has a fingerprint's form.
  public static func isFingerprint(_ text: ByteString) -> Bool {
    let prefix = Array("SHA256:".utf8)
    guard text.bytes.starts(with: prefix), text.bytes.count == prefix.count + 43 else {
      return false
    }
    return Base64.decoded(text.bytes.dropFirst(prefix.count) + [UInt8(ascii: "=")])?.count == 32
  }

  private var isUsable: Bool {
    switch type {
    case .ed25519, .hardwareEd25519:
      point.count == 32 && (try? Curve25519.Signing.PublicKey(rawRepresentation: point)) != nil
    case .p256, .hardwareP256: (try? P256.Signing.PublicKey(x963Representation: point)) != nil
    case .p384: (try? P384.Signing.PublicKey(x963Representation: point)) != nil
    case .p521: (try? P521.Signing.PublicKey(x963Representation: point)) != nil
    }
  }

  /// - Parameter halves: the signature's bytes, for a curve of two numbers both filled up.
  func isValid(_ halves: [UInt8], for data: [UInt8]) -> Bool {
    do {
      switch type {
      case .ed25519, .hardwareEd25519:
        return try Curve25519.Signing.PublicKey(rawRepresentation: point)
          .isValidSignature(halves, for: data)
      case .p256, .hardwareP256:
        return try P256.Signing.PublicKey(x963Representation: point)
          .isValidSignature(.init(rawRepresentation: halves), for: data)
      case .p384:
        return try P384.Signing.PublicKey(x963Representation: point)
          .isValidSignature(.init(rawRepresentation: halves), for: data)
      case .p521:
        return try P521.Signing.PublicKey(x963Representation: point)
          .isValidSignature(.init(rawRepresentation: halves), for: data)
      }
    } catch {
      return false
    }
  }
}
