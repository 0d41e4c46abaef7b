import Baseline
import Linux
import MCPConfig
import Policy

/// The policy and the baseline that hold together, as a start or a reload finds them.
struct Configuration {
  var policy: Policy
  /// Nil while nothing was ever approved, or the store is damaged.
  var baseline: BaselineStore.Baseline?
  var copy: ApprovedCopy?
  /// Whether this copy was never rolled out before.
  var isNew = false
  /// What made the daemon adopt this copy by itself just now.
  var adoption: Adoption?
  /// A signature on the approved file that approves nothing.
  var refused: RefusedSignature?
  /// What an operator should mend, in sentences.
  var problems: [String] = []
  /// Set if the store isn't what it says.
  var damage: BaselineStore.Damage?
  /// Why an approved file that could be adopted wasn't.
  var notStored: SystemError?
  /// What the store was until a deployed file was adopted in its place.
  var mended: BaselineStore.Damage?
}

/// Why the daemon adopts an approved file without anyone asking.
enum Adoption {
  /// The policy's pin is its digest.
  case pin
  case signature(principal: String, fingerprint: String, serial: Int)
}

/// A signature that was looked at and turned down.
struct RefusedSignature {
  var refusal: SignatureCheck.Refusal
  var pair: SignedPair
  var changed: WallTime
}

/// Reads what the security team deployed and decides what of it is in force.
struct ConfigurationReader {
  let paths: HostPaths

  /// Reads the policy alone.
  func policy() throws(PolicyError) -> Policy {
    let name = paths.policy.text
    let start = Position(line: 1, column: 1)
    let bytes: [UInt8]?
    do throws(SystemError) {
      bytes = try Descriptor.readAll(trusted: paths.policy, limit: JSONLimits().size)
    } catch {
      throw PolicyError(file: name, position: start, message: error.reason)
    }
    guard let bytes else {
      throw PolicyError(
        file: name, position: start, message: "larger than \(JSONLimits().size) bytes")
    }
    return try Policy(parsing: bytes, file: name)
  }

  /// Adopts the approved file if its canonical form is the baseline's, or a pin or a signature that the
  /// policy trusts approves it; else what was approved last stays in force.
  /// - Parameter stores: false to find out what would be adopted, and store nothing.
  func configuration(
    _ policy: Policy, _ store: borrowing BaselineStore, stores: Bool = true
  ) throws(SystemError) -> Configuration {
    var configuration = Configuration(policy: policy)
    do throws(BaselineStore.Failure) {
      configuration.baseline = try store.current()
    } catch {
      switch error {
      case .system(let error): throw error
      case .damaged(let damage):
        configuration.damage = damage
        configuration.problems.append(
          "the baseline store is damaged: \(damage.file) \(damage.reason); approve the configuration anew"
        )
      }
    }
    let deployed = deployed(policy, &configuration.problems)
    if let deployed,
      deployed.copy.canonicalSHA256 != configuration.baseline?.record.canonicalSHA256
    {
      switch try decide(on: deployed, policy, store, isProvisioned: configuration.baseline != nil) {
      case .stays(let problem):
        if let problem { configuration.problems.append(problem) }
      case .refused(let refused): configuration.refused = refused
      case .adopt(let adoption):
        guard stores else {
          configuration.copy = deployed.copy
          configuration.adoption = adoption
          return configuration
        }
        adopt(deployed.copy, adoption, store, &configuration)
      }
    }
    if let baseline = configuration.baseline {
      configuration.copy = try? ApprovedCopy(bytes: baseline.bytes)
    }
    return configuration
  }

  private func adopt(
    _ approved: ApprovedCopy, _ adoption: Adoption, _ store: borrowing BaselineStore,
    _ configuration: inout Configuration
  ) {
    let isFirst = configuration.baseline == nil
    do throws(BaselineStore.Failure) {
      switch adoption {
      case .pin:
        configuration.baseline = try store.append(
          bytes: approved.bytes, document: approved.document, by: "pin", note: nil)
        configuration.isNew = true
      case .signature(let principal, let fingerprint, _):
        let signature = BaselineRecord.Signature(principal: principal, fingerprint: fingerprint)
        configuration.baseline = try store.append(
          bytes: approved.bytes, document: approved.document, by: signature.text, note: nil,
          signature: signature)
        configuration.isNew = isFirst
      }
      configuration.adoption = adoption
      if configuration.damage != nil { configuration.problems.removeFirst() }
      configuration.mended = configuration.damage
      configuration.damage = nil
    } catch {
      switch error {
      case .system(let error):
        // A full disk must not keep what was approved before from being enforced.
        configuration.notStored = error
        configuration.problems.append(
          "\(configuration.policy.approvedFile) could not be adopted: \(error)")
      case .damaged(let damage): configuration.damage = damage
      }
    }
  }
}
