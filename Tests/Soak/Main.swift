import Foundation
import Support

/// Many users tamper at random, with random faults and restarts, for as long as SOAK_SECONDS says.
///
/// Most of the time faults and restarts come too. In the last part one daemon lives on, so that what
/// it holds can be compared. Exit 1 names what was lost, wrong or grown.
@main enum Main {
  static func main() {
    let seconds = number("SOAK_SECONDS", 1200)
    let seed = UInt64(number("SOAK_SEED", Int.random(in: 1...999_999)))
    let soak = Soak(users: number("SOAK_USERS", 50), seed: seed)
    say("soak: \(soak.homes.count) users, \(seconds) s, SOAK_SEED=\(seed)")
    let start = Date()
    let restartsEnd = start.addingTimeInterval(Double(seconds) * 0.4)
    let end = start.addingTimeInterval(Double(seconds))
    var nextLine = start
    soak.begin()
    while Date() < end, soak.failures.isEmpty {
      soak.round(mayRestart: Date() < restartsEnd)
      if Date() >= nextLine {
        say("\(Int(Date().timeIntervalSince(start))) s: \(soak.line)")
        nextLine = Date().addingTimeInterval(max(Double(seconds) / 60, 5))
      }
    }
    let summary = soak.line
    soak.finish()
    say("soak: \(summary)")
    for failure in soak.failures { say("FAILED: \(failure)") }
    exit(soak.failures.isEmpty ? 0 : 1)
  }

  /// At once, also into a pipe.
  private static func say(_ text: String) {
    print(text)
    fflush(nil)
  }

  private static func number(_ name: String, _ usual: Int) -> Int {
    getenv(name).flatMap { Int(String(cString: $0)) } ?? usual
  }
}

/// Random numbers that a seed brings back.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
