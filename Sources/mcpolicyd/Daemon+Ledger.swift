import Control
import Enforcement
import Glibc
import Incidents
import Ledger
import Linux
import MCPConfig
import Policy

/// What the daemon remembers of the ledger, on the loop's thread.
struct LedgerWatch {
  /// When the head goes to the journal again.
  var nextHead: MonotonicTime?
  /// When drops may be told again.
  var nextDrops = MonotonicTime.now
  /// How many were told of each.
  var journalDrops = 0
  var followerDrops = 0
  var ledgerDrops = 0
  var inventoryDay: LedgerDay?
  /// Why nothing can be written now.
  var failure: SystemError?

  static let headSeconds = 3600.0
  /// The first one names the start record.
  static let firstHeadSeconds = 60.0
  static let dropSeconds = 10.0
}

/// What goes into the ledger.
extension Daemon {
  /// The first record of a run, which says how the ledger was found.
  func openLedger() {
    _ = incidents.follow { [ledger] incident in
      ledger.append(.incident, incident.clipped.json)
    }
    let opening = ledger.opening
    ledger.append(
      .start,
      [
        "version": .text(ServiceInfo.mcpolicyd.version), "generation": .int(generation),
        "mode": .text(configuration.policy.mode.rawValue), "pid": .int(getpid()),
        "cut": opening.cut?.json ?? .null, "complaint": .optional(opening.complaint),
      ])
    if let cut = opening.cut {
      incidents.send(
        JournalRecord(
          messageID: MessageID.ledgerCut, priority: 4,
          message: "A crash left \(cut.bytes) bytes of a record that wasn't whole at the end of "
            + "\(cut.file); they were cut off (SHA-256 \(cut.sha256)).",
          extra: [
            ("PATH", paths.ledger.appending(FilePath(cut.file)).text),
            ("COUNT", String(cut.bytes)), ("SHA256_FOUND", cut.sha256.hexadecimal),
          ]))
    }
    if let mode = opening.mended {
      degrade(
        Finding(
          .permissionsDrift, field: "ledger", rule: "default",
          "Others could write into the ledger's folder (mode \(String(mode, radix: 8))); "
            + "it was taken from them; run: mcpolicyctl ledger verify"),
        target: "ledger", path: paths.ledger.text)
    }
    if let complaint = opening.complaint {
      degrade(
        Finding(
          .baselineTampered, field: "ledger", rule: "default",
          "The ledger isn't what was written: \(complaint). "
            + "New records go on behind it; run: mcpolicyctl ledger verify"),
        target: "ledger", path: paths.ledger.text)
    }
  }

  /// The last records of a run.
  func closeLedger() {
    ledger.append(.stop, ["reason": .text(stopReason)])
    tellDrops()
    let lost = ledger.finish(seconds: 2)
    tellHead()
    if lost > 0 { tellLost(lost) }
  }

  // MARK: While it runs

  /// Called on every turn of the loop.
  func watchLedger(at now: MonotonicTime) {
    if let next = ledgerWatch.nextHead, next <= now {
      ledgerWatch.nextHead = now.advanced(bySeconds: LedgerWatch.headSeconds)
      tellHead()
      if ledgerWatch.inventoryDay != LedgerDay(of: .now) { tellInventory() }
    }
    if ledgerWatch.nextDrops <= now, hasUntoldDrops {
      tellDrops()
      ledgerWatch.nextDrops = now.advanced(bySeconds: LedgerWatch.dropSeconds)
    }
  }

  var nextLedgerDeadline: MonotonicTime? {
    let drops = hasUntoldDrops ? ledgerWatch.nextDrops : nil
    return [ledgerWatch.nextHead, drops].compactMap { $0 }.min()
  }

  /// All homes were looked at once, so all users are known.
  func startLedgerHours() {
    ledgerWatch.nextHead = MonotonicTime.now.advanced(bySeconds: LedgerWatch.firstHeadSeconds)
    tellHead()
    tellInventory()
  }

