import Glibc
import Linux

/// What to put where: the approved copy, or folders down to it where they are missing too.
struct Placement: Sendable {
  /// The names from the first one that is missing or in the way to the file's.
  var names: ArraySlice<FilePath>
  var form: StagedForm
  var folders: StagedForm.Folder
  /// Whether the content is the approved copy, not a tolerated one that gets its owner back.
  var isApproved: Bool

  /// Makes it all under `name` in a folder that its user can't reach. The owner of each folder is
  /// set only once its content stands.
  func make(_ name: FilePath, in folder: borrowing Descriptor) throws(SystemError) {
    guard names.count > 1 else { return try form.make(name, in: folder, durable: false) }
    try folder.makeFolder(name, permissions: 0o700)
    try fill(folder.open(name, O_RDONLY | O_DIRECTORY), names.dropFirst())
  }

  private func fill(
    _ made: consuming Descriptor, _ rest: ArraySlice<FilePath>
  ) throws(SystemError) {
    guard let next = rest.first else { return }
    if rest.count == 1 {
      try form.make(next, in: made, durable: false)
    } else {
      try made.makeFolder(next, permissions: 0o700)
      try fill(made.open(next, O_RDONLY | O_DIRECTORY), rest.dropFirst())
    }
    try made.setPermissions(folders.permissions)
    try made.setOwner(uid: folders.uid, gid: folders.gid)
  }
}
