import Testing

@testable import Signatures

@Suite struct Base64Tests {
  @Test(arguments: [
    ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"),
    ("Zm9vYmE=", "fooba"), ("Zm9vYmFy", "foobar"),
  ])
  func theVectorsOfRFC4648(_ text: String, _ plain: String) {
    #expect(Base64.decoded(Array(text.utf8)) == Array(plain.utf8))
    #expect(Base64.unpadded(Array(plain.utf8)) == text.filter { $0 != "=" })
  }

  @Test(arguments: [
    "Z", "Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zh==", "Zm9=", "Zm=v", "Zg==Zg==", "Zm 9v",
    "Zm9v\n", "Zm9-", "Zm9_", "Zm9\u{e9}",
  ])
  func otherSpellingsAreNone(_ text: String) {
    #expect(Base64.decoded(Array(text.utf8)) == nil)
  }

  @Test func whatIsEncodedComesBack() {
    for count in 0..<70 {
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255) }
      let text = Base64.unpadded(bytes)
      let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
      #expect(Base64.decoded(Array((text + padding).utf8)) == bytes)
    }
  }
}
