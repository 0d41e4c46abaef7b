import CSystemd
import Linux

/// What systemd is told. Each call is one datagram, and none where no supervisor listens.
struct Supervisor {
  /// Half of what the watchdog allows; nil without one.
  let watchdogInterval: Double?
  private(set) var nextBeat: MonotonicTime?

  init() {
    var microseconds: UInt64 = 0
    watchdogInterval =
      sd_watchdog_enabled(0, &microseconds) > 0 ? Double(microseconds) / 2_000_000 : nil
    nextBeat = watchdogInterval.map { MonotonicTime.now.advanced(bySeconds: $0) }
  }

  func ready(_ status: String) { notify("READY=1\nSTATUS=\(status)") }

  func reloading() {
    notify("RELOADING=1\nMONOTONIC_USEC=\(MonotonicTime.now.nanoseconds / 1000)")
  }

  func stopping() { notify("STOPPING=1") }

  func status(_ status: String) { notify("STATUS=\(status)") }

  /// Says that the loop goes round; only the loop may call it, so that a loop that hangs is ended.
  mutating func beat(now: MonotonicTime) {
    guard let next = nextBeat, let interval = watchdogInterval, next <= now else { return }
    notify("WATCHDOG=1")
    nextBeat = now.advanced(bySeconds: interval)
  }

  private func notify(_ state: String) { sd_notify(0, state) }
}
