import CZlib
import Linux

/// zlib's state, which must stay where it is in memory.
private struct ZlibStream: ~Copyable {
  let state: UnsafeMutablePointer<z_stream>
  private let end: (UnsafeMutablePointer<z_stream>) -> Int32

  init(end: @escaping (UnsafeMutablePointer<z_stream>) -> Int32) {
    state = .allocate(capacity: 1)
    state.initialize(to: z_stream())
    self.end = end
  }

  deinit {
    _ = end(state)
    state.deallocate()
  }

  /// Runs one step over the input, and hands over what came out.
  /// - Returns: zlib's answer, and how much of the input was taken.
  func step(
    _ input: ArraySlice<UInt8>, _ room: inout [UInt8],
    _ body: (UnsafeMutablePointer<z_stream>) -> Int32
  ) -> (answer: Int32, taken: Int, made: Int) {
    input.withUnsafeBytes { input in
      room.withUnsafeMutableBytes { output in
        state.pointee.next_in = UnsafeMutablePointer(
          mutating: input.assumingMemoryBound(to: UInt8.self).baseAddress)
        state.pointee.avail_in = UInt32(input.count)
        state.pointee.next_out = output.assumingMemoryBound(to: UInt8.self).baseAddress
        state.pointee.avail_out = UInt32(output.count)
        let answer = body(state)
        return (
          answer, input.count - Int(state.pointee.avail_in),
          output.count - Int(state.pointee.avail_out)
        )
      }
    }
  }
}

/// With zlib's own header of fixed bytes: no name, no time. (RFC 1952; 15 bits of window, and 16 that
/// ask for gzip.)
private let gzipWindow: Int32 = 15 + 16
private let roomSize = 1 << 16

/// Makes a .gz of bytes that come in pieces. The same bytes make the same file.
struct GzipEncoder: ~Copyable {
  private let stream: ZlibStream
  private var room = [UInt8](repeating: 0, count: roomSize)

  /// Nil without memory.
  init?() {
    stream = ZlibStream(end: deflateEnd)
    let answer = deflateInit2_(
      stream.state, Z_BEST_COMPRESSION, Z_DEFLATED, gzipWindow, 8, Z_DEFAULT_STRATEGY,
      ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard answer == Z_OK else { return nil }
  }

  /// - Parameter isLast: no more comes, and the file is whole with what `body` gets.
  mutating func encode<Failure: Error>(
    _ bytes: [UInt8], isLast: Bool, _ body: (ArraySlice<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    var rest = bytes[...]
    while true {
      let step = stream.step(rest, &room) { deflate($0, isLast ? Z_FINISH : Z_NO_FLUSH) }
      rest = rest.dropFirst(step.taken)
      if step.made > 0 { try body(room[..<step.made]) }
      if isLast ? step.answer == Z_STREAM_END : rest.isEmpty && step.made < room.count { return }
    }
  }
}

/// Reads a .gz in pieces, each no larger than its room: a small file that holds much takes no memory.
struct GzipDecoder: ~Copyable {
  private let stream: ZlibStream
  private var room = [UInt8](repeating: 0, count: roomSize)
  /// Of what one call gives, at most.
  static let pieceSize = roomSize
  /// The whole file was read: nothing may come after.
  private(set) var isOver = false

  struct Damage: Error {}

  /// Nil without memory.
  init?() {
    stream = ZlibStream(end: inflateEnd)
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(stream.state, gzipWindow, ZLIB_VERSION, size) == Z_OK else { return nil }
  }

  /// The bytes that the first of the input makes, and the rest of the input.
  mutating func decode(
    _ input: inout ArraySlice<UInt8>
  ) throws(Damage) -> ArraySlice<UInt8> {
    if isOver, input.isEmpty { return [] }
    guard !isOver else { throw Damage() }
    let step = stream.step(input, &room) { inflate($0, Z_NO_FLUSH) }
    input = input.dropFirst(step.taken)
    switch step.answer {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: isOver = true
    default: throw Damage()
    }
    return room[..<step.made]
  }
}
