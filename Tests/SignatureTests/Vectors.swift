import MCPConfig
import Signatures
import Support

/// What make-vectors.sh made with the real `ssh-keygen`.
enum Vectors {
  /// Those with a signature of their own that holds.
  static let keys = ["ed25519", "p256", "p384", "p521"]

  static func bytes(_ name: String) -> [UInt8] {
    guard let bytes = Corpus.read("\(packageFolder)/Tests/SignatureTests/vectors/\(name)") else {
      fatalError("no vector \(name)")
    }
    return bytes
  }

  static let content = bytes("mcp.json")

  static func signature(_ name: String) throws -> SSHSignature {
    try SSHSignature(armored: bytes("\(name).sig"))
  }

  static func line(_ name: String) -> ByteString {
    ByteString(Array(bytes("\(name).pub").prefix { $0 != UInt8(ascii: "\n") }))
  }

  static func key(_ name: String) throws -> SSHPublicKey { try SSHPublicKey(line: line(name)) }
}
