public import CoreMetrics
import Synchronization

/// The metrics of a process, made through swift-metrics and shown to Prometheus.
///
/// What swift-metrics calls a counter, meter, recorder or timer becomes a counter, gauge or
/// histogram of that name; timers count seconds. ``define(_:)`` gives a name its help text and
/// ranges. Making an instrument takes a lock; using one does not touch the registry.
public final class MetricsRegistry: MetricsFactory, Sendable {
  /// Series that one metric may have. More are measured but not shown, and counted: a label taken
  /// from a request must not be able to fill the memory.
  public static let seriesLimit = 1_000

  struct Family {
    var definition: MetricDefinition
    /// By their labels as written in the exposition.
    var series: [String: any Instrument] = [:]
  }

  private struct State {
    var definitions: [String: MetricDefinition] = [:]
    var families: [String: Family] = [:]
    var collectors: [@Sendable () -> [MetricSample]] = []
    var droppedSeries = 0
  }

  private let state = Mutex(State())

  /// An empty registry.
  public init() {}

  /// Gives metrics their meaning. Do it before the first instrument of that name is made.
  public func define(_ definitions: [MetricDefinition]) {
    state.withLock { state in
      for definition in definitions { state.definitions[definition.name] = definition }
    }
  }

  /// Adds values that are read when Prometheus asks; the closure may block for a moment.
  public func addCollector(_ collector: @escaping @Sendable () -> [MetricSample]) {
    state.withLock { $0.collectors.append(collector) }
  }

  /// Everything there is, in Prometheus's text format 0.0.4. Runs the collectors, so call it where
  /// blocking is allowed.
  ///
  /// - Parameter samples: Values read elsewhere at this moment.
  public func exposition(adding samples: [MetricSample] = []) -> String {
    let (families, collectors, dropped) = state.withLock {
      ($0.families, $0.collectors, $0.droppedSeries)
    }
    let lost = MetricSample(Self.droppedSeries, value: Double(dropped))
    return Exposition.text(
      families: families.values, samples: collectors.flatMap { $0() } + samples + [lost])
  }

  private static let droppedSeries = MetricDefinition(
    "clean_metrics_dropped_series", .gauge,
    help: "Series that are not shown because their metric has too many.")

  private func instrument<Made: Instrument>(
    _ label: String, _ dimensions: [(String, String)],
    make: (MetricDefinition?) -> Made
  ) -> Made {
    let name = Exposition.metricName(label)
    let labels = Exposition.labels(dimensions)
    return state.withLock { state in
      if let known = state.families[name]?.series[labels] as? Made { return known }
      let made = make(state.definitions[name])
      let definition =
        state.families[name]?.definition ?? state.definitions[name]
        ?? MetricDefinition(name, made.kind, help: "No description.")
      var family = state.families[name] ?? Family(definition: definition)
      // An instrument of another kind under the same name cannot be written; it measures in vain.
      guard definition.kind == made.kind, family.series.count < Self.seriesLimit else {
        state.droppedSeries += 1
        return made
      }
      family.series[labels] = made
      state.families[name] = family
      return made
    }
  }

  private func remove(_ handler: AnyObject) {
    state.withLock { state in
      for (name, family) in state.families {
        for (labels, instrument) in family.series where instrument === handler {
          state.families[name]?.series[labels] = nil
        }
      }
    }
  }

  // MARK: MetricsFactory

  /// A counter.
  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    instrument(label, dimensions) { _ in CounterInstrument() }
  }

  /// A gauge.
  public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    instrument(label, dimensions) { _ in GaugeInstrument() }
  }

  /// A histogram, or a gauge if it does not aggregate.
  public func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    guard aggregate else { return instrument(label, dimensions) { _ in GaugeInstrument() } }
    return instrument(label, dimensions, make: histogram)
  }

  /// A histogram of seconds.
  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    instrument(label, dimensions, make: histogram)
  }

  private func histogram(_ definition: MetricDefinition?) -> HistogramInstrument {
    HistogramInstrument(bounds: definition?.buckets ?? MetricDefinition.seconds)
  }

  /// Forgets a counter.
  public func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
  /// Forgets a gauge.
  public func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
  /// Forgets a recorder.
  public func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
  /// Forgets a timer.
  public func destroyTimer(_ handler: any TimerHandler) { remove(handler) }
}
