import CBench

/// The median of many measurements: on a machine that does other things too, a mean says nothing.
struct Stopwatch {
  let samples: Int

  struct Figures {
    /// Nanoseconds for one run of the work.
    var median: Int
    var least: Int
    var p95: Int
  }

  /// - Parameter work: gives back a number of what it found, so that no compiler leaves it out.
  func time(_ work: () -> Int) -> Figures {
    // So many runs that the clock's own cost doesn't count.
    var runs = 1
    while elapsed(runs, work) < 200_000, runs < 1 << 20 { runs *= 2 }
    // Large inputs take long enough to need fewer samples.
    let count = runs == 1 && elapsed(1, work) > 20_000_000 ? max(samples / 5, 5) : samples
    let sorted = (0..<count).map { _ in elapsed(runs, work) / runs }.sorted()
    return Figures(
      median: sorted[count / 2], least: sorted[0], p95: sorted[count * 95 / 100])
  }

  private func elapsed(_ runs: Int, _ work: () -> Int) -> Int {
    var sum = 0
    let start = bench_now()
    for _ in 0..<runs { sum &+= work() }
    let end = bench_now()
    precondition(sum != .min)
    return Int(end - start)
  }
}
