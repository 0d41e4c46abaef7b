import Glibc
import Linux
import MCPConfig
import Policy

/// A restored file whose writer wasn't done.
///
/// Whoever writes in place empties the file first, and is undone at that moment, long before the
/// content comes. It then goes into the rejected file, out of everyone's way. So the incident waits a
/// little and tells what the writer meant to leave; the restore waits for nothing.
struct Review {
  var target: TargetSummary
  var spec: TargetSpec
  var verdict: Verdict
  var rejected: Restorer.Rejected
  var observed: [UInt8]?
  var latency: Int
  var discovered: WallTime
  var due: MonotonicTime
  var waits: ArraySlice<Double>

  /// Seconds until the looks at the rejected file.
  static let schedule = [0.005, 0.045]
}

extension Enforcer {
  /// Whether the bytes look like a write that was cut off by the restore.
  func mayComeLater(_ verdict: Verdict, _ observed: [UInt8]?) -> Bool {
    observed != nil
      && verdict.findings.contains { $0.kind == .unreadableConfig }
      && !verdict.findings.contains { $0.kind == .pathReplaced }
  }

  func review(
    _ target: Target, _ verdict: Verdict, _ rejected: Restorer.Rejected, _ observed: [UInt8]?,
    _ latency: Int
  ) {
    var waits = Review.schedule[...]
    let due = MonotonicTime.now.advanced(bySeconds: waits.removeFirst())
    reviews.append(
      Review(
        target: target.summary, spec: target.spec, verdict: verdict, rejected: rejected,
        observed: observed, latency: latency, discovered: .now, due: due, waits: waits))
  }

  func workOnReviews(now: MonotonicTime) {
    guard reviews.contains(where: { $0.due <= now }) else { return }
    let due = reviews.filter { $0.due <= now }
    reviews.removeAll { $0.due <= now }
    for review in due { look(at: review, isLast: review.waits.isEmpty) }
  }

  /// Tells what is under review at once: the daemon ends.
  func endReviews() {
    let rest = reviews
    reviews = []
    for review in rest { look(at: review, isLast: true) }
  }

  private func look(at review: Review, isLast: Bool) {
    var review = review
    if let expectation = review.spec.expectation,
      case .observed(let seen, _) = Observer.observe(
        review.rejected.name, in: review.rejected.folder.descriptor, known: nil),
      case let observation = review.spec.shown(seen, approved: expectation.copy),
      case .regular(let file) = observation, file.bytes != review.observed
    {
      let verdict = judge(observation, against: expectation)
      // The name in the stage has one link and the mode it had; only content is news.
      let content = verdict.findings.filter { !$0.kind.isAboutFile }
      let file = review.verdict.findings.filter { $0.kind.isAboutFile }
      if !content.isEmpty {
        review.verdict = Verdict(findings: content + file, contentStands: false)
        review.observed = observedBytes(observation)
      }
    }
    if !isLast, mayComeLater(review.verdict, review.observed) {
      review.due = MonotonicTime.now.advanced(bySeconds: review.waits.removeFirst())
      return reviews.append(review)
    }
    tell(review)
  }

  private func observedBytes(_ observation: Observation) -> [UInt8]? {
    if case .regular(let file) = observation { file.bytes } else { nil }
  }

  private func tell(_ review: Review) {
    guard let approved = review.spec.expectation?.copy.sha256 else { return }
    let found = review.observed.map { SHA256Digest(of: $0) }
    let incident = sink.found(
      Drift(
        target: review.target, findings: review.verdict.findings, action: .restored,
        latencyMicroseconds: review.latency, discovered: review.discovered, expected: approved,
        found: found, evidence: found == approved ? nil : found))
    housekeeper.send(
      .dispose(
        Housekeeper.Disposal(
          rejected: review.rejected, approved: approved, observed: review.observed,
          sighting: Sighting(
            incident: incident, seen: review.discovered, path: review.spec.path,
            user: review.spec.user))))
  }
}

extension Finding.Kind {
  /// Whether it speaks of the file as a whole, not of what it says.
  fileprivate var isAboutFile: Bool {
    self == .permissionsDrift || self == .pathReplaced
  }
}
