import Foundation
import MCPConfig
import Support
import Testing

extension AttackTests {
  /// Peers of the control socket that mean no good.
  @Suite(Needs.root) struct ControlTests {
    struct Case: CustomTestStringConvertible, Sendable {
      var attack: String
      var slower = 1
      var peers = 1
      var testDescription: String { attack }
    }

    static let cases = [
      Case(attack: "control-slow", slower: 3, peers: 2), Case(attack: "control-half"),
      Case(attack: "control-flood", peers: 4), Case(attack: "control-huge", slower: 100),
      Case(attack: "control-deep", slower: 3), Case(attack: "control-deaf"),
      Case(attack: "control-noise"),
    ]

    @Test(arguments: cases) func peer(_ attack: Case) {
      let field = Field()
      let rounds = Scale.rounds(slower: attack.slower)
      let descriptors = field.descriptorCount
      field.survives(
        "\(attack.attack) by \(attack.peers)", rounds: rounds, kinds: ["unauthorized-server"]
      ) {
        // Something to tell them.
        field.attack("tampered", rounds: 50).finish()
        let peers = (0..<attack.peers).map { _ in
          field.attack(attack.attack, rounds: rounds, [field.socket])
        }
        // Meanwhile root is answered, and what drifts is restored.
        #expect(field.control(["status"]) != nil)
        field.attack("tampered", rounds: 1).finish()
        #expect(eventually { field.isApproved })
        return peers
      }
      #expect(field.peakMemory < 256)
      #expect(eventually { field.descriptorCount <= descriptors + 8 })
      #expect(field.daemon.stop() == 0)
    }

    /// Every verb but those for everyone says who may ask for it, whatever is asked, and changes
    /// nothing.
    @Test func verbsWithoutRights() throws {
      let field = Field()
      let forEveryone: Set = [
        "Status", "Rights", "ListTargets", "ListIncidents", "WatchIncidents", "GetIncident",
        "ListGrants", "ListRequests", "RequestServer",
      ]
      let methods = try declaredMethods(field).filter { !forEveryone.contains($0) }
      #expect(methods.contains("Approve") && methods.contains("Sweep"))
      let before = Self.status(field)
      field.survives("verbs without rights", rounds: methods.count) {
        for method in methods {
          for parameters in ["{}", #"{"content":"{}","server":"git","reason":"x"}"#] {
            let answer = call(
              field, #"{"method":"io.mcpolicyd.\#(method)","parameters":\#(parameters)}"#)
            #expect(answer.contains("io.mcpolicyd.NotAllowed"), "\(method): \(answer)")
          }
        }
        return []
      }
      #expect(Self.status(field) == before)
    }

    @Test func incidentsOfOthersStayTheirs() {
      let field = Field()
      field.survives("incidents of others", rounds: 1) {
        let bystander = field.bystander
        bystander.tamper()
        #expect(eventually { bystander.approvedBytes == field.approved })
        for parameters in ["{}", #"{"user":"\#(bystander.name)"}"#, #"{"user":""}"#] {
          let answer = call(
            field, #"{"method":"io.mcpolicyd.ListIncidents","parameters":\#(parameters)}"#)
          #expect(!answer.contains("/\(bystander.name)/"), "\(answer)")
        }
        let targets = call(field, #"{"method":"io.mcpolicyd.ListTargets"}"#)
        #expect(!targets.contains("/\(bystander.name)/") && !targets.contains("/bob/"))
        return []
      }
    }

    /// The methods that the daemon's own description declares.
    private func declaredMethods(_ field: Field) throws -> [String] {
      let answer = call(
        field,
        #"{"method":"org.varlink.service.GetInterfaceDescription","parameters":{"interface":"io.mcpolicyd"}}"#
      )
      let reply = try JSON(parsing: Array(answer.utf8))
      let text = reply["parameters"]?["description"]?.string?.text ?? ""
      return text.split(separator: "\n").filter { $0.hasPrefix("method ") }.map { line in
        String(line.dropFirst("method ".count).prefix { $0.isLetter })
      }
    }

    private func call(_ field: Field, _ message: String) -> String {
      let peer = field.attack("control-call", rounds: 1, [field.socket, message])
      #expect(peer.finish() == 0)
      return peer.text
    }

    /// What an unlawful change would show in.
    private static func status(_ field: Field) -> [String] {
      let status = field.control(["status"])
      return [
        "\(status?["generation"]?.integer ?? -1)",
        status?["baseline"]?["canonical_sha256"]?.string?.text ?? "?",
      ]
    }
  }
}
