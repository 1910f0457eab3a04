/// Progress and cancellation of work whose length is only guessed: a part of the whole is spent
/// against an expectation, and progress waits at the part's end if it takes longer.
final class Pace {
  private let checkpoint: Checkpoint
  private var start = 0.0
  private var end = 0.0
  private var expected = 1.0
  private var done = 0.0
  private var unreported = 0

  /// Additions and multiplications between two looks at the checkpoint: some milliseconds.
  private static let interval = 10_000_000

  init(_ checkpoint: Checkpoint) {
    self.checkpoint = checkpoint
  }

  /// Begins the part up to a share of the whole.
  ///
  /// - Parameter work: about how many additions and multiplications it will take.
  func begin(upTo share: Double, work: Double) throws(AnalysisCancelled) {
    start = end
    end = max(start, share)
    expected = max(1, work)
    done = 0
    unreported = 0
    try checkpoint.reached(start)
  }

  /// Tells of additions and multiplications that are about to be done.
  func spend(_ work: Int) throws(AnalysisCancelled) {
    unreported += work
    guard unreported >= Self.interval else { return }
    done += Double(unreported)
    unreported = 0
    try checkpoint.reached(start + (end - start) * min(1, done / expected))
  }
}
