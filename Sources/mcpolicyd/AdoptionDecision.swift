import Baseline
import Linux
import MCPConfig
import Policy
import Signatures

/// What becomes of an approved file that isn't the baseline.
enum AdoptionDecision {
  case adopt(Adoption)
  /// What was approved last stays in force, perhaps with something to mend.
  case stays(problem: String?)
  /// Its signature is one that someone must look into.
  case refused(RefusedSignature)
}

extension ConfigurationReader {
  /// Where the policy trusts signatures one is needed, and where it pins a digest that one; where both,
  /// both must hold.
  func decide(
    on deployed: DeployedApproval, _ policy: Policy, _ store: borrowing BaselineStore,
    isProvisioned: Bool
  ) throws(SystemError) -> AdoptionDecision {
    let isPinned = policy.approvedPin.map { $0 == deployed.copy.canonicalSHA256 }
    guard let trust = policy.trust else {
      if isPinned == true { return .adopt(.pin) }
      return .stays(problem: isProvisioned ? Self.unapproved(policy.approvedFile) : nil)
    }
    let name = DeployedApproval.signaturePath(policy.approvedFile)
    guard let signature = deployed.signature else {
      return .stays(
        problem: "\(policy.approvedFile) isn't the approved baseline, which stays in force, and it "
          + "isn't signed: there is no \(name)")
    }
    let check = trust.check(
      deployed.copy.bytes, deployed.copy.document, signature: signature,
      at: Timestamp(seconds: WallTime.now.microseconds / 1_000_000),
      highest: try highestSerial(store, deployed.copy.canonicalSHA256, isProvisioned))
    if let refusal = check.refusal {
      guard refusal.isIncident else {
        return .stays(problem: "\(name) isn't adopted: \(refusal.reason)")
      }
      return .refused(
        RefusedSignature(refusal: refusal, pair: deployed.pair, changed: deployed.changed))
    }
    guard let signer = check.signer, let serial = check.serial else { return .stays(problem: nil) }
    if isPinned == false {
      return .stays(
        problem: "\(policy.approvedFile) is signed by \(signer.principal), but isn't what the "
          + "policy pins")
    }
    if let refusal = policy.refusals(of: deployed.copy).first {
      return .stays(
        problem: "\(policy.approvedFile):\(refusal.position): signed by \(signer.principal), but "
          + refusal.sentence)
    }
    return .adopt(
      .signature(
        principal: signer.principal, fingerprint: signer.key.fingerprint, serial: serial))
  }

  static func unapproved(_ file: String) -> String {
    "\(file) isn't the approved baseline, which stays in force; "
      + "to approve it, run: mcpolicyctl approve \(file)"
  }

  /// Nil also for a file that is in force and only its stored copy was damaged: what was signed heals it.
  private func highestSerial(
    _ store: borrowing BaselineStore, _ canonicalSHA256: SHA256Digest, _ isProvisioned: Bool
  ) throws(SystemError) -> HighestSerial? {
    do throws(BaselineStore.Failure) {
      if !isProvisioned, try store.recordInForce()?.canonicalSHA256 == canonicalSHA256 {
        return nil
      }
      return try store.highestSerial()
    } catch {
      switch error {
      case .system(let error): throw error
      case .damaged: return nil
      }
    }
  }
}
