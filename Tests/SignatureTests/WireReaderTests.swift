import Testing

@testable import Signatures

@Suite struct WireReaderTests {
  @Test(
    arguments: [
      ([], nil), ([0], nil), ([0, 1], nil), ([0, 0x7F], nil), ([0, 0, 0x80], nil), ([0x80], nil),
      ([0xFF, 1], nil), ([1, 2, 3, 4, 5], nil), ([0, 0x81, 2, 3, 4, 5], nil),
      ([1], [0, 0, 0, 1]), ([0x7F, 0xFF], [0, 0, 0x7F, 0xFF]), ([0, 0x80], [0, 0, 0, 0x80]),
      ([0, 0xFF, 2, 3, 4], [0xFF, 2, 3, 4]), ([1, 2, 3, 4], [1, 2, 3, 4]),
    ] as [([UInt8], [UInt8]?)])
  func aPositiveNumberHasOneSpelling(_ bytes: [UInt8], _ wanted: [UInt8]?) {
    var reader = WireReader(Wire.string(bytes))
    #expect(reader.positive(filledTo: 4) == wanted)
  }

  @Test func nothingIsReadPastTheEnd() {
    var reader = WireReader([0, 0, 0, 5, 1, 2, 3, 4])
    #expect(reader.string() == nil)
    reader = WireReader([0xFF, 0xFF, 0xFF, 0xFF])
    #expect(reader.string() == nil)
    reader = WireReader([0, 0, 0])
    #expect(reader.number() == nil)
    reader = WireReader([])
    #expect(reader.bytes(1) == nil && reader.isAtEnd)
    reader = WireReader(Wire.string([7]) + Wire.number(0x0102_0304))
    #expect(reader.string() == [7])
    #expect(!reader.isAtEnd)
    #expect(reader.number() == 0x0102_0304 && reader.isAtEnd)
  }
}
