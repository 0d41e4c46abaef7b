import Glibc

/// The whole terminal for as long as something is looked at live.
enum Screen {
  struct Size: Equatable {
    var columns: Int
    var rows: Int
  }

  /// What the terminal is now; it may change at any time.
  static var size: Size {
    var found = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &found) == 0, found.ws_col > 0, found.ws_row > 0
    else { return Size(columns: 80, rows: 24) }
    return Size(columns: Int(found.ws_col), rows: Int(found.ws_row))
  }

  /// Another screen without a cursor; what was on the terminal comes back with `leave`, also when a
  /// signal ends the program.
  static func enter() {
    // A resize ends the wait for the next frame; nothing else is to be done for it.
    signal(SIGWINCH) { _ in }
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { _ in
        Screen.leave()
        _exit(Outcome.fine.rawValue)
      }
    }
    write("\u{1B}[?1049h\u{1B}[?25l")
  }

  static func leave() { write("\u{1B}[?25h\u{1B}[?1049l") }

  static func draw(_ lines: [String], _ size: Size) {
    let text = frame(lines, size).map { "\($0)\u{1B}[K" }.joined(separator: "\r\n")
    var rest = Array("\u{1B}[H\(text)\u{1B}[J".utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      // The terminal is gone.
      if count <= 0 { _exit(Outcome.fine.rawValue) }
      rest = rest.dropFirst(count)
    }
  }

  /// Waits for the next frame's time, or a resize.
  static func wait(milliseconds: Int32) { _ = poll(nil, 0, milliseconds) }

  /// The lines that fit, each cut at the right edge.
  static func frame(_ lines: [String], _ size: Size) -> [String] {
    lines.prefix(size.rows).map { clipped($0, size.columns) }
  }

  /// Cut to so many columns, with an ellipsis; colours take none, and end with the line.
  static func clipped(_ line: String, _ columns: Int) -> String {
    var clipped = ""
    var width = 0
    var isColoured = false
    var scalars = line.unicodeScalars[...]
    guard DisplayWidth.of(plain(line)) > columns else { return line }
    while let scalar = scalars.popFirst() {
      if scalar == "\u{1B}" {
        isColoured = true
        clipped.unicodeScalars.append(scalar)
        while let part = scalars.popFirst() {
          clipped.unicodeScalars.append(part)
          if part == "m" { break }
        }
        continue
      }
      width += DisplayWidth.of(scalar)
      if width >= columns { break }
      clipped.unicodeScalars.append(scalar)
    }
    return clipped + (columns > 0 ? "…" : "") + (isColoured ? "\u{1B}[0m" : "")
  }

  private static func plain(_ line: String) -> String {
    var plain = ""
    var isEscape = false
    for scalar in line.unicodeScalars {
      if scalar == "\u{1B}" { isEscape = true }
      if !isEscape { plain.unicodeScalars.append(scalar) }
      if isEscape, scalar == "m" { isEscape = false }
    }
    return plain
  }

  private static func write(_ text: StaticString) {
    _ = Glibc.write(STDOUT_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }
}
