import Crypto
import MCPConfig

/// A detached signature of OpenSSH (`ssh-keygen -Y sign`), as its PROTOCOL.sshsig has it.
///
/// That it verifies says only that the key in it made it for these bytes and this namespace. Whether
/// that key is anybody's is another question.
public struct SSHSignature: Sendable {
  public let key: SSHPublicKey
  /// What the signature is for, so that one made for something else can't be used.
  public let namespace: ByteString
  public let hash: Hash
  private let halves: [UInt8]
  /// What a hardware key adds: flags and a counter.
  private let device: [UInt8]

  public enum Hash: String, CaseIterable, Sendable {
    case sha256, sha512
  }

  /// Of the armored text. What `ssh-keygen` writes is below 1 KiB.
  public static let sizeLimit = 16 << 10

  private static let magic = Array("SSHSIG".utf8)
  private static let touched: UInt8 = 0x01

  public init(armored text: [UInt8]) throws(SSHFormatError) {
    try self.init(blob: try Armor.content(of: text))
  }

  init(blob: [UInt8]) throws(SSHFormatError) {
    var reader = WireReader(blob)
    guard reader.bytes(Self.magic.count) == Self.magic else { throw .malformed("no SSH signature") }
    guard let version = reader.number() else { throw Self.cut }
    guard version == 1 else { throw .malformed("a signature of version \(version), not 1") }
    guard let keyBlob = reader.string() else { throw Self.cut }
    key = try SSHPublicKey(blob: keyBlob)
    guard let namespace = reader.string(), let reserved = reader.string(),
      let hashName = reader.string(), let signature = reader.string()
    else { throw Self.cut }
    guard reader.isAtEnd else { throw .malformed("a signature with something after its end") }
    guard reserved.isEmpty else {
      throw .malformed("a signature with something in what is reserved")
    }
    guard let hash = Hash.allCases.first(where: { hashName.elementsEqual($0.rawValue.utf8) }) else {
      throw .malformed("a signature with another hash than sha256 and sha512")
    }
    self.namespace = ByteString(namespace)
    self.hash = hash
    (halves, device) = try Self.parts(of: signature, by: key.type)
  }

  private static let cut = SSHFormatError.malformed("a signature that is cut off")

  private static func parts(
    of signature: [UInt8], by type: SSHKeyType
  ) throws(SSHFormatError) -> (halves: [UInt8], device: [UInt8]) {
    var reader = WireReader(signature)
    guard let name = reader.string(), let value = reader.string() else { throw cut }
    guard SSHKeyType(name) == type else {
      throw .malformed("a signature of another type than its key's")
    }
    var device: [UInt8] = []
    if type.isHardware {
      guard let added = reader.bytes(5) else { throw cut }
      device = added
    }
    guard reader.isAtEnd else { throw .malformed("a signature with something after its end") }
    guard type.curve != nil else {
      guard value.count == 64 else { throw cut }
      return (value, device)
    }
    var numbers = WireReader(value)
    guard let first = numbers.positive(filledTo: type.width),
      let second = numbers.positive(filledTo: type.width), numbers.isAtEnd
    else { throw .malformed("a signature whose numbers aren't spelled as they must be") }
    return (first + second, device)
  }

  /// Whether someone touched the hardware key for it; true for other keys.
  public var wasTouched: Bool { device.first.map { $0 & Self.touched != 0 } ?? true }

  /// Whether the key in it made it for these bytes.
  public func fits(_ content: [UInt8]) -> Bool {
    let digest =
      switch hash {
      case .sha256: Array(SHA256.hash(data: content))
      case .sha512: Array(SHA512.hash(data: content))
      }
    let signed =
      Self.magic + Wire.string(namespace.bytes) + Wire.string([])
      + Wire.string(Array(hash.rawValue.utf8)) + Wire.string(digest)
    guard key.type.isHardware else { return key.isValid(halves, for: signed) }
    let data =
      Array(SHA256.hash(data: key.application)) + device + Array(SHA256.hash(data: signed))
    return key.isValid(halves, for: data)
  }
}
