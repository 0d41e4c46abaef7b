import MCPConfig
import Policy

/// Whether one configuration gives no more than another, asked in the plainest way: dictionaries of
/// canonical forms, and nothing of the judge's own.
struct SecondOpinion {
  let approved: JSON
  let found: JSON
  let tolerate: Set<Policy.Tolerance>

  /// What should not have been let stand.
  var objection: String? {
    if found.canonicalForm == approved.canonicalForm { return nil }
    if let objection = sectionObjection(approved["mcpServers"], found["mcpServers"]) {
      return objection
    }
    let powers: ByteString = "powers"
    let inner = { (root: JSON) in root[powers]?["mcpServers"] }
    if let objection = sectionObjection(inner(approved), inner(found)) { return objection }
    return bare(approved) == bare(found) ? nil : "something outside of the servers differs"
  }

  private func sectionObjection(_ approved: JSON?, _ found: JSON?) -> String? {
    let before = dictionary(approved)
    let now = dictionary(found)
    if let found, found.members == nil, found.canonicalForm != approved?.canonicalForm {
      return "a section isn't an object"
    }
    for (name, server) in now {
      guard let old = before[name] else { return "there is another server, \(shown(name.bytes))" }
      if let objection = serverObjection(old, server) {
        return "\(objection) of \(shown(name.bytes))"
      }
    }
    let isMissing = before.keys.contains { now[$0] == nil }
    return isMissing && !tolerate.contains(.missingServers) ? "a server is missing" : nil
  }

  private func serverObjection(_ approved: JSON, _ found: JSON) -> String? {
    guard found.members != nil, approved.members != nil else {
      return found.canonicalForm == approved.canonicalForm ? nil : "the definition"
    }
    let before = dictionary(approved)
    let now = dictionary(found)
    for key in Set(before.keys).union(now.keys)
    where before[key]?.canonicalForm != now[key]?.canonicalForm {
      let narrower: Bool
      switch key {
      case "disabled":
        let (was, isNow) = (switched(before[key]), switched(now[key]))
        narrower = tolerate.contains(.disabled) && isNow != nil && was != nil && !(was! && !isNow!)
      case "autoApprove": narrower = isSubset(now[key], of: before[key])
      case "disabledTools": narrower = isSubset(before[key], of: now[key])
      default: narrower = false
      }
      if !narrower { return "\(shown(key.bytes))" }
    }
    return nil
  }

  /// Absent is off.
  private func switched(_ value: JSON?) -> Bool? { value == nil ? false : value?.bool }

  private func isSubset(_ part: JSON?, of whole: JSON?) -> Bool {
    guard tolerate.contains(.narrowerApprovals), let part = names(part), let whole = names(whole)
    else { return false }
    return part.allSatisfy(whole.contains)
  }

  private func names(_ value: JSON?) -> [ByteString]? {
    guard let value else { return [] }
    guard let elements = value.elements, elements.allSatisfy({ $0.string != nil }) else {
      return nil
    }
    return elements.compactMap(\.string)
  }

  private func dictionary(_ object: JSON?) -> [ByteString: JSON] {
    var dictionary: [ByteString: JSON] = [:]
    for member in object?.members ?? [] { dictionary[member.key] = member.value }
    return dictionary
  }

  /// The document without its sections; a `powers` that holds nothing else counts as none.
  private func bare(_ root: JSON) -> [UInt8] {
    guard var members = root.members else { return root.canonicalForm }
    members.removeAll { $0.key == "mcpServers" && $0.value.members != nil }
    for index in members.indices.reversed() where members[index].key == "powers" {
      guard var inner = members[index].value.members else { continue }
      inner.removeAll { $0.key == "mcpServers" && $0.value.members != nil }
      members[index].value = JSON(.object(inner))
      if inner.isEmpty { members.remove(at: index) }
    }
    return JSON(.object(members)).canonicalForm
  }
}
