import Glibc
import Linux
import MCPConfig

/// The housekeeper's side of its thread.
struct HousekeepingWorker {
  var evidence: EvidenceStore
  let reports: BoundedQueue<Housekeeper.Report>

  /// Rejected folders that weren't empty stay in the stage under this prefix, the newest so many:
  /// they can hold work that their user misplaced.
  static let keptFolderPrefix = "kept-"
  static let keptFolders = 16

  mutating func run(_ job: Housekeeper.Job) {
    switch job {
    case .keep(let bytes, let sha256):
      keep(bytes, sha256)
    case .dispose(let rejected, let approved):
      dispose(rejected, approved)
    case .prepare(let form, let kind, let name, let folder, let stage):
      do throws(SystemError) {
        try form.make(name, in: folder.descriptor, durable: true)
        report(.prepared(kind, name, folder, stage: stage))
      } catch {
        report(.preparationFailed(kind, stage: stage, error))
      }
    case .discard(let name, let folder):
      RejectedEntry.remove(name, in: folder.descriptor)
    }
  }

  private mutating func dispose(
    _ rejected: Restorer.Rejected, _ approved: SHA256Digest?
  ) {
    let (folder, name) = (rejected.folder, rejected.name)
    defer { if let parent = rejected.passing { PassingStage.close(in: parent.descriptor) } }
    guard let type = (try? folder.descriptor.status(of: name))?.type else { return }
    switch type {
    case .symlink:
      if let text = try? folder.descriptor.symlinkText(name) {
        keep(text, SHA256Digest(of: text))
      }
    case .regular:
      let file = try? folder.descriptor.open(name, O_RDONLY | O_NONBLOCK)
      if let file, let bytes = try? file.readStart(limit: EvidenceStore.fileLimit) {
        let sha256 = SHA256Digest(of: bytes)
        if sha256 != approved { keep(bytes, sha256) }
      }
    case .directory:
      if (try? folder.descriptor.removeFolder(name)) == nil { keepFolder(rejected) }
      return
    case .fifo, .socket, .characterDevice, .blockDevice, .unknown:
      break
    }
    RejectedEntry.remove(name, in: folder.descriptor)
  }

  private func keepFolder(_ rejected: Restorer.Rejected) {
    let folder = rejected.folder
    let name = FilePath("\(Self.keptFolderPrefix)\(WallTime.now.microseconds)")
    try? folder.descriptor.rename(rejected.name, to: folder.descriptor, name, replacing: .nothing)
    let kept = ((try? folder.descriptor.names()) ?? [])
      .filter { $0.text.hasPrefix(Self.keptFolderPrefix) }
      .sorted { $0.text < $1.text }
    for old in kept.dropLast(Self.keptFolders) {
      RejectedEntry.removeTree(old, in: folder.descriptor)
    }
  }

  private mutating func keep(_ bytes: [UInt8], _ sha256: SHA256Digest) {
    do throws(SystemError) {
      try evidence.keep(bytes, sha256: sha256)
    } catch {
      report(.evidenceLost(error))
    }
  }

  private func report(_ report: Housekeeper.Report) {
    // The loop takes reports in whole batches; if it can't keep up, a lost one costs a spare copy.
    _ = reports.send(report)
  }
}
