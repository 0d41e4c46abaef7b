import Baseline
import Control
import Incidents
import Linux
import MCPConfig
import Policy

/// Tier 2 servers for one more user, for a while, after a review.
extension Daemon {
  /// Longer than this is a matter for the policy.
  private static let longestDays = 92

  func grant(_ call: ControlCall, _ wish: ChangeRequest.Grant) {
    do throws(ControlError) {
      let request = try wish.request.map { number throws(ControlError) in
        try openRequest(number)
      }
      let (server, user) = try subject(wish, request)
      let until = try Self.end(wish.until.text)
      try mayGrant(call, to: user)
      let entry = try grantable(server, to: user)
      let actor = actor(of: call)
      guard var grants = exceptions.grants else { throw Self.damagedGrants }
      let record = grants.add {
        GrantRecord(
          number: $0, server: server, sha256: entry.sha256, user: user.name, uid: user.uid,
          until: until, ticket: wish.ticket.text, reason: wish.reason.text, grantedAt: .now,
          grantedBy: actor.text, request: request?.number)
      }
      try keep(grants)
      audit(
        AuditRecord(
          .granted, by: actor, generation: generation + 1, server: server, user: user.name,
          number: record.number, reason: record.reason, ticket: record.ticket, until: until,
          sha256: entry.sha256))
      // A request that stays open by a failure here can be rejected; the grant holds.
      if let request {
        _ = try? answer(
          request,
          RequestRecord.Answer(
            at: .now, by: actor.text, grant: record.number, reason: record.reason))
      }
      applyExceptions()
      rollOut(call, [("grant", shown(record))])
    } catch {
      call.responder.fail(error)
    }
  }

  func endGrant(_ call: ControlCall, _ number: Int, reason: String?) {
    do throws(ControlError) {
      guard var grants = exceptions.grants else { throw Self.damagedGrants }
      guard var record = grants[number] else {
        throw .invalid(Complaint("there is no grant \(number)"))
      }
      if record.end == nil {
        let actor = actor(of: call)
        record.end = GrantRecord.End(at: .now, by: actor.text, reason: reason)
        grants[number] = record
        try keep(grants)
        audit(
          AuditRecord(
            .grantEnded, by: actor, generation: generation + 1, server: record.server,
            user: record.user, number: number, reason: reason, sha256: record.sha256))
        applyExceptions()
      }
      rollOut(call, [("grant", shown(record))])
    } catch {
      call.responder.fail(error)
    }
  }

  func listGrants(_ call: ControlCall) {
    let visible = (exceptions.grants?.records ?? []).filter { call.mayRead(uid: $0.uid) }
    call.responder.reply(["grants": .array(visible.reversed().map(shown))])
  }

  /// Ends the grants whose time is over; called on every turn of the loop.
  func expireGrants() {
    let now = WallTime.now
    guard let next = exceptions.nextExpiry, next <= now else { return }
    let expired = exceptions.expire(at: now)
    // Not stored, they still end here, and at a start by their time.
    if let grants = exceptions.grants { try? exceptionStore.write(grants) }
    applyExceptions()
    for record in expired {
      audit(
        AuditRecord(
          .grantExpired, by: nil, generation: generation, server: record.server,
          user: record.user, number: record.number, ticket: record.ticket, until: record.until,
          sha256: record.sha256))
    }
  }

  /// When the loop is to look at the grants: by the clock as it stands now. If the clock is set
  /// meanwhile, the next sweep is where it is seen.
  var nextExpiry: MonotonicTime? {
    exceptions.nextExpiry.map { expiry in
      let microseconds = max(expiry.microseconds - WallTime.now.microseconds, 0)
      return MonotonicTime.now.advanced(bySeconds: Double(microseconds) / 1e6 + 0.001)
    }
  }

  // MARK: Rules

  private func subject(
    _ wish: ChangeRequest.Grant, _ request: RequestRecord?
  ) throws(ControlError) -> (ByteString, UserIdentity) {
    if let request {
      guard let user = user(withUID: request.uid),
        ByteString(user.name) == ByteString(request.user)
      else {
        throw .invalid(
          Complaint("the account of request \(request.number) isn't what it was any more"))
      }
      return (request.server, user)
    }
    guard let server = wish.server, let name = wish.user else {
      throw .invalid(Complaint("a grant names a server and a user"))
    }
    guard let user = user(named: name) else {
      throw .invalid(Complaint("there is no user \"\(name.shown)\""))
    }
    return (server, user)
  }

  /// Nobody reviews their own request. Root needs none, and where the daemon runs as one user for
  /// that user alone there is no one else.
  private func mayGrant(_ call: ControlCall, to user: UserIdentity) throws(ControlError) {
    guard call.actor.uid != user.uid || user.uid == 0 || user.uid == Process.uid else {
      throw .notAllowed(
        verb: call.request.verb.rawValue, needs: "someone other than the user who gets the server")
    }
  }

  func grantable(
    _ server: ByteString, to user: UserIdentity
  ) throws(ControlError) -> ServerEntry {
    guard let copy = configuration.copy else { throw .unprovisioned }
    do throws(GrantRefusal) {
      return try whitelistInForce.grantable(server, in: copy.document, to: user)
    } catch {
      throw .invalid(Complaint(error.message(server, user.name)))
    }
  }

  private static func end(_ text: String) throws(ControlError) -> WallTime {
    guard let until = WallTime(rfc3339: text) else {
      throw .invalid(Complaint("until: not a time such as 2026-01-31T18:00:00Z"))
    }
    guard until > .now else { throw .invalid(Complaint("until: is over already")) }
    guard until <= WallTime.now.advanced(byMinutes: longestDays * 24 * 60) else {
      throw .invalid(
        Complaint(
          "until: more than \(longestDays) days ahead; who needs it longer belongs in the policy"))
    }
    return until
  }

  private static let damagedGrants = ControlError.failed(
    "grants.json is damaged, and no grant holds; move it away and reload")

  private func keep(_ grants: RecordList<GrantRecord>) throws(ControlError) {
    do throws(SystemError) {
      try exceptionStore.write(grants)
    } catch {
      throw .failed("the grants could not be stored: \(error)")
    }
    exceptions.grants = grants
  }

  /// With whether it gives the server now.
  private func shown(_ record: GrantRecord) -> JSON {
    let entries = configuration.copy?.document.servers ?? []
    let applies =
      record.isInForce(at: .now)
      && exceptions.revocation(of: record.server) == nil
      && entries.contains { entry in
        guard entry.name == record.server, entry.sha256 == record.sha256 else { return false }
        // Without groups: they would give the server by the policy, not by the grant.
        let user = UserIdentity(uid: record.uid, name: record.user, groups: [])
        return whitelistInForce.decide(entry, for: user).isAllowed
      }
    return JSON(
      .object((record.json.members ?? []) + [JSON.Member(key: "applies", value: .bool(applies))]))
  }
}
