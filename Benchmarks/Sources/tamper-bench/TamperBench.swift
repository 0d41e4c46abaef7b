import CBench
import Glibc

/// How long after a tampering the approved bytes are at the path again.
@main
struct TamperBench {
  static func main() {
    do {
      let options = try Options(arguments: Array(CommandLine.arguments.dropFirst()))
      if options.help { return print(Options.usage) }
      exit(try run(options) ? 0 : 1)
    } catch let error as BenchError {
      Files.complain("tamper-bench: \(error.message)")
      exit(error.isUsage ? 2 : 1)
    } catch {
      Files.complain("tamper-bench: \(error)")
      exit(1)
    }
  }

  private static func run(_ options: Options) throws -> Bool {
    bench_catch_interrupts()
    let root = try TestRoot(options)
    defer { options.keep ? print("kept \(root.path)") : root.remove() }

    let machine = Machine(for: root.path)
    print(machine.description)
    let daemon = try Daemon(options, root: root)
    // Before the root goes: it would put back what is removed.
    defer { _ = daemon.stop() }
    let probe = Probe(root: root)
    let ready = try daemon.waitUntilReady(probe, targets: [root.central] + root.homes)
    let state = daemon.state() ?? "not asked"
    print("ready     \(root.homes.count) homes in \(ready / 1_000_000) ms, state: \(state)")

    // Only now, as the daemon would inherit it.
    let processor = options.processor
    if let processor { bench_pin(processor) }
    let seed = options.seed ?? (bench_now() ^ UInt64(getpid()) << 32)
    let plan = Plan(options, root: root, seed: seed)
    print("rounds    \(options.rounds), seed \(seed), bursts of \(options.burst)")
    let look = Table.microseconds(probe.cost(of: root.homes[0]))
    let place = processor.map { "alone on processor \($0)" } ?? "on a shared processor"
    print("poll      \(look) µs a look, \(place)")

    var runner = Runner(options, root: root, probe: probe)
    try runner.run(plan) { daemon.isRunning }
    let exitCode = daemon.stop()
    let report = Report(
      machine: machine, options: options, seed: seed, readyNanoseconds: ready,
      results: runner.results, leftBehind: root.leftBehind(), daemonExit: exitCode)
    print(Table(report).text)
    if let path = options.json { try Files.write(path, Array(report.json.utf8)) }
    if !report.passed { Files.complain("the daemon's last words:\n\(daemon.lastWords())") }
    return report.passed
  }
}
