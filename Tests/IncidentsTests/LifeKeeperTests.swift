import Foundation
import Glibc
import Linux
import MCPConfig
import Policy
import Support
import Testing

@testable import Incidents

/// What outlasts the daemon.
@Suite(.serialized) struct LifeKeeperTests {
  private let root = TemporaryRoot()

  private func keeper() throws -> LifeKeeper {
    try LifeKeeper(
      folder: try Descriptor.open(trusted: FilePath(root.path), O_RDONLY | O_DIRECTORY))
  }

  private func incident(_ number: Int, _ kind: Finding.Kind = .serverDrift) -> Incident {
    var incident = Incident(
      discoveredAt: after(number), target: "ki\nro", path: "/x", user: nil,
      findings: [Finding(kind, "it")], action: .restored, mode: .enforce, generation: 1)
    incident.id = "\(incident.discoveredAt.microseconds)-\(number)"
    return incident
  }

  private func isStored(_ keeper: LifeKeeper) -> SystemError? {
    var answer: SystemError??
    keeper.whenStored { answer = .some($0) }
    _ = eventually {
      keeper.handleReports()
      return answer != nil
    }
    guard let answer else { return SystemError("wait", errno: ETIMEDOUT) }
    return answer
  }

  private var lines: [String] {
    (root.read("life.jsonl") ?? "").split(separator: "\n").map(String.init)
  }

  @Test func everyStateIsThereAgain() throws {
    var first: LifeKeeper? = try keeper()
    let incidents = (0..<4).map { incident($0, $0 == 3 ? .credentialExposure : .serverDrift) }
    for incident in incidents { first?.opened(incident) }
    _ = first?.acknowledge(incidents[1].id, .sample)
    _ = first?.resolve(incidents[2].id, .sample)
    #expect(first?.overdue(at: after(30), limit: 9).map(\.id) == [incidents[3].id])
    let before = try #require(first?.state.incidents)
    first?.finish(seconds: 5)
    first = nil
    let second = try keeper()
    #expect(second.state.incidents == before && second.damage == nil)
    #expect(second.overdue(at: after(30), limit: 9).isEmpty, "overdue is told once")
    #expect(second.state.nextRespondBy == incidents[0].respondBy)
    second.finish(seconds: 5)
  }

