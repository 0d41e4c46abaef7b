/// Which options of a program take a value, so that its own words end where the server's begin.
struct OptionTable {
  /// Long and one-letter options, with their dashes.
  var options: Set<String>
  /// Whether `options` are those that take a value; or else those that take none.
  var listsValued = true
  /// Whether the start of a long option's name stands for it, as npm's and argparse's parsers allow.
  var abbreviates = false

  init(valued options: Set<String>, abbreviates: Bool = false) {
    self.options = options
    self.abbreviates = abbreviates
  }

  init(flags options: Set<String>) {
    self.options = options
    listsValued = false
  }

  func takesValue(_ name: String) -> Bool { options.contains(name) == listsValued }

  /// The option that a name stands for.
  func fullName(_ name: String) -> String {
    guard abbreviates, name.utf8.count > 4, !options.contains(name) else { return name }
    let candidates = options.filter { $0.hasPrefix(name) }
    return candidates.count == 1 ? candidates.first ?? name : name
  }
}

/// A program's own options, and what follows them.
struct ScannedOptions {
  struct Option {
    var name: String
    /// The word that the option stands in.
    var word: LaunchWord
    var value: LaunchWord?
  }

  var options: [Option] = []
  /// From the first word that is no option.
  var rest: ArraySlice<LaunchWord>
  /// Whether `--` ended the options.
  var ended = false

  init(_ words: ArraySlice<LaunchWord>, _ table: OptionTable) {
    rest = words
    while let word = rest.first, word.isOption {
      rest.removeFirst()
      if word.text == "--" {
        ended = true
        return
      }
      if word.text.hasPrefix("--") { addLong(word, table) } else { addShort(word, table) }
    }
  }

  private mutating func addLong(_ word: LaunchWord, _ table: OptionTable) {
    let equals = word.bytes.firstIndex(of: UInt8(ascii: "="))
    var head = word
    head.bytes = Array(word.bytes[..<(equals ?? word.bytes.endIndex)])
    let name = table.fullName(head.text)
    if let equals {
      options.append(Option(name: name, word: word, value: word.from(equals + 1)))
    } else {
      options.append(Option(name: name, word: word, value: takenValue(name, table)))
    }
  }

  /// `-y`, and `-yc VALUE` or `-yVALUE` where letters share one dash.
  private mutating func addShort(_ word: LaunchWord, _ table: OptionTable) {
    for index in word.bytes.indices.dropFirst() {
      let letter = word.bytes[index]
      guard letter < 0x80 else { return }
      let name = "-" + String(UnicodeScalar(letter))
      guard table.takesValue(name) else {
        options.append(Option(name: name, word: word, value: nil))
        continue
      }
      let equals = word.bytes.dropFirst(index + 1).first == UInt8(ascii: "=")
      let start = index + (equals ? 2 : 1)
      let attached = start < word.bytes.count
      options.append(
        Option(
          name: name, word: word,
          value: attached ? word.from(start) : takenValue(name, table)))
      return
    }
  }

  private mutating func takenValue(_ name: String, _ table: OptionTable) -> LaunchWord? {
    table.takesValue(name) ? rest.popFirst() : nil
  }
}

extension LaunchWord {
  /// What of the word stands from there on.
  func from(_ start: Int) -> LaunchWord {
    var word = self
    word.bytes = Array(bytes[start...])
    return word
  }
}
