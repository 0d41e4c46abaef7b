import MCPConfig
import Policy

/// The judge: what it lets stand is what was approved, as a simple second opinion sees it.
///
/// An input is one byte of options, the approved configuration and what was found, with a record
/// separator between them, which JSON can't hold. With the top bit of the options set, what comes
/// after it is no text but edits of the approved configuration: so most inputs are near misses.
struct JudgeProperties {
  private let options: UInt8
  private let approvedText: [UInt8]
  private let rest: [UInt8]

  init(input: [UInt8]) {
    options = input.first ?? 0
    let parts = input.dropFirst().split(separator: 0x1E, maxSplits: 1)
    approvedText = parts.first.map { Array($0) } ?? []
    rest = parts.count > 1 ? Array(parts[1]) : []
  }

  func check() {
    guard let copy = try? ApprovedCopy(bytes: approvedText) else { return }
    checkOwnForms(copy)
    let effective = copy.effective(for: alice, under: whitelist(for: copy))
    checkOwnForms(effective)
    let again = try? ConfigDocument(parsing: effective.bytes)
    expect(
      again?.root.canonicalForm == effective.document.root.canonicalForm,
      "the effective copy's bytes are its document")

    let edits = options & 0x80 != 0 ? Edits(script: rest) : nil
    let found = edits.map { $0.applied(to: copy.document.root).compactForm } ?? rest
    if let foundRoot = try? JSON(parsing: found) {
      let root = copy.document.root
      expect(
        foundRoot.isCanonicallyEqual(to: root) == (foundRoot.canonicalForm == root.canonicalForm),
        "two values are equal as their canonical forms are")
    }
    for reference in [copy, effective] {
      let verdict = verdict(on: found, against: reference)
      checkStanding(verdict, found, reference)
      checkSilence(verdict, edits, reference)
    }
  }

  /// What was approved is approved, however it is written.
  private func checkOwnForms(_ copy: ApprovedCopy) {
    let own = verdict(on: copy.bytes, against: copy)
    expect(own.isCompliant, "the approved bytes are compliant: \(own.findings)")
    for form in [copy.document.root.compactForm, copy.document.root.canonicalForm] {
      let verdict = verdict(on: form, against: copy)
      let stands = tolerate.contains(.formatting) || form == copy.bytes
      expect(verdict.contentStands == stands, "other formatting is tolerated or isn't")
    }
  }

  private func checkStanding(_ verdict: Verdict, _ found: [UInt8], _ copy: ApprovedCopy) {
    expect(
      verdict.contentStands || !verdict.isCompliant, "content that doesn't stand has a finding")
    guard verdict.contentStands else { return }
    guard let document = try? JSON(parsing: found) else {
      fatalError("content that isn't JSON stands: \(shown(found))")
    }
    let opinion = SecondOpinion(approved: copy.document.root, found: document, tolerate: tolerate)
    if let objection = opinion.objection {
      fatalError("content stands although \(objection): \(shown(found))")
    }
  }

  /// A planted secret is in no word of the verdict.
  private func checkSilence(_ verdict: Verdict, _ edits: Edits?, _ copy: ApprovedCopy) {
    guard edits != nil, copy.bytes.firstRange(of: Edits.secret) == nil else { return }
    for finding in verdict.findings {
      let words = [finding.message, finding.field ?? "", finding.server?.text ?? "", finding.rule]
      expect(
        words.allSatisfy { Array($0.utf8).firstRange(of: Edits.secret) == nil },
        "no secret is told: \(finding)")
    }
  }
}

extension JudgeProperties {
  private var tolerate: Set<Policy.Tolerance> {
    Set(Policy.Tolerance.allCases.enumerated().filter { options >> $0.offset & 1 != 0 }.map(\.1))
  }

  private var alice: UserIdentity? {
    options & 0x10 != 0 ? UserIdentity(uid: 1, name: "alice", groups: ["platform"]) : nil
  }

  /// Names of even length are everyone's, the others the platform's, and "b…" nobody's; without
  /// the bit, everything approved is everyone's.
  private func whitelist(for copy: ApprovedCopy) -> Whitelist {
    let isMixed = options & 0x20 != 0
    var seen: Set<ByteString> = []
    let entries: [JSON] = copy.document.servers.compactMap { server in
      let name = server.name
      guard !name.isEmpty, !name.bytes.contains(UInt8(ascii: "*")), seen.insert(name).inserted
      else { return nil }
      if !isMixed || name.bytes.count.isMultiple(of: 2) {
        return ["server": .bytes(name), "tier": 1]
      }
      return ["server": .bytes(name), "tier": 2, "groups": ["platform"]]
    }
    let policy: JSON = [
      "version": 1, "approved": ["file": "/approved"],
      "targets": [["name": "t", "path": "~/t", "client": "kiro"]],
      "whitelist": .array(entries + (isMixed ? [["server": "b*", "tier": 3]] : [])),
    ]
    do throws(PolicyError) {
      return try Policy(parsing: policy.compactForm, file: "policy.json").whitelist
    } catch {
      fatalError("our own policy is refused: \(error)")
    }
  }

  private func verdict(on bytes: [UInt8], against copy: ApprovedCopy) -> Verdict {
    let file = ObservedFile(bytes: bytes, uid: 1, gid: 1, permissions: 0o600, links: 1)
    let expectation = Expectation(
      copy: copy, form: .userWritable(uid: 1), user: alice, client: .kiro,
      whitelist: whitelist(for: copy), tolerate: tolerate)
    return judge(.regular(file), against: expectation)
  }
}
