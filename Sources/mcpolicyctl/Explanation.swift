import Linux
import MCPConfig
import Policy

/// How the verdict on one file comes about.
struct Explanation {
  struct Server {
    var entry: ServerEntry
    var position: Position
    var decision: Whitelist.Decision
    /// Nil if what is approved doesn't hold it.
    var approved: ServerEntry?
    var differences: [Difference]
  }

  struct Difference {
    var field: ConfigDifference.Field
    var isTolerated: Bool
  }

  struct Content {
    var sha256: SHA256Digest
    /// Nil if it isn't JSON of any dialect.
    var read: ReadConfiguration?
    /// Why strict JSON doesn't have it.
    var complaint: JSONError?
    var servers: [Server] = []
    var missing: [(entry: ServerEntry, isTolerated: Bool)] = []
    var document: [Difference] = []
    /// The same meaning in other bytes.
    var isFormattingTolerated = false
  }

  let place: FilePlace
  let judge: FileJudge
  let findings: [CheckedFile.PlacedFinding]
  private(set) var content: Content?

  init(_ place: FilePlace, by judge: FileJudge) {
    self.place = place
    self.judge = judge
    let found = judge.findings(on: place.observation)
    findings = CheckedFile.place(found, place.bytes ?? [])
    content = place.bytes.map { Self.content($0, judge, found) }
  }

  var word: String {
    if let content, content.complaint != nil { return "unreadable" }
    return findings.isEmpty ? "compliant" : "drift"
  }

  private static func content(_ bytes: [UInt8], _ judge: FileJudge, _ findings: [Finding])
    -> Content
  {
    let copy = judge.expectation.copy
    var content = Content(sha256: SHA256Digest(of: bytes))
    do throws(JSONError) {
      content.read = try ReadConfiguration(bytes)
      content.complaint = content.read?.complaint
    } catch {
      content.complaint = error
    }
    guard let read = content.read else { return content }
    let tolerance = Tolerance(findings)
    let places = PlaceTable(bytes)
    content.servers = read.document.servers.map { entry in
      let approved = copy.document.server(entry.name, in: entry.section)
      let fields = approved.map {
        ConfigDifference.fields(approved: $0.definition, found: entry.definition)
      }
      return Server(
        entry: entry, position: places.position(of: entry.offset),
        decision: judge.policy.whitelist.decide(entry, for: judge.expectation.user),
        approved: approved,
        differences: (fields ?? []).map {
          Difference(field: $0, isTolerated: tolerance.covers(entry.name, $0.path.first))
        })
    }
    content.missing = copy.document.servers
      .filter { read.document.server($0.name, in: $0.section) == nil }
      .map { ($0, tolerance.covers($0.name, nil)) }
    content.document = ConfigDifference.fields(
      approved: copy.document.rest(besides: read.document),
      found: read.document.rest(besides: copy.document)
    ).map { Difference(field: $0, isTolerated: tolerance.covers(nil, $0.path.first)) }
    content.isFormattingTolerated =
      findings.isEmpty && content.sha256 != copy.sha256
      && read.document.root.canonicalSHA256 == copy.canonicalSHA256
    return content
  }
}

/// A difference is tolerated if the verdict has no finding on it.
private struct Tolerance {
  private struct Place: Hashable {
    var server: ByteString?
    var field: String?
  }

  private let places: Set<Place>
  /// A verdict of very many findings doesn't list all.
  private let isComplete: Bool

  init(_ findings: [Finding]) {
    places = Set(findings.lazy.map { Place(server: $0.server, field: $0.field) })
    isComplete = !findings.contains { $0.server == nil && $0.field == "more" }
  }

  func covers(_ server: ByteString?, _ key: ByteString?) -> Bool {
    guard isComplete else { return false }
    let field = key.map { ShownValue.field([$0]) }
    let names: [ByteString?] = server.map { [$0, ShownValue.name($0)] } ?? [nil]
    return !names.contains { places.contains(Place(server: $0, field: field)) }
  }
}
