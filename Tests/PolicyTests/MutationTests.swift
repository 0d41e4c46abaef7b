import MCPConfig
import Policy
import Testing

/// Every change of every field of every server is a finding that names both, except exactly those
/// that the policy tolerates.
@Suite struct MutationTests {
  private static let documents = [
    Bench.approved,
    #"{"mcpServers":{"git":{"command":"uvx"}}}"#,
    #"{"mcpServers":{"git":{"command":"","disabled":true,"disabledTools":[],"autoApprove":["*"],"args":[]}}}"#,
    #"{"mcpServers":{"docs":{"url":"u","type":"http","autoApprove":[],"disabledTools":["a","b"]}}}"#,
    #"{"mcpServers":{"git":{"command":"c","x":{"y":[[1,{"z":null}],1.5,-0,"\u0000"]},"é":"é","env":{"":""}}}}"#,
    #"{"powers":{"mcpServers":{"git":{"command":"uvx","env":{"A":"1"},"timeout":0}}}}"#,
  ]

  private static let tolerances: [Set<Policy.Tolerance>] =
    [[], .all, [.formatting, .disabled, .narrowerApprovals]]
    + Policy.Tolerance.allCases.map { [$0] }

  @Test(arguments: documents.indices, tolerances.indices)
  func everyChangeIsFound(_ index: Int, _ set: Int) throws {
    var bench = try Bench(approved: Self.documents[index])
    bench.tolerate = Self.tolerances[set]
    let approved = bench.copy.document
    var found = 0
    for mutation in approved.mutations {
      let isSame = mutation.document.canonicalForm == approved.root.canonicalForm
      if isSame { continue }
      let verdict = bench.verdict(mutation.document.prettyForm)
      if isTolerated(mutation, bench.tolerate) {
        #expect(verdict.found == [], "\(mutation)")
        continue
      }
      found += 1
      let drift = verdict.findings.first {
        $0.server == mutation.server && $0.field == mutation.field.text
          && [.serverDrift, .approvalWidened].contains($0.kind)
      }
      #expect(drift != nil, "\(mutation): \(verdict.found)")
      #expect(drift?.rule == Finding.approved)
      #expect(verdict.changes.count == 1, "\(mutation): \(verdict.found)")
      #expect(!verdict.contentStands)
    }
    #expect(found > 10)
  }

  /// The contract of `tolerate`, said once more.
  private func isTolerated(_ mutation: Mutation, _ tolerate: Set<Policy.Tolerance>) -> Bool {
    switch mutation.field {
    case "disabled":
      guard tolerate.contains(.disabled) else { return false }
      let before = mutation.before?.bool ?? false
      guard let after = mutation.after == nil ? false : mutation.after?.bool else { return false }
      return after || !before
    case "autoApprove", "disabledTools":
      guard tolerate.contains(.narrowerApprovals) else { return false }
      let before = Set((mutation.before?.elements ?? []).compactMap(\.string))
      let elements = mutation.after == nil ? [] : mutation.after?.elements
      guard let elements, elements.allSatisfy({ $0.string != nil }) else { return false }
      let after = Set(elements.compactMap(\.string))
      return mutation.field == "autoApprove"
        ? after.isSubset(of: before) : after.isSuperset(of: before)
    default:
      return false
    }
  }

  @Test func thereAreEnoughMutations() throws {
    let bench = try Bench()
    let mutations = bench.copy.document.mutations
    #expect(mutations.count > 400)
    let fields = Set(mutations.map { "\($0.section.rawValue) \($0.server.text) \($0.field.text)" })
    for server in bench.copy.document.servers {
      for member in server.definition.members ?? [] {
        #expect(
          fields.contains("\(server.section.rawValue) \(server.name.text) \(member.key.text)"))
      }
    }
  }
}
