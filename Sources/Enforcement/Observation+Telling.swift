import MCPConfig
import Policy

extension TargetSpec {
  /// What may be told of an observation. A user can put a file here that they may not read, by a
  /// rename within a folder of theirs or by a hard link; the daemon reads it with rights of its own,
  /// and what it finds in it goes to that user too. The approved bytes tell nothing new.
  func shown(_ observation: Observation, approved copy: ApprovedCopy) -> Observation {
    guard let user, case .regular(let file) = observation, !file.isReadable(by: user.uid),
      file.bytes != copy.bytes
    else { return observation }
    return .foreign(uid: file.uid)
  }
}

extension ObservedFile {
  /// Without a look at groups and access lists: who reads by those alone is told less.
  fileprivate func isReadable(by uid: UInt32) -> Bool {
    self.uid == uid || permissions & 0o004 != 0
  }
}

extension Observation {
  /// What stands in place of a file, in bytes that can be kept.
  var evidence: [UInt8]? {
    switch self {
    case .symlink(let text): text.bytes
    case .other(let type): Array("\(type)\n".utf8)
    case .regular, .foreign, .missing, .tooLarge, .obstructed, .unreachable: nil
    }
  }
}
