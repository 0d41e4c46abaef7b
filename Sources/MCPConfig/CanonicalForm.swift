extension JSON {
  /// Exactly what Python's `json.dumps(obj, sort_keys=True)` prints, so that an auditor can recompute
  /// every figure with one line of Python.
  public var canonicalForm: [UInt8] {
    var form: [UInt8] = []
    form.reserveCapacity(1024)
    appendCanonicalForm(to: &form)
    return form
  }

  /// SHA-256 of the canonical form.
  public var canonicalSHA256: SHA256Digest { SHA256Digest(of: canonicalForm) }

  private func appendCanonicalForm(to form: inout [UInt8]) {
    switch content {
    case .null: form += "null".utf8
    case .bool(let bool): form += (bool ? "true" : "false").utf8
    case .number(let spelling): form += CanonicalNumber.print(spelling)
    case .string(let string): JSONText.appendASCII(string, to: &form)
    case .array(let elements):
      form.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { form += ", ".utf8 }
        element.appendCanonicalForm(to: &form)
      }
      form.append(UInt8(ascii: "]"))
    case .object(let members):
      form.append(UInt8(ascii: "{"))
      for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
        if index > 0 { form += ", ".utf8 }
        JSONText.appendASCII(member.key, to: &form)
        form += ": ".utf8
        member.value.appendCanonicalForm(to: &form)
      }
      form.append(UInt8(ascii: "}"))
    }
  }
}
