import MCPConfig
import Testing

@Suite struct ByteStringTests {
  @Test(arguments: [
    ("K", "\u{212A}"), ("\u{E9}", "e\u{301}"), (";", "\u{37E}"), ("Å", "\u{212B}"),
    ("가", "\u{1100}\u{1161}"),
  ])
  func bytesDecide(_ left: String, _ right: String) {
    #expect(left == right)
    #expect(ByteString(left) != ByteString(right))
    #expect(Set([ByteString(left), ByteString(right)]).count == 2)
  }

  @Test(arguments: [
    ("plain é 😀", "plain é 😀"), ("a\u{1B}[2Kb", "a\\u{1b}[2Kb"),
    ("a\nb\r\0", "a\\u{a}b\\u{d}\\u{0}"),
    ("\u{202E}gnp", "\\u{202e}gnp"), ("\u{200B}\u{FEFF}", "\\u{200b}\\u{feff}"),
    ("\u{2028}\u{2029}\u{85}", "\\u{2028}\\u{2029}\\u{85}"),
    ("\u{E000}\u{E0001}", "\\u{e000}\\u{e0001}"),
  ])
  func escaped(_ text: String, _ escaped: String) {
    #expect(ByteString(text).escaped == escaped)
  }

  @Test func bytesThatArentUTF8AreShown() {
    #expect(ByteString([0x61, 0xFF, 0x1B]).escaped == "a\u{FFFD}\\u{1b}")
  }

  @Test func clippedBetweenCharacters() {
    let short = ByteString(String(repeating: "a", count: 200))
    #expect(short.clipped == short)
    #expect(
      ByteString(String(repeating: "a", count: 201)).clipped
        == ByteString(String(repeating: "a", count: 200) + "…"))
    #expect(
      ByteString("a" + String(repeating: "😀", count: 100)).shown
        == "a" + String(repeating: "😀", count: 49) + "…")
    #expect(ByteString([UInt8](repeating: 0x80, count: 300)).clipped.bytes.count < 210)
  }

  /// Python's order of `str`.
  @Test func orderIsOfCodePoints() {
    let sorted: [ByteString] = [
      "", "A", "a", "aa", "\u{7F}", "é", "\u{E000}", "\u{FFFF}", "\u{10000}",
    ]
    #expect(sorted.shuffled().sorted() == sorted)
  }
}

@Suite struct SHA256DigestTests {
  private let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

  @Test func knownFigures() {
    #expect(SHA256Digest(of: []).hexadecimal == empty)
    #expect(
      SHA256Digest(of: Array("abc".utf8)).description
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test func readsBothCases() {
    #expect(SHA256Digest(hexadecimal: ByteString(empty)) == SHA256Digest(of: []))
    #expect(SHA256Digest(hexadecimal: ByteString(empty.uppercased())) == SHA256Digest(of: []))
  }

  @Test func everyBitCounts() {
    for index in 0..<64 {
      var digits = Array(empty.utf8)
      digits[index] = digits[index] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
      let other = SHA256Digest(hexadecimal: ByteString(digits))
      #expect(other != nil && other != SHA256Digest(of: []))
      #expect(other?.hexadecimal == String(decoding: digits, as: UTF8.self))
    }
  }

  @Test func refusesOthers() {
    #expect(SHA256Digest(hexadecimal: "") == nil)
    #expect(SHA256Digest(hexadecimal: ByteString(empty + "0")) == nil)
    #expect(SHA256Digest(hexadecimal: ByteString(String(empty.dropLast()))) == nil)
    for first in ["g", " ", "+", "é"] {
      let text = ByteString((first + empty.dropFirst(first.utf8.count)))
      #expect(text.bytes.count == 64)
      #expect(SHA256Digest(hexadecimal: text) == nil)
    }
  }
}
