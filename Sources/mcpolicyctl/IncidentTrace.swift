import Control
import Linux
import MCPConfig

/// All that is known of one incident, in the order in which it happened.
struct IncidentTrace {
  enum Source: String {
    case daemon, journal
  }

  let incident: JSON
  let source: Source
  let evidencePath: String?

  /// Asks the daemon, and where it doesn't know the incident any more, the journal.
  init(_ id: String, _ options: CommonOptions) throws(Failure) {
    var failure = Failure(
      .badInput,
      "neither the daemon nor as much of the journal as you may read has an incident \(id)")
    var found: JSON?
    var life: [JSON.Member] = []
    do throws(Failure) {
      let reply = try options.ask(.getIncident, [("id", .text(id))])
      found = reply["incident"].flatMap { $0.members == nil ? nil : $0 }
      life = reply["life"]?.members ?? []
    } catch {
      failure = error
    }
    // What became of an incident the daemon knows for longer than what it found. A root is another host
    // than the one that the journal is of.
    let isWhole = found?["findings"] != nil
    let logged = isWhole || options.root != nil ? nil : JournalSearch.incident(id)
    guard let told = logged ?? found else { throw failure }
    source = logged == nil ? .daemon : .journal
    incident = logged == nil ? told : JSON(.object((told.members ?? []) + life))
    evidencePath = told["evidence"]?.string.map {
      options.onHost("/var/lib/mcpolicyd/evidence/\($0.escaped)")
    }
  }

  /// Whether a word names an incident, not a file.
  static func isID(_ word: String) -> Bool { IncidentRecord.discovered(ByteString(word)) != nil }

  var json: JSON {
    .object([
      ("incident", incident), ("source", .text(source.rawValue)),
      ("evidence_path", .optional(evidencePath)),
      ("next", .array(IncidentTraceText.next(incident).map { .text($0) })),
    ])
  }
}

enum IncidentTraceText {
  static func text(_ trace: IncidentTrace, _ style: Style, now: WallTime) -> String {
    let incident = trace.incident
    var lines: [String] = []
    func add(_ name: String, _ text: String?) {
      guard let text else { return }
      lines.append(name + String(repeating: " ", count: max(11 - name.count, 1)) + text)
    }
    func time(_ key: ByteString) -> String? {
      incident.shown(key).map { Moment.text($0, now: now) }
    }
    func painted(_ key: ByteString) -> String {
      let word = incident.shown(key) ?? "?"
      return style.paint(word, Style.Tint(word: word))
    }
    add("incident", "\(incident.shown("id") ?? "?"), from the \(trace.source.rawValue)")
    add("found", time("discovered_at"))
    add("at", incident.shown("path"))
    add("target", "\(incident.shown("target") ?? "?")\(owner(incident))")
    add("severity", painted("severity"))
    let findings = incident.list("findings")
    if !findings.isEmpty { add("findings", "\(findings.count), the worst first") }
    lines += findings.map { "  \(FindingText.text($0, style))" }
    for (name, key) in [
      ("kinds", "kinds"), ("servers", "servers"), ("fields", "fields"), ("rules", "rules"),
    ] {
      let values = incident.list(ByteString(key)).compactMap { $0.string?.escaped }
      if !values.isEmpty { add(name, values.joined(separator: ", ")) }
    }
    add("message", incident.shown("message"))
    if incident["action"] == nil {
      add("more", "the daemon was started since and knows no more; the ledger and the journal do")
    } else {
      add(
        "judged by",
        "generation \(incident.amount("generation")) of the policy, \(incident.shown("mode") ?? "?")"
      )
      add("done", "\(painted("action")): \(done(incident.shown("action")))\(count(incident))")
      add("latency", incident.number("latency_usec").map(Moment.duration))
      add("approved", incident.shown("sha256_expected").map { "SHA-256 \($0)" })
      add("on disk", incident.shown("sha256_found").map { "SHA-256 \($0)" } ?? "no bytes to read")
      add("evidence", trace.evidencePath.map { "\($0) (root only)" } ?? "none was kept")
    }
    add("respond by", time("respond_by").map { "\($0)\(within(incident.shown("severity")))" })
    for line in IncidentLifeText.lines(incident, style, now: now) { add(line.name, line.text) }
    for step in next(incident) { add("next", step) }
    return lines.joined(separator: "\n")
  }

  private static func owner(_ incident: JSON) -> String {
    guard let user = incident.shown("user") else { return ", of no user" }
    return ", of \(user) (uid \(incident.amount("uid")))"
  }

  private static func count(_ incident: JSON) -> String {
    let count = incident.number("count") ?? 1
    return count > 1 ? "; \(count) times, told once" : ""
  }

  private static func done(_ action: String?) -> String {
    switch action {
    case "restored": "the approved copy was put back, and what was there taken away"
    case "reported": "it was only told, and the file left as it is"
    case "held": "the target drifts too often; the copy is put back once it is calm"
    case "failed": "the approved copy could not be put back; it is tried again"
    default: "?"
    }
  }

  private static func within(_ severity: String?) -> String {
    switch severity {
    case "critical": "; critical: within 15 minutes"
    case "high": "; high: within 1 hour"
    case "medium": "; medium: within 4 hours"
    case "low": "; low: within 24 hours"
    default: ""
    }
  }

  /// What whoever reads it can do.
  static func next(_ incident: JSON) -> [String] {
    let findings = incident.list("findings")
    func has(_ kind: ByteString) -> Bool {
      findings.contains { $0["kind"]?.string == kind }
        || incident.list("kinds").contains { $0.string == kind }
    }
    var steps: [String] = []
    if has("credential-exposure") {
      steps.append("revoke the secret where it was issued: whoever could read the file has it")
    }
    let named = findings.filter { $0["kind"]?.string == "unauthorized-server" }
    steps += ServerRequest.hints(named.compactMap { $0["server"]?.string })
    if incident["action"]?.string == "reported" || incident["action"]?.string == "failed" {
      steps.append("it may still stand: mcpolicyctl targets")
    }
    if steps.isEmpty { steps.append("to keep a change, ask the security team to approve it") }
    return steps
  }
}
