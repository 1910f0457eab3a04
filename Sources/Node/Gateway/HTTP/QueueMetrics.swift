import NodeTelemetry

/// How full the node's queues are.
enum QueueMetrics {
  private static let waiting = MetricDefinition(
    "clean_pool_jobs_waiting", .gauge, help: "Jobs that wait for a thread of a pool.")
  private static let running = MetricDefinition(
    "clean_pool_jobs_running", .gauge, help: "Jobs that run on a pool's threads.")
  private static let analyses = MetricDefinition(
    "clean_analyses_under_way", .gauge, help: "Analyses from upload to report.")

  static func samples(
    state: StateSource, passwords: Passwords, workers: AnalysisWorkers
  ) -> [MetricSample] {
    let loads = [
      ("state", state.load), ("passwords", passwords.load), ("analysis", workers.load),
    ]
    return loads.flatMap { name, load in
      [
        MetricSample(waiting, labels: [("pool", name)], value: Double(load.waiting)),
        MetricSample(running, labels: [("pool", name)], value: Double(load.running)),
      ]
    } + [MetricSample(analyses, value: Double(workers.underWay))]
  }
}
