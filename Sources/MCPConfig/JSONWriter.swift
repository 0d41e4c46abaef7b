extension JSON {
  /// One line without spaces, members in their order.
  public var compactForm: [UInt8] {
    var text: [UInt8] = []
    append(to: &text, indent: nil)
    return text
  }

  /// Two spaces a level, members in their order, a line feed at the end; arrays of plain values on
  /// one line.
  public var prettyForm: [UInt8] {
    var text: [UInt8] = []
    append(to: &text, indent: 0)
    text.append(UInt8(ascii: "\n"))
    return text
  }

  private func append(to text: inout [UInt8], indent: Int?) {
    switch content {
    case .null: text += "null".utf8
    case .bool(let bool): text += (bool ? "true" : "false").utf8
    case .number(let spelling): text += spelling.bytes
    case .string(let string): JSONText.appendUTF8(string, to: &text)
    case .array(let elements):
      let plain = elements.allSatisfy { $0.elements == nil && $0.members == nil }
      Self.appendList(
        "[]", elements, to: &text, indent: plain ? nil : indent, spaced: indent != nil
      ) {
        $0.append(to: &$1, indent: $2)
      }
    case .object(let members):
      Self.appendList("{}", members, to: &text, indent: indent, spaced: indent != nil) {
        JSONText.appendUTF8($0.key, to: &$1)
        $1 += (indent == nil ? ":" : ": ").utf8
        $0.value.append(to: &$1, indent: $2)
      }
    }
  }

  private static func appendList<Element>(
    _ brackets: String, _ elements: [Element], to text: inout [UInt8], indent: Int?, spaced: Bool,
    element: (Element, inout [UInt8], Int?) -> Void
  ) {
    text.append(brackets.utf8.first!)
    for (index, item) in elements.enumerated() {
      if index > 0 { text += (indent == nil && spaced ? ", " : ",").utf8 }
      if let indent { appendLine(indent + 1, to: &text) }
      element(item, &text, indent.map { $0 + 1 })
    }
    if let indent, !elements.isEmpty { appendLine(indent, to: &text) }
    text.append(brackets.utf8.last!)
  }

  private static func appendLine(_ indent: Int, to text: inout [UInt8]) {
    text.append(UInt8(ascii: "\n"))
    text += [UInt8](repeating: UInt8(ascii: " "), count: indent * 2)
  }
}
