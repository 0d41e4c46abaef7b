/// A pattern in which `*` stands for any bytes. One pass with one place to go back to, so that no
/// name makes it slow.
public struct Glob: Sendable {
  private let pattern: [UInt8]

  public init(pattern: [UInt8]) {
    self.pattern = pattern
  }

  public func matches(_ name: some RandomAccessCollection<UInt8>) -> Bool {
    let name = Array(name)
    var inPattern = 0
    var inName = 0
    var retry: (pattern: Int, name: Int)?
    while inName < name.count {
      if inPattern < pattern.count, pattern[inPattern] == UInt8(ascii: "*") {
        inPattern += 1
        retry = (inPattern, inName)
      } else if inPattern < pattern.count, pattern[inPattern] == name[inName] {
        inPattern += 1
        inName += 1
      } else if let (patternStart, nameStart) = retry {
        inPattern = patternStart
        inName = nameStart + 1
        retry = (patternStart, nameStart + 1)
      } else {
        return false
      }
    }
    return pattern[inPattern...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
