import Foundation
import MCPConfig
import Support
import Testing

@testable import Ledger

/// Random tampering, each with a ledger that was whole before: all of it is found.
///
/// LEDGER_TRIALS says how many; 10,000 take some minutes in a debug build.
@Suite struct RandomTrialTests {
  private static let trials =
    ProcessInfo.processInfo.environment["LEDGER_TRIALS"].flatMap { Int($0) } ?? 1000

  enum Tampering: CaseIterable {
    case flip, cutBytes, cutRecords, swap, remove, reorder
  }

  @Test func everyTamperingIsFound() throws {
    var generator = SystemRandomNumberGenerator()
    let ledger = try TestLedger.make(days: 0..<4, records: 3)
    // An uncompressed file of an earlier day, too.
    try ledger.append([
      LedgerDraft(.stop, ["reason": "SIGTERM"], at: TestLedger.time(day: 4)),
      LedgerDraft(.start, ["pid": 1], at: TestLedger.time(day: 4, seconds: 5)),
    ])
    let names = ledger.names
    let originals = try Dictionary(uniqueKeysWithValues: names.map { ($0, try ledger.bytes($0)) })
    #expect(try ledger.report().isIntact && names.count == 6)
    var done: [Tampering: Int] = [:]
    for trial in 0..<Self.trials {
      let tampering = try #require(Tampering.allCases.randomElement(using: &generator))
      let touched = try tamper(tampering, ledger, names, originals, &generator)
      guard !touched.isEmpty else { continue }
      done[tampering, default: 0] += 1
      #expect(try !ledger.report().isIntact, "trial \(trial): \(tampering) of \(touched)")
      for name in touched { ledger.write(name, originals[name] ?? []) }
    }
    #expect(try ledger.report().isIntact)
    #expect(Tampering.allCases.allSatisfy { done[$0] ?? 0 > Self.trials / 25 }, "\(done)")
  }

  /// The files that it changed; none if it changed nothing.
  private func tamper(
    _ tampering: Tampering, _ ledger: TestLedger, _ names: [String], _ originals: [String: [UInt8]],
    _ generator: inout SystemRandomNumberGenerator
  ) throws -> [String] {
    let name = try #require(names.randomElement(using: &generator))
    var bytes = originals[name] ?? []
    switch tampering {
    case .flip:
      let index = Int.random(in: bytes.indices, using: &generator)
      bytes[index] ^= UInt8.random(in: 1...255, using: &generator)
      ledger.write(name, bytes)
    case .cutBytes:
      ledger.write(name, Array(bytes.prefix(Int.random(in: bytes.indices, using: &generator))))
    case .cutRecords:
      let file = names.filter { $0.hasSuffix(".jsonl") }.randomElement(using: &generator) ?? name
      let lines = try ledger.lines(file)
      let left = Int.random(in: lines.indices, using: &generator)
      ledger.write(file, lines: Array(lines.prefix(left)))
      return [file]
    case .swap:
      let other = names.filter { $0 != name }.randomElement(using: &generator) ?? name
      ledger.write(name, originals[other] ?? [])
      ledger.write(other, bytes)
      return [name, other]
    case .remove:
      ledger.root.remove(name)
    case .reorder:
      let file = names.filter { $0.hasSuffix(".jsonl") }.randomElement(using: &generator) ?? name
      var lines = try ledger.lines(file)
      let order = lines
      lines.shuffle(using: &generator)
      if lines == order { return [] }
      ledger.write(file, lines: lines)
      return [file]
    }
    return [name]
  }
}
