import Foundation
import MCPConfig

/// What the library in Tests/Faults/Preload did to a call of the daemon.
public struct DoneFault: Equatable {
  public var act: String
  public var call: String
  public var path: String
}

extension RunningDaemon {
  private static let control = "faults"

  /// Made here and not by the package, which would link it with a Swift runtime of its own.
  private static let faultLibrary: String = {
    let library = NSTemporaryDirectory() + "mcpolicyd-faults-\(getpid()).so"
    let sources = packageFolder + "/Tests/Faults/Preload"
    let compiler = #"exec "${CC:-$(command -v clang || command -v cc || command -v gcc)}" "$@""#
    let command =
      ["sh", "-c", compiler, "sh", "-shared", "-fPIC", "-O1", "-pthread", "-o", library]
      + ["calls.c", "control.c", "rules.c"].map { "\(sources)/\($0)" } + ["-ldl"]
    let complaints = library + ".log"
    let status = wait(spawn(command, stderr: complaints))
    precondition(status == 0, (try? String(contentsOfFile: complaints, encoding: .utf8)) ?? "")
    unlink(complaints)
    atexit { unlink(RunningDaemon.faultLibrary) }
    return library
  }()

  /// Starts it with the library preloaded; `setFaults` then decides what happens to its calls.
  public func startFaulty(_ rules: [String] = [], journal: String? = nil) {
    setFaults(rules)
    start(under: faultEnvironment(journal: journal))
  }

  public func faultEnvironment(journal: String? = nil) -> [String] {
    ["env", "LD_PRELOAD=\(Self.faultLibrary)", "FAULTS=\(root.at(Self.control))"]
      + (journal.map { ["FAULTS_JOURNAL=\(root.at($0))"] } ?? [])
  }

  /// Puts these rules in place of those before; see Faults.h for what they say.
  public func setFaults(_ rules: [String]) {
    root.write("\(Self.control).new", rules.map { "\($0)\n" }.joined())
    root.move("\(Self.control).new", Self.control)
  }

  /// What was done so far, in order.
  public var doneFaults: [DoneFault] {
    (root.read("\(Self.control).log") ?? "").split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ", maxSplits: 2).map(String.init)
      return words.count == 3 ? DoneFault(act: words[0], call: words[1], path: words[2]) : nil
    }
  }

  /// Whether its process has ended, by whatever cause; `wait` then tells which.
  public var hasEnded: Bool {
    var found = siginfo_t()
    waitid(P_PID, id_t(processID), &found, WEXITED | WNOHANG | WNOWAIT)
    return found.si_signo == SIGCHLD
  }

  public func forgetDoneFaults() { truncate(root.at("\(Self.control).log"), 0) }
}

/// One tampering with a target, which its bytes tell from every other.
public struct MarkedDrift {
  public let text: String
  public let sha256: String

  public init() {
    text = #"{"mcpServers":{"evil-\#(UInt64.random(in: 0...UInt64.max))":{"command":"/tmp/evil"}}}"#
    sha256 = SHA256Digest(of: Array(text.utf8)).hexadecimal
  }

  /// As an editor does it: a new file over the old one.
  public func apply(to root: TemporaryRoot, _ file: String = RunningDaemon.file) {
    let new = file.split(separator: "/").prefix(2).joined(separator: "/") + "/new"
    root.write(new, text)
    root.move(new, file)
  }
}

extension RunningDaemon {
  /// The incidents that tell of exactly these bytes.
  public func incidents(of drift: MarkedDrift) -> [ToldIncident] {
    incidents.filter { $0.values("SHA256_FOUND") == [drift.sha256] }
  }

  public func hasTold(_ drift: MarkedDrift, action: String = "restored") -> Bool {
    incidents(of: drift).contains { $0.value("ACTION") == action }
  }

  public func keepsEvidence(of drift: MarkedDrift) -> Bool {
    root.read("var/lib/mcpolicyd/evidence/\(drift.sha256)") == drift.text
  }

  /// The answer of `mcpolicyctl status --json`, waited for: a socket that a killed daemon left doesn't
  /// answer.
  public var status: JSON? {
    var answer: JSON?
    _ = eventually {
      let result = control(["status", "--json"])
      answer = result.status == 0 ? try? JSON(parsing: Array(result.output.utf8)) : nil
      return answer != nil
    }
    return answer
  }
}
