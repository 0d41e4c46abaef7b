import Control
import Glibc
import Linux
import MCPConfig

/// Tells the user on their desktop what was done at their own targets, until the session ends.
///
/// It runs with the user's rights and sees what they may see; the daemon itself touches no session.
final class Notifier {
  private let options: CommonOptions
  private let console: Console
  private let bus: SessionBus
  private var limit = NoticeLimit()
  private var hasComplained = false

  /// Whether it is switched off by the environment.
  static var isOff: Bool {
    let value = getenv("MCPOLICY_NOTIFY").map { String(cString: $0) } ?? ""
    return ["off", "no", "false", "0"].contains(value)
  }

  init(_ options: CommonOptions, _ console: Console) throws(Failure) {
    self.options = options
    self.console = console
    do throws(SessionBus.Failure) {
      bus = try SessionBus()
    } catch {
      throw Failure(.failed, "there is no session bus to tell anything on: \(error.reason)")
    }
  }

  func run() throws(Failure) -> Outcome {
    var wait = 1.0
    while true {
      var ended: Failure?
      do {
        // Each reconnect starts anew, so that an answering daemon is soon heard again.
        let client = try ControlClient(path: options.socketPath)
        wait = 1
        try client.stream(.watchIncidents) { reply in
          if let incident = reply["incident"], incident.members != nil { ended = tell(incident) }
          return ended == nil
        }
      } catch {
        let failure = Failure(error)
        // Nothing that waiting could mend.
        if failure.status == .notAllowed { throw failure }
      }
      if let ended { throw ended }
      usleep(UInt32(wait * 1e6))
      wait = min(wait * 2, Self.longestWait)
    }
  }

  /// A daemon that was restarted is heard again after a minute at most.
  static let longestWait = 60.0

  /// Why it can't go on; nil if it can.
  private func tell(_ incident: JSON) -> Failure? {
    // An auditor sees the incidents of all, and is told on the desktop of their own.
    guard incident.number("uid") == Int(geteuid()),
      let suppressed = limit.admit(NoticeLimit.Cause(incident), at: .now)
    else { return nil }
    do throws(SessionBus.Failure) {
      try bus.show(Notice(incident, suppressed: suppressed))
      hasComplained = false
      return nil
    } catch {
      if case .disconnected = error {
        return Failure(.failed, "the session bus went away: \(error.reason)")
      }
      if !hasComplained { console.complain("nothing shows notices here: \(error.reason)") }
      hasComplained = true
      return nil
    }
  }
}

extension SessionBus.Failure {
  fileprivate var reason: String {
    switch self {
    case .disconnected(let reason), .refused(let reason): ByteString(reason).escaped
    }
  }
}
