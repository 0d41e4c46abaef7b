import MCPConfig

/// Tokenizer, parser and the three ways to print.
struct JSONProperties {
  let text: [UInt8]

  func check() {
    let strict = parse(.strict)
    let wide = parse(.comments)
    if let strict {
      guard let wide else { fatalError("strict JSON that isn't JSON with comments") }
      expect(strict.canonicalForm == wide.canonicalForm, "one text is one value in both dialects")
    }
    guard let value = wide else { return }
    checkOffsets(value)
    checkForms(value)
  }

  private func parse(_ dialect: JSONDialect) -> JSON? {
    do throws(JSONError) {
      return try JSON(parsing: text, as: dialect)
    } catch {
      expect(error.position.isInside(text), "the error stands in the text: \(error)")
      return nil
    }
  }

  /// Every value says where it stood, and there stands what starts it.
  private func checkOffsets(_ value: JSON) {
    expect(text.indices.contains(value.offset), "a value stands in the text")
    let first = text[value.offset]
    switch value.content {
    case .null: expect(first == UInt8(ascii: "n"), "null starts with n")
    case .bool(let bool):
      expect(first == (bool ? UInt8(ascii: "t") : UInt8(ascii: "f")), "so does a boolean")
    case .number(let spelling):
      expect(text[value.offset...].starts(with: spelling.bytes), "a number keeps its spelling")
    case .string: expect(first == UInt8(ascii: "\""), "a string starts with its quote")
    case .array(let elements):
      expect(first == UInt8(ascii: "["), "an array starts with its bracket")
      elements.forEach(checkOffsets)
    case .object(let members):
      expect(first == UInt8(ascii: "{"), "an object starts with its brace")
      for member in members {
        expect(text[member.keyOffset] == UInt8(ascii: "\""), "a key starts with its quote")
        checkOffsets(member.value)
      }
      expect(Set(members.map(\.key)).count == members.count, "no key stands twice")
    }
  }

  private func checkForms(_ value: JSON) {
    let canonical = value.canonicalForm
    expect(canonical.allSatisfy { 0x20...0x7E ~= $0 }, "the canonical form is printable ASCII")
    for (name, form) in [
      ("canonical", canonical), ("compact", value.compactForm), ("pretty", value.prettyForm),
    ] {
      do throws(JSONError) {
        let again = try JSON(parsing: form)
        expect(again.canonicalForm == canonical, "the \(name) form says the same: \(shown(form))")
        expect(again.isCanonicallyEqual(to: value), "and the comparison without printing agrees")
        if name == "compact" { expect(again.compactForm == form, "compact stays compact") }
        if name == "pretty" { expect(again.prettyForm == form, "pretty stays pretty") }
      } catch {
        fatalError("the \(name) form isn't JSON: \(error): \(shown(form))")
      }
    }
    expect(SHA256Digest(of: canonical) == value.canonicalSHA256, "the digest is that of the form")
  }
}
