import Foundation
import Ledger
import Linux
import MCPConfig
import Support

/// The ledger of a daemon under test.
extension RunningDaemon {
  static let ledger = "var/lib/mcpolicyd/ledger"

  var ledgerFiles: [String] { root.names(Self.ledger).filter { $0 != "head" } }

  var ledgerReport: LedgerReport? {
    try? LedgerFolder.verify(path: FilePath(root.at(Self.ledger)))
  }

  /// Every record, in the order of the chain.
  var ledgerRecords: [LedgerRecord] {
    guard let folder = try? LedgerFolder(path: FilePath(root.at(Self.ledger))),
      let cursor = try? LedgerCursor(folder)
    else { return [] }
    var records: [LedgerRecord] = []
    while let event = try? cursor.next() {
      if case .line(let line) = event, let record = try? LedgerRecord(line: line) {
        records.append(record)
      }
    }
    return records
  }

  func ledgerRecords(_ kind: String) -> [JSON] {
    ledgerRecords.filter { $0.kind == ByteString(kind) }.map(\.data)
  }

  /// Whether the ledger has an incident of exactly these bytes.
  func ledgerHas(_ drift: MarkedDrift) -> Bool {
    ledgerRecords("incident").contains {
      $0["sha256_found"]?.string == ByteString(drift.sha256)
    }
  }
}
