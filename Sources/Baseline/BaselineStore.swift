import Glibc
import Linux
import MCPConfig

/// The approved copies and their history, in a folder that only root reads.
///
/// Each approval is two files: `N.mcp.json`, the bytes, and then `N.json`, the record, whose rename
/// is the commit. A crash in between leaves bytes without a record, which count for nothing. Nothing
/// is ever rewritten, so the history can't lose its past.
public struct BaselineStore: ~Copyable {
  let folder: Descriptor

  /// A record whose bytes aren't what it says: someone with root's rights changed the store.
  public struct Damage: Error, Hashable, Sendable {
    public var file: String
    public var reason: String
  }

  public enum Failure: Error {
    case damaged(Damage)
    case system(SystemError)
  }

  public struct Baseline: Sendable {
    public var record: BaselineRecord
    public var bytes: [UInt8]
  }

  public init(folder: consuming Descriptor) {
    self.folder = folder
  }

  /// The baseline in force; nil if nothing was ever approved.
  public func current() throws(Failure) -> Baseline? {
    guard let number = try numbers().last else { return nil }
    return try baseline(number)
  }

  /// Stores an approval, which is then in force.
  public func append(
    bytes: [UInt8], document: ConfigDocument, by approver: String, note: String?,
    signature: BaselineRecord.Signature? = nil, at time: WallTime = .now
  ) throws(Failure) -> Baseline {
    let record = BaselineRecord(
      number: (try numbers().last ?? 0) + 1, bytes: bytes, document: document, approvedAt: time,
      approvedBy: approver, note: note, signature: signature,
      highestBefore: try highestSerial())
    do throws(SystemError) {
      try folder.writeAtomically(Self.copyName(record.number), bytes, permissions: 0o400)
      try folder.writeAtomically(
        Self.recordName(record.number), record.stored.prettyForm, permissions: 0o400)
    } catch {
      throw .system(error)
    }
    return Baseline(record: record, bytes: bytes)
  }

  /// The records of the newest approvals, newest first, and what of them isn't one any more.
  public func history(
    limit: Int
  ) throws(Failure) -> (baselines: [Baseline], damages: [Damage]) {
    var baselines: [Baseline] = []
    var damages: [Damage] = []
    for number in try numbers().suffix(limit).reversed() {
      do throws(Failure) {
        baselines.append(try baseline(number))
      } catch .damaged(let damage) {
        damages.append(damage)
      }
    }
    return (baselines, damages)
  }

  /// The approval of that number; nil if there never was one.
  public func approval(_ number: Int) throws(Failure) -> Baseline? {
    guard try numbers().contains(number) else { return nil }
    return try baseline(number)
  }

  /// The record in force, whatever became of its copy; nil if there is none that can be read.
  public func recordInForce() throws(Failure) -> BaselineRecord? {
    guard let number = try numbers().last else { return nil }
    do throws(Failure) {
      return try record(number)
    } catch .damaged {
      return nil
    }
  }

  /// The newest serial that was ever in force here; nil if none had one. Of all records, and of the copy
  /// where a record can't be read or has none: damage to one must not bring an older serial back.
  public func highestSerial() throws(Failure) -> HighestSerial? {
    var highest: HighestSerial?
    for number in try numbers() {
      var found: HighestSerial?
      do throws(Failure) {
        found = try record(number).highestSerial
      } catch .damaged {
        found = nil
      }
      if found == nil { found = try serialOfCopy(number) }
      if let found, found.serial > highest?.serial ?? 0 { highest = found }
    }
    return highest
  }

  private func serialOfCopy(_ number: Int) throws(Failure) -> HighestSerial? {
    do throws(SystemError) {
      guard let bytes = try folder.readFile(Self.copyName(number), limit: JSONLimits().size),
        let document = try? ConfigDocument(parsing: bytes)
      else { return nil }
      return .after(nil, document)
    } catch {
      if error.errno == ENOENT { return nil }
      throw .system(error)
    }
  }

  private func record(_ number: Int) throws(Failure) -> BaselineRecord {
    let name = Self.recordName(number)
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try folder.readFile(name, limit: JSONLimits().size) ?? []
    } catch {
      throw .system(error)
    }
    guard let json = try? JSON(parsing: bytes), let record = BaselineRecord(json: json),
      record.number == number
    else { throw .damaged(Damage(file: name.text, reason: "isn't a record")) }
    return record
  }

  private func baseline(_ number: Int) throws(Failure) -> Baseline {
    let record = try record(number)
    let copyName = Self.copyName(number)
    let bytes: [UInt8]?
    do throws(SystemError) {
      bytes = try folder.readFile(copyName, limit: JSONLimits().size)
    } catch {
      throw .system(error)
    }
    guard let bytes else {
      throw .damaged(Damage(file: copyName.text, reason: "is missing"))
    }
    guard SHA256Digest(of: bytes) == record.bytesSHA256,
      (try? JSON(parsing: bytes))?.canonicalSHA256 == record.canonicalSHA256
    else { throw .damaged(Damage(file: copyName.text, reason: "isn't its digest")) }
    return Baseline(record: record, bytes: bytes)
  }

  /// The numbers that have a record, rising.
  private func numbers() throws(Failure) -> [Int] {
    do throws(SystemError) {
      return try folder.names().compactMap { Self.number(ofRecord: $0) }.sorted()
    } catch {
      throw .system(error)
    }
  }

  static func number(ofRecord name: FilePath) -> Int? {
    let parts = name.text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 2 && parts[1] == "json" ? Int(parts[0]) : nil
  }

  static func number(ofCopy name: FilePath) -> Int? {
    let parts = name.text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 3 && parts[1] == "mcp" && parts[2] == "json" ? Int(parts[0]) : nil
  }

  private static func recordName(_ number: Int) -> FilePath { FilePath("\(number).json") }
  private static func copyName(_ number: Int) -> FilePath { FilePath("\(number).mcp.json") }
}
