import MCPConfig
import Policy
import Testing

/// What has the file's name, whose it is, and who may write it.
@Suite struct ObservationTests {
  private let bench: Bench

  init() throws {
    bench = try Bench()
  }

  private func file(
    uid: UInt32 = 1001, permissions: UInt32 = 0o600, links: UInt32 = 1, bytes: [UInt8]? = nil
  ) -> Observation {
    .regular(
      ObservedFile(
        bytes: bytes ?? bench.copy.bytes, uid: uid, gid: 7, permissions: permissions, links: links))
  }

  @Test(arguments: [
    (Observation.missing, Found(.missingFile)),
    (.symlink(text: "/etc/kiro/mcp.json"), Found(.pathReplaced, nil, "file")),
    (.other(type: "FIFO"), Found(.pathReplaced, nil, "file")),
    (.foreign(uid: 1002), Found(.pathReplaced, nil, "file")),
    (.tooLarge(size: 1 << 30), Found(.unreadableConfig, nil, "size")),
    (.unreachable(reason: "Input/output error"), Found(.unreadableConfig)),
    (
      .obstructed(Obstacle(folder: ".kiro", reason: .symlink)),
      Found(.pathReplaced, nil, ".kiro")
    ),
    (
      .obstructed(Obstacle(folder: ".kiro/settings", reason: .notFolder(type: "socket"))),
      Found(.pathReplaced, nil, ".kiro/settings")
    ),
    (
      .obstructed(Obstacle(folder: ".kiro", reason: .foreignOwner(uid: 1000))),
      Found(.pathReplaced, nil, ".kiro")
    ),
    (.obstructed(Obstacle(folder: ".kiro", reason: .mount)), Found(.pathReplaced, nil, ".kiro")),
  ])
  func noRegularFile(_ observation: Observation, _ expected: Found) throws {
    let verdict = bench.verdict(observation)
    #expect(verdict.found == [expected])
    #expect(!verdict.contentStands)
    #expect(!verdict.isCompliant)

    // At the central target it is only root who can have done that.
    var central = bench
    central.user = nil
    let isSeen = if case .unreachable = observation { false } else { true }
    #expect(
      central.verdict(observation).found
        == (isSeen ? [Found(.baselineTampered), expected] : [expected]))
  }

  @Test func linkForm() {
    var bench = bench
    bench.form = .link(to: "/etc/kiro/mcp.json")
    #expect(bench.verdict(.symlink(text: "/etc/kiro/mcp.json")).isCompliant)
    for text: ByteString in ["/etc/kiro/mcp.json/", "/etc/\u{212A}iro/mcp.json", "", "mcp.json"] {
      #expect(bench.verdict(.symlink(text: text)).found == [Found(.pathReplaced, nil, "file")])
    }
    #expect(bench.verdict(.missing).found == [Found(.missingFile)])
    #expect(bench.verdict(.other(type: "folder")).found == [Found(.pathReplaced, nil, "file")])
  }

  /// Were its content said to stand, the restore would put it back as a file, again and again.
  @Test func noFilesContentStandsInPlaceOfALink() {
    var bench = bench
    bench.form = .link(to: "/etc/kiro/mcp.json")
    bench.tolerate = .all
    let verdict = bench.verdict(file())
    #expect(verdict.found == [Found(.pathReplaced, nil, "file")])
    #expect(!verdict.contentStands)
    #expect(
      bench.verdict(file(bytes: Array("{".utf8))).found
        == [Found(.pathReplaced, nil, "file"), Found(.unreadableConfig)])
  }

  @Test(arguments: [0o400, 0o440, 0o644, 0o464, 0o446, 0o445, 0o4444, 0o2444, 0o1444, 0, 0o777])
  func readOnlyMode(_ permissions: UInt32) {
    var bench = bench
    bench.form = .readOnly(uid: 0)
    #expect(bench.verdict(file(uid: 0, permissions: 0o444)).isCompliant)
    let verdict = bench.verdict(file(uid: 0, permissions: permissions))
    #expect(verdict.found == [Found(.permissionsDrift, nil, "mode")])
    #expect(verdict.contentStands)
  }

  @Test(arguments: [0o600, 0o640, 0o604, 0o644])
  func userWritableLetsOthersRead(_ permissions: UInt32) {
    #expect(bench.verdict(file(permissions: permissions)).isCompliant)
  }

  @Test(arguments: [
    0o660, 0o606, 0o620, 0o602, 0o666, 0o610, 0o601, 0o700, 0o400, 0o200, 0, 0o4600, 0o2600, 0o1600,
  ])
  func userWritableMode(_ permissions: UInt32) {
    let verdict = bench.verdict(file(permissions: permissions))
    #expect(verdict.found == [Found(.permissionsDrift, nil, "mode")])
    #expect(verdict.contentStands)
    #expect(verdict.findings.first?.severity == .low)
  }

  @Test func owner() {
    let verdict = bench.verdict(file(uid: 1000, permissions: 0o666))
    #expect(verdict.found == [Found(.permissionsDrift, nil, "owner")])
    #expect(
      verdict.findings.first?.message
        == "The file's permissions changed: owner 1000 instead of 1001, mode 0666 instead of 0600.")
    var readOnly = bench
    readOnly.form = .readOnly(uid: 0)
    #expect(
      readOnly.verdict(file(permissions: 0o444)).found == [
        Found(.permissionsDrift, nil, "owner")
      ])
  }

  /// What stands with another name can be written without an event.
  @Test func hardLinksHideNothing() {
    let verdict = bench.verdict(file(uid: 1000, links: 2))
    #expect(
      verdict.found == [
        Found(.pathReplaced, nil, "file"), Found(.permissionsDrift, nil, "owner"),
      ])
    #expect(verdict.contentStands)
  }

  @Test func whoseItIsDoesntTamperWithTheBaseline() {
    var central = bench
    central.user = nil
    central.form = .readOnly(uid: 0)
    #expect(
      central.verdict(file(uid: 0, permissions: 0o644)).found
        == [Found(.permissionsDrift, nil, "mode")])
    #expect(central.verdict(file(uid: 0, permissions: 0o444)).isCompliant)
  }

  @Test func worstFirst() {
    let verdict = bench.verdict(
      file(
        uid: 0, links: 2,
        bytes: Array(#"{"mcpServers":{"x":{"env":{"A":"AKIAIOSFODNN7EXAMPLE"}}}}"#.utf8)))
    let severities = verdict.findings.map(\.severity)
    #expect(severities == severities.sorted(by: >))
    #expect(severities.first == .critical)
    #expect(severities.last == .low)
  }

  @Test func severities() {
    for kind in Finding.Kind.allCases {
      let (minutes, priority) =
        switch kind.severity {
        case .critical: (15, 2)
        case .high: (60, 3)
        case .medium: (240, 4)
        case .low: (1440, 5)
        }
      #expect(kind.severity.respondWithinMinutes == minutes)
      #expect(kind.severity.journalPriority == priority)
    }
  }
}
