import MCPConfig

/// Variables by which a program runs other code than the one that was named.
enum EnvironmentLint {
  static func hits(_ definition: JSON) -> [LintHit] {
    (definition["env"]?.members ?? []).compactMap { member in
      guard member.key.bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
      return hit(member.key.text, "env.\(SafeName(member.key).text)", member.keyOffset)
    }
  }

  static func hit(_ name: String, _ field: String, _ offset: Int) -> LintHit? {
    guard let what = effect(of: name) else { return nil }
    return LintHit(
      .executionEnvironment, field, offset,
      "This variable \(what). Leave it out, or set it for the whole host where only root can.")
  }

  private static func effect(of name: String) -> String? {
    // npm takes these in either case.
    let upper = name.uppercased()
    if harmless.contains(upper) { return nil }
    if upper.hasPrefix("NPM_CONFIG_") { return runner }
    if let effect = byName[name] { return effect }
    return byPrefix.first { name.hasPrefix($0.prefix) }?.effect
  }

  private static let loader = "makes the program load other libraries"
  private static let modules = "makes the interpreter load other modules or run code at its start"
  private static let runner = "changes where the runner takes packages and settings from"
  private static let programs = "changes which programs are started"
  private static let folders = "changes where programs look for their settings"
  private static let trust = "switches off the check of who is connected to"

  private static let byPrefix: [(prefix: String, effect: String)] = [
    ("LD_", loader), ("DYLD_", loader), ("UV_", runner), ("PIP_", runner), ("PIPX_", runner),
    ("YARN_", runner), ("BUN_", runner), ("GIT_CONFIG", programs),
  ]

  private static let byName: [String: String] = {
    let groups: [(String, [String])] = [
      (loader, ["GCONV_PATH", "GLIBC_TUNABLES", "GIO_MODULE_DIR", "OPENSSL_CONF"]),
      (
        modules,
        [
          "NODE_OPTIONS", "NODE_PATH", "NODE_REPL_EXTERNAL_MODULE", "PYTHONPATH", "PYTHONSTARTUP",
          "PYTHONHOME", "PYTHONUSERBASE", "PYTHONINSPECT", "PYTHONBREAKPOINT", "PYTHONWARNINGS",
          "PYTHONEXECUTABLE", "PERL5LIB", "PERL5OPT", "RUBYOPT", "RUBYLIB", "GEM_PATH", "LUA_INIT",
          "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH",
          "DOTNET_STARTUP_HOOKS",
          "BASH_ENV", "ENV", "ZDOTDIR", "PS4", "PROMPT_COMMAND", "SHELLOPTS", "BASHOPTS",
        ]
      ),
      (runner, ["VIRTUAL_ENV", "COREPACK_NPM_REGISTRY", "DOCKER_HOST", "DOCKER_CONTEXT"]),
      (
        programs,
        [
          "PATH", "SHELL", "COMSPEC", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_EXEC_PATH",
          "GIT_EXTERNAL_DIFF", "GIT_ASKPASS", "GIT_PAGER", "GIT_EDITOR", "GIT_PROXY_COMMAND",
          "GIT_TEMPLATE_DIR", "SSH_ASKPASS", "BROWSER",
        ]
      ),
      (folders, ["HOME", "USERPROFILE", "XDG_CONFIG_HOME", "DOCKER_CONFIG"]),
      (trust, ["NODE_TLS_REJECT_UNAUTHORIZED", "PYTHONHTTPSVERIFY", "GIT_SSL_NO_VERIFY"]),
    ]
    return Dictionary(
      groups.flatMap { effect, names in names.map { ($0, effect) } },
      uniquingKeysWith: { first, _ in first })
  }()

  /// Of the families above, what only changes output, speed or caches' names.
  private static let harmless: Set<String> = [
    "NPM_CONFIG_LOGLEVEL", "NPM_CONFIG_UPDATE_NOTIFIER", "NPM_CONFIG_FUND", "NPM_CONFIG_PROGRESS",
    "NPM_CONFIG_YES", "UV_NO_PROGRESS", "UV_HTTP_TIMEOUT", "UV_LINK_MODE", "UV_OFFLINE",
    "UV_COMPILE_BYTECODE", "UV_CONCURRENT_DOWNLOADS", "UV_CONCURRENT_BUILDS",
    "UV_CONCURRENT_INSTALLS", "UV_NO_CACHE", "PIP_NO_INPUT", "PIP_DISABLE_PIP_VERSION_CHECK",
    "PIP_QUIET", "PIP_NO_CACHE_DIR", "YARN_ENABLE_TELEMETRY",
  ]
}
