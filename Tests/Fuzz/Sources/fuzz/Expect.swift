import MCPConfig

/// Ends the program where a property doesn't hold, which libFuzzer takes for a crash: it keeps the
/// input, and the message says which property.
func expect(
  _ holds: Bool, _ property: @autoclosure () -> String, line: UInt = #line,
  file: StaticString = #fileID
) {
  if !holds { fatalError("doesn't hold: \(property())", file: file, line: line) }
}

extension Position {
  /// Whether an editor could go there: a line of the text, and at most one past its last character.
  func isInside(_ text: [UInt8]) -> Bool {
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.indices.contains(line - 1) else { return false }
    let characters = lines[line - 1].count { $0 & 0xC0 != 0x80 }
    return 1...(characters + 1) ~= column
  }
}

/// As much of a value as a message needs.
func shown(_ bytes: [UInt8]) -> String { ByteString(bytes).shown }
