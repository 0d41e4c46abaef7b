import Glibc
import Linux
import MCPConfig
import Policy

/// What the daemon needs of the kernel and of the host's services.
enum KernelChecks {
  static func diagnoses(_ host: HostView) -> [Diagnosis] {
    inotify(host) + fileSystems(host) + [clock(HostClock.isKept)] + journal(host)
  }

  // MARK: inotify

  private static func inotify(_ host: HostView) -> [Diagnosis] {
    func limit(_ name: String) -> Int? {
      // In one read: the kernel tells a setting from its start only.
      guard let file = try? Descriptor.open(trusted: FilePath("/proc/sys/fs/inotify/\(name)")),
        let bytes = try? file.readAll(limit: 100, sizeHint: 99)
      else { return nil }
      return Int(String(decoding: bytes, as: UTF8.self).prefix { $0.isNumber })
    }
    guard let watches = limit("max_user_watches"), let queue = limit("max_queued_events") else {
      return [.unseen("inotify", "the kernel's limits can't be read here")]
    }
    guard case .success(let policy) = host.policy else {
      return [.unseen("inotify", "without a policy, it isn't known how many watches are needed")]
    }
    guard let homes = host.homes else {
      return [.unseen("inotify", "the homes can't be counted", mend: "run it as root")]
    }
    return inotify(need: need(policy, homes: homes.count), watches: watches, queue: queue)
  }

  /// A watch for each folder on each way; targets of one home share theirs.
  static func need(_ policy: Policy, homes: Int) -> Int {
    var (inHome, outside): (Set<[String]>, Set<[String]>) = ([[]], [[]])
    for target in policy.targets {
      switch target.path {
      case .home(let components):
        for level in 0..<components.count { inHome.insert(Array(components.prefix(level))) }
      case .absolute(let components):
        for level in 0..<components.count { outside.insert(Array(components.prefix(level))) }
      }
    }
    return inHome.count * homes + outside.count + policy.homes.count
  }

  static func inotify(need: Int, watches: Int, queue: Int) -> [Diagnosis] {
    var found: [Diagnosis] = []
    func raise(_ name: String, _ value: Int) -> String {
      "sysctl fs.inotify.\(name)=\(value), and the same in /etc/sysctl.d"
    }
    if watches < need {
      found.append(
        .problem(
          "inotify", "\(need) watches are needed, and max_user_watches is \(watches)",
          mend: raise("max_user_watches", need * 4)))
    } else if watches < need * 2 {
      found.append(
        .warning(
          "inotify", "\(need) watches are needed, and max_user_watches is only \(watches)",
          mend: raise("max_user_watches", need * 4)))
    }
    if queue < 16_384 {
      found.append(
        .warning(
          "inotify", "max_queued_events is \(queue): one user's loop fills it in no time",
          mend: raise("max_queued_events", 16_384)))
    }
    return found.isEmpty
      ? [
        .ok(
          "inotify", "\(need) watches are needed, \(watches) are allowed; the queue takes \(queue)")
      ]
      : found
  }

  // MARK: File systems

  /// Those that tell every change.
  private static let local: Set<String> = [
    "ext2", "ext3", "ext4", "xfs", "btrfs", "tmpfs", "f2fs", "zfs", "overlay", "bcachefs",
  ]

  private static func fileSystems(_ host: HostView) -> [Diagnosis] {
    guard let file = try? Descriptor.open(trusted: "/proc/self/mountinfo"),
      let bytes = try? file.readAll(limit: 16 << 20)
    else { return [.unseen("files", "which file systems are mounted can't be read")] }
    let folders = host.homeFolders.map(\.folder)
    if folders.isEmpty { return [.unseen("files", "no policy names homes")] }
    return fileSystems(folders, mounts: Mount.parse(bytes))
  }

  static func fileSystems(_ folders: [String], mounts: [Mount]) -> [Diagnosis] {
    var quiet: [Mount] = []
    for folder in folders {
      // The mount that the folder is on, and those below it.
      if let own = mounts.last(where: { $0.holds(folder) }), !local.contains(own.type) {
        quiet.append(own)
      }
      quiet += mounts.filter { $0.isBelow(folder) && !local.contains($0.type) }
    }
    if quiet.isEmpty { return [.ok("files", "every file system with homes tells each change")] }
    let shown = quiet.prefix(5).map { "\($0.path) (\($0.type))" }.joined(separator: ", ")
    let rest = quiet.count > 5 ? " and \(quiet.count - 5) more" : ""
    return [
      .warning(
        "files", "changes made elsewhere raise no event on \(shown)\(rest)",
        mend: "they are found by sweeps: set sweep_seconds as low as the load allows")
    ]
  }

  // MARK: Services

  static func clock(_ isKept: Bool?) -> Diagnosis {
    switch isKept {
    case nil: .unseen("clock", "the kernel doesn't say whether the clock is kept")
    case true?: .ok("clock", "is kept by a time service")
    case false?:
      .warning(
        "clock", "no time service keeps it: times in incidents and respond-by may be wrong",
        mend: "run one, such as systemd-timesyncd or chrony; timedatectl shows it")
    }
  }

  private static func journal(_ host: HostView) -> [Diagnosis] {
    guard access("/run/systemd/journal/socket", W_OK) == 0 else {
      return [
        host.isHost
          ? .problem(
            "journal", "journald isn't reachable: incidents go to the daemon's stderr",
            mend: "systemctl start systemd-journald.socket systemd-journald")
          : .unseen("journal", "no journal here: incidents go to the daemon's stderr")
      ]
    }
    guard case .there = Seen("/var/log/journal") else {
      return [
        .warning(
          "journal", "is kept in memory: incidents are gone after a reboot",
          mend: "mkdir -p /var/log/journal; systemctl restart systemd-journald")
      ]
    }
    return [.ok("journal", "journald is reachable, and keeps what it gets")]
  }
}

/// A line of /proc/self/mountinfo, as far as it is asked for.
struct Mount: Hashable {
  var path: String
  var type: String

  /// Without a look at what is mounted, which could wait for ever.
  static func parse(_ bytes: [UInt8]) -> [Mount] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
      let parts = line.split(separator: " ")
      guard let dash = parts.firstIndex(of: "-"), dash + 1 < parts.count, parts.count > 4 else {
        return nil
      }
      return Mount(path: unescaped(parts[4]), type: String(parts[dash + 1]))
    }
  }

  /// The kernel writes blanks and line ends as `\040`.
  private static func unescaped(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\"), rest.count >= 3,
        let code = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
      {
        bytes.append(code)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  func holds(_ folder: String) -> Bool {
    path == "/" || folder == path || folder.hasPrefix(path + "/")
  }

  func isBelow(_ folder: String) -> Bool { path.hasPrefix(folder + "/") }
}
