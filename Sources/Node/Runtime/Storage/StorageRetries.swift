/// How a member goes about opening its storage again after the disk failed.
public struct StorageRetries: Hashable, Sendable {
  /// After so many failures, none of them `calm` after the one before, the member ends. A full disk is
  /// waited for as long as it takes.
  public var attempts: Int
  /// The pause before the first attempt; each further one is twice as long.
  public var firstPause: Duration
  /// No pause is longer.
  public var longestPause: Duration
  /// A failure that comes this long after the one before begins a new count.
  public var calm: Duration
  /// A disk that was full counts as having space when this many bytes can be had: for the log's next
  /// segment and for the state.
  public var spaceBytes: Int

  /// Makes a plan.
  public init(
    attempts: Int = 6, firstPause: Duration = .milliseconds(100),
    longestPause: Duration = .seconds(5), calm: Duration = .seconds(60),
    spaceBytes: Int = 32 << 20
  ) {
    self.attempts = attempts
    self.firstPause = firstPause
    self.longestPause = longestPause
    self.calm = calm
    self.spaceBytes = spaceBytes
  }
}

/// Counts failures and says how long to wait after each.
struct RetryCount {
  private let plan: StorageRetries
  private var failures = 0
  private var last: ContinuousClock.Instant?

  init(_ plan: StorageRetries) { self.plan = plan }

  /// A failure; returns the pause before the next attempt.
  mutating func failed(at now: ContinuousClock.Instant) -> Duration {
    if let last, last.duration(to: now) >= plan.calm { failures = 0 }
    last = now
    failures += 1
    return min(plan.firstPause * (1 << min(failures - 1, 16)), plan.longestPause)
  }

  /// Whether there were too many.
  var isExhausted: Bool { failures > plan.attempts }
}
