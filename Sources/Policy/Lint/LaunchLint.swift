/// What of a server's command line isn't settled by approving it.
enum LaunchLint {
  static func hits(_ launch: Launch) -> [LintHit] {
    guard let command = launch.words.first else { return [] }
    return commandHits(command) + startHits(launch.words[...])
      + launch.words.dropFirst().compactMap(AddressLint.hit)
  }

  private static func commandHits(_ command: LaunchWord) -> [LintHit] {
    let text = command.text
    if text.hasPrefix("/") || isWindowsPath(command.bytes) { return [] }
    // A folder of another script has bytes that `text` doesn't tell.
    if command.bytes.first == UInt8(ascii: "/") { return [] }
    let dependsOnPlace = command.bytes.contains { "/\\$~%".utf8.contains($0) }
    if dependsOnPlace {
      return [
        LintHit(
          .relativeCommand, at: command,
          "Which program starts depends on the working folder or on a variable, which a user can "
            + "set. Write the absolute path of a program that only root can change.")
      ]
    }
    return [
      LintHit(
        .commandByPath, at: command,
        "The command is looked up in the folders of PATH, where a user's own may come first. "
          + "Write its absolute path.")
    ]
  }

  private static func isWindowsPath(_ bytes: [UInt8]) -> Bool {
    bytes.dropFirst().starts(with: ":\\".utf8) || bytes.dropFirst().starts(with: ":/".utf8)
  }

  /// Goes through programs that only start another one.
  /// - Parameter depth: how many of them it went through; no one means more than a few.
  private static func startHits(_ words: ArraySlice<LaunchWord>, depth: Int = 0) -> [LintHit] {
    guard let first = words.first, depth < 8 else { return [] }
    let rest = words.dropFirst()
    switch first.program {
    case "env": return environmentProgramHits(rest, depth: depth)
    case "busybox": return startHits(rest, depth: depth + 1)
    case "cmd":
      guard let index = rest.firstIndex(where: { isCommandSwitch($0) }) else { return [] }
      return [ShellLint.hit(at: rest[index])] + startHits(rest[(index + 1)...], depth: depth + 1)
    default:
      return ShellLint.hits(first.program, rest) + InlineCodeLint.hits(first.program, rest)
        + RunnerLint.hits(words) + ContainerLint.hits(words)
    }
  }

  /// `/c` and `/k`, alone or at the end of other switches as in `/d/s/c`.
  private static func isCommandSwitch(_ word: LaunchWord) -> Bool {
    let text = word.lowercased
    return text.hasPrefix("/") && (text.hasSuffix("/c") || text.hasSuffix("/k"))
  }

  private static func environmentProgramHits(
    _ words: ArraySlice<LaunchWord>, depth: Int
  ) -> [LintHit] {
    let table = OptionTable(valued: [
      "-u", "--unset", "-C", "--chdir", "-S", "--split-string", "-a", "--argv0",
    ])
    let scan = ScannedOptions(words, table)
    let splits = scan.options.filter { ["-S", "--split-string"].contains($0.name) }
    var hits = splits.map { ShellLint.hit(at: $0.word) }
    var rest = scan.rest
    while let word = rest.first, let equals = word.bytes.firstIndex(of: UInt8(ascii: "=")) {
      var name = word
      name.bytes = Array(word.bytes[..<equals])
      hits += EnvironmentLint.hit(name.text, word.field, word.offset).map { [$0] } ?? []
      rest.removeFirst()
    }
    return hits + startHits(rest, depth: depth + 1)
  }
}
