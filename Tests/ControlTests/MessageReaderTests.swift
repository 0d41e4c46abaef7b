import Testing

@testable import Control

@Suite struct MessageReaderTests {
  private func messages(of reader: inout MessageReader) throws -> [String] {
    var messages: [String] = []
    while let message = try reader.next() {
      messages.append(String(decoding: message, as: UTF8.self))
    }
    return messages
  }

  @Test(arguments: 0...9)
  func splitAtEveryByte(_ cut: Int) throws {
    let bytes = Array("{}\0[1]\0ab\0".utf8)
    var reader = MessageReader(limit: 8)
    reader.append(Array(bytes[..<cut]))
    var found = try messages(of: &reader)
    reader.append(Array(bytes[cut...]))
    found += try messages(of: &reader)
    #expect(found == ["{}", "[1]", "ab"])
    #expect(reader.pending == 0)
  }

  @Test func oneByteAtATime() throws {
    var reader = MessageReader(limit: 8)
    var found: [String] = []
    for byte in "first\0second\0thi".utf8 {
      reader.append([byte])
      found += try messages(of: &reader)
    }
    #expect(found == ["first", "second"])
    #expect(reader.pending == 3)
  }

  @Test func emptyMessagesAreMessages() throws {
    var reader = MessageReader(limit: 8)
    reader.append([0, 0])
    #expect(try messages(of: &reader) == ["", ""])
  }

  @Test func limitCountsTheMessageWithoutItsNUL() throws {
    var reader = MessageReader(limit: 4)
    reader.append(Array("1234\0".utf8))
    #expect(try messages(of: &reader) == ["1234"])
    reader.append(Array("12345\0".utf8))
    #expect(throws: MessageTooLarge(limit: 4)) { try reader.next() }
  }

  @Test func tooLargeIsKnownBeforeItsEnd() throws {
    var reader = MessageReader(limit: 4)
    reader.append(Array("1234".utf8))
    #expect(try reader.next() == nil)
    reader.append(Array("5".utf8))
    #expect(throws: MessageTooLarge(limit: 4)) { try reader.next() }
  }

  @Test func messagesBeforeOneThatIsTooLargeAreGiven() throws {
    var reader = MessageReader(limit: 4)
    reader.append(Array("12\012345678".utf8))
    #expect(try reader.next() == Array("12".utf8))
    #expect(throws: MessageTooLarge(limit: 4)) { try reader.next() }
  }
}
