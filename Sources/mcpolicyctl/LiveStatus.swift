import Control
import Glibc
import Linux
import MCPConfig

/// The status as it changes: on a terminal as a screen that follows its size, elsewhere one more
/// report for each change.
struct LiveStatus {
  let options: CommonOptions
  let console: Console
  static let interval: Int32 = 1000

  struct Frame {
    var status: JSON
    var incidents: [JSON]
    /// Why there is nothing newer.
    var complaint: String?
  }

  func run() throws -> Outcome {
    var last = try look()
    guard !options.json, isatty(STDOUT_FILENO) == 1 else { try report(&last) }
    Screen.enter()
    defer { Screen.leave() }
    while true {
      let size = Screen.size
      Screen.draw(Self.lines(last, console.style, now: .now, rows: size.rows), size)
      Screen.wait(milliseconds: Self.interval)
      do throws(Failure) {
        last = try look()
      } catch {
        last.complaint = error.message
      }
    }
  }

  private func look() throws(Failure) -> Frame {
    do {
      let client = try ControlClient(path: options.socketPath, timeout: 10)
      let status = try client.call(.status)
      let incidents = try client.call(.listIncidents, ["limit": 100])
      return Frame(status: status, incidents: incidents.list("incidents"))
    } catch {
      throw Failure(error)
    }
  }

  static func lines(_ frame: Frame, _ style: Style, now: WallTime, rows: Int) -> [String] {
    var lines = [
      "\(Moment.text(now.rfc3339, now: now).prefix(20))  \(style.paint("Ctrl-C ends", .faint))"
    ]
    if let complaint = frame.complaint {
      lines.append(style.paint("seen last, as \(complaint)", .worst))
    }
    lines += split(StatusText.text(frame.status, style, now: now)) + [""]
    let room = max(rows - lines.count - 1, 0)
    lines += split(
      IncidentText.table(Array(frame.incidents.prefix(room)), style, now: now))
    return lines
  }

  private static func split(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      .filter { !$0.isEmpty }
  }

  /// For a file or another program.
  private func report(_ last: inout Frame) throws -> Never {
    signal(SIGINT) { _ in _exit(Outcome.fine.rawValue) }
    var told: [UInt8] = []
    while true {
      let new = last.status.compactForm
      if new != told {
        told = new
        if options.json {
          console.write(.output, JSONOutput.line(last.status))
        } else {
          console.print(StatusText.text(last.status, console.style, now: .now) + "\n")
        }
      }
      Screen.wait(milliseconds: Self.interval)
      last = try look()
    }
  }
}
