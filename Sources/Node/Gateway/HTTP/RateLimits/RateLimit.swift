/// How fast one caller may call: so many calls at once, and then one each interval.
public struct RateLimit: Hashable, Sendable {
  /// The calls that a caller may make at once who has not called for a while.
  public let burst: Int
  /// Nanoseconds from one call to the next for whoever calls all the time.
  let interval: Int64

  /// - Parameters:
  ///   - burst: At least 1.
  ///   - interval: More than nothing, and so little that `burst` of them are less than a century.
  public init(burst: Int, interval: Duration) {
    let nanoseconds = Int64(interval / .nanoseconds(1))
    precondition(burst >= 1 && nanoseconds >= 1, "a limit lets calls through, and not all of them")
    precondition(
      !nanoseconds.multipliedReportingOverflow(by: Int64(burst)).overflow,
      "a burst must come back within a century")
    self.burst = burst
    self.interval = nanoseconds
  }

  /// - Parameter perSecond: From 1 to 1,000,000,000.
  public init(perSecond: Int, burst: Int) {
    self.init(burst: burst, interval: .seconds(1) / perSecond)
  }

  /// Nanoseconds until a burst that was used up is there again.
  var window: Int64 { interval * Int64(burst) }
}
