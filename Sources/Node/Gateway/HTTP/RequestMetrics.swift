import HTTPTypes
import Metrics
import NodeTelemetry
import Synchronization

/// How a request went.
struct RequestRecord: Sendable {
  var method: HTTPRequest.Method
  /// The template of the route; paths themselves are without number.
  var template = "unknown"
  var isObservation = false
  var status = 0
  /// From the request's head to the answer's.
  var nanoseconds: Int64 = 0

  init(method: HTTPRequest.Method) {
    self.method = method
  }
}

/// Counts requests by route and class of status.
final class RequestMetrics: Sendable {
  static let definitions = [
    MetricDefinition("clean_http_requests_total", .counter, help: "Requests answered."),
    MetricDefinition(
      "clean_http_request_duration_seconds", .histogram,
      help: "Time from a request's head to its answer's."),
  ]
  private static let inFlightDefinition = MetricDefinition(
    "clean_http_requests_in_flight", .gauge, help: "Requests that are being worked on.")
  /// Methods that have a label of their own; a caller can invent others.
  private static let known: Set<HTTPRequest.Method> = [
    .get, .head, .post, .put, .patch, .delete, .options,
  ]

  private struct Key: Hashable {
    var method: String
    var template: String
    var statusClass: Int
  }

  private struct Instruments: Sendable {
    var count: Counter
    var duration: Timer
  }

  private let registry: MetricsRegistry
  private let instruments = Mutex<[Key: Instruments]>([:])
  private let inFlight = Atomic<Int>(0)

  init(registry: MetricsRegistry) {
    self.registry = registry
    registry.define(Self.definitions)
  }

  var sample: MetricSample {
    MetricSample(Self.inFlightDefinition, value: Double(inFlight.load(ordering: .relaxed)))
  }

  func began() {
    inFlight.wrappingAdd(1, ordering: .relaxed)
  }

  func ended(_ record: RequestRecord) {
    inFlight.wrappingSubtract(1, ordering: .relaxed)
    let key = Key(
      method: Self.known.contains(record.method) ? record.method.rawValue : "other",
      template: record.template, statusClass: record.status / 100)
    let instruments = instruments.withLock { known in
      if let found = known[key] { return found }
      let made = make(key)
      known[key] = made
      return made
    }
    instruments.count.increment()
    instruments.duration.recordNanoseconds(record.nanoseconds)
  }

  private func make(_ key: Key) -> Instruments {
    let labels = [
      ("method", key.method), ("route", key.template), ("status", "\(key.statusClass)xx"),
    ]
    return Instruments(
      count: Counter(label: "clean_http_requests_total", dimensions: labels, factory: registry),
      duration: Timer(
        label: "clean_http_request_duration_seconds", dimensions: labels, factory: registry))
  }
}
