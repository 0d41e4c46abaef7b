import Foundation
import MCPConfig
import Support

/// The ledger's own files, and programs that look at them without the daemon.
extension RunningDaemon {
  static let ledgerFolder = "var/lib/mcpolicyd/ledger"

  /// Every record of the plain files.
  var ledgerLines: [JSON] {
    let names = root.names(Self.ledgerFolder).filter { $0.hasSuffix(".jsonl") }
    return names.flatMap { name in
      (root.read("\(Self.ledgerFolder)/\(name)") ?? "").split(separator: "\n").compactMap {
        try? JSON(parsing: Array($0.utf8))
      }
    }
  }

  var ledgerKinds: [String] { ledgerLines.compactMap { $0["kind"]?.string?.text } }

  func ledgerHas(_ drift: MarkedDrift) -> Bool {
    ledgerLines.contains { $0["data"]?["sha256_found"]?.string == ByteString(drift.sha256) }
  }

  /// Runs it to its end; both outputs together.
  func run(_ command: [String]) -> (status: Int32, output: String) {
    root.remove("output")
    let file = root.at("output")
    let child = Self.spawn(command, stderr: file, stdout: file)
    var status: Int32 = 0
    waitpid(child, &status, 0)
    return (status >> 8 & 0xFF, root.read("output") ?? "")
  }

  /// `mcpolicyctl` on the root's files: it needs no daemon.
  func ctlAlone(_ arguments: [String]) -> (status: Int32, output: String) {
    run(["\(Self.products)/mcpolicyctl"] + arguments + ["--root", root.path])
  }

  func verifyLedger(_ more: [String] = []) -> (status: Int32, output: String) {
    ctlAlone(["ledger", "verify"] + more)
  }
}
