import CoreMetrics
import NodeTelemetry
import Testing

@Suite struct ExpositionTests {
  @Test func writesEveryKindAsPrometheusReadsIt() {
    let registry = MetricsRegistry()
    registry.define([
      MetricDefinition("demo_requests_total", .counter, help: "Requests."),
      MetricDefinition(
        "demo_duration_seconds", .histogram, help: "Time.", buckets: [0.1, 0.5]),
    ])
    let counter = Counter(
      label: "demo_requests_total", dimensions: [("route", "/a"), ("method", "GET")],
      factory: registry)
    counter.increment(by: 3)
    Meter(label: "demo_depth", factory: registry).set(2.5)
    let timer = Timer(label: "demo_duration_seconds", factory: registry)
    timer.recordNanoseconds(100_000_000)
    timer.recordNanoseconds(200_000_000)
    timer.recordNanoseconds(3_000_000_000)
    registry.addCollector {
      [MetricSample(MetricDefinition("demo_up", .gauge, help: "Up."), value: 1)]
    }

    #expect(
      registry.exposition() == """
        # HELP clean_metrics_dropped_series Series that are not shown because their metric has too many.
        # TYPE clean_metrics_dropped_series gauge
        clean_metrics_dropped_series 0
        # HELP demo_depth No description.
        # TYPE demo_depth gauge
        demo_depth 2.5
        # HELP demo_duration_seconds Time.
        # TYPE demo_duration_seconds histogram
        demo_duration_seconds_bucket{le="0.1"} 1
        demo_duration_seconds_bucket{le="0.5"} 2
        demo_duration_seconds_bucket{le="+Inf"} 3
        demo_duration_seconds_sum 3.3
        demo_duration_seconds_count 3
        # HELP demo_requests_total Requests.
        # TYPE demo_requests_total counter
        demo_requests_total{method="GET",route="/a"} 3
        # HELP demo_up Up.
        # TYPE demo_up gauge
        demo_up 1

        """)
  }

  @Test func escapesWhatWouldBreakALine() {
    let registry = MetricsRegistry()
    let name = "odd name-1"
    registry.define([MetricDefinition("odd_name_1", .gauge, help: "a\\b\nc")])
    Meter(
      label: name, dimensions: [("1st", "say \"hi\"\\\n")], factory: registry
    ).set(Double.infinity)
    let text = registry.exposition()
    #expect(text.contains("# HELP odd_name_1 a\\\\b\\nc\n"))
    #expect(text.contains("odd_name_1{_1st=\"say \\\"hi\\\"\\\\\\n\"} +Inf\n"))
  }

  @Test func theSameLabelsInAnyOrderAreOneSeries() {
    let registry = MetricsRegistry()
    for dimensions in [[("a", "1"), ("b", "2")], [("b", "2"), ("a", "1")]] {
      Counter(label: "n_total", dimensions: dimensions, factory: registry).increment()
    }
    #expect(registry.exposition().contains("n_total{a=\"1\",b=\"2\"} 2\n"))
  }

  @Test func seriesAreBounded() {
    let registry = MetricsRegistry()
    for number in 0..<(MetricsRegistry.seriesLimit + 5) {
      Counter(label: "n_total", dimensions: [("id", "\(number)")], factory: registry).increment()
    }
    let lines = registry.exposition().split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("n_total{") } == MetricsRegistry.seriesLimit)
    #expect(lines.contains("clean_metrics_dropped_series 5"))
  }

  @Test func aDestroyedInstrumentIsGone() {
    let registry = MetricsRegistry()
    let counter = Counter(label: "n_total", factory: registry)
    counter.increment()
    counter.destroy()
    #expect(!registry.exposition().contains("n_total"))
  }

  @Test func aNameOfAnotherKindIsNotMixedIn() {
    let registry = MetricsRegistry()
    Counter(label: "n", factory: registry).increment()
    Meter(label: "n", factory: registry).set(7)
    let text = registry.exposition()
    #expect(text.contains("# TYPE n counter\nn 1\n"))
    #expect(!text.contains("n 7"))
  }
}
