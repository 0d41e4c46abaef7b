import Foundation

/// The real daemon on a throwaway root.
public final class RunningDaemon {
  public let root: TemporaryRoot
  private var pid: pid_t = 0

  /// The approved configuration of the tests: two servers with all that can be narrowed.
  public static let approved = """
    {
      "mcpServers": {
        "git": {
          "command": "uvx",
          "args": ["mcp-server-git"],
          "disabled": false,
          "autoApprove": ["git_status", "git_diff"],
          "disabledTools": ["git_push"]
        },
        "docs": {"command": "uvx", "args": ["docs@1.0"], "env": {"LEVEL": "error"}, "disabled": false}
      }
    }

    """

  public static func policy(
    mode: String = "enforce", access: String = "read-only", more: String = "", sweep: Int = 300,
    approved: String = #"{"file": "/etc/mcpolicyd/mcp.json"}"#
  ) -> String {
    """
    {
      // The policy of the tests.
      "version": 1, "mode": "\(mode)", "access": "\(access)", "sweep_seconds": \(sweep),
      "approved": \(approved),
      "homes": ["/home/*"],
      "targets": [
        {"name": "central", "path": "/etc/kiro/mcp.json", "client": "kiro"},
        {"name": "kiro", "path": "~/.kiro/settings/mcp.json", "client": "kiro"}
      ],
      "whitelist": [
        {"server": "git", "tier": 1}, {"server": "docs", "tier": 1},
        {"server": "github", "tier": 2, "users": ["bob"]},
        {"server": "web-*", "tier": 3}\(more)
      ]
    }
    """
  }

  public init(homes: [String] = ["alice"], policy: String = RunningDaemon.policy()) {
    root = TemporaryRoot()
    root.makeFolder("etc/mcpolicyd")
    root.makeFolder("home")
    root.write("etc/mcpolicyd/mcp.json", Self.approved)
    root.write("etc/mcpolicyd/policy.json", policy)
    for (index, home) in homes.enumerated() { makeHome(home, number: index) }
  }

  deinit {
    if pid > 0 {
      kill(pid, SIGKILL)
      _ = wait()
    }
  }

  /// A home that belongs to a uid of its own where the test may give files away.
  public func makeHome(_ name: String, number: Int) {
    root.makeFolder("home/\(name)", mode: 0o700)
    if geteuid() == 0 {
      let uid = Self.uid(number)
      chown(root.at("home/\(name)"), uid, uid)
    }
  }

  public static func uid(_ number: Int) -> uid_t {
    geteuid() == 0 ? 20001 + uid_t(number) : geteuid()
  }

  /// The folder in which the test's own executable lies, and the products beside it.
  public static let products: String = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let argument = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? own
    return (argument as NSString).deletingLastPathComponent
  }()

  public func start(_ arguments: [String] = [], under wrapper: [String] = []) {
    let command =
      wrapper + ["\(Self.products)/mcpolicyd", "--root", root.path] + arguments
    pid = Self.spawn(command, stderr: root.at("stderr"))
  }

  /// Starts it and approves the configuration, unless one is approved.
  public func startApproved() {
    start()
    approve()
  }

  public func approve() {
    let result = control(["approve", root.at("etc/mcpolicyd/mcp.json"), "--yes"])
    precondition(result.status == 0, result.output)
  }

  /// Runs `mcpolicyctl` on the root, once the socket answers.
  /// - Parameter uid: as that user, in no groups but its own; only root may.
  public func control(
    _ arguments: [String], as uid: uid_t? = nil
  ) -> (status: Int32, output: String) {
    let socket = "run/mcpolicyd/control.sock"
    // A name alone doesn't answer: a killed daemon leaves it, and a starting one binds before it listens.
    _ = eventually { answers(root.at(socket)) }
    let output = root.at("control-\(UInt32.random(in: 0...UInt32.max))")
    let wrapper = uid.map {
      ["setpriv", "--reuid", "\($0)", "--regid", "\($0)", "--clear-groups"]
    }
    let command =
      (wrapper ?? []) + ["\(Self.products)/mcpolicyctl"] + arguments + ["--root", root.path]
    let child = Self.spawn(command, stderr: output, stdout: output)
    let status = Self.wait(child)
    defer { unlink(output) }
    return (status, (try? String(contentsOfFile: output, encoding: .utf8)) ?? "")
  }

  private func answers(_ socket: String) -> Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socket.utf8) }
    let peer = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(peer) }
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(peer, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
  }

  public var processID: Int32 { pid }

  public func signal(_ number: Int32) { kill(pid, number) }

  /// The exit status, or minus the signal that ended it.
  public func wait() -> Int32 {
    defer { pid = 0 }
    return Self.wait(pid)
  }

  public func stop() -> Int32 {
    signal(SIGTERM)
    return wait()
  }

  public var log: String { (try? String(contentsOfFile: root.at("stderr"), encoding: .utf8)) ?? "" }

  static func wait(_ child: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
  }

  public static func spawn(_ command: [String], stderr: String, stdout: String = "/dev/null")
    -> pid_t
  {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, stdout, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    posix_spawn_file_actions_addopen(&actions, 2, stderr, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    var arguments = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var child = pid_t()
    // The runner's threads block signals, which a child would inherit.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var mask = sigset_t()
    sigemptyset(&mask)
    posix_spawnattr_setsigmask(&attributes, &mask)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let failure = posix_spawnp(&child, command[0], &actions, &attributes, &arguments, environ)
    precondition(failure == 0, "\(command[0]): \(String(cString: strerror(failure)))")
    return child
  }
}

extension RunningDaemon {
  /// The descriptors that the daemon holds.
  public var descriptorCount: Int {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(processID)/fd")) ?? []).count
  }

  /// Whether homes of this run belong to users of their own.
  public var mayGiveFilesAway: Bool { geteuid() == 0 }
  public var ownUID: UInt32 { geteuid() }
}
