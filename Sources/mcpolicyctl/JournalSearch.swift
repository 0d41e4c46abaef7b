import CSystemd
import Glibc
import Linux
import MCPConfig

/// What the journal has of one incident, for incidents that the daemon doesn't keep any more.
enum JournalSearch {
  /// The newest entry of that incident in as much of the journal as the caller may read; nil if there
  /// is none.
  static func incident(_ id: String) -> JSON? {
    var opened: OpaquePointer?
    guard sd_journal_open(&opened, Int32(SD_JOURNAL_LOCAL_ONLY)) >= 0, let journal = opened
    else {
      return nil
    }
    defer { sd_journal_close(journal) }
    // The unit is journald's own word: anyone can write an entry with the daemon's fields.
    for match in ["_SYSTEMD_UNIT=mcpolicyd.service", "MCPOLICY_INCIDENT=\(id)"] {
      let bytes = Array(match.utf8)
      guard sd_journal_add_match(journal, bytes, bytes.count) >= 0 else { return nil }
    }
    guard sd_journal_seek_tail(journal) >= 0 else { return nil }
    // Entries of what became of it have the same id.
    while sd_journal_previous(journal) > 0 {
      let record = IncidentRecord(fields(of: journal))
      if record.isIncident { return record.json }
    }
    return nil
  }

  private static func fields(of journal: OpaquePointer) -> [(name: ByteString, value: ByteString)] {
    var fields: [(name: ByteString, value: ByteString)] = []
    var data: UnsafeRawPointer?
    var length = 0
    sd_journal_restart_data(journal)
    while sd_journal_enumerate_data(journal, &data, &length) > 0, let start = data {
      let bytes = UnsafeRawBufferPointer(start: start, count: length)
      guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")) else { continue }
      fields.append(
        (ByteString(Array(bytes[..<equals])), ByteString(Array(bytes[(equals + 1)...]))))
    }
    return fields
  }
}

/// An incident by its journal fields.
///
/// The journal keeps each value of a field once and in no order, so which server belongs to which
/// finding isn't known: the message has the worst finding, and the values stand side by side.
struct IncidentRecord {
  private var values: [ByteString: [ByteString]] = [:]

  init(_ fields: [(name: ByteString, value: ByteString)]) {
    for field in fields { values[field.name, default: []].append(field.value) }
  }

  /// Whether it tells of the incident itself.
  var isIncident: Bool { !all("ACTION").isEmpty }

  private func all(_ name: String) -> [ByteString] { values[ByteString("MCPOLICY_\(name)")] ?? [] }

  private func text(_ name: String) -> JSON { all(name).first.map { .bytes($0) } ?? .null }

  private func number(_ name: String) -> JSON {
    all(name).first.flatMap { Int($0.text) }.map { .int($0) } ?? .null
  }

  private func list(_ name: String) -> JSON { .array(all(name).map { .bytes($0) }) }

  /// The members of a Varlink `Incident` as far as they are known, and what the journal has instead of
  /// findings.
  var json: JSON? {
    guard let id = all("INCIDENT").first, let discovered = Self.discovered(id) else { return nil }
    return [
      "id": .bytes(id), "discovered_at": .text(discovered.rfc3339),
      "respond_by": text("RESPOND_BY"), "target": text("TARGET"), "path": text("PATH"),
      "user": text("USER"), "uid": number("UID"), "severity": text("SEVERITY"),
      "action": text("ACTION"), "mode": text("MODE"), "generation": number("GENERATION"),
      "latency_usec": number("LATENCY_USEC"), "count": number("COUNT"),
      "sha256_expected": text("SHA256_EXPECTED"), "sha256_found": text("SHA256_FOUND"),
      "evidence": text("EVIDENCE"), "kinds": list("KIND"), "servers": list("SERVER"),
      "fields": list("FIELD"), "rules": list("RULE"),
      "message": values["MESSAGE"]?.first.map { .bytes($0) } ?? .null,
    ]
  }

  /// An incident's id starts with the time of its discovery.
  static func discovered(_ id: ByteString) -> WallTime? {
    let parts = id.bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.count == 2, let time = Int64(ByteString(parts[0]).text),
      Int(ByteString(parts[1]).text) != nil
    else { return nil }
    return WallTime(microseconds: time)
  }
}
