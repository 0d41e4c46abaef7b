import MCPConfig

/// Where a chain stands: its last record's number and hash.
public struct LedgerHead: Hashable, Sendable {
  /// Records count from 1; 0 is the head of a chain without any.
  public var seq: Int
  public var hash: SHA256Digest

  public init(seq: Int, hash: SHA256Digest) {
    self.seq = seq
    self.hash = hash
  }

  /// The `MESSAGE_ID` under which the journal has heads: the daemon writes them, `mcpolicyctl` looks for
  /// them.
  public static let messageID = "e13365fdbc484f818ae8dcc9a4a36433"

  /// What the first record follows.
  public static let none = LedgerHead(
    seq: 0, hash: SHA256Digest(hexadecimal: ByteString([UInt8](repeating: 0x30, count: 64)))!)
}

extension LedgerHead: CustomStringConvertible {
  /// `SEQ:HASH`, as it is written down elsewhere to compare with later.
  public var description: String { "\(seq):\(hash)" }

  /// What records are numbered with. No ledger comes near its end.
  static let numbers = 1...(1 << 53)

  public init?(_ text: String) {
    let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count == 2, let seq = Int(String(Substring(parts[0]))),
      Self.numbers ~= seq,
      let hash = SHA256Digest(hexadecimal: ByteString(Array(parts[1])))
    else { return nil }
    self.init(seq: seq, hash: hash)
  }
}

// MARK: The file

extension LedgerHead {
  /// Beside the ledger's files.
  public static let fileName = "head"
  /// Always as large, so that it is written in place, and within one sector.
  static let fileSize = 128

  /// JSON, then spaces to the end of the one line.
  var fileBytes: [UInt8] {
    var bytes = (["hash": .text(hash.hexadecimal), "seq": .int(seq)] as JSON).canonicalForm
    bytes += [UInt8](repeating: 0x20, count: Self.fileSize - 1 - bytes.count)
    return bytes + [0x0A]
  }

  /// Nil for bytes of which one isn't as it was written.
  init?(fileBytes: [UInt8]) {
    guard let json = try? JSON(parsing: fileBytes), let seq = json["seq"]?.integer,
      seq == 0 || Self.numbers ~= seq,
      let hash = json["hash"]?.string.flatMap(SHA256Digest.init(hexadecimal:))
    else { return nil }
    self.init(seq: seq, hash: hash)
    guard self.fileBytes == fileBytes else { return nil }
  }
}
