import Synchronization

/// A clock that goes on when somebody waits, at once, and remembers for how long.
final class TestClock: Clock {
  struct Instant: InstantProtocol {
    var sinceStart: Duration

    func advanced(by duration: Duration) -> Instant {
      Instant(sinceStart: sinceStart + duration)
    }

    func duration(to other: Instant) -> Duration { other.sinceStart - sinceStart }

    static func < (one: Instant, other: Instant) -> Bool { one.sinceStart < other.sinceStart }
  }

  private let recorded = Mutex<[Duration]>([])

  /// How long anybody waited, in order.
  var waits: [Duration] { recorded.withLock { $0 } }

  var now: Instant { Instant(sinceStart: waits.reduce(.zero, +)) }
  var minimumResolution: Duration { .nanoseconds(1) }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let wait = now.duration(to: deadline)
    recorded.withLock { $0.append(wait) }
  }
}
