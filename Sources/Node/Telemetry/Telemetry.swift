import CoreMetrics
public import Logging

/// What a node tells about itself: logs on standard error and metrics for Prometheus.
public struct Telemetry: Sendable {
  /// The metrics of this process.
  public let metrics: MetricsRegistry

  /// Directs the process's logs to standard error and its metrics to a new registry. Call it once,
  /// before anything is logged or counted.
  public static func bootstrap(logLevel: Logger.Level, format: LogFormat) -> Telemetry {
    LoggingSystem.bootstrap { label in
      StandardErrorLog(label: label, level: logLevel, format: format)
    }
    let metrics = MetricsRegistry()
    MetricsSystem.bootstrap(metrics)
    return Telemetry(metrics: metrics)
  }
}
