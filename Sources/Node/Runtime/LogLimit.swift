/// Keeps what happens again and again from filling the log: lets one line through per interval.
struct LogLimit {
  private let interval: Duration
  private var last: ContinuousClock.Instant?

  init(interval: Duration) { self.interval = interval }

  /// Whether a line may be logged now.
  mutating func allows() -> Bool {
    let now = ContinuousClock.now
    if let last, last.duration(to: now) < interval { return false }
    last = now
    return true
  }
}
