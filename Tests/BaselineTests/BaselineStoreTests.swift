import Baseline
import Glibc
import Linux
import MCPConfig
import Support
import Testing

@Suite struct BaselineStoreTests {
  private let root = TemporaryRoot()

  private func store() throws -> BaselineStore {
    root.makeFolder("baseline", mode: 0o700)
    return BaselineStore(
      folder: try Descriptor.open(trusted: FilePath(root.at("baseline")), O_RDONLY | O_DIRECTORY))
  }

  private func append(
    _ store: borrowing BaselineStore, _ text: String, note: String? = nil
  ) throws -> BaselineStore.Baseline {
    let bytes = Array(text.utf8)
    return try store.append(
      bytes: bytes, document: ConfigDocument(parsing: bytes), by: "root (uid 0)", note: note)
  }

  private let first = #"{"mcpServers": {"git": {"command": "uvx"}}}"#
  private let second = #"{"mcpServers": {}}"#

  @Test func startsEmpty() throws {
    #expect(try store().current() == nil)
  }

  @Test func keepsTheBytesAndTheirDigests() throws {
    let store = try store()
    _ = try append(store, first, note: "the \"first\"")
    let found = try #require(try self.store().current())
    #expect(found.bytes == Array(first.utf8))
    #expect(found.record.number == 1)
    #expect(found.record.note == "the \"first\"")
    #expect(found.record.approvedBy == "root (uid 0)")
    #expect(found.record.servers.map(\.name) == ["git"])
    #expect(found.record.canonicalSHA256 == (try JSON(parsing: found.bytes)).canonicalSHA256)
  }

  @Test func theNewestIsInForceAndTheOldStay() throws {
    let store = try store()
    for round in 1...12 { _ = try append(store, round % 2 == 1 ? first : second) }
    #expect(try store.current()?.record.number == 12)
    #expect(try store.current()?.bytes == Array(second.utf8))
    #expect(root.names("baseline").count == 24)
    #expect(root.permissions("baseline/1.mcp.json") == 0o400)
  }

  /// A crash before the record's rename: the bytes alone are no approval.
  @Test func bytesWithoutARecordCountForNothing() throws {
    let store = try store()
    _ = try append(store, first)
    root.write("baseline/2.mcp.json", second)
    root.write("baseline/.2.json.new", "{")
    #expect(try store.current()?.record.number == 1)
    #expect(try append(store, second).record.number == 2)
  }

  /// The record of a newer serial was damaged, and an older one counted as the newest.
  @Test(arguments: ["{}", #"{"version": 1"#, nil]) func noDamageBringsASerialBack(_ damage: String?)
    throws
  {
    let store = try store()
    for serial in [1, 9, 4] {
      _ = try append(store, #"{"mcpServers": {}, "mcpolicyd": {"serial": \#(serial)}}"#)
    }
    #expect(try store.highestSerial()?.serial == 9)
    for record in ["baseline/2.json", "baseline/3.json"] {
      if let damage {
        chmod(root.at(record), 0o600)
        root.write(record, damage)
      } else {
        // Of a version that knew no serials.
        let text = root.read(record) ?? ""
        chmod(root.at(record), 0o600)
        root.write(record, text.replacing("\"highest_serial", with: "\"other"))
      }
    }
    #expect(try store.highestSerial()?.serial == 9)
  }

  @Test func unfinishedApprovalIsClearedAway() throws {
    let store = try store()
    _ = try append(store, first)
    root.write("baseline/2.mcp.json", second)
    root.write("baseline/.2.json.new", "{")
    try store.removeUnfinished()
    #expect(root.names("baseline") == ["1.json", "1.mcp.json"])
    #expect(try store.current()?.record.number == 1)
  }

  @Test(arguments: ["1.mcp.json", "1.json"]) func damageIsTold(_ file: String) throws {
    let store = try store()
    _ = try append(store, first)
    root.remove("baseline/\(file)")
    root.write("baseline/\(file)", second)
    do {
      _ = try store.current()
      Issue.record("damage wasn't noticed")
    } catch BaselineStore.Failure.damaged(let damage) {
      #expect(damage.file == file)
    }
  }
}

extension BaselineStore.Baseline: Equatable {
  public static func == (left: BaselineStore.Baseline, right: BaselineStore.Baseline) -> Bool {
    left.bytes == right.bytes && left.record.number == right.record.number
  }
}
