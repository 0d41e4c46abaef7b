/// Takes the values of SSH's wire format (RFC 4251, section 5) off the front of bytes; nil where they
/// aren't there.
struct WireReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) {
    rest = bytes[...]
  }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func bytes(_ count: Int) -> [UInt8]? {
    guard count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  mutating func number() -> UInt32? {
    bytes(4)?.reduce(0) { $0 << 8 | UInt32($1) }
  }

  mutating func string() -> [UInt8]? {
    number().flatMap { bytes(Int($0)) }
  }

  /// A positive `mpint` in its one spelling, filled up to so many bytes.
  mutating func positive(filledTo width: Int) -> [UInt8]? {
    guard var magnitude = string(), let first = magnitude.first, first < 0x80 else { return nil }
    if first == 0 {
      magnitude.removeFirst()
      // A zero in front stands only where the next bit would be the sign.
      guard let next = magnitude.first, next >= 0x80 else { return nil }
    }
    guard magnitude.count <= width else { return nil }
    return [UInt8](repeating: 0, count: width - magnitude.count) + magnitude
  }
}

/// Writes the same format.
enum Wire {
  static func number(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  static func string(_ bytes: [UInt8]) -> [UInt8] {
    number(UInt32(bytes.count)) + bytes
  }
}
