import ArgumentParser
import Linux
import MCPConfig
import Policy

/// What files are judged by, for the verbs that need no daemon.
struct JudgingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The policy, if not /etc/mcpolicyd/policy.json.", valueName: "file"),
    completion: .file())
  var policy: String?

  @Option(
    help: ArgumentHelp(
      "The approved configuration, if not the one the policy names.", valueName: "file"),
    completion: .file())
  var approved: String?

  /// Whether files are held against this host's own policy and approved configuration.
  var isOfHost: Bool { policy == nil && approved == nil }

  @Option(
    help: ArgumentHelp(
      "Judge as this user's target; without, as one of the approved configuration itself.",
      valueName: "name"))
  var user: String?
}

/// What files are held against.
struct FileJudge {
  let policy: Policy
  let policyPath: String
  let approvedPath: String
  let expectation: Expectation

  /// - Parameter exceptions: what holds on the host beside the policy, where that is known.
  init(
    _ judging: JudgingOptions, _ common: CommonOptions, exceptions: Exceptions = Exceptions()
  ) throws(Failure) {
    policyPath = judging.policy ?? common.onHost("/etc/mcpolicyd/policy.json")
    var policy = try Self.policy(policyPath)
    policy.whitelist.exceptions = exceptions
    self.policy = policy
    approvedPath = judging.approved ?? common.onHost(policy.approvedFile)
    let copy = try Self.approved(
      approvedPath, pin: judging.approved == nil ? policy.approvedPin : nil)
    let user = try judging.user.map { name throws(Failure) in
      guard let user = HostAccounts.named(name, common) else {
        throw Failure(.badInput, "there is no user \(ByteString(name).escaped)")
      }
      return user
    }
    expectation = Expectation(
      copy: copy.effective(for: user, under: policy.whitelist),
      // Whose the file is and with what mode is the daemon's to judge, at a target.
      form: .userWritable(uid: 0), user: user, client: .kiro, whitelist: policy.whitelist,
      tolerate: policy.tolerate)
  }

  static func policy(_ path: String) throws(Failure) -> Policy {
    let bytes = try InputFile.required(path).bytes
    do {
      return try Policy(parsing: bytes, file: path)
    } catch {
      throw Failure(.badInput, ByteString(error.description).escaped)
    }
  }

  private static func approved(
    _ path: String, pin: SHA256Digest?
  ) throws(Failure) -> ApprovedCopy {
    let bytes = try InputFile.required(path).bytes
    let name = ByteString(path).escaped
    let copy: ApprovedCopy
    do {
      copy = try ApprovedCopy(bytes: bytes)
    } catch {
      throw Failure(.badInput, "\(name):\(error.position): \(FileDigest.message(error))")
    }
    // The daemon wouldn't adopt it either.
    if let pin, pin != copy.canonicalSHA256 {
      throw Failure(
        .badInput,
        "\(name) isn't what the policy pins: its canonical SHA-256 is "
          + copy.canonicalSHA256.hexadecimal)
    }
    return copy
  }

  /// The findings on a file of these bytes, wherever it lies.
  func findings(on bytes: [UInt8]) -> [Finding] {
    findings(
      on: .regular(ObservedFile(bytes: bytes, uid: 0, gid: 0, permissions: 0o600, links: 1)))
  }

  func findings(on observation: Observation) -> [Finding] {
    // That the central target was tampered with is nothing a file elsewhere can show.
    judge(observation, against: judged(observation)).findings
      .filter { $0.kind != .baselineTampered }
  }

  /// Only a symlink can be the approved one.
  private func judged(_ observation: Observation) -> Expectation {
    guard case .symlink = observation, policy.access == .link,
      case .absolute(let components)? = policy.central?.path
    else { return expectation }
    var expectation = expectation
    expectation.form = .link(to: ByteString(components.map { "/" + $0 }.joined()))
    return expectation
  }
}

/// A configuration that at least one program of its client reads, and why not every one does.
struct ReadConfiguration {
  var document: ConfigDocument
  /// Nil for strict JSON.
  var complaint: JSONError?

  init(_ document: ConfigDocument) {
    self.document = document
  }

  init(_ bytes: [UInt8]) throws(JSONError) {
    do throws(JSONError) {
      document = try ConfigDocument(parsing: bytes)
    } catch let strict {
      guard let document = try? ConfigDocument(parsing: bytes, as: .comments) else { throw strict }
      self.document = document
      complaint = strict
    }
  }
}

extension FileDigest {
  /// What is wrong with a text, without a key that may be a misplaced secret.
  static func message(_ error: JSONError) -> String {
    guard case .duplicateKey(let key) = error.reason else { return error.message }
    return "the key \"\(ShownValue.name(key).escaped)\" stands twice in one object"
  }
}
