/// The lines around a signature's Base64.
enum Armor {
  private static let start = Array("-----BEGIN SSH SIGNATURE-----".utf8)
  private static let end = Array("-----END SSH SIGNATURE-----".utf8)

  static func content(of text: [UInt8]) throws(SSHFormatError) -> [UInt8] {
    guard text.count <= SSHSignature.sizeLimit else {
      throw .malformed("larger than \(SSHSignature.sizeLimit) bytes")
    }
    var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      // As a file comes that went through a Windows desk.
      $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    guard lines.count > 2, lines[0].elementsEqual(start) else {
      throw .malformed("no SSH signature: \"\(String(decoding: start, as: UTF8.self))\" is missing")
    }
    guard lines[lines.count - 1].elementsEqual(end) else {
      throw .malformed("a signature without its last line")
    }
    guard let content = Base64.decoded(Array(lines.dropFirst().dropLast().joined())) else {
      throw .malformed("a signature that isn't Base64")
    }
    return content
  }
}
