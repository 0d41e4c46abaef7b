import Glibc
import Linux
import Policy

/// Saying what keeps the daemon from seeing changes, with what mends it.
extension Enforcer {
  func degraded(_ error: SystemError, path: String) {
    sink.degraded(
      Finding(
        .watchDegraded, field: error.operation, rule: "default",
        "Changes at \"\(path)\" are found only by sweeps: \(error). \(Self.mend(error))"),
      path: path)
  }

  /// The same reason is said once until the plan changes: it holds for many targets.
  func degradedOnce(_ error: SystemError, path: String) {
    if degradations.insert(error.errno).inserted { degraded(error, path: path) }
  }

  private static func mend(_ error: SystemError) -> String {
    switch (error.operation, error.errno) {
    case ("inotify_add_watch", ENOSPC):
      "Raise fs.inotify.max_user_watches\(current(WatchLimits.watchesPerUser))."
    case ("inotify_init", EMFILE):
      "Raise fs.inotify.max_user_instances\(current(WatchLimits.instancesPerUser)) and restart the daemon; until then everything is swept every few seconds."
    case (_, EMFILE): "Raise the daemon's limit of open files (LimitNOFILE=)."
    default: "Look at the folder, and run mcpolicyctl sweep."
    }
  }

  /// In a sandbox without /proc/sys the limits can't be read.
  private static func current(_ limit: Int) -> String {
    limit > 0 ? ", which is \(limit)" : ""
  }
}
