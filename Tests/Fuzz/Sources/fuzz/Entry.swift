import Glibc

/// What libFuzzer calls with each input. Which room it goes to is said by `FUZZ_TARGET`, so that one
/// instrumented program serves all corpora.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  FuzzTarget.chosen.run(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}

enum FuzzTarget: String, CaseIterable {
  case json, config, policy, judge, signature

  static let chosen: FuzzTarget = {
    let word = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let target = FuzzTarget(rawValue: word) else {
      let words = allCases.map(\.rawValue).joined(separator: ", ")
      fatalError("set FUZZ_TARGET to one of \(words)")
    }
    return target
  }()

  func run(_ input: [UInt8]) {
    switch self {
    case .json: JSONProperties(text: input).check()
    case .config: ConfigProperties(text: input).check()
    case .policy: PolicyProperties(text: input).check()
    case .judge: JudgeProperties(input: input).check()
    case .signature: SignatureProperties(input: input).check()
    }
  }
}
