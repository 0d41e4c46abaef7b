import Glibc
import Linux
import MCPConfig
import Policy

/// The policy, what it approves, and what is in force.
enum PolicyChecks {
  static func diagnoses(_ host: HostView) -> [Diagnosis] {
    var found: [Diagnosis] = []
    switch host.policy {
    case .failure(let diagnosis): found.append(diagnosis)
    case .success(let policy):
      found.append(
        .ok(
          "policy",
          "holds: \(policy.mode.rawValue), \(counted(policy.targets.count, "target")), "
            + "\(counted(policy.whitelist.rules.count, "whitelist entry", "whitelist entries"))"))
      if let stale = stale(host) { found.append(stale) }
      found += approved(policy, host)
    }
    if let failure = host.daemon?["reload_failure"]?.string {
      found.append(
        .problem(
          "policy", "the last reload failed, and the policy before it is in force: \(failure.text)",
          mend: "mend it, then: mcpolicyctl reload"))
    }
    return found + baseline(host)
  }

  /// Whether the file was changed since the daemon read it.
  private static func stale(_ host: HostView) -> Diagnosis? {
    guard let read = host.daemon?.shown("policy_read").flatMap({ WallTime(rfc3339: $0) }),
      let status = FileStatus.ofTrusted(FilePath(host.policyPath))
    else { return nil }
    guard status.changed / 1000 > read.microseconds else { return nil }
    return .warning(
      "policy", "\(host.policyPath) was changed after the daemon read it",
      mend: "mcpolicyctl reload --dry-run, then: mcpolicyctl reload")
  }

  private static func approved(_ policy: Policy, _ host: HostView) -> [Diagnosis] {
    let path = host.options.onHost(policy.approvedFile)
    let copy: ApprovedCopy
    do {
      copy = try ApprovedCopy(bytes: try InputFile.required(path).bytes)
    } catch let error as JSONError {
      return [
        .problem(
          "approved", "\(path):\(error.position): \(FileDigest.message(error))",
          mend: "mend the file: until then what was approved last stays in force")
      ]
    } catch {
      let message = (error as? Failure)?.message ?? "\(path) can't be read"
      return Seen(path).isAbsent || geteuid() == 0
        ? [.problem("approved", message, mend: "put the approved configuration there")]
        : [.unseen("approved", message, mend: "run it as root")]
    }
    if let wrong = copy.document.misshapen.first {
      return [
        .problem(
          "approved", "\(path): a client expects \(wrong.wanted), not \(wrong.found)",
          mend: "mend the file: until then what was approved last stays in force")
      ]
    }
    if let pin = policy.approvedPin, pin != copy.canonicalSHA256 {
      return [
        .warning(
          "approved", "\(path) isn't what the policy pins",
          mend: "deploy the file and its pin together; mcpolicyctl digest \(path) says its digest")
      ]
    }
    if let inForce = host.daemon?["baseline"]?["canonical_sha256"]?.string?.text,
      inForce != copy.canonicalSHA256.hexadecimal
    {
      return [
        .warning(
          "approved", "\(path) isn't the baseline in force",
          mend: policy.trust == nil
            ? "mcpolicyctl diff \(path); if it is meant: mcpolicyctl approve \(path)"
            : "mcpolicyctl approve --sign-check \(path) says what its signature is worth")
      ]
    }
    return [
      .ok(
        "approved",
        "\(path), \(counted(copy.document.servers.count, "server")), "
          + short(copy.canonicalSHA256.hexadecimal))
    ]
  }

  private static func baseline(_ host: HostView) -> [Diagnosis] {
    guard let status = host.daemon else { return [StoredBaseline.diagnosis(host)] }
    var found: [Diagnosis] = []
    if status["state"]?.string == "unprovisioned" {
      found.append(
        .warning(
          "baseline", "nothing was approved yet, so nothing is judged and nothing touched",
          mend: "mcpolicyctl approve \(host.options.onHost("/etc/mcpolicyd/mcp.json"))"))
    } else if let digest = status["baseline"]?.shown("canonical_sha256") {
      found.append(
        .ok(
          "baseline",
          "\(short(digest)), approved by \(status["baseline"]?.shown("approved_by") ?? "?")")
      )
    }
    for problem in status.list("problems").compactMap({ $0.string?.text }) {
      let isDamage = problem.utf8.starts(with: "the baseline store is damaged".utf8)
      found.append(
        isDamage
          ? .problem(
            "baseline", problem, mend: "find out who wrote there, then: mcpolicyctl approve FILE")
          : .warning("daemon", problem, mend: "journalctl -t mcpolicyd -x explains each kind"))
    }
    return found
  }
}

/// The baseline store without the daemon, for who may read it.
enum StoredBaseline {
  static func diagnosis(_ host: HostView) -> Diagnosis {
    let path = host.options.onHost("/var/lib/mcpolicyd/baseline")
    do throws(SystemError) {
      return try diagnosis(
        path, try Descriptor.open(trusted: FilePath(path), O_RDONLY | O_DIRECTORY))
    } catch {
      return error.errno == EACCES
        ? .unseen(
          "baseline", "\(path) is closed to you, and no daemon answers", mend: "run it as root")
        : .warning(
          "baseline", "\(path): \(error.reason)", mend: "mcpolicyctl approve FILE makes one")
    }
  }

  private static func diagnosis(
    _ path: String, _ folder: borrowing Descriptor
  ) throws(SystemError) -> Diagnosis {
    guard let newest = try newestNumber(folder) else {
      return .warning(
        "baseline", "nothing was approved yet", mend: "mcpolicyctl approve FILE makes one")
    }
    let limit = JSONLimits().size
    let record = (try? folder.readFile(FilePath("\(newest).json"), limit: limit)) ?? nil
    let bytes = (try? folder.readFile(FilePath("\(newest).mcp.json"), limit: limit)) ?? nil
    guard let record, let bytes, let json = try? JSON(parsing: record),
      json["bytes_sha256"]?.string?.text == SHA256Digest(of: bytes).hexadecimal
    else {
      return .problem(
        "baseline", "\(path)/\(newest).mcp.json isn't what its record says",
        mend: "find out who wrote there, then: mcpolicyctl approve FILE")
    }
    return .ok("baseline", "record \(newest) and its copy are whole")
  }

  private static func newestNumber(_ folder: borrowing Descriptor) throws(SystemError) -> Int? {
    try folder.names().compactMap { name in
      name.text.hasSuffix(".json") ? Int(name.text.dropLast(".json".count)) : nil
    }.max()
  }

  /// The record in force; nil if there is none.
  static func newestRecord(_ path: String) throws(SystemError) -> JSON? {
    let folder = try Descriptor.open(trusted: FilePath(path), O_RDONLY | O_DIRECTORY)
    guard let newest = try newestNumber(folder),
      let bytes = try folder.readFile(FilePath("\(newest).json"), limit: JSONLimits().size)
    else { return nil }
    return try? JSON(parsing: bytes)
  }
}
