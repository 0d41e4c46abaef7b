import ArgumentParser
import Glibc
import Linux
import MCPConfig
import Policy

struct Check: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "Judges files as the daemon would, against the policy and what it approves.",
    discussion: "Needs no daemon. Exit status 1: at least one file isn't compliant.")

  @OptionGroup var options: CommonOptions

  @Option(help: ArgumentHelp("The policy, if not /etc/mcpolicyd/policy.json.", valueName: "file"))
  var policy: String?

  @Option(
    help: ArgumentHelp(
      "The approved configuration, if not the one the policy names.", valueName: "file"))
  var approved: String?

  @Option(
    help: ArgumentHelp(
      "Judge as this user's target; without, as one of the approved configuration itself.",
      valueName: "name"))
  var user: String?

  @Argument(help: "The files.")
  var file: [String]

  func execute(on console: Console) throws -> Outcome {
    let bench = try CheckBench(self)
    let checked = file.map { bench.check($0) }
    if options.json {
      console.print(["files": .array(checked.map(\.json))])
    } else {
      for file in checked { console.print(CheckText.text(file, console.style)) }
    }
    if checked.contains(where: \.isMissing) { return .badInput }
    return checked.allSatisfy { $0.word == "compliant" } ? .fine : .findings
  }
}

/// What files are held against.
struct CheckBench {
  private let expectation: Expectation

  init(_ command: Check) throws(Failure) {
    let policy = try Self.policy(command)
    let copy = try Self.approved(command, policy)
    let user = try command.user.map { name throws(Failure) in
      guard let account = Account.named(name) else {
        throw Failure(.badInput, "there is no user \(ByteString(name).escaped)")
      }
      return UserIdentity(uid: account.uid, name: account.name, groups: account.groupNames)
    }
    expectation = Expectation(
      copy: copy.effective(for: user, under: policy.whitelist),
      // Whose the file is and with what mode is the daemon's to judge, at a target.
      form: .userWritable(uid: 0), user: user, client: .kiro, whitelist: policy.whitelist,
      tolerate: policy.tolerate)
  }

  private static func policy(_ command: Check) throws(Failure) -> Policy {
    let path = command.policy ?? command.options.onHost("/etc/mcpolicyd/policy.json")
    let bytes = try InputFile.required(path).bytes
    do {
      return try Policy(parsing: bytes, file: path)
    } catch {
      throw Failure(.badInput, ByteString(error.description).escaped)
    }
  }

  private static func approved(_ command: Check, _ policy: Policy) throws(Failure) -> ApprovedCopy {
    let path = command.approved ?? command.options.onHost(policy.approvedFile)
    let bytes = try InputFile.required(path).bytes
    let name = ByteString(path).escaped
    let copy: ApprovedCopy
    do {
      copy = try ApprovedCopy(bytes: bytes)
    } catch {
      throw Failure(.badInput, "\(name):\(error)")
    }
    // The daemon wouldn't adopt it either.
    if command.approved == nil, let pin = policy.approvedPin, pin != copy.canonicalSHA256 {
      throw Failure(
        .badInput,
        "\(name) isn't what the policy pins: its canonical SHA-256 is "
          + copy.canonicalSHA256.hexadecimal)
    }
    return copy
  }

  func check(_ path: String) -> CheckedFile {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try InputFile(path).bytes
    } catch {
      return CheckedFile(
        path: path, word: "unreadable", isMissing: error.errno != EFBIG,
        findings: [
          Finding(.unreadableConfig, "The file can't be read: \(InputFile.reason(error)).")
        ]
      )
    }
    let observed = ObservedFile(bytes: bytes, uid: 0, gid: 0, permissions: 0o600, links: 1)
    // That the central target was tampered with is nothing a file elsewhere can show.
    let findings = judge(.regular(observed), against: expectation).findings
      .filter { $0.kind != .baselineTampered }
    let isReadable = (try? JSON(parsing: bytes, as: expectation.client.dialect)) != nil
    let word = !isReadable ? "unreadable" : findings.isEmpty ? "compliant" : "drift"
    return CheckedFile(path: path, word: word, isMissing: false, findings: findings)
  }
}
