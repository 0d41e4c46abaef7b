import Control
import MCPConfig
import Policy

extension ApprovalRefusal {
  var json: JSON {
    [
      "server": .bytes(server), "rule": .text(rule), "reason": .text(reason),
      "line": .int(position.line), "column": .int(position.column),
    ]
  }
}

extension Daemon {
  /// What clients read alike.
  func readable(_ bytes: [UInt8], _ file: String?) throws(ControlError) -> ApprovedCopy {
    let copy: ApprovedCopy
    do throws(JSONError) {
      copy = try ApprovedCopy(bytes: bytes)
    } catch {
      throw .invalid(
        Complaint(
          error.message, file: file, line: error.position.line, column: error.position.column))
    }
    if let misshapen = copy.document.misshapen.first {
      throw .invalid(Complaint(misshapen.complaint, file: file))
    }
    return copy
  }

  /// What may be approved: every server in it is one that the policy lets someone have.
  func approvable(_ bytes: [UInt8], _ file: String?) throws(ControlError) -> ApprovedCopy {
    let copy = try readable(bytes, file)
    let refusals = refusals(copy)
    guard let first = refusals.first else { return copy }
    let most = 20
    let rest = refusals.count > most ? ["and \(refusals.count - most) more"] : []
    throw .invalid(
      Complaint(
        (refusals.prefix(most).map(\.sentence) + rest).joined(separator: "; "), file: file,
        line: first.position.line, column: first.position.column))
  }

  func refusals(_ copy: ApprovedCopy) -> [ApprovalRefusal] {
    configuration.policy.refusals(of: copy)
  }
}
