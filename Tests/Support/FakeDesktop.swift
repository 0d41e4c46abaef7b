import CSystemd
import Foundation
import Synchronization

/// A session bus of its own, with something on it that takes notices as a desktop does.
public final class FakeDesktop: Sendable {
  public struct Notice: Sendable {
    public var program = ""
    public var summary = ""
    public var body = ""
    public var urgency: UInt8?
  }

  public static let isPossible = access("/usr/bin/dbus-daemon", X_OK) == 0

  public let address: String
  private let bus: pid_t
  private let state: StateBox

  private final class StateBox: Sendable {
    let notices = Mutex<[Notice]>([])
    let isReady = Atomic(false)
    let isOver = Atomic(false)
  }

  /// - Parameter takesNotices: false for a session in which nothing shows them.
  public init?(in root: TemporaryRoot, takesNotices: Bool = true) {
    address = "unix:path=\(root.at("bus"))"
    root.write(
      "bus.conf",
      """
      <busconfig><type>session</type><listen>\(address)</listen><auth>EXTERNAL</auth>
      <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/>
      <allow own="*"/></policy></busconfig>
      """)
    bus = RunningDaemon.spawn(
      ["/usr/bin/dbus-daemon", "--nofork", "--config-file=\(root.at("bus.conf"))"],
      stderr: root.at("bus.log"))
    state = StateBox()
    guard eventually({ root.status("bus") != nil }) else { return nil }
    guard takesNotices else { return }
    let (state, address) = (state, address)
    Thread.detachNewThread { Self.serve(address, state) }
    guard eventually({ state.isReady.load(ordering: .relaxed) }) else { return nil }
  }

  deinit {
    state.isOver.store(true, ordering: .relaxed)
    kill(bus, SIGKILL)
    waitpid(bus, nil, 0)
  }

  public var notices: [Notice] { state.notices.withLock { $0 } }

  private static func serve(_ address: String, _ state: StateBox) {
    // The bus has its socket before it listens.
    var made = connected(to: address)
    while made == nil, !state.isOver.load(ordering: .relaxed) {
      usleep(2000)
      made = connected(to: address)
    }
    guard let bus = made else { return }
    defer { sd_bus_close_unref(bus) }
    state.isReady.store(true, ordering: .relaxed)
    while !state.isOver.load(ordering: .relaxed) {
      var message: OpaquePointer?
      let result = sd_bus_process(bus, &message)
      if result < 0 { return }
      if let message {
        take(message, bus, state)
        sd_bus_message_unref(message)
      } else if result == 0 {
        sd_bus_wait(bus, 20_000)
      }
    }
  }

  private static func connected(to address: String) -> OpaquePointer? {
    var made: OpaquePointer?
    guard sd_bus_new(&made) >= 0, let bus = made else { return nil }
    if sd_bus_set_address(bus, address) >= 0, sd_bus_set_bus_client(bus, 1) >= 0,
      sd_bus_start(bus) >= 0,
      sd_bus_request_name(bus, "org.freedesktop.Notifications", 0) >= 0
    {
      return bus
    }
    sd_bus_close_unref(bus)
    return nil
  }

  private static func take(_ message: OpaquePointer, _ bus: OpaquePointer, _ state: StateBox) {
    guard sd_bus_message_is_method_call(message, "org.freedesktop.Notifications", "Notify") > 0
    else { return }
    var notice = Notice()
    notice.program = text(message)
    var replaced: UInt32 = 0
    sd_bus_message_read_basic(message, CChar(UInt8(ascii: "u")), &replaced)
    _ = text(message)
    notice.summary = text(message)
    notice.body = text(message)
    sd_bus_message_skip(message, "as")
    sd_bus_message_enter_container(message, CChar(UInt8(ascii: "a")), "{sv}")
    while sd_bus_message_enter_container(message, CChar(UInt8(ascii: "e")), "sv") > 0 {
      let name = text(message)
      if name == "urgency" {
        var urgency: UInt8 = 0
        sd_bus_message_enter_container(message, CChar(UInt8(ascii: "v")), "y")
        sd_bus_message_read_basic(message, CChar(UInt8(ascii: "y")), &urgency)
        sd_bus_message_exit_container(message)
        notice.urgency = urgency
      } else {
        sd_bus_message_skip(message, "v")
      }
      sd_bus_message_exit_container(message)
    }
    let told = notice
    let count = state.notices.withLock { notices in
      notices.append(told)
      return notices.count
    }
    var reply: OpaquePointer?
    guard sd_bus_message_new_method_return(message, &reply) >= 0, let reply else { return }
    var id = UInt32(count)
    sd_bus_message_append_basic(reply, CChar(UInt8(ascii: "u")), &id)
    sd_bus_send(bus, reply, nil)
    sd_bus_flush(bus)
    sd_bus_message_unref(reply)
  }

  private static func text(_ message: OpaquePointer) -> String {
    var text: UnsafePointer<CChar>?
    guard sd_bus_message_read_basic(message, CChar(UInt8(ascii: "s")), &text) > 0, let text else {
      return ""
    }
    return String(cString: text)
  }
}
