import CBench
import Glibc

struct BenchError: Error {
  var message: String
  var isUsage = false

  static func usage(_ message: String) -> BenchError { BenchError(message: message, isUsage: true) }

  /// What a system call that failed just now left in `errno`.
  static func system(_ call: String, _ path: String) -> BenchError {
    BenchError(message: "\(call) \(path): \(String(cString: strerror(errno)))")
  }
}

struct Options {
  var daemon = Files.first(of: [".build/release/mcpolicyd", "../.build/release/mcpolicyd"])
  var control: String?
  /// A program that is measured in place of the daemon: it is given the root, says `ready` when it
  /// watches, and puts files back as it can.
  var rival: String?
  var config = Files.first(of: ["config", "../config"])
  var directory = "/tmp"
  var homes = 200
  var rounds = 1000
  var burst = 1
  var spacingMilliseconds = 500
  var timeoutMilliseconds = 2000
  var kinds = Kind.possible
  var seed: UInt64?
  var json: String?
  var share = false
  var keep = false
  var help = false

  /// Where the polling thread is alone. On the same processor the daemon could run, and be done,
  /// before the tampering call is back, or wait behind the polling: both would falsify the figures.
  private(set) var processor: Int32?

  static let usage = """
    usage: tamper-bench [options]
      --daemon FILE    the daemon (.build/release/mcpolicyd)
      --rival FILE     measure this program instead; see Benchmarks/rivals
      --ctl FILE       mcpolicyctl (beside the daemon; without it, python3 makes the digest)
      --config DIR     where policy.json and mcp.json are (config)
      --dir DIR        where to make the throwaway root (/tmp)
      --homes N        how many homes (200)
      --rounds N       how many tamperings, of random kinds in random homes (1000)
      --kinds A,B      only these kinds: \(Kind.possible.map(\.rawValue).joined(separator: ", "))
      --burst K        tamper in K homes at once (1)
      --spacing MS     the least time between two tamperings of one target (500)
      --timeout MS     after this long a tampering counts as missed (2000)
      --seed N         repeats the choice of kinds and homes
      --json FILE      the figures as JSON too
      --share          let the daemon run on the processor that polls, too
      --keep           leave the root there
    """

  init(arguments: [String]) throws {
    var rest = arguments[...]
    while let option = rest.popFirst() {
      switch option {
      case "--daemon": daemon = try Self.value(option, &rest)
      case "--rival": rival = try Self.value(option, &rest)
      case "--ctl": control = try Self.value(option, &rest)
      case "--config": config = try Self.value(option, &rest)
      case "--dir": directory = try Self.value(option, &rest)
      case "--homes": homes = try Self.number(option, &rest, in: 1...100_000)
      case "--rounds": rounds = try Self.number(option, &rest, in: 1...10_000_000)
      case "--burst": burst = try Self.number(option, &rest, in: 1...100_000)
      case "--spacing": spacingMilliseconds = try Self.number(option, &rest, in: 0...3_600_000)
      case "--timeout": timeoutMilliseconds = try Self.number(option, &rest, in: 1...3_600_000)
      case "--kinds": kinds = try Kind.list(try Self.value(option, &rest))
      case "--seed": seed = UInt64(try Self.number(option, &rest, in: 0...Int.max))
      case "--json": json = try Self.value(option, &rest)
      case "--share": share = true
      case "--keep": keep = true
      case "--help", "-h": help = true
      default: throw BenchError.usage("unknown option \(option)\n\(Self.usage)")
      }
    }
    if burst > homes { throw BenchError.usage("--burst can't be more than --homes") }
    if kinds.allSatisfy({ $0 == .centralChanged }), burst > 1 {
      throw BenchError.usage("there is only one central target: no burst of it")
    }
    // Asked for once: when the thread is pinned, the answer is another.
    let last = bench_last_processor()
    processor = share || last < 0 ? nil : last
    // A program name without a slash would be looked up in PATH.
    if !daemon.contains("/") { daemon = "./\(daemon)" }
  }

  private static func value(_ option: String, _ rest: inout ArraySlice<String>) throws -> String {
    guard let value = rest.popFirst() else { throw BenchError.usage("\(option) needs a value") }
    return value
  }

  private static func number(
    _ option: String, _ rest: inout ArraySlice<String>, in range: ClosedRange<Int>
  ) throws -> Int {
    let text = try value(option, &rest)
    guard let number = Int(text), range.contains(number) else {
      throw BenchError.usage("\(option): \(text) isn't a number in \(range)")
    }
    return number
  }
}
