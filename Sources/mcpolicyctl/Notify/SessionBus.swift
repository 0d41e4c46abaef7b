import CSystemd
import Glibc
import Linux

/// The desktop of the user who runs this, by their own session bus.
final class SessionBus {
  private let bus: OpaquePointer

  enum Failure: Error {
    /// The bus is gone: so is the session.
    case disconnected(String)
    /// Nothing shows notices there, or it refused this one.
    case refused(String)
  }

  init() throws(Failure) {
    var opened: OpaquePointer?
    let result = sd_bus_open_user_with_description(&opened, "mcpolicyctl")
    guard result >= 0, let opened else { throw .disconnected(Self.reason(result)) }
    bus = opened
  }

  deinit {
    sd_bus_flush_close_unref(bus)
  }

  /// Calls `org.freedesktop.Notifications.Notify`.
  func show(_ notice: Notice) throws(Failure) {
    var made: OpaquePointer?
    let name = "org.freedesktop.Notifications"
    try check(
      sd_bus_message_new_method_call(
        bus, &made, name, "/org/freedesktop/Notifications", name, "Notify"))
    guard let message = made else { return }
    defer { sd_bus_message_unref(message) }
    try append(message, "mcpolicyd")
    try append(message, UInt32(0), "u")
    try append(message, "dialog-warning")
    try append(message, notice.summary)
    try append(message, notice.body)
    try array(message, "s") { () throws(Failure) in }
    try array(message, "{sv}") { () throws(Failure) in
      try check(sd_bus_message_open_container(message, Self.type("e"), "sv"))
      try append(message, "urgency")
      try check(sd_bus_message_open_container(message, Self.type("v"), "y"))
      try append(message, UInt8(notice.isUrgent ? 2 : 1), "y")
      try check(sd_bus_message_close_container(message))
      try check(sd_bus_message_close_container(message))
    }
    // As long as the desktop thinks right.
    try append(message, Int32(-1), "i")
    try send(message)
  }

  private func send(_ message: OpaquePointer) throws(Failure) {
    var error = sd_bus_error()
    defer { sd_bus_error_free(&error) }
    let result = sd_bus_call(bus, message, 10_000_000, &error, nil)
    guard result < 0 else { return }
    let reason = error.message.map { String(cString: $0) } ?? Self.reason(result)
    throw sd_bus_is_open(bus) > 0 ? .refused(reason) : .disconnected(reason)
  }

  private func array(
    _ message: OpaquePointer, _ contents: String, _ body: () throws(Failure) -> Void
  ) throws(Failure) {
    try check(sd_bus_message_open_container(message, Self.type("a"), contents))
    try body()
    try check(sd_bus_message_close_container(message))
  }

  private func append(_ message: OpaquePointer, _ text: String) throws(Failure) {
    try check(text.withCString { sd_bus_message_append_basic(message, Self.type("s"), $0) })
  }

  private func append(
    _ message: OpaquePointer, _ number: some FixedWidthInteger, _ type: Unicode.Scalar
  ) throws(Failure) {
    try check(
      withUnsafePointer(to: number) {
        sd_bus_message_append_basic(message, Self.type(type), $0)
      })
  }

  private func check(_ result: Int32) throws(Failure) {
    if result < 0 { throw .refused(Self.reason(result)) }
  }

  private static func type(_ letter: Unicode.Scalar) -> CChar { CChar(letter.value) }

  private static func reason(_ result: Int32) -> String { String(cString: strerror(-result)) }
}
