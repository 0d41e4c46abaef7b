import MCPConfig

/// Connections that anyone on the way can read and change.
enum AddressLint {
  static func hits(_ definition: JSON) -> [LintHit] {
    guard let url = definition["url"], let bytes = url.string?.bytes, isPlain(bytes[...]) else {
      return []
    }
    return [hit("url", url.offset)]
  }

  /// An argument that is such an address, or `--option=` and one.
  static func hit(_ word: LaunchWord) -> LintHit? {
    let afterEquals = word.bytes.firstIndex(of: UInt8(ascii: "=")).map { word.bytes[($0 + 1)...] }
    let isHit = isPlain(word.bytes[...]) || word.isOption && afterEquals.map(isPlain) == true
    return isHit ? hit(word.field, word.offset) : nil
  }

  private static func hit(_ field: String, _ offset: Int) -> LintHit {
    LintHit(
      .plainHTTP, field, offset,
      "The connection isn't encrypted, so anyone on the way can read it and answer in the "
        + "server's place. Write https.")
  }

  private static func isPlain(_ bytes: ArraySlice<UInt8>) -> Bool {
    let schemes = ["http://", "ws://"]
    let scheme = schemes.first { scheme in
      bytes.count >= scheme.utf8.count
        && zip(bytes, scheme.utf8).allSatisfy { ($0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0) == $1 }
    }
    guard let scheme else { return false }
    return !isLoopback(host(of: bytes.dropFirst(scheme.utf8.count)))
  }

  private static func host(of rest: ArraySlice<UInt8>) -> [UInt8] {
    let authority = rest.prefix { !"/?#\\".utf8.contains($0) }
    let hostAndPort = authority.lastIndex(of: UInt8(ascii: "@")).map { authority[($0 + 1)...] }
    let host = hostAndPort ?? authority
    if host.first == UInt8(ascii: "["), let end = host.firstIndex(of: UInt8(ascii: "]")) {
      return Array(host[...end])
    }
    return Array(host.prefix { $0 != UInt8(ascii: ":") })
  }

  /// What doesn't leave the host.
  private static func isLoopback(_ host: [UInt8]) -> Bool {
    let name = host.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
    if name == Array("localhost".utf8) || name == Array("[::1]".utf8) { return true }
    let parts = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0].elementsEqual("127".utf8)
      && parts.allSatisfy { (1...3).contains($0.count) && $0.allSatisfy { 0x30...0x39 ~= $0 } }
  }
}
