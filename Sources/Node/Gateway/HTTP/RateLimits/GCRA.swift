/// How far one caller has used up their burst: the generic cell rate algorithm (ITU-T I.371,
/// annex A) in its form of virtual scheduling.
///
/// It is a bucket that a call takes one token from and into which one falls each interval, told by one
/// number. Times are nanoseconds of any clock that does not go back.
struct GCRA: Hashable, Sendable {
  /// When the whole burst will be there again if no call comes. Never more than the window away;
  /// in the past for a caller who has the whole burst already.
  private(set) var fullAt: Int64

  /// A caller who has not called yet.
  init(at now: Int64) {
    fullAt = now
  }

  /// What a caller has left.
  struct Standing: Hashable, Sendable {
    /// Whether the call may be made.
    var isAdmitted: Bool
    /// Calls that may be made at once after it.
    var remaining: Int
    /// Nanoseconds until the next call is admitted; 0 if it would be now.
    var wait: Int64
    /// Nanoseconds until the whole burst is there again.
    var untilFull: Int64
  }

  /// Takes a token, if there is one.
  mutating func take(at now: Int64, _ limit: RateLimit) -> Standing {
    let isAdmitted = standing(at: now, limit).isAdmitted
    if isAdmitted { fullAt = max(fullAt, now) + limit.interval }
    var after = standing(at: now, limit)
    after.isAdmitted = isAdmitted
    return after
  }

  /// What a call now would meet, without taking anything.
  func standing(at now: Int64, _ limit: RateLimit) -> Standing {
    let untilFull = max(0, fullAt - now)
    let left = limit.window - untilFull
    let remaining = Int(max(0, left) / limit.interval)
    return Standing(
      isAdmitted: remaining > 0, remaining: remaining,
      wait: remaining > 0 ? 0 : limit.interval - left, untilFull: untilFull)
  }
}
