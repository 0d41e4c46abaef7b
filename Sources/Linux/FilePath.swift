/// A path as the kernel takes it: bytes that end in NUL, made once so that a system call allocates
/// nothing.
public struct FilePath: Hashable, Sendable {
  private var bytesAndNUL: [UInt8]

  /// Bytes after a NUL would not reach the kernel, so such a path is none.
  public init?(_ bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes)
    guard !bytes.contains(0) else { return nil }
    bytesAndNUL = bytes + [0]
  }

  /// - Precondition: `text` holds no NUL.
  public init(_ text: String) {
    precondition(!text.utf8.contains(0), "a path holds no NUL")
    bytesAndNUL = Array(text.utf8) + [0]
  }

  public var bytes: ArraySlice<UInt8> { bytesAndNUL.dropLast() }

  /// The path as text, for display and messages only.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Whether this can be one component of a path: not empty, `.`, `..`, and without a slash.
  public var isComponent: Bool {
    !bytes.isEmpty && !bytes.contains(UInt8(ascii: "/")) && bytes != [0x2E]
      && bytes != [0x2E, 0x2E]
  }

  public func appending(_ component: FilePath) -> FilePath {
    if bytes.isEmpty { return component }
    let separator: [UInt8] = bytes.last == UInt8(ascii: "/") ? [] : [UInt8(ascii: "/")]
    return FilePath(Array(bytes) + separator + component.bytes)!
  }

  /// Copies the path and its NUL to that place of a buffer; returns how many bytes that are.
  public func copy(to buffer: UnsafeMutableBufferPointer<CChar>, at start: Int) -> Int {
    for (index, byte) in bytesAndNUL.enumerated() {
      buffer[start + index] = CChar(bitPattern: byte)
    }
    return bytesAndNUL.count
  }

  public func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    bytesAndNUL.withUnsafeBytes { body($0.assumingMemoryBound(to: CChar.self).baseAddress!) }
  }
}

extension FilePath: ExpressibleByStringLiteral, CustomStringConvertible {
  public init(stringLiteral value: String) { self.init(value) }
  public var description: String { text }
}