  func handleLedgerEvents() {
    for event in ledger.takeEvents() {
      switch event {
      case .fails(let error):
        ledgerWatch.failure = error
        degradeLedger("The ledger can't be written (\(error)); its records wait.")
      case .works:
        ledgerWatch.failure = nil
      case .choreFailed(let error):
        degradeLedger("A file of the ledger couldn't be compressed or removed (\(error)).")
      case .lost(let files):
        degrade(
          Finding(
            .baselineTampered, field: "ledger", rule: "default",
            "Taken away from the ledger while it was written, or replaced: \(files). "
              + "New records go on without; run: mcpolicyctl ledger verify"),
          target: "ledger", path: paths.ledger.text)
      case .removed: tellHead()
      }
    }
  }

  private func degradeLedger(_ message: String) {
    degraded(
      Finding(.watchDegraded, field: "ledger", rule: "default", message),
      path: paths.ledger.text)
  }

  /// What keeps the state from being ok.
  var ledgerProblems: [String] {
    var problems: [String] = []
    if let complaint = ledger.opening.complaint {
      problems.append("the ledger wasn't what was written: \(complaint)")
    }
    if let failure = ledgerWatch.failure {
      problems.append("the ledger can't be written (\(failure)): \(ledger.waiting) records wait")
    }
    if ledger.dropped > 0 { problems.append("\(ledger.dropped) ledger records were dropped") }
    return problems
  }

  // MARK: Records

  /// So that a log on another host knows what the ledger must hold.
  private func tellHead() {
    let head = ledger.head
    guard head.seq > 0 else { return }
    incidents.send(
      JournalRecord(
        messageID: LedgerHead.messageID, priority: 6,
        message: "The ledger ends with record \(head.seq), \(head.hash).",
        extra: [("LEDGER_SEQ", String(head.seq)), ("LEDGER_HEAD", head.hash.hexadecimal)]))
  }

  private func tellLost(_ count: Int) {
    incidents.send(
      JournalRecord(
        messageID: MessageID.ledgerDropped, priority: 3,
        message: "\(count) records could not be written to the ledger.",
        extra: [("COUNT", String(count))]))
  }

  /// Asked on every turn of the loop.
  private var hasUntoldDrops: Bool {
    incidents.dropped > ledgerWatch.journalDrops || ledger.dropped > ledgerWatch.ledgerDrops
      || server.map { $0.followersDropped > ledgerWatch.followerDrops } == true
  }

  private func tellDrops() {
    func tell(_ what: String, _ count: Int, _ told: inout Int) {
      guard count > told else { return }
      ledger.append(.drops, ["what": .text(what), "count": .int(count - told)])
      told = count
    }
    tell("journal", incidents.dropped, &ledgerWatch.journalDrops)
    // Of its own the ledger tells by itself.
    let lost = ledger.dropped - ledgerWatch.ledgerDrops
    if lost > 0 { tellLost(lost) }
    ledgerWatch.ledgerDrops += lost
    tell("follower", server?.followersDropped ?? 0, &ledgerWatch.followerDrops)
  }

  /// Who has which server now, so that a report knows it of any time.
  func tellInventory() {
    ledgerWatch.inventoryDay = LedgerDay(of: .now)
    let inventory = Inventory(
      generation: generation, users: enforcer.users, copy: configuration.copy,
      whitelist: whitelistInForce)
    ledger.append(.inventory) { inventory.records }
  }

  /// The mode of the policy, and of each target that has one of its own.
  func tellModes(from old: Policy, to new: Policy) {
    func tell(_ from: Policy.Mode, _ to: Policy.Mode, _ target: String?) {
      ledger.append(
        .mode,
        [
          "from": .text(from.rawValue), "to": .text(to.rawValue), "target": .optional(target),
        ])
    }
    if old.mode != new.mode { tell(old.mode, new.mode, nil) }
    for target in new.targets {
      guard let before = old.targets.first(where: { $0.name == target.name })?.mode,
        before != target.mode, (before, target.mode) != (old.mode, new.mode)
      else { continue }
      tell(before, target.mode, target.name)
    }
  }
}

extension Incident {
  /// A user's file may give servers names as long as itself, in each finding again.
  fileprivate var clipped: Incident {
    guard findings.reduce(0, { $0 + ($1.server?.bytes.count ?? 0) }) > 16 << 10 else { return self }
    var incident = self
    for index in incident.findings.indices {
      incident.findings[index].server = incident.findings[index].server?.clipped
    }
    return incident
  }
}
