import MCPConfig
import Testing

@testable import Policy
@testable import mcpolicyd

/// Who has which server, in records of bounded size.
@Suite struct InventoryTests {
  private func inventory(users: Int, servers: [String]) throws -> Inventory {
    let entries = servers.map { #""\#($0)": {"command": "x"}"# }.joined(separator: ",")
    let rules = servers.enumerated().map { index, name in
      Whitelist.Rule(
        server: ByteString(name), tier: index % 2 == 0 ? .everyone : .named,
        users: ["user-1"], groups: [], pin: nil, place: "policy.json:\(index)")
    }
    return Inventory(
      generation: 7,
      users: (0..<users).map { UserIdentity(uid: UInt32($0), name: "user-\($0)", groups: []) },
      copy: try ApprovedCopy(bytes: Array(#"{"mcpServers": {\#(entries)}}"#.utf8)),
      whitelist: Whitelist(rules: rules))
  }

  /// What the records say together.
  private func merged(_ records: [JSON]) -> [String: [String]] {
    var users: [String: [String]] = [:]
    for member in records.flatMap({ $0["users"]?.members ?? [] }) {
      users[member.key.text, default: []] += (member.value.elements ?? [])
        .compactMap { $0.string?.text }
    }
    return users
  }

  @Test func aSmallOneIsOneRecord() throws {
    let records = try inventory(users: 3, servers: ["a", "b"]).records
    #expect(records.count == 1 && records[0]["generation"]?.integer == 7)
    #expect(merged(records) == ["user-0": ["a"], "user-1": ["a", "b"], "user-2": ["a"]])
  }

  @Test(arguments: [(5000, 20), (2, 30_000), (0, 5), (1, 0)])
  func largeOnesAreSeveral(_ users: Int, _ servers: Int) throws {
    let names = (0..<servers).map { "server-\($0)" }
    let inventory = try inventory(users: users, servers: names)
    let records = inventory.records
    for (index, record) in records.enumerated() {
      #expect(record["part"]?.integer == index + 1 && record["parts"]?.integer == records.count)
      #expect(record.canonicalForm.count < 2 * Inventory.partSize)
    }
    let merged = merged(records)
    #expect(merged.count == users)
    #expect(merged["user-0"]?.count ?? 0 == (users > 0 ? (servers + 1) / 2 : 0))
    if users > 1 { #expect(merged["user-1"].map(Set.init) == Set(names)) }
  }

  /// Two accounts of one name are one member, or the record would be none.
  @Test func aNameStandsOnce() throws {
    var inventory = try inventory(users: 2, servers: ["a"])
    inventory.users += inventory.users
    #expect(inventory.records[0]["users"]?.members?.count == 2)
  }
}
