import MCPConfig

/// An address with its login, the values of its query and whatever looks like a key masked.
enum ShownAddress {
  /// - Parameter start: past `://`.
  static func text(_ bytes: [UInt8], afterScheme start: Int) -> String {
    let rest = bytes[start...]
    let authority = rest.prefix { !"/?#\\".utf8.contains($0) }
    var afterAuthority = rest[authority.endIndex...]
    let fragment = afterAuthority.firstIndex(of: UInt8(ascii: "#")).map { afterAuthority[$0...] }
    afterAuthority = afterAuthority[..<(fragment?.startIndex ?? bytes.endIndex)]
    let query = afterAuthority.firstIndex(of: UInt8(ascii: "?")).map { afterAuthority[$0...] }
    let path = afterAuthority[..<(query?.startIndex ?? afterAuthority.endIndex)]
    return shown(bytes[..<start]) + self.authority(authority) + self.path(path)
      + (query.map(self.query) ?? "") + (fragment.map(self.fragment) ?? "")
  }

  private static func authority(_ authority: ArraySlice<UInt8>) -> String {
    guard let at = authority.lastIndex(of: UInt8(ascii: "@")) else { return shown(authority) }
    return "\(ShownWord.mask)@\(shown(authority[(at + 1)...]))"
  }

  private static func path(_ path: ArraySlice<UInt8>) -> String {
    path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      .map(segment).joined(separator: "/")
  }

  /// `name@commit` is what someone needs to see of a repository's address.
  private static func segment(_ segment: ArraySlice<UInt8>) -> String {
    guard let at = segment.lastIndex(of: UInt8(ascii: "@")), at > segment.startIndex else {
      return shown(segment)
    }
    let (name, commit) = (segment[..<at], segment[(at + 1)...])
    if name.contains(UInt8(ascii: ":")) { return ShownWord.mask }
    return "\(shown(name))@\(isCommit(commit) ? ByteString(commit).text : shown(commit))"
  }

  /// A query's names.
  private static func query(_ query: ArraySlice<UInt8>) -> String {
    "?"
      + query.dropFirst().split(separator: UInt8(ascii: "&")).map { part in
        guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { return ShownWord.mask }
        return "\(shown(part[..<equals]))=\(ShownWord.mask)"
      }.joined(separator: "&")
  }

  private static func fragment(_ fragment: ArraySlice<UInt8>) -> String {
    isCommit(fragment.dropFirst()) ? ByteString(fragment).text : "#\(ShownWord.mask)"
  }

  private static func isCommit(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.count == 40
      && bytes.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }
  }

  private static func shown(_ part: ArraySlice<UInt8>) -> String {
    SecretShape.find(in: Array(part)) != nil || ShownWord.looksOpaque(part)
      ? ShownWord.mask : ByteString(part).text
  }
}
