import Baseline
import Control
import Enforcement
import Incidents
import Linux
import MCPConfig
import Policy

/// Why a policy was not taken into force.
enum ReloadFailure: Error, CustomStringConvertible {
  /// It doesn't hold: the place says where.
  case policy(PolicyError)
  /// What goes with it couldn't be read or stored.
  case system(SystemError)

  var description: String {
    switch self {
    case .policy(let error): "\(error)"
    case .system(let error): "\(error)"
    }
  }

  var answer: ControlError {
    switch self {
    case .policy(let error):
      .invalid(
        Complaint(
          error.message, file: error.file, line: error.position.line,
          column: error.position.column))
    case .system(let error): .failed("\(error)")
    }
  }
}

/// Another policy while the daemon runs: judged aside, then in force in one step, or not at all.
extension Daemon {
  func reload() throws(ReloadFailure) {
    supervisor.reloading()
    defer { supervisor.ready(statusLine) }
    let read = WallTime.now
    do throws(ReloadFailure) {
      let candidate = try candidate(stores: true)
      do throws(SystemError) {
        exceptions = try exceptionStore.load()
      } catch {
        throw .system(error)
      }
      adopt(candidate)
      auditAdoption()
      reloadFailure = nil
      policyRead = read
    } catch {
      failedReloads += 1
      reloadFailure = error
      incidents.send(
        JournalRecord(
          messageID: MessageID.policyRefused, priority: 3,
          message: "\(error). The policy in force stays (generation \(generation))."))
      throw error
    }
  }

  func reloadForSignal() {
    // The journal has said why if not; there is no one else to tell.
    guard (try? reload()) != nil else { return }
    audit(AuditRecord(.reloaded, by: nil, generation: generation, reason: "SIGHUP"))
  }

  /// - Parameter stores: whether an approved file that is adopted goes into the store.
  private func candidate(stores: Bool) throws(ReloadFailure) -> Configuration {
    let policy: Policy
    do throws(PolicyError) {
      policy = try reader.policy()
    } catch {
      throw .policy(error)
    }
    do throws(SystemError) {
      let candidate = try reader.configuration(policy, store, stores: stores)
      if let failure = candidate.notStored { throw failure }
      return candidate
    } catch {
      throw .system(error)
    }
  }

  func reload(_ call: ControlCall) {
    do throws(ReloadFailure) {
      try reload()
      audit(AuditRecord(.reloaded, by: actor(of: call), generation: generation))
      call.responder.reply(["generation": .int(generation)])
    } catch {
      call.responder.fail(error.answer)
    }
  }

  /// What a reload would do. It isn't one: nothing is counted, stored or taken into force.
  func tryReload(_ call: ControlCall) {
    let candidate: Configuration
    do throws(ReloadFailure) {
      candidate = try self.candidate(stores: false)
    } catch {
      return call.responder.fail(error.answer)
    }
    let adopts = candidate.adoption != nil
    do throws(DryRuns.Refusal) {
      try enforcer.dryRun(of: plan(of: candidate)) { [generation] result in
        call.responder.reply(
          result.json(
            generation: generation + 1, mode: candidate.policy.mode, adopts: adopts,
            problems: candidate.allProblems))
      }
    } catch {
      switch error {
      case .busy: call.responder.fail(.failed("another dry run is under way"))
      case .system(let error): call.responder.fail(.failed("\(error)"))
      }
    }
  }
}

extension DryRunResult {
  /// Varlink's `TryReload`.
  fileprivate func json(
    generation: Int, mode: Policy.Mode, adopts: Bool, problems: [String]
  ) -> JSON {
    let kinds = byKind.sorted { $0.key.rawValue < $1.key.rawValue }
    return [
      "generation": .int(generation), "mode": .text(mode.rawValue), "adopts": .bool(adopts),
      "checked": .int(checked), "would_restore": .int(restored), "would_report": .int(reported),
      "would_fail": .int(failed), "rollouts": .int(rollouts), "released": .int(released),
      "by_kind": .object(kinds.map { ($0.key.rawValue, .int($0.value)) }),
      "complete": .bool(isComplete), "problems": .array(problems.map { .text($0) }),
      "changes": .array(changes.map(\.json)),
    ]
  }
}

extension PlannedChange {
  fileprivate var json: JSON {
    [
      "target": .text(target.name), "path": .text(target.path),
      "user": .optional(target.user?.name), "uid": .int(target.user?.uid ?? 0),
      "step": .text(step.rawValue), "reason": .text(reason.rawValue), "error": .optional(error),
      "findings": .array(target.findings.map(\.json)),
    ]
  }
}
