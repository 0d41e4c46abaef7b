import Crypto

/// A SHA-256 figure (FIPS 180-4).
public struct SHA256Digest: Hashable, Sendable {
  /// The 32 bytes as four words, so that comparing and hashing one allocates nothing.
  private var words: (UInt64, UInt64, UInt64, UInt64)

  public init(of bytes: [UInt8]) {
    var hasher = SHA256()
    bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    self.init(hasher)
  }

  /// Of bytes that come in pieces.
  public struct Stream {
    private var hasher = SHA256()

    public init() {}

    public mutating func append(_ bytes: [UInt8]) {
      bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    }

    public var digest: SHA256Digest { SHA256Digest(hasher) }
  }

  private init(_ hasher: SHA256) {
    words = hasher.finalize().withUnsafeBytes {
      $0.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self)
    }
  }

  /// From 64 hexadecimal digits of either case; nil for anything else.
  public init?(hexadecimal text: ByteString) {
    guard text.bytes.count == 64 else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: 64, by: 2) {
      guard let high = Self.digit(text.bytes[index]), let low = Self.digit(text.bytes[index + 1])
      else { return nil }
      bytes.append(high << 4 | low)
    }
    words = bytes.withUnsafeBytes { $0.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self) }
  }

  /// 64 lower-case hexadecimal digits.
  public var hexadecimal: String {
    withUnsafeBytes(of: words) { bytes in
      String(unsafeUninitializedCapacity: 64) { text in
        for (index, byte) in bytes.enumerated() {
          text[index * 2] = Self.digits[Int(byte >> 4)]
          text[index * 2 + 1] = Self.digits[Int(byte & 0xF)]
        }
        return 64
      }
    }
  }

  public static func == (left: SHA256Digest, right: SHA256Digest) -> Bool {
    left.words == right.words
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
  }

  private static let digits = Array("0123456789abcdef".utf8)

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - 0x30
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - 0x57
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - 0x37
    default: nil
    }
  }
}

extension SHA256Digest: CustomStringConvertible {
  public var description: String { hexadecimal }
}
