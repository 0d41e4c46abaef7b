import Glibc
import Linux

extension LedgerStore {
  /// The ledger's folder, opened: another one may come to lie at its path. A class, so that it can be put
  /// in another's place.
  final class Place {
    let ledger: LedgerFolder
    let identity: FileIdentity

    /// Makes the folder where it is missing.
    init(_ path: FilePath) throws(SystemError) {
      let opened = try TrustedFolder.open(creating: path, permissions: 0o700)
      identity = try opened.status().identity
      ledger = LedgerFolder(opened)
    }

    var folder: Descriptor { _read { yield ledger.folder } }

    /// Nobody else may put anything here. What someone put is for the verifier to find.
    /// - Returns: the mode that let them; nil if it didn't.
    func mendPermissions() -> UInt32? {
      guard let mode = try? folder.status().permissions, mode & 0o022 != 0 else { return nil }
      try? folder.setPermissions(0o700)
      return mode
    }

    /// Whether something else lies at the path by now. That it can't be looked at, for want of a descriptor
    /// or so, isn't that.
    func isElsewhere(than path: FilePath) -> Bool {
      do throws(SystemError) {
        return try Descriptor.open(trusted: path, O_RDONLY | O_DIRECTORY).status().identity
          != identity
      } catch {
        return [ENOENT, ENOTDIR, ELOOP].contains(error.errno)
      }
    }

    /// Whether the file hasn't that name in the folder any more.
    func misses(_ file: borrowing Descriptor, _ name: FilePath) -> Bool {
      guard let own = try? file.status() else { return false }
      if own.links == 0 { return true }
      do throws(SystemError) {
        return try folder.statusIfExists(of: name)?.identity != own.identity
      } catch {
        return false
      }
    }
  }
}
