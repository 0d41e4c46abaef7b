import Testing

@testable import Metrics

@Suite struct ExpositionTests {
  private typealias Label = MetricFamily.Label

  @Test func everyKindInBothFormats() {
    var counter = MetricFamily(.counter, "x_restores", "Restores.")
    counter.add(3, Label("kind", "a"))
    counter.add(0, Label("kind", "b"))
    var gauge = MetricFamily(.gauge, "x_start_time", unit: "seconds", "When.")
    gauge.add(1.5)
    var info = MetricFamily(.info, "x_build", "Which.")
    info.add(1, Label("version", "1.0"))
    var histogram = MetricFamily(.histogram, "x_wait", unit: "seconds", "How long.")
    histogram.add(buckets: [(0.00001, 1), (0.5, 2), (10, 2)], sum: 12.25, count: 3)
    let families = [counter, gauge, info, histogram]
    #expect(
      Exposition.openMetrics(families) == """
        # TYPE x_restores counter
        # HELP x_restores Restores.
        x_restores_total{kind="a"} 3
        x_restores_total{kind="b"} 0
        # TYPE x_start_time_seconds gauge
        # UNIT x_start_time_seconds seconds
        # HELP x_start_time_seconds When.
        x_start_time_seconds 1.5
        # TYPE x_build info
        # HELP x_build Which.
        x_build_info{version="1.0"} 1
        # TYPE x_wait_seconds histogram
        # UNIT x_wait_seconds seconds
        # HELP x_wait_seconds How long.
        x_wait_seconds_bucket{le="1e-05"} 1
        x_wait_seconds_bucket{le="0.5"} 2
        x_wait_seconds_bucket{le="10.0"} 2
        x_wait_seconds_bucket{le="+Inf"} 3
        x_wait_seconds_count 3
        x_wait_seconds_sum 12.25
        # EOF

        """)
    let text = Exposition.prometheusText(families)
    #expect(text.hasPrefix("# HELP x_restores_total Restores.\n# TYPE x_restores_total counter\n"))
    #expect(text.contains("# TYPE x_build_info gauge\nx_build_info{version=\"1.0\"} 1\n"))
    #expect(!text.contains("# UNIT") && !text.contains("# EOF"))
    let samples = { (text: String) in text.split(separator: "\n").filter { !$0.hasPrefix("#") } }
    #expect(samples(text) == samples(Exposition.openMetrics(families)))
  }

  /// A format may read a byte of a label as its own.
  @Test(arguments: [
    ("plain", "plain"), ("a\"b", #"a\"b"#), ("a\\b", #"a\\b"#), ("a\nb", #"a\nb"#),
    ("\\n", #"\\n"#), ("\"} 1\nx 2", #"\"} 1\nx 2"#), ("é\u{1F512}", "é\u{1F512}"), ("", ""),
    ("a\r\nb", "a\r\\nb"),
  ])
  func labelsAreEscaped(_ value: String, _ escaped: String) {
    var family = MetricFamily(.gauge, "x", "Help.")
    family.add(1, Label("l", value))
    for text in [Exposition.openMetrics([family]), Exposition.prometheusText([family])] {
      #expect(text.contains("x{l=\"\(escaped)\"} 1\n"), "\(text)")
      #expect(text.split(separator: "\n").filter { $0.hasPrefix("x") }.count == 1)
    }
  }

  @Test func helpIsEscaped() {
    var family = MetricFamily(.gauge, "x", "a \"b\" \\ \n# EOF")
    family.add(1)
    #expect(
      Exposition.openMetrics([family]).contains(#"# HELP x a \"b\" \\ \n# EOF"# + "\n"))
    #expect(
      Exposition.prometheusText([family]).contains(#"# HELP x a "b" \\ \n# EOF"# + "\n"))
  }

  @Test func aFamilyWithoutASampleIsLeftOut() {
    let family = MetricFamily(.gauge, "x", "Help.")
    #expect(Exposition.openMetrics([family]) == "# EOF\n")
    #expect(Exposition.prometheusText([family]) == "")
  }

  @Test(arguments: [
    (0.0, "0.0"), (1e-05, "1e-05"), (0.0001, "0.0001"), (1_767_225_600.123456, "1767225600.123456"),
    (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"),
  ])
  func numbers(_ number: Double, _ text: String) {
    #expect(Exposition.text(number) == text)
  }

  @Test func oneWordHolds() {
    var family = MetricFamily(.gauge, "x_state", "Which.")
    family.add("b", of: ["a", "b"], as: "state")
    #expect(
      Exposition.prometheusText([family]).hasSuffix(
        "x_state{state=\"a\"} 0\nx_state{state=\"b\"} 1\n"))
  }
}
