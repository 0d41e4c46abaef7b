/// What of a runner's words isn't settled by approving them.
enum RunnerLint {
  static func hits(_ words: ArraySlice<LaunchWord>) -> [LintHit] {
    guard let (runner, words) = Runner.find(words) else { return [] }
    var scan = ScannedOptions(words, runner.table)
    var hits = scan.options.flatMap { option(hits: $0, runner) }
    let hasPackage = scan.options.contains { runner.packageOptions.contains($0.name) }
    if let word = scan.rest.first, runner.takesPackage, !hasPackage {
      hits += package(word, runner)
    }
    while runner.scansAll, !scan.ended, let next = scan.rest.popFirst() {
      _ = next
      scan = ScannedOptions(scan.rest, runner.table)
      hits += scan.options.flatMap { option(hits: $0, runner) }
    }
    return hits
  }

  private static func option(hits option: ScannedOptions.Option, _ runner: Runner) -> [LintHit] {
    if runner.shellOptions.contains(option.name) {
      return [
        LintHit(
          .shell, at: option.word,
          "\"\(option.name)\" hands a line to a shell, which can run anything. "
            + "Name the package and its arguments as words of their own.")
      ]
    }
    if runner.packageOptions.contains(option.name) {
      return option.value.map { package($0, runner) } ?? []
    }
    if runner.extraOptions.contains(option.name) {
      let extra = LintHit(
        .runnerRedirect, at: option.word,
        "\"\(option.name)\" puts more packages beside the server's own, and their code runs too. "
          + "Leave it out, or approve those packages as well.")
      return [extra] + (option.value.map { package($0, runner) } ?? [])
    }
    if runner.redirects.contains(option.name) || isScopedRegistry(option.name) {
      return [redirect(option)]
    }
    return []
  }

  /// npm's `--@scope:registry`.
  private static func isScopedRegistry(_ name: String) -> Bool {
    name.hasPrefix("--@") && name.hasSuffix(":registry")
  }

  private static func redirect(_ option: ScannedOptions.Option) -> LintHit {
    let name = isScopedRegistry(option.name) ? "--@…:registry" : option.name
    return LintHit(
      .runnerRedirect, at: option.word,
      "\"\(name)\" changes where packages or settings come from. "
        + "Leave it out, and let the host's own settings say that.")
  }

  private static func package(_ word: LaunchWord, _ runner: Runner) -> [LintHit] {
    let spec: PackageSpec
    let example: String
    switch runner.ecosystem {
    case .npm: (spec, example) = (PackageSpec(npm: word.text), "NAME@1.2.3")
    case .python:
      // uvx and pipx run the interpreter itself under this name.
      if word.program.hasPrefix("python"), word.text == word.program { return [] }
      (spec, example) = (PackageSpec(python: word.text), "NAME==1.2.3")
    }
    var hits: [LintHit] = []
    if spec.origin == .elsewhere {
      hits.append(
        LintHit(
          .runnerRedirect, at: word,
          "The package comes from a repository or an archive, past the registry and its checks. "
            + "Publish it to a registry you trust, and name it as \(example)."))
    }
    if !spec.isPinned {
      hits.append(
        LintHit(
          .unpinnedPackage, at: word,
          spec.origin == .elsewhere
            ? "The package has no commit, so other code can run after it was approved. "
              + "Name the whole commit."
            : "The package has no exact version, so other code can run after it was approved. "
              + "Write \(example)."))
    }
    return hits
  }
}
