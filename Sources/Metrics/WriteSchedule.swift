/// When metrics are written down: soon after a change, but not too often, and never without one. Pure.
public struct WriteSchedule: Sendable {
  /// When the next write is due; nil while nothing changed. In nanoseconds, as all times here.
  public private(set) var due: Int64?
  private var last: Int64?

  /// Seconds between two writes.
  static let interval: Int64 = 15

  public init() {}

  public mutating func changed(at now: Int64) {
    guard due == nil else { return }
    due = last.map { max(now, $0 + Self.interval * 1_000_000_000) } ?? now
  }

  /// Whether to write now; what changes from here on is for the next write.
  public mutating func take(at now: Int64) -> Bool {
    guard let due, due <= now else { return false }
    self.due = nil
    last = now
    return true
  }
}
