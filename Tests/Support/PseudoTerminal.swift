import Foundation

/// A terminal with a program on it.
public final class PseudoTerminal {
  private let master: Int32
  private var pid: pid_t = 0
  private var seen: [UInt8] = []

  public init?(_ command: [String], columns: UInt16, rows: UInt16) {
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (lock, number) = (Int32(0), Int32(0))
    // unlockpt(3) and ptsname(3), which the overlay lacks.
    guard master >= 0, ioctl(master, 0x4004_5431, &lock) == 0,
      ioctl(master, 0x8004_5430, &number) == 0
    else { return nil }
    let name = "/dev/pts/\(number)"
    resize(columns: columns, rows: rows)
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    for number in Int32(0)...2 { posix_spawn_file_actions_addopen(&files, number, name, O_RDWR, 0) }
    // A session of its own: the terminal becomes its, and its resizes reach it as a signal.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var mask = sigset_t()
    sigemptyset(&mask)
    posix_spawnattr_setsigmask(&attributes, &mask)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | 0x80)
    var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    let variables = ["TERM=xterm", "PATH=/usr/bin:/bin"]
    var environment: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
    defer { for word in environment { free(word) } }
    guard posix_spawn(&pid, command[0], &files, &attributes, &words, &environment) == 0 else {
      return nil
    }
  }

  deinit {
    close(master)
    if pid > 0 {
      kill(pid, SIGKILL)
      waitpid(pid, nil, 0)
    }
  }

  public func resize(columns: UInt16, rows: UInt16) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  public func type(_ text: String) { _ = write(master, text, text.utf8.count) }

  /// What the program has written since the last `forget`.
  public var output: String {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(master, &buffer, buffer.count)
      guard count > 0 else { break }
      seen += buffer[..<count]
    }
    return String(decoding: seen, as: UTF8.self)
  }

  public func forget() {
    _ = output
    seen = []
  }

  /// The exit status, once it ends; reads on meanwhile, as a terminal does.
  public func wait() -> Int32? {
    var status: Int32 = 0
    let ended = eventually {
      _ = output
      return waitpid(pid, &status, WNOHANG) == pid
    }
    guard ended else { return nil }
    pid = 0
    return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
  }
}
