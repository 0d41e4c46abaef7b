/// Shells that are handed a line of commands.
enum ShellLint {
  static func hits(_ program: String, _ words: ArraySlice<LaunchWord>) -> [LintHit] {
    switch program {
    case "sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "fish", "csh", "tcsh", "rbash", "su":
      let table = OptionTable(valued: ["--rcfile", "--init-file", "-o", "-O"])
      let option = ScannedOptions(words, table).options.first {
        ["-c", "--command"].contains($0.name)
      }
      return option.map { [hit(at: $0.word)] } ?? []
    case "powershell", "pwsh":
      return powerShellHits(words, takesCommand: program == "powershell")
    default:
      return []
    }
  }

  static func hit(at word: LaunchWord) -> LintHit {
    LintHit(
      .shell, at: word,
      "A shell interprets what follows, so that quotes, variables and \";\" decide what runs. "
        + "Name the program as \"command\" and each argument as a word of \"args\".")
  }

  /// - Parameter takesCommand: whether a word without a parameter's name is a command, as in Windows
  ///   PowerShell; to `pwsh` it is a file.
  private static func powerShellHits(
    _ words: ArraySlice<LaunchWord>, takesCommand: Bool
  ) -> [LintHit] {
    var words = words
    while let word = words.popFirst() {
      let text = word.lowercased
      let name = text.dropFirst()
      // Windows takes a slash too, which starts a path elsewhere.
      let isSwitch = text.first == "/" && name.allSatisfy { "a"..."z" ~= $0 }
      guard word.bytes.first == UInt8(ascii: "-") || isSwitch else {
        return takesCommand ? [hit(at: word)] : []
      }
      if name.isEmpty { return [hit(at: word)] }
      // Any start of a parameter's name stands for it.
      let commands = ["command", "commandwithargs", "cwa", "encodedcommand", "ec"]
      if commands.contains(where: { $0.hasPrefix(name) }) { return [hit(at: word)] }
      if "file".hasPrefix(name) { return [] }
      if valued.contains(where: { $0.hasPrefix(name) }) { _ = words.popFirst() }
    }
    return []
  }

  private static let valued = [
    "executionpolicy", "ep", "windowstyle", "version", "inputformat", "if", "outputformat", "of",
    "configurationname", "configurationfile", "workingdirectory", "wd", "settingsfile",
    "custompipename", "psconsolefile",
  ]
}

/// Interpreters whose code stands in the arguments.
enum InlineCodeLint {
  static func hits(_ program: String, _ words: ArraySlice<LaunchWord>) -> [LintHit] {
    if program == "deno" {
      return words.first.map { $0.text == "eval" ? [hit(at: $0)] : [] } ?? []
    }
    guard let (options, ends) = options(of: program) else { return [] }
    let table = OptionTable(valued: options.union(ends).union(valued(program)))
    for option in ScannedOptions(words, table).options {
      if ends.contains(option.name) { return [] }
      if options.contains(option.name) { return [hit(at: option.word)] }
    }
    return []
  }

  /// The options that take code, and those after which the server's own begin.
  private static func options(of program: String) -> (Set<String>, Set<String>)? {
    if isPython(program) { return (["-c"], ["-m"]) }
    switch program {
    case "node", "nodejs", "bun": return (["-e", "--eval", "-p", "--print"], [])
    case "perl": return (["-e", "-E"], [])
    case "ruby", "lua", "osascript": return (["-e"], [])
    case "php": return (["-r", "-B", "-R", "-E"], ["-f"])
    default: return nil
    }
  }

  private static func valued(_ program: String) -> Set<String> {
    if isPython(program) { return ["-W", "-X"] }
    switch program {
    case "node", "nodejs", "bun":
      return ["-r", "--require", "--import", "--loader", "--experimental-loader", "-C", "--cwd"]
    case "perl", "ruby": return ["-I"]
    default: return []
    }
  }

  private static func isPython(_ program: String) -> Bool {
    ["python", "pypy"].contains { name in
      program.hasPrefix(name)
        && program.dropFirst(name.count).allSatisfy { "0123456789.".contains($0) }
    }
  }

  private static func hit(at word: LaunchWord) -> LintHit {
    LintHit(
      .inlineCode, at: word,
      "The arguments hold code, which is hard to read and to scan. "
        + "Put it into a file that only root can change, and name that.")
  }
}
