import Foundation
import Support
import Testing

/// What is shown live, on a real terminal.
@Suite(.serialized, .timeLimit(.minutes(2))) struct TerminalTests {
  private func terminal(_ daemon: RunningDaemon, _ arguments: String...) throws -> PseudoTerminal {
    try #require(
      PseudoTerminal(
        ["\(RunningDaemon.products)/mcpolicyctl"] + arguments + ["--root", daemon.root.path],
        columns: 120, rows: 30))
  }

  @Test func theStatusFollowsTheTerminalAndEnds() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    let terminal = try terminal(daemon, "status", "--watch")
    #expect(
      eventually {
        terminal.output.contains("1 incident") || terminal.output.contains("incidents ")
      })
    #expect(terminal.output.contains("\u{1B}[?1049h"))
    #expect(terminal.output.contains("\u{1B}[32mok\u{1B}[0m"), "colour, on a terminal")
    #expect(!terminal.output.contains("…\u{1B}[K"))

    // Narrow: the lines are cut.
    terminal.forget()
    terminal.resize(columns: 30, rows: 5)
    #expect(eventually { terminal.output.contains("…\u{1B}[K") })

    // What happens is shown.
    terminal.resize(columns: 120, rows: 30)
    daemon.root.remove(RunningDaemon.file)
    #expect(eventually { terminal.output.contains("missing-file") })

    // The daemon goes, and what was seen last stays.
    #expect(daemon.stop() == 0)
    terminal.forget()
    #expect(eventually { terminal.output.contains("seen last, as mcpolicyd is not reachable") })
    terminal.type("\u{3}")
    #expect(terminal.wait() == 0)
    #expect(terminal.output.hasSuffix("\u{1B}[?25h\u{1B}[?1049l"), "the terminal is as it was")
  }

  @Test func aStatusThatNeverCameIsAnError() throws {
    let daemon = RunningDaemon()
    let terminal = try terminal(daemon, "status", "--watch")
    #expect(terminal.wait() == 3)
    #expect(!terminal.output.contains("\u{1B}[?1049h"))
  }

  /// What takes longer than a second says so; a stopped daemon takes as long as one likes.
  @Test func whatTakesLongSaysSo() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    daemon.signal(SIGSTOP)
    let terminal = try terminal(daemon, "sweep")
    #expect(eventually { terminal.output.contains("looking at all targets, 1 s") })
    daemon.signal(SIGCONT)
    #expect(terminal.wait() == 0)
    #expect(terminal.output.contains("\r\u{1B}[K2 targets checked"))
  }

  @Test func whereNoTerminalIsEachChangeIsALine() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    let output = daemon.root.at("live")
    let child = RunningDaemon.spawn(
      [
        "\(RunningDaemon.products)/mcpolicyctl", "status", "--watch", "--json", "--root",
        daemon.root.path,
      ], stderr: output, stdout: output)
    defer {
      kill(child, SIGKILL)
      waitpid(child, nil, 0)
    }
    let lines = {
      (try? String(contentsOfFile: output, encoding: .utf8))?.split(separator: "\n") ?? []
    }
    #expect(eventually { lines().count == 1 })
    daemon.root.remove(RunningDaemon.file)
    #expect(eventually { lines().contains { $0.contains(#""total":1,"open":0"#) } }, "\(lines())")
    #expect(lines().allSatisfy { $0.hasPrefix("{") && !$0.contains("\u{1B}") })
  }
}
