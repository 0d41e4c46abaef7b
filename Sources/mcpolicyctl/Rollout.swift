import Control
import MCPConfig

extension CommonOptions {
  /// Asks for a change that is rolled out to every target, and shows how far it is.
  func rollOut(
    _ verb: Verb, _ parameters: [(String, JSON)], _ console: Console
  ) throws(Failure) -> JSON {
    var last: JSON = [:]
    let progress = Progress(console: console)
    defer { progress.end() }
    do {
      let client = try ControlClient(path: socketPath, timeout: Self.rolloutPatience)
      try client.stream(verb, .object(parameters)) { reply in
        last = reply
        progress.show(reply)
        return true
      }
    } catch {
      throw Failure(error)
    }
    return last
  }
}

/// One line that is written over as the targets are done; only where someone looks on.
private struct Progress {
  let console: Console

  func show(_ reply: JSON) {
    guard console.showsProgress, let checked = reply.number("checked"),
      let total = reply.number("total")
    else { return }
    console.write(.errors, Array("\r\(checked) of \(total) targets".utf8))
  }

  func end() {
    if console.showsProgress { console.write(.errors, Array("\r\u{1B}[K".utf8)) }
  }
}

/// What a rollout came to.
enum RolloutText {
  static func figures(_ reply: JSON) -> String {
    let left = reply.number("left") ?? 0
    let observed = left > 0 ? ", \(left) only reported (observe)" : ""
    return "\(reply.amount("checked")) targets checked, \(reply.amount("restored")) restored"
      + "\(observed), \(reply.amount("failed")) failed"
  }

  /// One line for each target that failed, as far as the daemon names them.
  static func failures(_ reply: JSON, _ style: Style) -> [String] {
    let named = reply.list("failures").compactMap { $0.string?.escaped }
    let lines = named.map { "  \(style.paint("failed", .worst)) \($0)" }
    let rest = (reply.number("failed") ?? 0) - named.count
    return rest > 0 && !named.isEmpty ? lines + ["  and \(rest) more"] : lines
  }

  static func status(_ reply: JSON) -> Outcome {
    reply.number("failed") ?? 0 > 0 ? .failed : .fine
  }

  /// For what must not be left anywhere.
  static func strictStatus(_ reply: JSON) -> Outcome {
    let status = status(reply)
    return status == .fine && reply.number("left") ?? 0 > 0 ? .findings : status
  }
}
