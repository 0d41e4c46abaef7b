/// Where a package's name says that it comes from, and whether it can only ever be the same one.
struct PackageSpec {
  enum Origin {
    case registry
    /// A repository or an archive, past the registry.
    case elsewhere
    /// A file or folder of the host.
    case local
  }

  var origin: Origin
  var isPinned: Bool

  /// npm's: `name`, `@scope/name@1.2.3`, `alias@npm:name@1.2.3`, `user/repo`, a URL, a path.
  init(npm text: String) {
    if Self.isLocal(text) {
      self.init(origin: .local, isPinned: true)
    } else if Self.isElsewhere(npm: text) {
      self.init(origin: .elsewhere, isPinned: Self.endsWithCommit(text, after: "#"))
    } else {
      // A scope's own "@" is the first byte.
      guard let at = text.dropFirst().firstIndex(of: "@") else {
        self.init(origin: .registry, isPinned: false)
        return
      }
      let version = String(text[text.index(after: at)...])
      if version.hasPrefix("npm:") {
        self.init(npm: String(version.dropFirst(4)))
      } else {
        self.init(origin: .registry, isPinned: Self.isExact(npm: version))
      }
    }
  }

  /// Python's: `name`, `name[extra]==1.2.3`, uvx's `name@1.2.3`, a URL, a path.
  init(python text: String) {
    let name = text.split(separator: ";").first.map(String.init) ?? ""
    if name.contains("://") || name.hasPrefix("git+") {
      let withoutFragment = name.split(separator: "#").first.map(String.init) ?? ""
      self.init(
        origin: .elsewhere, isPinned: Self.endsWithCommit(withoutFragment, after: "@"))
    } else if Self.isLocal(name) {
      self.init(origin: .local, isPinned: true)
    } else {
      self.init(origin: .registry, isPinned: Self.isExact(python: name))
    }
  }

  private init(origin: Origin, isPinned: Bool) {
    self.origin = origin
    self.isPinned = isPinned
  }

  private static func isLocal(_ text: String) -> Bool {
    ["./", "../", "/", "~/", "file:"].contains { text.hasPrefix($0) } || text == "." || text == ".."
  }

  private static func isElsewhere(npm text: String) -> Bool {
    let prefixes = ["git@", "git+", "github:", "gitlab:", "bitbucket:", "gist:"]
    if text.contains("://") || prefixes.contains(where: text.hasPrefix) { return true }
    // `user/repo` is a repository on GitHub; a scope's name starts with "@".
    return !text.hasPrefix("@") && text.contains("/")
  }

  /// A whole version of semver; to npm, `1.2` and `1` are ranges.
  private static func isExact(npm version: String) -> Bool {
    let digits = version.drop { $0 == "v" || $0 == "=" }
    let core = digits.prefix { $0 != "-" && $0 != "+" }
    let parts = core.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 3 && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }
      && digits.utf8.allSatisfy(isVersion)
  }

  /// `==1.2.3`, or `@1.2.3` as uvx takes it. `==1.*` is a range.
  private static func isExact(python name: String) -> Bool {
    let range = name.firstRange(of: "==") ?? name.firstRange(of: "@")
    guard let range else { return false }
    let version = name[range.upperBound...].drop { $0 == "=" || $0 == " " || $0 == "v" }
    return version.utf8.first.map(isDigit) == true && version.utf8.allSatisfy(isVersion)
  }

  /// A commit's whole name, which no one can point elsewhere later.
  private static func endsWithCommit(_ text: String, after separator: Character) -> Bool {
    guard let start = text.lastIndex(of: separator) else { return false }
    let commit = text[text.index(after: start)...].utf8
    return commit.count == 40 && commit.allSatisfy(isHexadecimal)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    isDigit(byte) || 0x61...0x66 ~= byte | 0x20
  }

  private static func isVersion(_ byte: UInt8) -> Bool {
    isDigit(byte) || 0x61...0x7A ~= byte | 0x20 || ".-+_!".utf8.contains(byte)
  }
}

/// A container image's name.
struct ImageName {
  /// Whether a digest or a tag says which one. A tag can be moved, but not by an update unasked.
  var isVersioned: Bool

  init(_ text: String) {
    let name = text.hasPrefix("docker://") ? String(text.dropFirst(9)) : text
    if name.contains("@sha256:") {
      isVersioned = true
      return
    }
    // Before the last slash, a colon is a port's.
    let last = name.split(separator: "/").last ?? ""
    let tag = last.split(separator: ":").dropFirst().last
    isVersioned = tag.map { $0.lowercased() != "latest" } ?? false
  }
}
