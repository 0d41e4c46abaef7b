import Foundation
import Support
import Testing

/// What a user does to the file or to what leads to it, and what the incident must say of it.
enum Tampering: String, CaseIterable, CustomTestStringConvertible {
  case overwrite, renameOver, append, truncate, unlink, renameAway, chmod, hidden, chown, symlink,
    directory
  case fullDirectory, fifo, socket, hardLink, settingsRenamed, settingsFile, kiroRenamed, kiroRemade
  case kiroSymlink, kiroFIFO, kiroOfAnother, largeFile, emptied

  var testDescription: String { rawValue }

  /// Cases that need rights of root to bring about.
  var needsRoot: Bool { self == .chown || self == .kiroOfAnother }

  /// A new name elsewhere tells the file's own folder nothing; a sweep finds it.
  var raisesEvent: Bool { self != .hardLink }

  var kind: String {
    switch self {
    case .overwrite, .renameOver: "unauthorized-server"
    case .append, .truncate, .emptied, .largeFile: "unreadable-config"
    case .unlink, .renameAway, .settingsRenamed, .kiroRenamed, .kiroRemade: "missing-file"
    case .chmod, .hidden, .chown: "permissions-drift"
    case .symlink, .directory, .fullDirectory, .fifo, .socket, .hardLink, .settingsFile,
      .kiroSymlink, .kiroFIFO, .kiroOfAnother:
      "path-replaced"
    }
  }

  static let tampered = #"{"mcpServers":{"evil":{"command":"/tmp/evil"}}}"#

  func apply(to root: TemporaryRoot) {
    let file = RunningDaemon.file
    let settings = "home/alice/.kiro/settings"
    let kiro = "home/alice/.kiro"
    switch self {
    case .overwrite:
      Glibc.chmod(root.at(file), 0o644)
      root.write(file, Self.tampered)
    case .renameOver:
      root.write("home/alice/new", Self.tampered)
      root.move("home/alice/new", file)
    case .append:
      Glibc.chmod(root.at(file), 0o644)
      let descriptor = open(root.at(file), O_WRONLY | O_APPEND)
      Glibc.write(descriptor, "x", 1)
      close(descriptor)
    case .truncate:
      Glibc.chmod(root.at(file), 0o644)
      Glibc.truncate(root.at(file), 10)
    case .emptied:
      root.write("home/alice/new", "")
      root.move("home/alice/new", file)
    case .largeFile:
      root.write("home/alice/new", "")
      Glibc.truncate(root.at("home/alice/new"), 1 << 40)
      root.move("home/alice/new", file)
    case .unlink: root.remove(file)
    case .renameAway: root.move(file, "home/alice/elsewhere")
    case .chmod: Glibc.chmod(root.at(file), 0o666)
    // As one of root's that its user may not read.
    case .hidden: Glibc.chmod(root.at(file), 0o600)
    case .chown: Glibc.chown(root.at(file), 20001, 20001)
    case .symlink:
      root.write("home/alice/own", Self.tampered)
      root.link("home/alice/link", to: root.at("home/alice/own"))
      root.move("home/alice/link", file)
    case .directory:
      root.remove(file)
      mkdir(root.at(file), 0o755)
    case .fullDirectory:
      root.makeFolder("home/alice/folder/inner")
      root.write("home/alice/folder/inner/work", "precious")
      root.remove(file)
      rename(root.at("home/alice/folder"), root.at(file))
    case .fifo:
      mkfifo(root.at("home/alice/fifo"), 0o600)
      root.move("home/alice/fifo", file)
    case .socket:
      let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      let path = root.at("home/alice/s")
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
      withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          precondition(bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0)
        }
      }
      close(descriptor)
      root.move("home/alice/s", file)
    case .hardLink: link(root.at(file), root.at("home/alice/other-name"))
    case .settingsRenamed: root.move(settings, "home/alice/.kiro/other")
    case .settingsFile:
      root.move(settings, "home/alice/.kiro/other")
      root.write(settings, "not a folder")
    case .kiroRenamed: root.move(kiro, "home/alice/other")
    case .kiroRemade:
      root.remove(kiro)
      mkdir(root.at(kiro), 0o755)
    case .kiroSymlink:
      root.move(kiro, "home/alice/other")
      Glibc.symlink("other", root.at(kiro))
    case .kiroFIFO:
      root.move(kiro, "home/alice/other")
      mkfifo(root.at(kiro), 0o600)
    case .kiroOfAnother:
      root.makeFolder("home/alice/theirs/settings")
      Glibc.chown(root.at("home/alice/theirs"), 20099, 20099)
      renameat2Exchange(root.at("home/alice/theirs"), root.at(kiro))
    }
  }
}

private func renameat2Exchange(_ one: String, _ other: String) {
  let aside = one + ".aside"
  rename(other, aside)
  rename(one, other)
}
