import CoreMetrics
import Synchronization

/// One line, or one group of lines, of the exposition.
protocol Instrument: AnyObject, Sendable {
  var kind: MetricDefinition.Kind { get }
  var reading: Reading { get }
}

/// What an instrument shows at one moment.
enum Reading {
  case number(Double)
  /// Values in each range, the open one last, and their sum.
  case distribution(counts: [Int64], sum: Double)
}

final class CounterInstrument: Instrument, CounterHandler {
  let kind = MetricDefinition.Kind.counter
  private let value = Atomic<Int64>(0)

  var reading: Reading { .number(Double(value.load(ordering: .relaxed))) }

  func increment(by amount: Int64) {
    // A counter never goes down; a negative amount is a bug that must not look like a restart.
    value.wrappingAdd(max(0, amount), ordering: .relaxed)
  }

  func reset() {
    value.store(0, ordering: .relaxed)
  }
}

final class GaugeInstrument: Instrument, MeterHandler, RecorderHandler {
  let kind = MetricDefinition.Kind.gauge
  private let value = Mutex(0.0)

  var reading: Reading { .number(value.withLock { $0 }) }

  func set(_ value: Int64) { set(Double(value)) }
  func set(_ value: Double) { self.value.withLock { $0 = value } }
  func increment(by amount: Double) { value.withLock { $0 += amount } }
  func decrement(by amount: Double) { value.withLock { $0 -= amount } }
  func record(_ value: Int64) { set(Double(value)) }
  func record(_ value: Double) { set(value) }
}

final class HistogramInstrument: Instrument, TimerHandler, RecorderHandler {
  let kind = MetricDefinition.Kind.histogram
  private let bounds: [Double]
  private let state: Mutex<(counts: [Int64], sum: Double)>

  init(bounds: [Double]) {
    self.bounds = bounds
    state = Mutex((counts: Array(repeating: 0, count: bounds.count + 1), sum: 0))
  }

  var reading: Reading {
    state.withLock { .distribution(counts: $0.counts, sum: $0.sum) }
  }

  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
  func record(_ value: Int64) { record(Double(value)) }

  func record(_ value: Double) {
    // Ranges include their upper bound ("le").
    let range = bounds.firstIndex { value <= $0 } ?? bounds.count
    state.withLock {
      $0.counts[range] += 1
      $0.sum += value
    }
  }
}
