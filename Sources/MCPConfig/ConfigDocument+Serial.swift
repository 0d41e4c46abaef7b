/// The number by which an approved configuration is told from an older one.
///
/// It stands inside the document, `"mcpolicyd": {"serial": 7}`, so that a signature covers it. Clients
/// don't look at that key.
public enum ApprovalSerial: Hashable, Sendable {
  case none
  /// Not a whole number from 1 to 2^53 - 1, which every client keeps as it is, or not alone.
  case malformed
  case number(Int)

  public static let limit = 1 << 53 - 1

  public var number: Int? {
    if case .number(let number) = self { number } else { nil }
  }
}

extension ConfigDocument {
  public var serial: ApprovalSerial {
    guard let own = root["mcpolicyd"] else { return .none }
    guard let members = own.members, members.count == 1, members[0].key == "serial",
      let number = members[0].value.integer, 1...ApprovalSerial.limit ~= number
    else { return .malformed }
    return .number(number)
  }
}

/// The newest serial that a host has had in force, and the configuration that had it.
public struct HighestSerial: Sendable, Hashable {
  public var serial: Int
  public var canonicalSHA256: SHA256Digest

  public init(_ serial: Int, _ canonicalSHA256: SHA256Digest) {
    self.serial = serial
    self.canonicalSHA256 = canonicalSHA256
  }

  /// What it becomes with one more configuration in force, whoever approved that.
  public static func after(_ highest: HighestSerial?, _ document: ConfigDocument) -> HighestSerial?
  {
    guard let serial = document.serial.number, serial > highest?.serial ?? 0 else { return highest }
    return HighestSerial(serial, document.root.canonicalSHA256)
  }
}
