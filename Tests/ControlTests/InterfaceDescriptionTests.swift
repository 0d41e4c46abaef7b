import MCPConfig
import Testing

@testable import Control

@Suite struct InterfaceDescriptionTests {
  /// What stands after `word` at the start of a line, up to the closing parenthesis.
  private func declarations(_ word: String) -> [String: [String]] {
    var found: [String: [String]] = [:]
    for line in InterfaceDescription.text.split(separator: "\n") where line.hasPrefix(word + " ") {
      let rest = line.dropFirst(word.count + 1)
      guard let open = rest.firstIndex(of: "(") else { continue }
      let close = rest.firstIndex(of: ")") ?? rest.endIndex
      let fields = rest[rest.index(after: open)..<close].split(separator: ",")
      found[String(rest[..<open])] = fields.map {
        String($0.drop { $0 == " " }.prefix { $0 != ":" })
      }
    }
    return found
  }

  @Test func everyVerbIsAMethodAndEveryMethodAVerb() {
    #expect(Set(declarations("method").keys) == Set(Verb.allCases.map(\.rawValue)))
  }

  @Test(arguments: Verb.allCases)
  func everyDeclaredParameterIsTaken(_ verb: Verb) throws {
    let needed = verb.needed
    // A boolean, which no parameter takes: so what is refused by its name was looked at.
    for name in try #require(declarations("method")[verb.rawValue]) {
      #expect(throws: ControlError.invalidParameter(name)) {
        try Request(verb, .object(needed.filter { $0.0 != name } + [(name, true)]))
      }
    }
    #expect(throws: ControlError.invalidParameter("undeclared")) {
      try Request(verb, .object(needed + [("undeclared", true)]))
    }
  }

  @Test func everyErrorIsDeclared() {
    let errors: [ControlError] = [
      .notAllowed(verb: "v", needs: "n"),
      .invalid(Complaint("m", file: "f", line: 1, column: 1)), .unprovisioned, .failed("m"),
    ]
    let declared = declarations("error")
    #expect(
      Set(declared.keys) == Set(errors.map { String($0.name.dropFirst("io.mcpolicyd.".count)) }))
    for error in errors {
      let fields = error.parameters.members?.map(\.key.text)
      #expect(declared[String(error.name.dropFirst("io.mcpolicyd.".count))] == fields)
    }
  }

  @Test func servedByIntrospection() throws {
    let rig = try Rig()
    let peer = try rig.connect()
    try peer.call("org.varlink.service.GetInfo")
    let info = try #require(try rig.reply(to: peer)["parameters"])
    #expect(info["version"]?.string == "1.2.3")
    #expect(
      info["interfaces"]?.elements?.map(\.string) == ["org.varlink.service", "io.mcpolicyd"])
    for name in ["org.varlink.service", "io.mcpolicyd"] {
      try peer.call("org.varlink.service.GetInterfaceDescription", #"{"interface":"\#(name)"}"#)
      let text = try rig.reply(to: peer)["parameters"]?["description"]?.string?.text
      #expect(text?.contains("\ninterface \(name)\n") == true)
    }
    try peer.call("org.varlink.service.GetInterfaceDescription", #"{"interface":"a.b"}"#)
    #expect(
      try rig.reply(to: peer)["error"]?.string == "org.varlink.service.InterfaceNotFound")
  }
}
