import Foundation
import MCPConfig
import Support
import Testing

/// A daemon whose policy trusts one key, and the desk where that key is.
struct SignedHost {
  let daemon = RunningDaemon()
  let key: SigningKey
  static let file = "etc/mcpolicyd/mcp.json"

  init() {
    key = SigningKey("ed25519", in: daemon.root)
    setPolicy()
  }

  /// - Parameters:
  ///   - signer: members of the key's entry beside it.
  ///   - more: members of `approved`.
  func setPolicy(_ signer: String = "", more: String = "") {
    let trust = #"{"principal": "security@bank.example", "key": "\#(key.line)"\#(signer)}"#
    daemon.root.write(
      "etc/mcpolicyd/policy.json",
      RunningDaemon.policy(
        approved: #"{"file": "/etc/mcpolicyd/mcp.json", "trust": [\#(trust)]\#(more)}"#))
  }

  func content(_ serial: Int?, _ version: String = "1.0", server: String = "git") -> String {
    let member = serial.map { #", "mcpolicyd": {"serial": \#($0)}"# } ?? ""
    let definition = #"{"command": "uvx", "args": ["x@\#(version)"]}"#
    return #"{"mcpServers": {"\#(server)": \#(definition)}\#(member)}"#
  }

  /// Signs first and puts both in place by rename, the signature first, as a careful deployment does.
  func deploy(
    _ content: String, by signer: SigningKey? = nil, namespace: String = "mcpolicyd"
  ) {
    daemon.root.write("new", content)
    (signer ?? key).sign(daemon.root.at("new"), namespace: namespace)
    daemon.root.move("new.sig", Self.file + ".sig")
    daemon.root.move("new", Self.file)
  }

  /// Starts with this one in force.
  func start(_ content: String) {
    deploy(content)
    daemon.start()
    #expect(eventually { isInForce(content) })
  }

  func isInForce(_ content: String) -> Bool {
    daemon.root.read(RunningDaemon.file) == content
      && daemon.root.read("etc/kiro/mcp.json") == content
  }

  var refusals: [ToldIncident] {
    daemon.incidents.filter { $0.value("TARGET") == "approved" }
  }

  /// Waits for the incident that says so, and that nothing else changed.
  func expectRefused(_ reason: String, inForce: String, count: Int = 1) {
    #expect(eventually { refusals.contains { $0.message.contains(reason) } }, "\(reason)")
    #expect(refusals.count == count)
    #expect(refusals.allSatisfy { $0.value("KIND") == "baseline-tampered" })
    #expect(refusals.allSatisfy { $0.value("SEVERITY") == "critical" })
    #expect(refusals.allSatisfy { $0.value("ACTION") == "reported" })
    #expect(isInForce(inForce))
  }

  /// Waits until the status names the problem.
  func expectProblem(_ text: String) {
    #expect(
      eventually {
        (try? daemon.json(["status"]))?["problems"]?.elements?.contains {
          $0.string?.text.contains(text) == true
        } == true
      }, "\(text)")
  }
}
