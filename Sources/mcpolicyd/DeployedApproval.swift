import Glibc
import Linux
import MCPConfig
import Policy
import Signatures

/// The approved configuration as deployed, and the signature beside it. Each is read once: what was
/// looked at is what is adopted.
struct DeployedApproval {
  var copy: ApprovedCopy
  /// Nil where there is none, or nobody asks for one.
  var signature: [UInt8]?
  /// When the later of the two files was changed.
  var changed: WallTime

  /// These two files, whatever their names.
  var pair: SignedPair {
    SignedPair(content: copy.sha256, signature: signature.map { SHA256Digest(of: $0) })
  }

  static func signaturePath(_ file: String) -> String { file + ".sig" }
}

/// Which content stands beside which signature.
struct SignedPair: Equatable {
  var content: SHA256Digest
  var signature: SHA256Digest?
}

extension ConfigurationReader {
  /// Nil, with the reason, if the file can't be used.
  func deployed(_ policy: Policy, _ problems: inout [String]) -> DeployedApproval? {
    let path = paths.below(policy.approvedFile)
    let content: (bytes: [UInt8], changed: WallTime)
    do throws(SystemError) {
      content = try Self.read(path, limit: JSONLimits().size)
    } catch {
      problems.append("the approved configuration can't be read: \(error)")
      return nil
    }
    let copy: ApprovedCopy
    do throws(JSONError) {
      copy = try ApprovedCopy(bytes: content.bytes)
    } catch {
      problems.append("\(path.text):\(error)")
      return nil
    }
    if let misshapen = copy.document.misshapen.first {
      problems.append("\(path.text): \(misshapen.complaint)")
      return nil
    }
    var deployed = DeployedApproval(copy: copy, changed: content.changed)
    guard policy.trust != nil else { return deployed }
    let name = DeployedApproval.signaturePath(policy.approvedFile)
    do throws(SystemError) {
      let signature = try Self.read(paths.below(name), limit: SSHSignature.sizeLimit)
      deployed.signature = signature.bytes
      deployed.changed = max(content.changed, signature.changed)
    } catch {
      guard error.errno == ENOENT else {
        problems.append("the signature can't be read: \(error)")
        return nil
      }
    }
    return deployed
  }

  /// One byte more than the limit tells whoever reads that it is too large.
  private static func read(
    _ path: FilePath, limit: Int
  ) throws(SystemError) -> (bytes: [UInt8], changed: WallTime) {
    let file = try Descriptor.open(trusted: path, O_RDONLY | O_NONBLOCK)
    let bytes = try file.readStart(limit: limit + 1)
    // Afterwards: a change while it was read makes it young.
    let status = try file.status()
    return (bytes, WallTime(microseconds: status.changed / 1000))
  }
}
