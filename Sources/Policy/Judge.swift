import MCPConfig

/// Whether what is on disk is what was approved, and if not, every reason.
public func judge(_ observation: Observation, against expectation: Expectation) -> Verdict {
  var verdict = Judge(expectation: expectation).verdict(on: observation)
  // A failed read tells nothing of the content.
  let isSeen = if case .unreachable = observation { false } else { true }
  if expectation.isCentral, !verdict.contentStands, isSeen {
    verdict.findings.insert(
      Finding(
        .baselineTampered,
        "The central configuration isn't the approved one any more. Find out who changed it: only root can."
      ),
      at: 0)
  }
  return verdict
}

struct Judge {
  let expectation: Expectation

  func verdict(on observation: Observation) -> Verdict {
    switch observation {
    case .regular(let file):
      return verdict(on: file)
    case .symlink(let text):
      if expectation.form == .link(to: text) { return .compliant }
      return replaced("file", "A symlink stands in place of the file.")
    case .other(let type):
      return replaced("file", "A \(type) stands in place of the file.")
    case .foreign(let uid):
      return replaced("file", "A file of another user (uid \(uid)) stands in place of the file.")
    case .obstructed(let obstacle):
      return replaced(obstacle.folder, obstacle.message + ".")
    case .missing:
      return drift(.missingFile, "The file is missing.")
    case .tooLarge(let size):
      return drift(
        .unreadableConfig, field: "size",
        "The file has \(size) bytes, more than the \(JSONLimits().size) that are read.")
    case .unreachable(let reason):
      return drift(.unreadableConfig, "The file can't be read: \(reason).")
    }
  }

  private func verdict(on file: ObservedFile) -> Verdict {
    let content = contentFindings(file.bytes)
    var findings = content
    if case .link = expectation.form {
      findings.append(
        Finding(.pathReplaced, field: "file", "A file stands in place of the approved symlink."))
      // No file's content is what was approved here, or it would be put back as a file.
      return Verdict(findings: findings, contentStands: false)
    }
    if file.links > 1 {
      findings.append(
        Finding(
          .pathReplaced, field: "file",
          "The file has \(file.links) names (hard links), so it can be changed by another one."))
    }
    if let finding = permissionsFinding(file) { findings.append(finding) }
    return Verdict(findings: findings, contentStands: content.isEmpty)
  }

  private func permissionsFinding(_ file: ObservedFile) -> Finding? {
    guard let uid = expectation.form.uid else { return nil }
    let wanted = expectation.form.permissions
    var fields: [String] = []
    if file.uid != uid { fields.append("owner \(file.uid) instead of \(uid)") }
    if !acceptable(file.permissions) {
      fields.append("mode \(octal(file.permissions)) instead of \(octal(wanted))")
    }
    if fields.isEmpty { return nil }
    return Finding(
      .permissionsDrift, field: file.uid != uid ? "owner" : "mode",
      "The file's permissions changed: \(fields.joined(separator: ", ")).")
  }

  private func acceptable(_ permissions: UInt32) -> Bool {
    guard case .userWritable = expectation.form else {
      return permissions == expectation.form.permissions
    }
    // An editor that saves by renaming leaves 0644: no one gains by what others may read.
    return permissions & ~0o044 == 0o600
  }

  private func octal(_ permissions: UInt32) -> String {
    let digits = String(permissions, radix: 8)
    return String(repeating: "0", count: max(4 - digits.utf8.count, 0)) + digits
  }

  private func replaced(_ field: String, _ message: String) -> Verdict {
    drift(.pathReplaced, field: field, message)
  }

  private func drift(_ kind: Finding.Kind, field: String? = nil, _ message: String) -> Verdict {
    Verdict(findings: [Finding(kind, field: field, message)], contentStands: false)
  }
}
