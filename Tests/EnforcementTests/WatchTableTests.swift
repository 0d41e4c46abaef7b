import Testing

@testable import Enforcement

@Suite struct WatchTableTests {
  @Test func keepsWhoListens() {
    var table = WatchTable()
    table.add(.target(1, level: 2), to: 7)
    table.add(.target(1, level: 2), to: 7)
    #expect(table[7].map(Array.init) == [.target(1, level: 2)])
    table.add(.anchor(0), to: 7)
    #expect(table[7]?.count == 2)
    let isLast = table.remove(.target(1, level: 2), from: 7)
    #expect(!isLast)
    let unheard = table.removeHomeAnchors()
    #expect(unheard == [7])
    #expect(table[7] == nil && table.count == 0)
  }

  @Test func theLastListenerEndsTheWatch() {
    var table = WatchTable()
    table.add(.target(1, level: 0), to: 7)
    let isOther = table.remove(.target(2, level: 0), from: 7)
    let isLast = table.remove(.target(1, level: 0), from: 7)
    #expect(!isOther && isLast)
    table.add(.target(1, level: 0), to: 7)
    table.add(.target(2, level: 0), to: 7)
    let ended = table.end(7)
    let again = table.end(7)
    #expect(ended == [.target(1, level: 0), .target(2, level: 0)] && again.isEmpty)
  }
}
