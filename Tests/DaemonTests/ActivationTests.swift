import Foundation
import Support
import Testing

/// The control socket as systemd passes it.
@Suite(.serialized) struct ActivationTests {
  private static let socket = "run/mcpolicyd/control.sock"

  /// A socket as a socket unit makes it.
  private func listen(_ root: TemporaryRoot, at path: String = socket) -> Int32 {
    root.makeFolder("run/mcpolicyd")
    let listener = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    let bound = withUnixAddress(root.at(path)) { bind(listener, $0, $1) }
    precondition(bound == 0 && Glibc.listen(listener, 16) == 0)
    return listener
  }

  private func connect(_ path: String) -> Int32 {
    let peer = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    precondition(withUnixAddress(path) { Glibc.connect(peer, $0, $1) } == 0)
    return peer
  }

  /// What the daemon runs under to be passed that descriptor.
  private func passing(_ descriptor: Int32, count: Int = 1) -> [String] {
    let script =
      "exec 3<&\(descriptor) 4<&\(descriptor); LISTEN_PID=$$ LISTEN_FDS=\(count) exec \"$@\""
    return ["bash", "-c", script, "bash"]
  }

  @Test func aQuestionWaitsForTheDaemon() throws {
    let daemon = RunningDaemon()
    let listener = listen(daemon.root)
    defer { close(listener) }
    let before = daemon.root.status(Self.socket)?.st_ino
    for _ in 0..<2 {
      let answer = daemon.root.at("answer")
      let question = RunningDaemon.spawn(
        ["\(RunningDaemon.products)/mcpolicyctl", "status", "--json", "--root", daemon.root.path],
        stderr: answer, stdout: answer)
      daemon.start(under: passing(listener))
      var status: Int32 = 0
      waitpid(question, &status, 0)
      #expect(status == 0, "\(daemon.root.read("answer") ?? "")")
      #expect(daemon.stop() == 0)
      // It is the next one's, too.
      #expect(daemon.root.status(Self.socket)?.st_ino == before)
    }
  }

  @Test func aSocketElsewhereIsRefused() throws {
    let daemon = RunningDaemon()
    let listener = listen(daemon.root, at: "other.sock")
    defer { close(listener) }
    daemon.start(under: passing(listener))
    #expect(daemon.wait() == 2)
    #expect(daemon.log.contains("isn't a stream socket that listens at"), "\(daemon.log)")
  }

  @Test func whatIsNoListeningSocketIsRefused() throws {
    let daemon = RunningDaemon()
    let file = open(daemon.root.at("etc/mcpolicyd/mcp.json"), O_RDONLY)
    defer { close(file) }
    daemon.start(under: passing(file))
    #expect(daemon.wait() == 2)
    #expect(daemon.log.contains("isn't a stream socket that listens at"), "\(daemon.log)")
  }

  @Test func moreThanOneIsRefused() throws {
    let daemon = RunningDaemon()
    let listener = listen(daemon.root)
    defer { close(listener) }
    daemon.start(under: passing(listener, count: 2))
    #expect(daemon.wait() == 2)
    #expect(daemon.log.contains("2 sockets were passed"), "\(daemon.log)")
  }

  /// Nobody waits for a daemon that can't start, and for nobody systemd would start it again.
  @Test func aDaemonThatCantStartTurnsAwayWhoWaits() throws {
    let daemon = RunningDaemon(policy: "{")
    let listener = listen(daemon.root)
    defer { close(listener) }
    let peer = connect(daemon.root.at(Self.socket))
    defer { close(peer) }
    daemon.start(under: passing(listener))
    #expect(daemon.wait() == 2)
    var byte: UInt8 = 0
    #expect(recv(peer, &byte, 1, Int32(MSG_DONTWAIT)) == 0)
  }

  /// Variables that were meant for another process mean nothing.
  @Test func anothersSocketIsLeftAlone() throws {
    let daemon = RunningDaemon()
    daemon.start(under: ["env", "LISTEN_PID=1", "LISTEN_FDS=1"])
    #expect(daemon.control(["status"]).status == 0)
    #expect(daemon.stop() == 0)
    #expect(daemon.root.status(Self.socket) == nil)
  }
}
