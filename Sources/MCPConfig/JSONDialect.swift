/// What a client's parser takes beyond RFC 8259.
public enum JSONDialect: Hashable, Sendable {
  /// RFC 8259 and nothing else.
  case strict
  /// `//` and `/* */` comments, and one comma before a closing bracket.
  case comments
}

/// How much a document may hold before it is refused unread.
public struct JSONLimits: Sendable {
  /// Bytes of the whole text.
  public var size = 1 << 20
  /// Levels of arrays and objects.
  public var depth = 64
  /// Values, members of objects included.
  public var values = 1 << 16

  public init() {}
}
