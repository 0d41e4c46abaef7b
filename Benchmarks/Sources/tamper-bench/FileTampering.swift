import CBench
import Glibc

/// Tampering with the file that is there.
extension Tampering {
  /// Writes into the file; the clock starts when `write` is back, before the file is closed.
  static func write(_ kind: Kind, _ target: Target, _ root: TestRoot) throws -> Tampering {
    let path = target.path
    let changed = changedBytes(root.approved)
    let addition = Array("{}\n".utf8)
    let half = off_t(root.approved.count / 2)
    func tamper(_ file: Int32) -> Bool {
      switch kind {
      case .append: Glibc.write(file, addition, addition.count) == addition.count
      case .truncate: ftruncate(file, half) == 0
      default: pwrite(file, changed, changed.count, 0) == changed.count
      }
    }

    let flags = O_WRONLY | O_CLOEXEC | (kind == .append ? O_APPEND : 0)
    guard geteuid() == 0 else {
      // A user has to make it writable first, and the daemon hears of that: so the clock starts
      // there. If the daemon is back before `open`, the chmod was all there was to undo.
      return Tampering(kind: kind, target: target) {
        let moment = try Moment.of("chmod", path) { Glibc.chmod(path, 0o644) == 0 }
        let file = open(path, flags)
        guard file >= 0 else { return moment }
        defer { close(file) }
        guard tamper(file) else { throw BenchError.system("write", path) }
        return moment
      }
    }

    let file = open(path, flags)
    guard file >= 0 else { throw BenchError.system("open", path) }
    return Tampering(kind: kind, target: target) {
      defer { close(file) }
      return try Moment.of("write", path) { tamper(file) }
    }
  }

  static func changeAttributes(_ kind: Kind, _ target: Target) -> Tampering {
    let path = target.path
    return Tampering(kind: kind, target: target) {
      try Moment.of(kind.rawValue, path) {
        kind == .chmod
          ? Glibc.chmod(path, 0o666) == 0 : Glibc.chown(path, target.user, target.user) == 0
      }
    }
  }

  static func takeAway(_ kind: Kind, _ target: Target) -> Tampering {
    let path = target.path
    let away = "\(path).away"
    return Tampering(kind: kind, target: target) {
      try Moment.of(kind.rawValue, path) {
        kind == .unlink ? Glibc.unlink(path) == 0 : rename(path, away) == 0
      }
    } cleanUp: {
      Glibc.unlink(away)
    }
  }

  /// As long as the approved bytes and JSON as before, but another command.
  static func changedBytes(_ approved: [UInt8]) -> [UInt8] {
    var changed = approved
    let command = Array("\"uvx\"".utf8)
    if let place = changed.indices.first(where: { changed[$0...].starts(with: command) }) {
      changed[place + 1] = UInt8(ascii: "x")
    } else {
      changed[changed.count / 2] ^= 1
    }
    return changed
  }
}
