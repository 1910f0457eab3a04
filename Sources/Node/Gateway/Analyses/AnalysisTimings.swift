import Analysis

/// How long an analysis took, and each detector of it.
///
/// It is no part of the engine's report, which is the same for the same dataset and options.
struct AnalysisTimings: Sendable {
  /// From the first byte of the dataset to its table, so also a matter of how fast it was sent; in
  /// nanoseconds, as all of them.
  var read: UInt64 = 0
  /// From the table to the report.
  private(set) var analyze: UInt64 = 0
  private(set) var detectors: [String: UInt64] = [:]

  /// Notes that time has passed since the last note: it belongs to the detector at work.
  mutating func add(_ nanoseconds: UInt64, to detector: DetectorKind) {
    detectors[detector.rawValue, default: 0] += nanoseconds
    analyze += nanoseconds
  }
}

extension AnalysisTimings: Encodable {
  private enum CodingKeys: String, CodingKey {
    case detectors
    case read = "read_ms"
    case analyze = "analyze_ms"
  }

  func encode(to encoder: any Encoder) throws {
    func milliseconds(_ nanoseconds: UInt64) -> Double { Double(nanoseconds / 1_000) / 1_000 }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(milliseconds(read), forKey: .read)
    try container.encode(milliseconds(analyze), forKey: .analyze)
    try container.encode(detectors.mapValues(milliseconds), forKey: .detectors)
  }
}

/// Measures what passes between two looks at it.
struct Stopwatch {
  private let now: @Sendable () -> UInt64
  private var last: UInt64

  /// - Parameter now: A clock in nanoseconds that never goes back.
  init(_ now: @escaping @Sendable () -> UInt64) {
    self.now = now
    last = now()
  }

  /// Nanoseconds since the last look.
  mutating func lap() -> UInt64 {
    let time = now()
    defer { last = time }
    return time - last
  }
}
