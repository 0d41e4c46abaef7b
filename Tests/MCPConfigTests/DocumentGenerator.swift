import MCPConfig

/// SplitMix64: the same documents in every run.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// Values of every kind, and texts that spell them in different ways.
struct DocumentGenerator {
  private var chance: SeededGenerator

  init(seed: UInt64) {
    chance = SeededGenerator(state: seed)
  }

  /// A text of strict JSON.
  func text() -> String {
    var generator = self
    return generator.spell(generator.value(depth: 4))
  }

  mutating func value(depth: Int) -> JSON {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &chance) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &chance))
    case 2: return JSON(.number(ByteString(integer())))
    case 3: return JSON(.number(ByteString(fraction())))
    case 4, 5: return .bytes(ByteString(string()))
    case 6: return .array((0..<count()).map { _ in value(depth: depth - 1) })
    default:
      let keys = Set((0..<count()).map { _ in ByteString(string()) })
      return JSON(
        .object(
          keys.sorted().shuffled(using: &chance).map {
            JSON.Member(key: $0, value: value(depth: depth - 1))
          }))
    }
  }

  /// Sometimes more keys than the parser compares one by one.
  private mutating func count() -> Int {
    Int.random(in: 0..<20, using: &chance) == 0 ? 30 : Int.random(in: 0..<4, using: &chance)
  }

  private mutating func integer() -> String {
    if Int.random(in: 0..<5, using: &chance) > 0 {
      return String(Int.random(in: -1000...100_000, using: &chance))
    }
    return (0..<10).reduce("-7") { digits, _ in
      digits + String(UInt64.random(in: 0...UInt64.max, using: &chance))
    }
  }

  private mutating func fraction() -> String {
    while true {
      let bits = Bool.random(using: &chance) ? chance.next() : chance.next() >> 12
      let value = Double(bitPattern: bits)
      if value.isFinite { return value.description }
    }
  }

  private mutating func string() -> String {
    let ranges: [ClosedRange<UInt32>] = [
      0x61...0x7A, 0...0x1F, 0x20...0x7F, 0x80...0x7FF, 0x800...0xD7FF, 0xE000...0xFFFF,
      0x10000...0x10FFFF,
    ]
    var text = ""
    for _ in 0..<Int.random(in: 0..<6, using: &chance) {
      let range = ranges.randomElement(using: &chance) ?? 0x61...0x7A
      if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &chance)) {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// The value with white space and escapes that mean nothing.
  mutating func spell(_ value: JSON) -> String {
    let text =
      switch value.content {
      case .null: "null"
      case .bool(let bool): bool ? "true" : "false"
      case .number(let spelling): spelling.text
      case .string(let string): spell(string)
      case .array(let elements): "[" + elements.map { spell($0) }.joined(separator: ",") + "]"
      case .object(let members):
        "{"
          + members.map { space() + spell($0.key) + space() + ":" + spell($0.value) }
          .joined(separator: ",") + space() + "}"
      }
    return space() + text + space()
  }

  private mutating func spell(_ string: ByteString) -> String {
    var text = "\""
    for scalar in string.text.unicodeScalars {
      let mustEscape = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
      if mustEscape || Int.random(in: 0..<8, using: &chance) == 0 {
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16, uppercase: Bool.random(using: &chance))
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }

  private mutating func space() -> String {
    ["", "", "", " ", "\n", "\t ", "\r\n"].randomElement(using: &chance) ?? ""
  }
}
