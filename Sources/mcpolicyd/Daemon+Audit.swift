import Baseline
import Control
import Enforcement
import Incidents
import Ledger
import Linux
import MCPConfig
import Policy

/// Who changed what: the one place that every change goes through.
extension Daemon {
  /// Tells of a change once it is stored and in force.
  func audit(_ record: AuditRecord) {
    incidents.send(JournalRecord(record))
    ledger.append(.change, record.json)
  }

  /// Who calls, as an audit record names it. Looking at the peer costs a few system calls, so it is
  /// asked for changes only.
  func actor(of call: ControlCall) -> AuditRecord.Actor {
    AuditRecord.Actor(
      uid: call.actor.uid, pid: call.actor.pid, name: user(withUID: call.actor.uid)?.name,
      program: call.responder.peerProgram)
  }

  /// A pin or a signature approves without anyone asking, and is told all the same.
  func auditAdoption() {
    guard let adoption = configuration.adoption, let record = configuration.baseline?.record else {
      return
    }
    var change = AuditRecord(
      .approved, by: nil, generation: generation, number: record.number,
      sha256: record.bytesSHA256)
    switch adoption {
    case .pin: change.reason = "the policy pins it"
    case .signature(let principal, let fingerprint, let serial):
      change.signer = AuditRecord.Signer(
        principal: principal, fingerprint: fingerprint, serial: serial)
    }
    audit(change)
  }

  // MARK: Users

  /// The user with that uid: whose home is kept here, or who has an account.
  func user(withUID uid: UInt32) -> UserIdentity? {
    enforcer.summaries { $0?.uid == uid }.first?.user
      ?? Account.withUID(uid).map(UserIdentity.init)
  }

  func user(named name: ByteString) -> UserIdentity? {
    enforcer.summaries { $0.map { ByteString($0.name) } == name }.first?.user
      ?? Account.named(name.text).map(UserIdentity.init)
  }
}

extension UserIdentity {
  init(_ account: Account) {
    self.init(uid: account.uid, name: account.name, groups: account.groupNames)
  }
}
