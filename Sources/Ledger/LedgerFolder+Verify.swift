import Glibc
import Linux

extension LedgerFolder {
  /// Looks at the whole ledger. The daemon may write meanwhile.
  /// - Parameters:
  ///   - anchors: heads that were written down elsewhere.
  ///   - mark: what `LedgerMark` noted.
  public static func verify(
    path: FilePath, anchors: [LedgerHead] = [], mark: LedgerHead? = nil
  ) throws(SystemError) -> LedgerReport {
    var attempts = 0
    while true {
      do throws(SystemError) {
        return try LedgerFolder(path: path).verified(anchors, mark)
      } catch {
        // A file went meanwhile: it was compressed, or was too old.
        attempts += 1
        guard error.errno == ENOENT, attempts < 5, FileStatus.ofTrusted(path) != nil else {
          throw error
        }
      }
    }
  }

  private consuming func verified(
    _ anchors: [LedgerHead], _ mark: LedgerHead?
  ) throws(SystemError) -> LedgerReport {
    var verifier = LedgerVerifier(head: try head(), anchors: anchors, mark: mark)
    let cursor = try LedgerCursor(self)
    while let event = try cursor.next() { verifier.take(event) }
    return verifier.end(cursor.listing)
  }
}
