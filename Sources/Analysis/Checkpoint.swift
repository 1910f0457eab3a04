/// An analysis was stopped because its caller said so.
public struct AnalysisCancelled: Error, Sendable, Equatable {
  /// Creates the error.
  public init() {}
}

/// Where a long computation tells how far it is and asks whether to go on.
struct Checkpoint {
  private let report: (Double) -> Void
  private let isCancelled: () -> Bool

  init(report: @escaping (Double) -> Void, isCancelled: @escaping () -> Bool) {
    self.report = report
    self.isCancelled = isCancelled
  }

  /// Reports the share done of the current work, from 0 to 1.
  func reached(_ share: Double) throws(AnalysisCancelled) {
    if isCancelled() { throw AnalysisCancelled() }
    report(share)
  }

  /// The same for a part of the work that goes from `start` to `end`.
  func part(from start: Double, to end: Double) -> Checkpoint {
    Checkpoint(report: { report(start + (end - start) * $0) }, isCancelled: isCancelled)
  }
}

/// A checkpoint that is reached in steps of unequal work, and looked at after so much of it.
struct PacedCheckpoint {
  private let checkpoint: Checkpoint
  private let interval: Int
  private var work = 0

  /// - Parameter interval: the work between two looks, in the units that steps are told in.
  init(_ checkpoint: Checkpoint, interval: Int = 16 << 10) {
    self.checkpoint = checkpoint
    self.interval = interval
  }

  /// Tells of a step.
  ///
  /// - Parameter share: the share done of the current work, from 0 to 1.
  mutating func passed(
    _ step: Int, at share: @autoclosure () -> Double
  ) throws(AnalysisCancelled) {
    work += step
    guard work >= interval else { return }
    work = 0
    try checkpoint.reached(share())
  }
}
