extension JSON {
  /// Whether both have the same canonical form, without printing either.
  public func isCanonicallyEqual(to other: JSON) -> Bool {
    switch (content, other.content) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.number(let left), .number(let right)):
      left == right || CanonicalNumber.print(left) == CanonicalNumber.print(right)
    case (.string(let left), .string(let right)): left == right
    case (.array(let left), .array(let right)):
      left.count == right.count && zip(left, right).allSatisfy { $0.isCanonicallyEqual(to: $1) }
    case (.object(let left), .object(let right)): Self.areEqual(left, right)
    default: false
    }
  }

  private static func areEqual(_ left: [Member], _ right: [Member]) -> Bool {
    guard left.count == right.count else { return false }
    // Most that is equal also stands in one order; the others are sorted, as the form is.
    let isOneOrder = zip(left, right).allSatisfy { $0.key == $1.key }
    let pairs =
      isOneOrder ? zip(left, right) : zip(left.sorted(by: precedes), right.sorted(by: precedes))
    return pairs.allSatisfy { $0.key == $1.key && $0.value.isCanonicallyEqual(to: $1.value) }
  }

  private static func precedes(_ left: Member, _ right: Member) -> Bool { left.key < right.key }
}
