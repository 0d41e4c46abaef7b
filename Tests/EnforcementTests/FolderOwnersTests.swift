import Testing

@testable import Enforcement

@Suite struct FolderOwnersTests {
  @Test func knowsItsOwnAndOneMore() {
    let owners: FolderOwners = [0, 1000, 990]
    #expect([0, 990, 1000].allSatisfy { owners.contains($0) })
    #expect(!owners.contains(1) && !owners.contains(.max))
    let more = owners.with(2000)
    #expect([0, 990, 1000, 2000].allSatisfy { more.contains($0) })
    #expect(!more.contains(1))
  }
}
