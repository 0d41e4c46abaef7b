import Linux
import MCPConfig

/// Decides which incidents become notices: each cause once an hour. Pure.
struct NoticeLimit {
  /// The same file, the same thing wrong with it, the same done about it.
  struct Cause: Hashable {
    private var parts: [ByteString?]

    init(_ incident: JSON) {
      let leading = incident.list("findings").first
      parts = [
        incident["path"]?.string, incident["action"]?.string, leading?["kind"]?.string,
        leading?["server"]?.string,
      ]
    }
  }

  private struct Told {
    var time: MonotonicTime
    var suppressed = 0
  }

  static let seconds = 3600.0
  /// A user who makes up names makes no more notices than that an hour.
  static let most = 64

  private var told: [Cause: Told] = [:]

  /// How often the cause was kept quiet about before; nil to keep quiet.
  mutating func admit(_ cause: Cause, at now: MonotonicTime) -> Int? {
    if let known = told[cause], now < known.time.advanced(bySeconds: Self.seconds) {
      told[cause]?.suppressed += 1
      return nil
    }
    let suppressed = told[cause]?.suppressed ?? 0
    told[cause] = nil
    if told.count >= Self.most {
      told = told.filter { now < $0.value.time.advanced(bySeconds: Self.seconds) }
    }
    guard told.count < Self.most else { return nil }
    told[cause] = Told(time: now)
    return suppressed
  }
}
