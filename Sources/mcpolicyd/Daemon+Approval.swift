import Baseline
import Control
import Enforcement
import Incidents
import Linux
import MCPConfig
import Policy

/// Approving, and the history of what was approved.
extension Daemon {
  func review(_ call: ControlCall, _ bytes: [UInt8], file: String?) {
    do throws(ControlError) {
      let copy = try readable(bytes, file)
      let whitelist = whitelistInForce
      let digests = Set(copy.document.servers.map(GrantKey.init))
      call.responder.reply([
        "canonical_sha256": .text(copy.canonicalSHA256.hexadecimal),
        "bytes_sha256": .text(copy.sha256.hexadecimal),
        "changed": .bool(isChange(copy)),
        "refused": .array(refusals(copy).map(\.json)),
        "revoked": .array(
          copy.document.serverNames.filter(whitelist.exceptions.isRevoked).map { .bytes($0) }),
        "grants_ended": .array(
          whitelist.exceptions.grants.filter { !digests.contains(GrantKey($0)) }
            .map { .int($0.number) }),
        "baseline": configuration.copy.map { .bytes(ByteString($0.bytes)) } ?? .null,
      ])
    } catch {
      call.responder.fail(error)
    }
  }

  func approve(_ call: ControlCall, _ bytes: [UInt8], note: String?, file: String?) {
    do throws(ControlError) {
      let copy = try approvable(bytes, file)
      try refuseUnsigned(copy)
      try take(copy, call, .approved, note: note)
    } catch {
      call.responder.fail(error)
    }
  }

  /// An approval of earlier bytes, by the policy of today.
  func rollBack(_ call: ControlCall, to number: Int, note: String?) {
    do throws(ControlError) {
      let earlier = try approval(number)
      let copy = try approvable(earlier.bytes, "baseline \(number)")
      let isRevoked = configuration.policy.trust?.revoked.contains {
        $0.fingerprint == earlier.record.signature?.fingerprint
      }
      if earlier.record.signature == nil || isRevoked == true { try refuseUnsigned(copy) }
      let text = "rollback to \(number)\(note.map { ": \($0)" } ?? "")"
      try take(copy, call, .rolledBack, number: number, note: text)
    } catch {
      call.responder.fail(error)
    }
  }

  func listBaselines(_ call: ControlCall, limit: Int?) {
    do throws(BaselineStore.Failure) {
      let (baselines, damages) = try store.history(limit: min(limit ?? 50, 1000))
      call.responder.reply([
        "baselines": .array(baselines.map(\.record.json)),
        "damaged": .array(damages.map { .text("\($0.file) \($0.reason)") }),
      ])
    } catch {
      call.responder.fail(.failed("the baseline store can't be read: \(error)"))
    }
  }

  func showBaseline(_ call: ControlCall, _ number: Int?) {
    do throws(ControlError) {
      guard let number = number ?? configuration.baseline?.record.number else {
        throw .unprovisioned
      }
      let found = try approval(number)
      call.responder.reply([
        "baseline": found.record.json, "content": .bytes(ByteString(found.bytes)),
      ])
    } catch {
      call.responder.fail(error)
    }
  }

  private func approval(_ number: Int) throws(ControlError) -> BaselineStore.Baseline {
    do throws(BaselineStore.Failure) {
      if let found = try store.approval(number) { return found }
    } catch {
      switch error {
      case .damaged(let damage):
        throw .failed("the baseline store is damaged: \(damage.file) \(damage.reason)")
      case .system(let error): throw .failed("the baseline store can't be read: \(error)")
      }
    }
    throw .invalid(Complaint("there is no baseline \(number)"))
  }

  /// Where the policy takes signatures only, nobody at the host approves. A rollback to what was signed
  /// once is no approval of anything new.
  private func refuseUnsigned(_ copy: ApprovedCopy) throws(ControlError) {
    let policy = configuration.policy
    guard policy.trust?.signedOnly == true, isChange(copy) else { return }
    throw .invalid(
      Complaint(
        "the policy takes signed approvals only: put the file at \(policy.approvedFile) and its "
          + "signature at \(DeployedApproval.signaturePath(policy.approvedFile))"))
  }

  private func isChange(_ copy: ApprovedCopy) -> Bool {
    configuration.baseline?.record.bytesSHA256 != copy.sha256
  }

  /// Stores the copy, takes it into force and puts it everywhere.
  private func take(
    _ copy: ApprovedCopy, _ call: ControlCall, _ change: AuditRecord.Change, number: Int? = nil,
    note: String?
  ) throws(ControlError) {
    let isChanged = isChange(copy)
    if isChanged {
      let actor = actor(of: call)
      let isFirst = configuration.copy == nil
      let baseline: BaselineStore.Baseline
      do throws(BaselineStore.Failure) {
        baseline = try store.append(
          bytes: copy.bytes, document: copy.document, by: actor.text, note: note)
      } catch {
        throw .failed("the baseline could not be stored: \(error)")
      }
      var new = Configuration(policy: configuration.policy, baseline: baseline, copy: copy)
      new.isNew = isFirst
      audit(
        AuditRecord(
          change, by: actor, generation: generation + 1, number: number ?? baseline.record.number,
          reason: note, sha256: copy.sha256))
      adopt(new)
    }
    rollOut(
      call,
      [
        ("canonical_sha256", .text(copy.canonicalSHA256.hexadecimal)),
        ("bytes_sha256", .text(copy.sha256.hexadecimal)), ("changed", .bool(isChanged)),
      ])
  }
}

/// What a grant is bound to.
private struct GrantKey: Hashable {
  var server: ByteString
  var sha256: SHA256Digest

  init(_ server: ServerEntry) {
    self.server = server.name
    sha256 = server.sha256
  }

  init(_ grant: Exceptions.Grant) {
    server = grant.server
    sha256 = grant.sha256
  }
}

extension ConfigDocument {
  /// Each name once.
  var serverNames: [ByteString] { Set(servers.map(\.name)).sorted() }
}
