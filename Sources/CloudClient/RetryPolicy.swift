/// How often and how long a call is tried when no node takes it.
///
/// A call is sent to each endpoint in turn until one answers. When none does, or the service says
/// "later" (429 `rate_limited`, 503), the client waits as long as it is told (`Retry-After`), or
/// else for a pause that doubles each time, and goes around again. Whatever else the service
/// refuses, a used-up quota included, is final.
///
/// Sending a call again is safe: reads change nothing; a POST carries an `Idempotency-Key`, so it
/// takes effect once and is answered as the first one was; and the other calls set or delete what
/// their ID names, to the same effect.
public struct RetryPolicy: Sendable {
  /// How often the client may go around again.
  public var repeats: Int
  /// For how long it may: no time around begins later than this after the first.
  public var deadline: Duration
  /// The first wait, where the service names none or a shorter one.
  public var pause: Duration
  /// The share by which waits are longer at random, so that clients that were refused together
  /// do not come back together.
  public var spread: Double
  /// The time since some moment in the past.
  let now: @Sendable () -> Duration
  let sleep: @Sendable (Duration) async throws -> Void

  /// Five times and thirty seconds, with pauses from a tenth of a second, unless said otherwise.
  ///
  /// - Parameter clock: What waits are measured by.
  public init<C: Clock>(
    repeats: Int = 5, deadline: Duration = .seconds(30), pause: Duration = .milliseconds(100),
    spread: Double = 0.2, clock: C = ContinuousClock()
  ) where C.Duration == Duration {
    self.repeats = repeats
    self.deadline = deadline
    self.pause = pause
    self.spread = spread
    let start = clock.now
    now = { start.duration(to: clock.now) }
    sleep = { try await clock.sleep(until: clock.now.advanced(by: $0), tolerance: nil) }
  }

  /// Once to each endpoint.
  public static let never = RetryPolicy(repeats: 0)

  /// How long to wait before going around for the nth time again (from 1).
  func wait(before number: Int, asked: Duration?) -> Duration {
    let own = pause * (1 << min(number - 1, 16))
    return max(own, asked ?? .zero) * Double.random(in: 1...1 + max(0, spread))
  }
}
