import Glibc
import Linux

/// Puts the approved copy at a target in one atomic step.
enum Restorer {
  /// What a restore leaves to be cleared away: the rejected file, under the name that the approved
  /// copy had.
  struct Rejected: Sendable {
    var folder: SharedFolder
    var name: FilePath
  }

  /// - Parameter staged: what stands ready in `stage`; made on the spot if nil.
  /// - Parameter occupied: whether something had the name when it was last looked at.
  static func restore(
    _ placement: Placement, at folder: borrowing Descriptor, occupied: Bool, stage: SharedFolder,
    staged: FilePath?, freshName: FilePath
  ) throws(SystemError) -> Rejected? {
    let name = staged ?? freshName
    if staged == nil { try placement.make(name, in: stage.descriptor) }
    do throws(SystemError) {
      let replaced = try swap(
        name, from: stage.descriptor, into: folder, as: placement.names.first!, occupied: occupied)
      return replaced ? Rejected(folder: stage, name: name) : nil
    } catch {
      RejectedEntry.remove(name, in: stage.descriptor)
      throw error
    }
  }

  /// The same without a stage on the target's mount: the copy is made in the target's own folder,
  /// where its user may interfere, so what stands at the target afterwards is compared with what
  /// was made.
  static func restoreInPlace(
    _ placement: Placement, at folder: borrowing Descriptor, occupied: Bool
  ) throws(SystemError) -> Rejected? {
    let target = placement.names.first!
    let name = FilePath(".mcpolicyd.\(getpid()).\(UInt64.random(in: 0...UInt64.max))")
    try placement.make(name, in: folder)
    do throws(SystemError) {
      let made = try folder.status(of: name).identity
      let replaced: Bool
      do throws(SystemError) {
        replaced = try swap(name, from: folder, into: folder, as: target, occupied: occupied)
      } catch {
        // A file system without exchange: replacing is still atomic, but loses what was there.
        guard error.errno == EINVAL, occupied else { throw error }
        try folder.rename(name, to: folder, target, replacing: .anything)
        replaced = false
      }
      guard try folder.statusIfExists(of: target)?.identity == made else {
        throw SystemError("restore", target.text, errno: EAGAIN)
      }
      return replaced
        ? Rejected(folder: SharedFolder(try folder.reopenedFolder()), name: name) : nil
    } catch {
      RejectedEntry.remove(name, in: folder)
      throw error
    }
  }

  /// Whether something was taken in exchange. The target may come and go meanwhile, so each way is
  /// tried a few times.
  private static func swap(
    _ name: FilePath, from source: borrowing Descriptor, into folder: borrowing Descriptor,
    as target: FilePath, occupied: Bool
  ) throws(SystemError) -> Bool {
    var exchanges = occupied
    for attempt in 0..<8 {
      do throws(SystemError) {
        let way: Descriptor.Replacing = exchanges ? .exchange : .nothing
        try source.rename(name, to: folder, target, replacing: way)
        return exchanges
      } catch {
        let changed = error.errno == (exchanges ? ENOENT : EEXIST)
        guard changed, attempt < 7 else { throw error }
        exchanges.toggle()
      }
    }
    return exchanges
  }
}
