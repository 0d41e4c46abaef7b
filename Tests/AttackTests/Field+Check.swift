import Foundation
import Support
import Testing

extension Field {
  /// Runs an attack to its end and checks what must hold after each: nothing outside the attacker's
  /// target changed, the daemon lives, the target is approved again, an incident names the cause.
  ///
  /// - Parameter kinds: any of which an incident must have; nil for an attack that tampers with
  ///   nothing.
  /// - Parameter body: starts the attackers and returns them; they are waited for.
  func survives(
    _ attack: String, rounds: Int, kinds: Set<String>? = nil, sweeps: Bool = false,
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> [Attacker]
  ) rethrows {
    #expect(!approved.isEmpty, "nothing was approved", sourceLocation: sourceLocation)
    let (before, totalsBefore, crashPID) = (decoys, totals, processID)
    let started = Date()
    for attacker in try body() {
      #expect(attacker.finish() == 0, "\(attacker.text)", sourceLocation: sourceLocation)
    }
    let seconds = Date().timeIntervalSince(started)

    if sweeps { _ = control(["sweep"]) }
    let isApprovedAgain = eventually { self.isApproved }
    #expect(isApprovedAgain, "\(Self.list(self.attacker.path))", sourceLocation: sourceLocation)
    // What was taken away is cleared in the background.
    _ = eventually(seconds: 3) { self.decoys == before }
    let changes = decoys.changes(from: before)
    #expect(changes.isEmpty, sourceLocation: sourceLocation)
    let isAlive = crashPID == processID && self.isAlive
    #expect(isAlive, "\(daemon.log.suffix(2000))", sourceLocation: sourceLocation)
    if let kinds {
      let isTold = eventually { !kinds.isDisjoint(with: self.kinds.keys) }
      #expect(isTold, "told: \(self.kinds)", sourceLocation: sourceLocation)
    }
    let totals = totals
    AttackRecord(
      attack: attack, rounds: rounds, seconds: seconds,
      restores: totals.restores - totalsBefore.restores,
      incidents: totals.incidents - totalsBefore.incidents, outside: changes.count,
      lost: isApprovedAgain ? 0 : 1, crashes: isAlive ? 0 : 1, peakMiB: peakMemory
    ).append()
  }

  private static func list(_ folder: String) -> String {
    let output = "\(NSTemporaryDirectory())attacker-list-\(UInt32.random(in: 0...UInt32.max))"
    defer { unlink(output) }
    let child = RunningDaemon.spawn(["ls", "-laR", folder], stderr: output, stdout: output)
    var status: Int32 = 0
    waitpid(child, &status, 0)
    let bytes = FileManager.default.contents(atPath: output) ?? Data()
    return String(decoding: bytes.prefix(4000), as: UTF8.self)
  }
}
