import NodeTelemetry

/// How many connections there are, and what became of those that were too many.
enum ConnectionMetrics {
  private static let open = MetricDefinition(
    "clean_http_connections", .gauge,
    help: "Open connections; those for health only are beyond the limit.")
  private static let gaveWay = MetricDefinition(
    "clean_http_connections_gave_way_total", .counter,
    help: "Connections without a request in progress that were closed for others.")
  private static let refused = MetricDefinition(
    "clean_http_connections_refused_total", .counter,
    help: "Connections that were closed at once because there was no place.")

  static func samples(_ count: ConnectionTable.Count) -> [MetricSample] {
    [
      MetricSample(open, labels: [("use", "anything")], value: Double(count.open)),
      MetricSample(open, labels: [("use", "health")], value: Double(count.openForHealth)),
      MetricSample(gaveWay, value: Double(count.gaveWay)),
      MetricSample(refused, value: Double(count.refused)),
    ]
  }
}
