import Control
import Glibc
import Linux

/// A line on the terminal that says a call still runs, once it took longer than a second.
enum LongCall {
  /// Runs `body`, and shows meanwhile what takes so long. Nothing is shown where no one looks.
  static func showing<Result, Failure: Error>(
    _ verb: Verb, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard isatty(STDERR_FILENO) == 1, let line = try? Line(words(verb)) else { return try body() }
    defer { line.end() }
    return try body()
  }

  static func words(_ verb: Verb) -> String {
    switch verb {
    case .sweep: "looking at all targets"
    case .tryReload: "looking at all targets, touching none"
    case .approve: "rolling out to all targets"
    case .reload: "reading the policy"
    default: "waiting for the daemon"
    }
  }

  static func text(_ words: String, seconds: Int) -> String { "\(words), \(seconds) s" }

  /// The thread that draws it.
  private final class Line {
    private let over: EventCounter
    private let thread: WorkerThread

    init(_ words: String) throws(SystemError) {
      over = try EventCounter(blocking: false)
      let number = over.descriptor.number
      thread = try WorkerThread(name: "progress") { LongCall.draw(words, until: number) }
    }

    func end() {
      over.raise()
      thread.join()
    }
  }

  private static func draw(_ words: String, until over: Int32) {
    let start = MonotonicTime.now
    var isDrawn = false
    while true {
      var wait = pollfd(fd: over, events: Int16(POLLIN), revents: 0)
      guard poll(&wait, 1, 1000) == 0 else { break }
      let seconds = MonotonicTime.now.microseconds(since: start) / 1_000_000
      write("\r\u{1B}[K\(text(words, seconds: seconds))")
      isDrawn = true
    }
    if isDrawn { write("\r\u{1B}[K") }
  }

  private static func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
  }
}
