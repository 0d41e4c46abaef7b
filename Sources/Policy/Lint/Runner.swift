/// A program that fetches a package and runs it, and what of its options matters.
struct Runner: Sendable {
  enum Ecosystem { case npm, python }

  var ecosystem: Ecosystem
  var table: OptionTable
  /// Their value is the package, so that the first word of the rest is a command of it.
  var packageOptions: Set<String> = []
  /// Their value is one more package.
  var extraOptions: Set<String> = []
  /// They change where packages or settings come from.
  var redirects: Set<String> = []
  /// They hand a line to a shell.
  var shellOptions: Set<String> = []
  /// Whether the first word of the rest names a package.
  var takesPackage = true
  /// Whether it takes options after that word too, up to `--`.
  var scansAll = false
}

extension Runner {
  /// The runner that a command line starts, and its words after the subcommand.
  static func find(_ words: ArraySlice<LaunchWord>) -> (Runner, ArraySlice<LaunchWord>)? {
    guard let program = words.first?.program else { return nil }
    let rest = words.dropFirst()
    switch program {
    case "npx", "pnpx": return (npx, rest)
    case "bunx": return (bunx, rest)
    case "uvx": return (uvx, rest)
    case "npm": return subcommand(["exec"], ["x"], of: npmExec, rest)
    case "pnpm": return subcommand(["dlx"], of: pnpmDlx, rest)
    case "yarn": return subcommand(["dlx"], of: yarnDlx, rest)
    case "bun": return subcommand(["x"], of: bunx, rest)
    case "uv":
      return subcommand(["tool", "run"], of: uvx, rest) ?? subcommand(["run"], of: uvRun, rest)
    case "pipx": return subcommand(["run"], of: pipx, rest)
    default: return nil
    }
  }

  /// Options may stand before the subcommand; they are kept for the scan of what follows.
  private static func subcommand(
    _ spellings: [String]..., of runner: Runner, _ words: ArraySlice<LaunchWord>
  ) -> (Runner, ArraySlice<LaunchWord>)? {
    for spelling in spellings {
      var rest = words
      var before: [LaunchWord] = []
      let found = spelling.allSatisfy { part in
        let scan = ScannedOptions(rest, runner.table)
        before += rest[..<scan.rest.startIndex]
        rest = scan.rest
        return rest.popFirst()?.text == part
      }
      if found { return (runner, (before + rest)[...]) }
    }
    return nil
  }

  private static let npmSettings: Set<String> = [
    "--registry", "--userconfig", "--globalconfig", "--prefix", "--cache", "--node-options",
    "--script-shell", "--shell", "--node-arg", "-n", "--npm",
  ]

  private static let npx = Runner(
    ecosystem: .npm,
    table: OptionTable(
      valued: npmSettings.union([
        "-p", "--package", "-c", "--call", "-w", "--workspace", "--loglevel", "--before", "--tag",
      ]), abbreviates: true),
    packageOptions: ["-p", "--package"], redirects: npmSettings, shellOptions: ["-c", "--call"])

  private static let npmExec: Runner = {
    var runner = npx
    runner.scansAll = true
    return runner
  }()

  private static let bunx = Runner(
    ecosystem: .npm,
    table: OptionTable(valued: ["-p", "--package", "--registry", "-c", "--config", "--cwd"]),
    packageOptions: ["-p", "--package"], redirects: ["--registry", "-c", "--config", "--cwd"])

  private static let pnpmDlx = Runner(
    ecosystem: .npm,
    table: OptionTable(valued: [
      "--package", "--registry", "--reporter", "--allow-build", "-C", "--dir", "--loglevel",
      "--store-dir",
    ]),
    packageOptions: ["--package"], redirects: ["--registry", "--allow-build", "-C", "--dir"],
    shellOptions: ["-c", "--shell-mode"])

  private static let yarnDlx = Runner(
    ecosystem: .npm, table: OptionTable(valued: ["-p", "--package", "--cwd"]),
    packageOptions: ["-p", "--package"], redirects: ["--cwd"])

  private static let uvIndexes: Set<String> = [
    "--index", "--default-index", "-i", "--index-url", "--extra-index-url", "-f", "--find-links",
    "--config-file", "--env-file", "--allow-insecure-host", "--trusted-host", "--overrides",
    "--with-requirements", "--with-editable",
  ]
  private static let uvTable = OptionTable(
    valued: uvIndexes.union([
      "--from", "-w", "--with", "-c", "--constraints", "-b", "--build-constraints", "-p",
      "--python", "--python-platform", "--index-strategy", "--keyring-provider", "-P",
      "--upgrade-package", "--reinstall-package", "--resolution", "--prerelease",
      "--fork-strategy", "--exclude-newer", "--exclude-newer-package", "--link-mode", "-C",
      "--config-setting", "--config-settings-package", "--no-build-isolation-package",
      "--no-build-package", "--no-binary-package", "--refresh-package", "--cache-dir", "--color",
      "--directory", "--project", "--torch-backend", "--extra", "--no-extra", "--group",
      "--no-group", "--only-group", "--package", "--env-file",
    ]))

  private static let uvx = Runner(
    ecosystem: .python, table: uvTable, packageOptions: ["--from"], extraOptions: ["-w", "--with"],
    redirects: uvIndexes)

  private static let uvRun = Runner(
    ecosystem: .python, table: uvTable, extraOptions: ["-w", "--with"], redirects: uvIndexes,
    takesPackage: false)

  private static let pipx = Runner(
    ecosystem: .python,
    table: OptionTable(
      valued: ["--spec", "-i", "--index-url", "--python", "--pip-args", "--with"],
      abbreviates: true),
    packageOptions: ["--spec"], extraOptions: ["--with"],
    redirects: ["-i", "--index-url", "--pip-args"])
}
