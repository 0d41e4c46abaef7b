import MCPConfig
import Testing

/// Nothing is lost on the way through a text.
@Suite struct RoundTripTests {
  @Test(arguments: 0..<20)
  func everyFormReadsBack(_ round: Int) throws {
    for seed in (round * 100)..<(round * 100 + 100) {
      var generator = DocumentGenerator(seed: UInt64(seed))
      let value = generator.value(depth: 4)
      let canonical = value.canonicalForm
      let spelled = Array(generator.spell(value).utf8)
      for text in [canonical, value.compactForm, value.prettyForm, spelled] {
        #expect(try JSON(parsing: text).canonicalForm == canonical, "seed \(seed)")
      }
      #expect(canonical.allSatisfy { 0x20...0x7E ~= $0 }, "seed \(seed)")
      #expect(try JSON(parsing: value.compactForm).compactForm == value.compactForm)
      #expect(try JSON(parsing: value.prettyForm).prettyForm == value.prettyForm)
    }
  }

  /// Only the canonical form sorts; the others leave the members in the order of the text.
  @Test func formsForPeople() throws {
    let text = #"{"b":[1,2],"a":{"é":[],"d":[[3],{}]},"c":{}}"#
    let value = try JSON(parsing: Array(text.utf8))
    #expect(String(decoding: value.compactForm, as: UTF8.self) == text)
    #expect(
      String(decoding: value.prettyForm, as: UTF8.self) == """
        {
          "b": [1, 2],
          "a": {
            "é": [],
            "d": [
              [3],
              {}
            ]
          },
          "c": {}
        }

        """)
  }

  /// Every value knows where it stood.
  @Test func offsets() throws {
    let text = Array(#" {"é": [true, null], "b": "x"}"#.utf8)
    let root = try JSON(parsing: text)
    #expect(root.offset == 1)
    let members = try #require(root.members)
    #expect(members.map(\.keyOffset) == [2, 22])
    #expect(members.map(\.value.offset) == [8, 27])
    #expect(members[0].value.elements?.map(\.offset) == [9, 15])
  }

  @Test func valuesMadeInMemory() {
    let value: JSON = ["b": [1, true, "x", .null], "a": .optional(nil), "c": .optional("y")]
    #expect(
      String(decoding: value.canonicalForm, as: UTF8.self)
        == #"{"a": null, "b": [1, true, "x", null], "c": "y"}"#)
    #expect(value["b"]?.elements?.count == 4)
    #expect(value["B"] == nil)
    #expect(value["c"]?["d"] == nil)
  }
}
