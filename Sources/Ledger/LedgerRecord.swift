import Linux
import MCPConfig

/// One line of the ledger.
///
/// It is the canonical form of its seven members, so that an auditor recomputes it with one line of
/// Python. `hash` is the SHA-256 of that form without `hash` itself; `prev` is the hash of the record
/// before.
public struct LedgerRecord: Sendable {
  public var at: WallTime
  public var host: ByteString
  /// One of `LedgerKind`, or of a version that knows more.
  public var kind: ByteString
  public var data: JSON
  public var seq: Int
  public var prev: SHA256Digest
  /// What the record says of itself.
  public var hash: SHA256Digest
  /// What its bytes come to.
  public var digest: SHA256Digest

  /// Whether nothing of it was changed since it was written.
  public var isIntact: Bool { hash == digest }

  /// Bytes of one line at most; what is larger is never written.
  public static let sizeLimit = 256 << 10

  static let limits: JSONLimits = {
    var limits = JSONLimits()
    limits.size = sizeLimit
    return limits
  }()

  /// Why a line is no record.
  public struct Malformed: Error, Hashable, Sendable {
    public var reason: String
  }

  private static let keys: [ByteString] = ["at", "data", "hash", "host", "kind", "prev", "seq"]

  /// - Parameter line: without its line feed.
  public init(line: [UInt8]) throws(Malformed) {
    let json: JSON
    do throws(JSONError) {
      json = try JSON(parsing: line, limits: Self.limits)
    } catch {
      throw Malformed(reason: "isn't JSON: \(error.message)")
    }
    guard json.members?.map(\.key) == Self.keys, let time = json["at"]?.string?.text,
      let at = WallTime(rfc3339: time), at.rfc3339 == time, let data = json["data"],
      data.members != nil, let host = json["host"]?.string, let kind = json["kind"]?.string,
      let seq = json["seq"]?.integer, LedgerHead.numbers ~= seq,
      let prev = Self.digest(json["prev"]),
      let place = json["hash"], let hash = Self.digest(place), json.canonicalForm == line
    else { throw Malformed(reason: "isn't a record in its canonical form") }
    self.at = at
    self.host = host
    self.kind = kind
    self.data = data
    self.seq = seq
    self.prev = prev
    self.hash = hash
    digest = Self.digest(of: line, withoutHashAt: place.offset)
  }

  /// In the one spelling that it has.
  private static func digest(_ json: JSON?) -> SHA256Digest? {
    guard let text = json?.string, let digest = SHA256Digest(hexadecimal: text),
      ByteString(digest.hexadecimal) == text
    else { return nil }
    return digest
  }

  private static func digest(of line: [UInt8], withoutHashAt offset: Int) -> SHA256Digest {
    var stream = SHA256Digest.Stream()
    stream.append(Array(line[..<(offset - #", "hash": "#.utf8.count)]))
    stream.append(Array(line[(offset + 66)...]))
    return stream.digest
  }
}

/// A record before it has its place in the chain.
public struct LedgerDraft: Sendable {
  public var at: WallTime
  public var kind: LedgerKind
  /// The canonical form of an object.
  public var data: [UInt8]

  public init(_ kind: LedgerKind, _ data: JSON, at time: WallTime = .now) {
    self.kind = kind
    self.data = data.canonicalForm
    at = time
  }
}

extension LedgerHead {
  /// The draft as the next record: its line, with the line feed. The head is then that record's.
  mutating func append(_ draft: LedgerDraft, host: String) -> [UInt8] {
    let start = Array(#"{"at": "\#(draft.at.rfc3339)", "data": "#.utf8) + draft.data
    let end =
      #", "host": "#.utf8 + JSON.text(host).canonicalForm
      + #", "kind": "\#(draft.kind.rawValue)", "prev": "\#(hash)", "seq": \#(seq + 1)}"#.utf8
    self = LedgerHead(seq: seq + 1, hash: SHA256Digest(of: start + end))
    return start + #", "hash": "\#(hash)""#.utf8 + end + [0x0A]
  }
}