  /// Stored, and killed before the ledger had it: the next run tells it, and only that one.
  @Test func aResponseThatWasNotToldIsToldByTheNextRun() throws {
    let first = try keeper()
    for number in 0..<3 { first.opened(incident(number)) }
    var response = TrackedIncident.Response(at: after(5), by: "zoe (uid 7)", note: "seen")
    response.isTold = false
    for number in 0..<2 { #expect(first.acknowledge(incident(number).id, response) != nil) }
    #expect(first.resolve(incident(1).id, response) != nil)
    for record in first.untold where record.incident.id == incident(0).id { first.told(record) }
    first.finish(seconds: 5)
    let second = try keeper()
    let untold = second.untold
    #expect(untold.map(\.kind) == [.acknowledged, .resolved])
    #expect(untold.allSatisfy { $0.incident.id == incident(1).id && $0.at == after(5) })
    #expect(untold[0].message.contains("was acknowledged by zoe (uid 7). Note: seen"))
    #expect(untold[1].json["by"]?.string == "zoe (uid 7)")
    second.told(untold[0])
    #expect(second.untold.map(\.kind) == [.resolved])
    second.told(untold[1])
    #expect(second.untold.isEmpty)
    second.finish(seconds: 5)
    #expect(try keeper().untold.isEmpty)
  }

  @Test func whenStoredItIsOnDisk() throws {
    let keeper = try keeper()
    keeper.opened(incident(1))
    #expect(isStored(keeper) == nil)
    #expect(lines.count == 2 && lines[1].contains("\"id\":\"\(incident(1).id)\""))
    // Nothing changed since: the answer comes at once.
    #expect(isStored(keeper) == nil)
    keeper.finish(seconds: 5)
    #expect(root.permissions("life.jsonl") == 0o600)
  }

  /// A crash cuts the last line off, wherever it will; the others hold.
  @Test func aCutOffEndCostsOneLine() throws {
    let keeper = try keeper()
    for number in 0..<3 { keeper.opened(incident(number)) }
    keeper.finish(seconds: 5)
    let whole = try #require(root.read("life.jsonl"))
    let bytes = Array(whole.utf8)
    let lastLine = bytes.dropLast().lastIndex(of: 0x0A)! + 1
    for end in stride(from: lastLine, to: bytes.count - 1, by: 7) {
      root.write("life.jsonl", String(decoding: bytes[..<end], as: UTF8.self))
      let again = try self.keeper()
      #expect(again.state.count == 2 && again.damage == nil, "\(end)")
      again.opened(incident(9))
      again.finish(seconds: 5)
      #expect(try self.reloaded().count == 3)
    }
  }

  private func reloaded() throws -> IncidentLife {
    let keeper = try keeper()
    keeper.finish(seconds: 5)
    return keeper.state
  }

  @Test(arguments: [
    ("", "is empty", 0), ("garbage\n", "isn't of this version", 0),
    ("{\"version\":9}\n", "isn't of this version", 0),
    ("{\"version\":1}\nnonsense\n{\"id\":7}\n{\"forgot\":\"x\"}\n", "2 of 3 lines", 0),
  ])
  func whatCantBeReadIsSaidAndKept(_ text: String, _ reason: String, _ count: Int) throws {
    root.write("life.jsonl", text)
    let keeper = try keeper()
    #expect(keeper.damage?.contains(reason) == true)
    #expect(keeper.state.count == count)
    #expect(root.read("life.damaged") == text)
    keeper.opened(incident(1))
    keeper.finish(seconds: 5)
    #expect(try reloaded().count == 1)
  }

  @Test func aFIFOInItsPlaceIsSaidAndKept() throws {
    #expect(mkfifo(root.at("life.jsonl"), 0o600) == 0)
    let keeper = try keeper()
    #expect(keeper.damage == "life.jsonl is a FIFO, and no file")
    keeper.opened(incident(1))
    keeper.finish(seconds: 5)
    #expect(try reloaded().count == 1)
    #expect(root.status("life.damaged").map { $0.st_mode & S_IFMT } == S_IFIFO)
  }

  /// What was put aside first says most; what is put aside last is nearest to what happened.
  @Test func anOlderDamagedFileIsKept() throws {
    for number in 1...6 {
      root.write("life.jsonl", "garbage \(number)\n")
      let keeper = try keeper()
      #expect(keeper.damagedName == "life.damaged\(number == 1 ? "" : ".\(min(number, 4))")")
      keeper.finish(seconds: 5)
    }
    let kept = root.names("").filter { $0.hasPrefix("life.damaged") }
    #expect(kept.compactMap(root.read) == [1, 2, 3, 6].map { "garbage \($0)\n" })
  }

  /// However much happens, the file doesn't grow without end.
  @Test func theFileIsWrittenAnewNowAndThen() throws {
    let keeper = try keeper()
    for number in 0..<8000 {
      let incident = incident(number)
      keeper.opened(incident)
      _ = keeper.resolve(incident.id, .sample)
      if number % 500 == 0 { #expect(isStored(keeper) == nil) }
    }
    #expect(isStored(keeper) == nil)
    #expect(lines.count < 6 * IncidentLife.resolvedLimit + 3000, "\(lines.count)")
    let before = keeper.state.incidents
    keeper.finish(seconds: 5)
    #expect(try reloaded().incidents == before)
  }

  /// A disk that takes nothing costs the daemon nothing, and is caught up with later.
  @Test func aDiskThatTakesNothingIsSaid() throws {
    let keeper = try keeper()
    #expect(isStored(keeper) == nil)
    root.remove("life.jsonl")
    // Its name is taken by what no rename replaces.
    root.makeFolder("life.jsonl/in-the-way")
    // Enough for the file to be written anew.
    for _ in 0..<2000 { keeper.opened(incident(1)) }
    #expect(
      eventually {
        keeper.handleReports()
        return keeper.failure != nil
      })
    for number in 0..<100 { keeper.opened(incident(number)) }
    #expect(isStored(keeper) != nil)
    #expect(keeper.nextDeadline != nil)
    root.remove("life.jsonl")
    #expect(
      eventually(seconds: 30) {
        keeper.retry()
        keeper.handleReports()
        return keeper.failure == nil
      })
    let before = keeper.state.incidents
    #expect(isStored(keeper) == nil)
    keeper.finish(seconds: 5)
    #expect(try reloaded().incidents == before)
  }
}
