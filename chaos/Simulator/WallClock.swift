/// A member's clock for people: it starts a little off, drifts, and is set forward and back. Only the
/// stamps of commands come from it.
struct WallClock {
  /// Milliseconds since 1970 when the simulation begins.
  private var start: Int64
  /// Millionths by which it is too fast.
  private let drift: Int64

  init(start: Int64, drift: Int) {
    self.start = start
    self.drift = Int64(drift)
  }

  func reading(at now: Microseconds) -> Int64 {
    start + (Int64(now) + Int64(now) * drift / 1_000_000) / 1_000
  }

  mutating func jump(by milliseconds: Int64) { start += milliseconds }
}
