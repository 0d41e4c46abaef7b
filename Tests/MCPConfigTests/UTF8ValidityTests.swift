import Testing

@testable import MCPConfig

/// Our validity is the standard library's, for every lead and second byte.
@Suite struct UTF8ValidityTests {
  private func agrees(_ bytes: [UInt8]) -> Bool {
    (firstInvalidUTF8(in: bytes) == nil) == (String(validating: bytes, as: UTF8.self) != nil)
  }

  @Test func everyPairOfBytes() {
    for first in UInt8.min...UInt8.max {
      for second in UInt8.min...UInt8.max {
        for tail: [UInt8] in [[], [0x80], [0x80, 0x80], [0xBF, 0xC0], [0x41, 0x80]] {
          let bytes = [first, second] + tail
          if !agrees(bytes) { Issue.record("\(bytes)") }
        }
      }
    }
  }

  @Test func everyScalarIsValid() {
    var text: [UInt8] = []
    for value in UInt32(0)...0x10FFFF {
      if let scalar = Unicode.Scalar(value) { text += UTF8.encode(scalar).map(Array.init) ?? [] }
    }
    #expect(firstInvalidUTF8(in: text) == nil)
    #expect(firstInvalidUTF8(in: text + [0xC2]) == text.count)
  }
}
