extension ConfigDocument.Misshapen {
  /// Keys of a server's definition whose type isn't the one that clients read, so that each makes of
  /// it what it likes. Keys that no client is known to read may be anything.
  static func ofServer(_ name: ByteString, _ definition: JSON) -> [Self] {
    guard let members = definition.members else {
      return [Self(server: name, field: "", found: definition.typeName, wanted: "an object")]
    }
    var found: [Self] = []
    for member in members {
      guard let shape = Shape.ofKey(member.key), !shape.fits(member.value) else { continue }
      found.append(
        Self(
          server: name, field: member.key.text, found: shape.misfit(member.value),
          wanted: shape.name))
    }
    let hasCommand = members.contains { "command" ~= $0.key }
    let hasURL = members.contains { "url" ~= $0.key }
    if hasCommand, hasURL {
      found.append(Self(server: name, field: "url", found: "both", wanted: "command or url"))
    } else if !hasCommand, !hasURL {
      found.append(Self(server: name, field: "command", found: "neither", wanted: "command or url"))
    }
    return found
  }

  private enum Shape {
    case text, number, bool, texts, textByKey, object

    static func ofKey(_ key: ByteString) -> Shape? {
      switch key {
      case "command", "cwd", "url", "type": .text
      case "args", "autoApprove", "disabledTools": .texts
      case "env", "headers": .textByKey
      case "disabled": .bool
      case "timeout": .number
      case "oauth": .object
      default: nil
      }
    }

    var name: String {
      switch self {
      case .text: "a string"
      case .number: "a number"
      case .bool: "a boolean"
      case .texts: "an array of strings"
      case .textByKey: "an object of strings"
      case .object: "an object"
      }
    }

    func fits(_ value: JSON) -> Bool {
      switch self {
      case .text: value.string != nil
      case .number: if case .number = value.content { true } else { false }
      case .bool: value.bool != nil
      case .texts: value.elements?.allSatisfy { $0.string != nil } == true
      case .textByKey: value.members?.allSatisfy { $0.value.string != nil } == true
      case .object: value.members != nil
      }
    }

    /// What is wrong with it, which for a list may be one of its elements.
    func misfit(_ value: JSON) -> String {
      let inner: JSON? =
        switch self {
        case .texts: value.elements?.first { $0.string == nil }
        case .textByKey: value.members?.first { $0.value.string == nil }?.value
        case .text, .number, .bool, .object: nil
        }
      return inner.map { "one with \($0.typeName)" } ?? value.typeName
    }
  }
}
