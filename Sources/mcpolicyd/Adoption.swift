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
  /// What an operator should mend, in sentences.
  var problems: [String] = []
  /// Set if the store isn't what it says.
  var damage: BaselineStore.Damage?
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

  /// Adopts the approved file if its canonical form is the pin's or the baseline's; else what was
  /// approved last stays in force.
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
    let approved = approvedFile(policy, &configuration.problems)
    if let approved, approved.canonicalSHA256 != configuration.baseline?.record.canonicalSHA256 {
      if stores {
        try adopt(approved, policy, store, &configuration)
      } else if approved.canonicalSHA256 == policy.approvedPin {
        configuration.copy = approved
        configuration.isNew = true
        return configuration
      }
    }
    if let baseline = configuration.baseline {
      configuration.copy = try? ApprovedCopy(bytes: baseline.bytes)
    }
    return configuration
  }

  private func adopt(
    _ approved: ApprovedCopy, _ policy: Policy, _ store: borrowing BaselineStore,
    _ configuration: inout Configuration
  ) throws(SystemError) {
    guard approved.canonicalSHA256 == policy.approvedPin else {
      if configuration.baseline != nil {
        configuration.problems.append(
          "\(policy.approvedFile) isn't the approved baseline, which stays in force; "
            + "to approve it, run: mcpolicyctl approve \(policy.approvedFile)")
      }
      return
    }
    do throws(BaselineStore.Failure) {
      configuration.baseline = try store.append(
        bytes: approved.bytes, document: approved.document, by: "pin", note: nil)
      configuration.isNew = true
      if configuration.damage != nil { configuration.problems.removeFirst() }
      configuration.damage = nil
    } catch {
      switch error {
      case .system(let error): throw error
      case .damaged(let damage): configuration.damage = damage
      }
    }
  }

  /// The approved configuration as deployed; nil, with the reason, if it can't be used.
  private func approvedFile(_ policy: Policy, _ problems: inout [String]) -> ApprovedCopy? {
    let path = paths.below(policy.approvedFile)
    let bytes: [UInt8]?
    do throws(SystemError) {
      bytes = try Descriptor.readAll(trusted: path, limit: JSONLimits().size)
    } catch {
      problems.append("the approved configuration can't be read: \(error)")
      return nil
    }
    guard let bytes else {
      problems.append("\(path.text): larger than \(JSONLimits().size) bytes")
      return nil
    }
    do throws(JSONError) {
      let copy = try ApprovedCopy(bytes: bytes)
      guard copy.document.misshapen.isEmpty else {
        problems.append("\(path.text): \(copy.document.misshapen[0].complaint)")
        return nil
      }
      return copy
    } catch {
      problems.append("\(path.text):\(error)")
      return nil
    }
  }
}
