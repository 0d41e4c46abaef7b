import MCPConfig

/// Where one server's definition isn't the approved one.
struct DefinitionComparison {
  let found: ServerEntry
  let approved: ServerEntry
  let tolerate: Set<Policy.Tolerance>

  var findings: [Finding] {
    guard found.definition.members != nil, approved.definition.members != nil else {
      if found.definition.isCanonicallyEqual(to: approved.definition) { return [] }
      return [
        Finding(
          .serverDrift, server: found.name, field: found.section.rawValue,
          "\(subject) is \(found.definition.typeName); approved is "
            + "\(approved.definition.typeName).")
      ]
    }
    return differences(found.definition, approved.definition).compactMap(finding(on:))
  }

  private func finding(on difference: Difference) -> Finding? {
    switch difference.key {
    case "disabled": switchFinding(difference)
    case "autoApprove": approvalFinding(difference, mayOnly: .shrink)
    case "disabledTools": approvalFinding(difference, mayOnly: .grow)
    default: drift(difference.key)
    }
  }

  private func switchFinding(_ difference: Difference) -> Finding? {
    switch (isDisabled(difference.found), isDisabled(difference.approved)) {
    case (false?, true?):
      widened("disabled", "\(subject) was switched on; it is approved only switched off.")
    // To clients, absent is the same as false: switching off and on again leaves one of the two.
    case (_?, _?): tolerate.contains(.disabled) ? nil : drift("disabled")
    default: drift("disabled")
    }
  }

  /// Nil for a value that isn't a boolean, which clients read in different ways.
  private func isDisabled(_ value: JSON?) -> Bool? {
    guard let value else { return false }
    return value.bool
  }

  private enum Direction { case shrink, grow }

  private func approvalFinding(_ difference: Difference, mayOnly direction: Direction) -> Finding? {
    let key = difference.key
    guard let now = strings(difference.found), let before = strings(difference.approved) else {
      return drift(key)
    }
    let narrower = direction == .shrink ? now.isSubset(of: before) : now.isSuperset(of: before)
    guard narrower else {
      return widened(key, "\"\(key.text)\" of \(subject) allows more than was approved.")
    }
    return tolerate.contains(.narrowerApprovals) ? nil : drift(key)
  }

  /// Nil for anything but strings.
  private func strings(_ value: JSON?) -> Set<ByteString>? {
    guard let value else { return [] }
    guard let elements = value.elements else { return nil }
    let strings = elements.compactMap(\.string)
    return strings.count == elements.count ? Set(strings) : nil
  }

  private var subject: String { "server \"\(found.name.shown)\"" }

  private func drift(_ key: ByteString) -> Finding {
    let field = SafeName(key).text
    return Finding(
      .serverDrift, server: found.name, field: field,
      "\"\(field)\" of \(subject) isn't as it was approved.")
  }

  private func widened(_ key: ByteString, _ message: String) -> Finding {
    Finding(.approvalWidened, server: found.name, field: key.text, message)
  }
}

/// A key under which two objects don't hold the same.
struct Difference {
  var key: ByteString
  var found: JSON?
  var approved: JSON?
}

/// The keys whose values differ in canonical form, in byte order.
func differences(_ found: JSON, _ approved: JSON) -> [Difference] {
  let (found, approved) = (found.members ?? [], approved.members ?? [])
  let isOneOrder =
    found.count == approved.count && zip(found, approved).allSatisfy { $0.key == $1.key }
  let differences =
    isOneOrder
    ? zip(found, approved).compactMap { difference($0.key, $0.value, $1.value) }
    : differencesByKey(found, approved)
  return differences.sorted { $0.key < $1.key }
}

/// By dictionaries, so that objects of many keys cost no more than linear time.
private func differencesByKey(
  _ found: [JSON.Member], _ approved: [JSON.Member]
) -> [Difference] {
  let found = valuesByKey(found)
  let approved = valuesByKey(approved)
  return Set(found.keys).union(approved.keys).compactMap { key in
    difference(key, found[key], approved[key])
  }
}

private func difference(_ key: ByteString, _ found: JSON?, _ approved: JSON?) -> Difference? {
  if let found, let approved, found.isCanonicallyEqual(to: approved) { return nil }
  return Difference(key: key, found: found, approved: approved)
}

private func valuesByKey(_ members: [JSON.Member]) -> [ByteString: JSON] {
  Dictionary(members.lazy.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
}
