import Metrics
import NodeTelemetry

/// Counts analyses, and how long they take.
struct AnalysisMetrics: Sendable {
  static let definitions = [
    MetricDefinition(
      "clean_analyses_total", .counter, help: "Analyses by how they ended."),
    MetricDefinition(
      "clean_analysis_duration_seconds", .histogram,
      help: "Time from a read dataset to its report, waiting for a thread included.",
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1_800]),
    MetricDefinition("clean_analysis_rows_total", .counter, help: "Rows analyzed and billed."),
  ]

  let completed: Counter
  let failed: Counter
  let abandoned: Counter
  let duration: Timer
  let rows: Counter

  init(registry: MetricsRegistry) {
    registry.define(Self.definitions)
    func counter(_ outcome: String) -> Counter {
      Counter(
        label: "clean_analyses_total", dimensions: [("outcome", outcome)], factory: registry)
    }
    completed = counter("completed")
    failed = counter("failed")
    abandoned = counter("abandoned")
    duration = Timer(label: "clean_analysis_duration_seconds", factory: registry)
    rows = Counter(label: "clean_analysis_rows_total", factory: registry)
  }
}
