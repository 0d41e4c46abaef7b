import MCPConfig

/// Positions in one text, each found in bounded time, so that a file of thousands of warnings costs
/// no more than one pass.
public struct PlaceTable: Sendable {
  private let text: [UInt8]
  /// The position of every `step`th byte.
  private var marks: [Position] = []
  private static let step = 256

  public init(_ text: [UInt8]) {
    self.text = text
    var position = Position(line: 1, column: 1)
    for (index, byte) in text.enumerated() {
      if index.isMultiple(of: Self.step) { marks.append(position) }
      position.pass(byte)
    }
  }

  /// The same as `Position(of:in:)`.
  public func position(of offset: Int) -> Position {
    let offset = min(max(offset, 0), text.count)
    guard !marks.isEmpty else { return Position(line: 1, column: 1) }
    let mark = min(offset / Self.step, marks.count - 1)
    var position = marks[mark]
    for byte in text[(mark * Self.step)..<offset] { position.pass(byte) }
    return position
  }
}

extension Position {
  fileprivate mutating func pass(_ byte: UInt8) {
    if byte == UInt8(ascii: "\n") {
      line += 1
      column = 1
    } else if byte & 0xC0 != 0x80 {
      column += 1
    }
  }
}
