import Glibc
import Linux

/// Puts the approved copy at a target in one atomic step.
enum Restorer {
  /// What a restore leaves to be cleared away: the rejected file, under the name that the approved
  /// copy had.
  struct Rejected: Sendable {
    var folder: SharedFolder
    var name: FilePath
    /// The stage that goes with it, if it was made for this restore.
    var passing: PassingStage?
  }

  /// - Parameter staged: what stands ready in `stage`; made on the spot if nil.
  /// - Parameter occupied: whether something had the name when it was last looked at.
  static func restore(
    _ placement: Placement, at folder: borrowing Descriptor, occupied: Bool, stage: SharedFolder,
    staged: FilePath?, freshName: FilePath
  ) throws(SystemError) -> Rejected? {
    let name = staged ?? freshName
    do throws(SystemError) {
      if staged == nil { try placement.make(name, in: stage.descriptor) }
      let replaced = try swap(
        name, from: stage.descriptor, into: folder, as: placement.names.first!,
        occupied: occupied, mayTurn: placement.names.count == 1)
      return replaced ? Rejected(folder: stage, name: name, passing: nil) : nil
    } catch {
      // A ready copy that wasn't used stays ready.
      if staged == nil { RejectedEntry.remove(name, in: stage.descriptor) }
      throw error
    }
  }

  /// The same without a stage on the target's mount: a stage is made in the target's own folder. Its
  /// user can move it about, but not enter it, and what happens in it goes by its descriptor.
  /// - Parameter maker: whose the stage must be: the daemon's own user.
  static func restoreInPlace(
    _ placement: Placement, at folder: borrowing Descriptor, occupied: Bool, maker: UInt32
  ) throws(SystemError) -> Rejected? {
    let stage = try PassingStage(in: SharedFolder(folder.reopenedFolder()), maker: maker)
    let name: FilePath = "s1"
    do throws(SystemError) {
      try placement.make(name, in: stage.folder.descriptor)
      let replaced = try swap(
        name, from: stage.folder.descriptor, into: folder, as: placement.names.first!,
        occupied: occupied, mayTurn: placement.names.count == 1)
      // A stage that doesn't go now goes with what it holds: nothing.
      if !replaced, stage.close() { return nil }
      return Rejected(folder: stage.folder, name: name, passing: stage)
    } catch {
      RejectedEntry.remove(name, in: stage.folder.descriptor)
      stage.close()
      throw error
    }
  }

  /// Whether something was taken in exchange.
  ///
  /// A file may come and go meanwhile, so each way is tried a few times. Where folders are to be made
  /// it isn't: what appeared there may be the user's own folder, moved back, and must be looked at.
  private static func swap(
    _ name: FilePath, from source: borrowing Descriptor, into folder: borrowing Descriptor,
    as target: FilePath, occupied: Bool, mayTurn: Bool
  ) throws(SystemError) -> Bool {
    var exchanges = occupied
    for attempt in 0..<8 {
      do throws(SystemError) {
        let way: Descriptor.Replacing = exchanges ? .exchange : .nothing
        try source.rename(name, to: folder, target, replacing: way)
        return exchanges
      } catch {
        let hasChanged = error.errno == (exchanges ? ENOENT : EEXIST)
        if hasChanged || error.errno == ENOENT, try isGone(folder) { throw Self.lookAgain(target) }
        guard hasChanged else { throw error }
        guard mayTurn, attempt < 7 else { throw Self.lookAgain(target) }
        exchanges.toggle()
      }
    }
    return exchanges
  }

  private static func lookAgain(_ target: FilePath) -> SystemError {
    SystemError("rename", target.text, errno: EAGAIN)
  }

  /// A removed folder answers every rename into it as a missing name does.
  private static func isGone(_ folder: borrowing Descriptor) throws(SystemError) -> Bool {
    try folder.status().links == 0
  }
}
