import Foundation
import Linux
import MCPConfig
import Support
import Testing

@testable import Ledger

/// What is taken away from a ledger or put in its place, while it is written and in between.
@Suite(.serialized, .timeLimit(.minutes(2))) struct LossTests {
  private let root = TemporaryRoot()
  private var path: FilePath { FilePath(root.at("ledger")) }

  private func writer(hasRecords: Bool = false) throws -> LedgerWriter {
    try LedgerWriter(
      path: path, markFolder: FilePath(root.path), hasRecords: hasRecords, host: "host-1",
      retentionDays: 400)
  }

  private func write(_ count: Int) throws {
    let writer = try writer()
    for number in 0..<count { writer.append(.incident, ["n": .int(number)]) }
    #expect(writer.finish(seconds: 20) == 0)
  }

  private var names: [String] { root.names("ledger") }
  private func dayFile() throws -> String { try #require(names.first { $0.hasSuffix(".jsonl") }) }

  private func report() throws -> LedgerReport {
    try LedgerFolder.verify(path: path, mark: LedgerMark.read(in: FilePath(root.path)))
  }

  private func copy(_ from: String, _ to: String) throws {
    try FileManager.default.copyItem(atPath: root.at(from), toPath: root.at(to))
  }

  // MARK: While it is written

  @Test func aFolderThatIsReplacedByItsCopyIsTold() throws {
    let writer = try writer()
    writer.append(.start, [:])
    #expect(eventually { writer.head.seq == 1 })
    try copy("ledger", "copy")
    root.move("ledger", "away")
    root.move("copy", "ledger")
    writer.append(.stop, [:])
    #expect(eventually { writer.head.seq >= 2 })
    #expect(writer.finish(seconds: 20) == 0)
    #expect(writer.takeEvents().map { "\($0)" } == ["lost(\"its folder\")"])
    // What came since is in what is looked at; the file before may be compressed by now.
    let report = try report()
    #expect(report.isIntact && report.records >= 2, "\(report.findings)")
  }

  @Test(arguments: ["head", ""])
  func aFileThatIsReplacedByItsCopyIsTold(_ name: String) throws {
    let writer = try writer()
    writer.append(.start, [:])
    #expect(eventually { writer.head.seq == 1 })
    let file = name.isEmpty ? try dayFile() : name
    try copy("ledger/\(file)", "copy")
    root.move("copy", "ledger/\(file)")
    writer.append(.stop, [:])
    #expect(eventually { writer.head.seq >= 2 })
    #expect(writer.finish(seconds: 20) == 0)
    #expect(writer.takeEvents().map { "\($0)" } == ["lost(\"\(file)\")"])
    let report = try report()
    #expect(report.isIntact && report.records >= 2, "\(report.findings)")
  }

  @Test func aFolderThatIsGoneIsMadeAnew() throws {
    let writer = try writer()
    writer.append(.start, [:])
    #expect(eventually { writer.head.seq == 1 })
    root.remove("ledger")
    writer.append(.stop, [:])
    #expect(eventually { writer.head.seq == 2 })
    #expect(writer.finish(seconds: 20) == 0)
    #expect(root.permissions("ledger") == 0o700)
    let report = try report()
    #expect(report.findings.map(\.kind) == [.removed] && report.records == 1)
  }

  /// Nothing that can't be looked at for want of a descriptor is called lost.
  @Test func whatIsWhereItWasIsNoLoss() throws {
    try write(1)
    let place = try LedgerStore.Place(path)
    let name = FilePath(try dayFile())
    let file = try place.folder.open(name, O_RDONLY)
    #expect(!place.isElsewhere(than: path) && !place.misses(file, name))
    root.link("link", to: root.at("ledger"))
    #expect(!place.isElsewhere(than: FilePath(root.at("link"))))
    #expect(place.misses(file, "head") && place.misses(file, "other"))
  }

  // MARK: Between two runs

  @Test func aLedgerThatIsGoneWithItsHeadIsTold() throws {
    try write(3)
    root.remove("ledger")
    #expect(try writerComplaint() == "it has no record; ledger-mark names record 3")
    let report = try report()
    #expect(report.findings.map(\.kind) == [.removed] && report.first == 4)
  }

  /// Opens it and writes one record.
  private func writerComplaint(hasRecords: Bool = false) throws -> String? {
    let writer = try writer(hasRecords: hasRecords)
    writer.append(.start, [:])
    #expect(writer.finish(seconds: 20) == 0)
    return writer.opening.complaint
  }

  @Test func aLedgerThatIsGoneWithAllThatNamesItIsTold() throws {
    try write(3)
    for name in ["ledger", "ledger-mark"] { root.remove(name) }
    #expect(
      try writerComplaint(hasRecords: true) == "it has no record, and this host had some")
    #expect(try writerComplaint(hasRecords: true) == nil)
  }

  @Test func anEarlierStateOfItIsTold() throws {
    try write(3)
    try copy("ledger", "earlier")
    try write(2)
    root.remove("ledger")
    root.move("earlier", "ledger")
    let before = try report()
    #expect(before.findings.map(\.file) == ["ledger-mark"])
    #expect(
      try writerComplaint() == "it ends with record 3; ledger-mark names record 5")
    #expect(try report().findings.map(\.kind) == [.removed])
  }

  @Test func aVerifiedWipedLedgerIsNotIntact() throws {
    #expect(try LedgerFolder.verify(path: FilePath(root.path)).isEmpty)
    try write(3)
    for name in names { root.remove("ledger/\(name)") }
    let report = try report()
    #expect(report.isEmpty && report.findings.map(\.kind) == [.cutOff])
  }

  // MARK: What is no file

  enum Odd: String, CaseIterable {
    case directory, symlink
    case fifo = "FIFO"
  }

  private func put(_ odd: Odd, _ name: String) {
    switch odd {
    case .directory: root.makeFolder(name)
    case .symlink: root.link(name, to: "/dev/zero")
    case .fifo: #expect(mkfifo(root.at(name), 0o600) == 0)
    }
  }

  /// It is told, the guard goes on, and nothing waits for what nobody writes.
  @Test(arguments: Odd.allCases, ["head", "2026-01-01.jsonl", "2026-01-01.jsonl.gz", "today"])
  func whatIsNoFileIsToldAndHoldsNothingUp(_ odd: Odd, _ name: String) throws {
    try write(3)
    let name = name == "today" ? try dayFile() : name
    root.remove("ledger/\(name)")
    put(odd, "ledger/\(name)")
    let before = try report()
    #expect(!before.isIntact)
    if name != "head" {
      #expect(
        before.findings.contains {
          $0.file == name && $0.message == "it is a \(odd.rawValue), and no file"
        })
    }
    let writer = try writer()
    #expect(writer.opening.complaint != nil)
    writer.append(.start, ["complaint": .optional(writer.opening.complaint)])
    #expect(eventually { writer.head.seq == 4 })
    #expect(writer.finish(seconds: 20) == 0)
    #expect(try !report().isIntact)
    #expect(try report().last.seq == 4)
  }

  @Test func aFileInTheFoldersPlaceHoldsNobodyUp() throws {
    root.write("ledger", "")
    let writer = try writer()
    #expect(writer.opening.complaint?.hasPrefix("it can't be read") == true)
    writer.append(.start, [:])
    #expect(eventually { writer.takeEvents().contains { "\($0)".hasPrefix("fails") } })
    root.remove("ledger")
    #expect(eventually { writer.head.seq == 1 })
    #expect(writer.finish(seconds: 20) == 0)
    #expect(try report().isIntact)
  }

  // MARK: Who may write there

  @Test func aFolderThatOthersMayWriteIntoIsMended() throws {
    root.makeFolder("ledger", mode: 0o777)
    let writer = try writer()
    #expect(writer.opening.mended == 0o777)
    #expect(root.permissions("ledger") == 0o700)
    #expect(writer.finish(seconds: 20) == 0)
    root.makeFolder("ledger", mode: 0o750)
    let next = try self.writer()
    #expect(next.opening.mended == nil)
    #expect(next.finish(seconds: 20) == 0)
  }
}
