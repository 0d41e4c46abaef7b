import Foundation

/// What an attack came to: one line of the table.
struct AttackRecord: Codable {
  var attack: String
  var rounds: Int
  var seconds: Double
  var restores: Int
  var incidents: Int
  /// Entries outside the target that changed.
  var outside: Int
  /// Drift that stood once the attack was over.
  var lost: Int
  var crashes: Int
  /// The most memory the daemon had.
  var peakMiB: Int

  /// Adds it to the file that `ATTACK_RESULTS` names, as a line of JSON.
  func append() {
    guard let path = ProcessInfo.processInfo.environment["ATTACK_RESULTS"],
      let line = try? JSONEncoder().encode(self)
    else { return }
    let file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    guard file >= 0 else { return }
    defer { close(file) }
    let bytes = Array(line) + [UInt8(ascii: "\n")]
    _ = write(file, bytes, bytes.count)
  }
}
