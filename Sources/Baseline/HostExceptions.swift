import Linux
import MCPConfig

/// What was decided on this host beside the baseline, as it is known now. It does no input or output:
/// who changes it stores it first.
public struct HostExceptions: Sendable {
  public var revocations: [RevocationRecord] = []
  /// Nil if the file is damaged: then no grant holds, and none can be added.
  public var grants: RecordList<GrantRecord>? = RecordList()
  /// Nil if the file is damaged: then none can be added.
  public var requests: RecordList<RequestRecord>? = RecordList()
  public var damages: [BaselineStore.Damage] = []

  public init() {}
}

// MARK: Revocations

extension HostExceptions {
  public func revocation(of server: ByteString) -> RevocationRecord? {
    let digest = RevocationRecord.digest(of: server)
    return revocations.first { $0.nameSHA256 == digest }
  }

  public mutating func remove(_ revocation: RevocationRecord) {
    revocations.removeAll { $0.nameSHA256 == revocation.nameSHA256 }
    damages.removeAll { $0.file.contains(revocation.nameSHA256.hexadecimal) }
  }
}

// MARK: Grants

extension HostExceptions {
  /// Those that weren't ended; a damaged list grants nothing.
  public var standingGrants: [GrantRecord] { grants?.records.filter { $0.end == nil } ?? [] }

  /// When the next grant is over by itself; nil for never.
  public var nextExpiry: WallTime? {
    grants?.records.lazy.filter { $0.end == nil }.map(\.until).min()
  }

  /// Ends what is over by that time, for good: a clock that is set back doesn't bring it back.
  public mutating func expire(at time: WallTime) -> [GrantRecord] {
    guard var list = grants else { return [] }
    var expired: [GrantRecord] = []
    for index in list.records.indices
    where list.records[index].end == nil && list.records[index].until <= time {
      list.records[index].end = GrantRecord.End(at: time, by: "expiry", reason: nil)
      expired.append(list.records[index])
    }
    grants = list
    return expired
  }
}

// MARK: Requests

/// How much a user may leave for others to read.
public enum RequestLimits {
  /// Open requests of one uid.
  public static let openPerUser = 5
  /// Requests of one uid that are kept, answered ones included.
  static let keptPerUser = 10
  /// Requests of everyone that are kept.
  public static let kept = 500
}

public enum RequestRefusal: Error, Hashable, Sendable {
  case tooManyOfUser
  case tooMany
  /// The stored requests can't be read.
  case damaged
}

extension HostExceptions {
  /// Adds a user's request; the same one that is open already stays what it is.
  public mutating func request(
    _ server: ByteString, user: String, uid: UInt32, reason: String, at time: WallTime
  ) throws(RequestRefusal) -> (record: RequestRecord, isNew: Bool) {
    guard var list = requests else { throw .damaged }
    let own = list.records.filter { $0.uid == uid }
    let open = own.filter(\.isOpen)
    if let same = open.first(where: { $0.server == server }) { return (same, false) }
    guard open.count < RequestLimits.openPerUser else { throw .tooManyOfUser }
    if own.count >= RequestLimits.keptPerUser, let oldest = own.first(where: { !$0.isOpen }) {
      list[oldest.number] = nil
    }
    if list.records.count >= RequestLimits.kept {
      guard let oldest = list.records.first(where: { !$0.isOpen }) else { throw .tooMany }
      list[oldest.number] = nil
    }
    let record = list.add {
      RequestRecord(
        number: $0, server: server, user: user, uid: uid, reason: reason, requestedAt: time)
    }
    requests = list
    return (record, true)
  }
}
