import Baseline
import Control
import Enforcement
import Incidents
import Linux
import MCPConfig
import Policy

/// The kill switch: a server leaves every effective copy, whatever is approved.
extension Daemon {
  func revoke(_ call: ControlCall, _ server: ByteString, reason: String?) {
    let users = usersOf(server)
    let known = exceptions.revocation(of: server)
    // One that can't be read is written anew: by its name it held all along.
    let isChange = known?.details == nil
    if isChange {
      let actor = actor(of: call)
      let record = RevocationRecord(server: server, reason: reason, at: .now, by: actor.text)
      do throws(SystemError) {
        try exceptionStore.write(record)
      } catch {
        return call.responder.fail(.failed("the revocation could not be stored: \(error)"))
      }
      exceptions.remove(record)
      exceptions.revocations.append(record)
      audit(
        AuditRecord(
          .revoked, by: actor, generation: generation + 1, server: server, reason: reason))
      applyExceptions()
    }
    rollOut(
      call,
      [
        ("changed", .bool(isChange)), ("users", .array(users.map { .text($0) })),
        ("definitions", .array(definitions(of: server).map(\.definitionJSON))),
      ])
  }

  func reinstate(_ call: ControlCall, _ server: ByteString, reason: String?) {
    let known = exceptions.revocation(of: server)
    if let known {
      let actor = actor(of: call)
      do throws(SystemError) {
        try exceptionStore.remove(revocation: known.nameSHA256)
      } catch {
        return call.responder.fail(.failed("the revocation could not be removed: \(error)"))
      }
      exceptions.remove(known)
      audit(
        AuditRecord(
          .reinstated, by: actor, generation: generation + 1, server: server, reason: reason))
      applyExceptions()
    }
    rollOut(call, [("changed", .bool(known != nil))])
  }

  /// Whose effective copy held the server until now.
  private func usersOf(_ server: ByteString) -> [String] {
    let entries = configuration.copy?.document.servers.filter { $0.name == server } ?? []
    let whitelist = whitelistInForce
    var users: Set<String> = []
    for user in enforcer.summaries(where: { $0 != nil }).lazy.compactMap(\.user)
    where entries.contains(where: { whitelist.decide($0, for: user).isAllowed }) {
      users.insert(user.name)
    }
    return users.sorted()
  }

  /// What was approved under the name, now and before, the newest first: what runs may have been
  /// started under an earlier one.
  private func definitions(of server: ByteString) -> [ServerEntry] {
    let earlier = (try? store.history(limit: 32).baselines) ?? []
    var found: [ServerEntry] = []
    var digests: Set<SHA256Digest> = []
    for baseline in earlier {
      guard let document = try? ConfigDocument(parsing: baseline.bytes) else { continue }
      for entry in document.servers
      where entry.name == server && digests.insert(entry.sha256).inserted {
        found.append(entry)
      }
    }
    return Array(found.prefix(16))
  }
}

extension ServerEntry {
  fileprivate var definitionJSON: JSON {
    [
      "sha256": .text(sha256.hexadecimal),
      "command": definition["command"]?.string.map { .bytes($0) } ?? .null,
      "args": .array(
        (definition["args"]?.elements ?? []).compactMap { $0.string.map { .bytes($0) } }),
      "url": definition["url"]?.string.map { .bytes($0) } ?? .null,
    ]
  }
}
