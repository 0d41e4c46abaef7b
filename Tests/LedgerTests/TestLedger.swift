import Foundation
import Linux
import MCPConfig
import Support

@testable import Ledger

/// A ledger in a throwaway folder, written as the daemon writes it.
final class TestLedger {
  let root = TemporaryRoot()
  var path: FilePath { FilePath(root.path) }
  private(set) var head = LedgerHead.none

  static let day: Int64 = 86_400_000_000
  /// 2026-01-01T00:00:00Z.
  static let start = WallTime(microseconds: 1_767_225_600_000_000)

  static func time(day: Int, seconds: Int = 0) -> WallTime {
    WallTime(microseconds: start.microseconds + Int64(day) * Self.day + Int64(seconds) * 1_000_000)
  }

  static func name(_ day: Int, compressed: Bool = false) -> String {
    LedgerFileName(day: LedgerDay(of: time(day: day)), isCompressed: compressed).text
  }

  /// Records a day, each of some hundred bytes; `days` counts from 0.
  static func make(days: Range<Int>, records: Int, compressed: Bool = true) throws -> TestLedger {
    let ledger = TestLedger()
    for day in days {
      var drafts: [LedgerDraft] = []
      if compressed, day > days.lowerBound { drafts.append(try ledger.compress(day - 1)) }
      for number in drafts.count..<records {
        drafts.append(
          LedgerDraft(
            .incident, ["id": .text("\(day)-\(number)"), "path": "/home/alice/ü"],
            at: time(day: day, seconds: number)))
      }
      try ledger.append(drafts)
    }
    return ledger
  }

  func store() throws -> LedgerStore {
    let place = try LedgerStore.Place(path)
    let found = try place.ledger.opened()
    return LedgerStore(
      path: path, place: place, host: "host-1", head: found.opening.head, current: found.current)
  }

  func append(_ drafts: [LedgerDraft]) throws {
    var store = try store()
    for draft in drafts {
      if !store.takes(draft.at) { try store.beginFile(for: draft.at) }
      try store.write([draft])
    }
    try store.sync()
    try store.writeHead()
    head = store.durable
  }

  /// As the daemon does it, with the clock of that day; returns the record to be written of it.
  private func compress(_ day: Int) throws -> LedgerDraft {
    let plain = Self.name(day)
    let bytes = [UInt8](try data(plain))
    var made: [UInt8] = []
    guard var encoder = GzipEncoder() else { throw SystemError("deflate", errno: ENOMEM) }
    encoder.encode(bytes, isLast: false) { (piece: ArraySlice<UInt8>) throws(Never) in made += piece
    }
    encoder.encode([], isLast: true) { (piece: ArraySlice<UInt8>) throws(Never) in made += piece }
    let name = Self.name(day, compressed: true)
    write(name, made)
    root.remove(plain)
    return LedgerDraft(
      .compressed,
      [
        "file": .text(name), "sha256": .text(SHA256Digest(of: made).hexadecimal),
        "records": .int(bytes.count { $0 == 0x0A }),
      ], at: Self.time(day: day + 1))
  }

  // MARK: Files

  var names: [String] { root.names("") }

  func data(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: root.at(name)))
  }

  func bytes(_ name: String) throws -> [UInt8] { [UInt8](try data(name)) }

  func write(_ name: String, _ bytes: [UInt8]) {
    root.remove(name)
    precondition(FileManager.default.createFile(atPath: root.at(name), contents: Data(bytes)))
  }

  func lines(_ name: String) throws -> [[UInt8]] {
    try bytes(name).split(separator: 0x0A).map(Array.init)
  }

  func write(_ name: String, lines: [[UInt8]]) {
    write(name, Array(lines.map { $0 + [0x0A] }.joined()))
  }

  func report(_ anchors: [LedgerHead] = []) throws -> LedgerReport {
    try LedgerFolder.verify(path: path, anchors: anchors)
  }
}
