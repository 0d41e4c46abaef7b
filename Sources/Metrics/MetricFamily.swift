/// What of one name is told: its type, its help, and a sample for each set of labels.
public struct MetricFamily: Sendable {
  public enum Kind: Sendable {
    /// Only goes up until the process starts anew; samples are named `…_total`.
    case counter
    case gauge
    case histogram
    /// A fact that is told by labels; its sample is named `…_info`.
    case info
  }

  /// Without the suffix that its kind gives to samples.
  public var name: String
  public var kind: Kind
  /// The last word of the name, where values have one.
  public var unit: String?
  public var help: String
  var samples: [Sample] = []

  struct Sample: Sendable {
    var suffix: String
    var labels: [Label]
    var value: Number
  }

  public struct Label: Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Whole numbers stay whole, however large.
  enum Number: Sendable {
    case whole(Int)
    case real(Double)
  }

  public init(_ kind: Kind, _ name: String, unit: String? = nil, _ help: String) {
    self.kind = kind
    self.name = unit.map { "\(name)_\($0)" } ?? name
    self.unit = unit
    self.help = help
  }
}

extension MetricFamily {
  private var suffix: String {
    switch kind {
    case .counter: "_total"
    case .info: "_info"
    case .gauge, .histogram: ""
    }
  }

  public mutating func add(_ value: Int, _ labels: Label...) {
    samples.append(Sample(suffix: suffix, labels: labels, value: .whole(value)))
  }

  public mutating func add(_ value: Double, _ labels: Label...) {
    samples.append(Sample(suffix: suffix, labels: labels, value: .real(value)))
  }

  /// The samples of a histogram.
  /// - Parameter buckets: upper edges, rising, each with how many values are at most so large.
  public mutating func add(
    buckets: [(upTo: Double, count: Int)], sum: Double, count: Int, _ labels: Label...
  ) {
    for bucket in buckets {
      samples.append(
        Sample(
          suffix: "_bucket", labels: labels + [Label("le", Exposition.text(bucket.upTo))],
          value: .whole(bucket.count)))
    }
    samples.append(
      Sample(suffix: "_bucket", labels: labels + [Label("le", "+Inf")], value: .whole(count)))
    samples.append(Sample(suffix: "_count", labels: labels, value: .whole(count)))
    samples.append(Sample(suffix: "_sum", labels: labels, value: .real(sum)))
  }

  /// One sample for each word, 1 for the one that holds: for states.
  public mutating func add(_ current: String, of all: [String], as label: String) {
    for word in all { add(word == current ? 1 : 0, Label(label, word)) }
  }
}
