import Glibc
import Linux
import MCPConfig
import Policy
import Signatures

/// What the signature beside a file is worth under a policy, without the daemon.
struct SignCheck {
  private let path: String
  private let options: CommonOptions
  private let figures: FileDigest.Figures
  private let check: SignatureCheck
  private let history: SerialHistory
  private let policyPath: String
  private let isPinned: Bool?
  /// A server that nobody may have.
  private let refused: ApprovalRefusal?

  init(
    _ input: InputFile, policy: String?, _ options: CommonOptions, now: WallTime
  ) throws(Failure) {
    path = input.path
    self.options = options
    figures = try Approval.figures(of: input)
    policyPath = policy ?? options.onHost("/etc/mcpolicyd/policy.json")
    let rules = try FileJudge.policy(policyPath)
    guard let trust = rules.trust else {
      throw Failure(
        .badInput,
        "\(ByteString(policyPath).escaped) trusts no signatures: it has no approved.trust")
    }
    let canonical = figures.canonical
    isPinned = rules.approvedPin.map { $0 == canonical }
    history = SerialHistory(options)
    refused = (try? ApprovedCopy(bytes: input.bytes)).flatMap { rules.refusals(of: $0).first }
    check = trust.check(
      input.bytes, figures.document,
      signature: try InputFile.required(path + ".sig").bytes,
      at: Timestamp(seconds: now.microseconds / 1_000_000),
      highest: history.isInForce(canonical) ? nil : history.highest)
  }

  func run(on console: Console) -> Outcome {
    if options.json { console.print(json) } else { console.print(text) }
    return refusal == nil ? .fine : .findings
  }

  private var refusal: String? {
    if let refusal = check.refusal { return refusal.reason }
    if isPinned == false { return "the file isn't what the policy pins" }
    return refused.map { "\($0.position): \($0.sentence)" }
  }

  private var json: JSON {
    [
      "path": .text(path), "signature": .text(path + ".sig"), "valid": .bool(refusal == nil),
      "reason": .optional(refusal), "principal": .optional(check.signer?.principal),
      "rule": .optional(check.signer?.place), "key_type": .optional(check.key?.type.rawValue),
      "key": .optional(check.key?.fingerprint), "serial": check.serial.map { .int($0) } ?? .null,
      "highest_serial": history.highest.map { .int($0.serial) } ?? .null,
      "serial_compared": .bool(history.isKnown),
      "canonical_sha256": .text(figures.canonical.hexadecimal),
    ]
  }

  private var text: String {
    let name = ByteString(path + ".sig").escaped
    var lines = [
      refusal.map { "\(name): refused: \($0)" } ?? "\(name): valid"
    ]
    if let key = check.key {
      // Of a signature that doesn't fit, anyone may have put any key there.
      let claim = check.refusal?.mayBeHalfReplaced == true ? " (as it claims)" : ""
      lines.append("  key        \(key.type.rawValue) \(key.fingerprint)\(claim)")
    }
    if let signer = check.signer {
      lines.append(
        "  principal  \(ByteString(signer.principal).escaped) (\(ByteString(signer.place).escaped))"
      )
      if signer.validAfter != nil || signer.validBefore != nil {
        let start = signer.validAfter.map { "from \($0) " } ?? ""
        let end = signer.validBefore.map { "before \($0)" } ?? ""
        lines.append("  valid      \(start)\(end)")
      }
    }
    lines.append("  serial     \(check.serial.map { String($0) } ?? "none")\(history.text)")
    lines.append("  canonical  \(figures.canonical)")
    return lines.joined(separator: "\n")
  }
}

/// The serials that this host has had, for who may read its baseline.
private struct SerialHistory {
  var highest: HighestSerial?
  private var inForce: SHA256Digest?
  /// Why nothing is known.
  private var unknown: String?

  var isKnown: Bool { unknown == nil }

  init(_ options: CommonOptions) {
    let path = options.onHost("/var/lib/mcpolicyd/baseline")
    do throws(SystemError) {
      guard let record = try StoredBaseline.newestRecord(path) else { return }
      inForce = record["canonical_sha256"]?.string.flatMap(SHA256Digest.init(hexadecimal:))
      if let serial = record["highest_serial"]?.integer,
        let digest = record["highest_serial_sha256"]?.string
          .flatMap(SHA256Digest.init(hexadecimal:))
      {
        highest = HighestSerial(serial, digest)
      }
    } catch {
      unknown =
        error.errno == ENOENT ? "there is no baseline here" : "\(path): \(error.reason)"
    }
  }

  func isInForce(_ digest: SHA256Digest) -> Bool { inForce == digest }

  /// What stands behind a file's own serial.
  var text: String {
    if let unknown { return "; not compared: \(ByteString(unknown).escaped)" }
    return highest.map { "; the newest on this host is \($0.serial)" } ?? "; this host has had none"
  }
}
