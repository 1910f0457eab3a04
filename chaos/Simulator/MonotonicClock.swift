import Raft

/// A member's clock that nobody sets. It may be too fast or too slow, and may stand still while its
/// machine does; how fast it is, the member's ticks tell.
struct MonotonicClock {
  /// What it shows when the simulation begins; 0 is no reading at all.
  private static let start: UInt64 = 1_000_000_000
  private var missed: Microseconds = 0
  private var standstill: Range<Microseconds>?

  /// It shows the same from `now` until `end`.
  mutating func standStill(from now: Microseconds, until end: Microseconds) {
    goOn(at: now)
    standstill = now..<end
  }

  /// If it stands still, it does so no longer.
  mutating func goOn(at now: Microseconds) {
    missed += stood(at: now)
    standstill = nil
  }

  private func stood(at now: Microseconds) -> Microseconds {
    standstill.map { min(now, $0.upperBound) - $0.lowerBound } ?? 0
  }

  /// What it shows when a span that it takes for `tick` lasts `interval` in truth.
  func reading(at now: Microseconds, tick: Microseconds, interval: Microseconds) -> Moment {
    let elapsed = UInt64(now - missed - stood(at: now))
    return Moment(rawValue: Self.start + elapsed * UInt64(tick) * 1_000 / UInt64(interval))
  }
}
