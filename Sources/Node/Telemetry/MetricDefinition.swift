/// What a metric is called and means.
public struct MetricDefinition: Hashable, Sendable {
  /// How a metric's values are to be read.
  public enum Kind: String, Sendable {
    /// A number that only grows until the process ends.
    case counter
    /// A number that goes up and down.
    case gauge
    /// How values spread over ranges.
    case histogram
  }

  /// The name in Prometheus, such as `clean_http_requests_total`.
  public var name: String
  /// How to read it.
  public var kind: Kind
  /// What it means, in one line.
  public var help: String
  /// The upper bounds of a histogram's ranges, ascending; the last range is open.
  public var buckets: [Double]

  /// Ranges for durations in seconds, from a millisecond to a minute.
  public static let seconds: [Double] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
  ]

  /// Defines a metric.
  public init(_ name: String, _ kind: Kind, help: String, buckets: [Double] = Self.seconds) {
    self.name = name
    self.kind = kind
    self.help = help
    self.buckets = buckets
  }
}

/// One value of a counter or gauge, read when Prometheus asks.
public struct MetricSample: Sendable {
  /// Which metric.
  public var definition: MetricDefinition
  /// What tells it from its siblings. From a small, fixed set: each combination is kept for ever.
  public var labels: [(String, String)]
  /// The value now.
  public var value: Double

  /// A value of a counter or gauge.
  public init(_ definition: MetricDefinition, labels: [(String, String)] = [], value: Double) {
    self.definition = definition
    self.labels = labels
    self.value = value
  }
}
