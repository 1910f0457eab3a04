/// Where callers stand, of as many as are remembered. Each call is O(1), without a sweep now and then.
///
/// Callers live in two generations. Whoever calls is in the younger one; when that has lasted for the
/// limit's window, or is full, it becomes the older one, and what was the older one is forgotten. So a
/// caller is forgotten for one of two reasons:
/// - They have not called for a window, and have the whole burst again: nothing is lost.
/// - There are more callers than are remembered: those who have not called for longest begin anew.
///   Whoever can call from half as many addresses as are remembered is not held back by a limit for
///   each of them anyway, and nobody else is refused because of them.
struct RateTable<Caller: Hashable & Sendable>: Sendable {
  let limit: RateLimit
  private let generationSize: Int
  private var younger: [Caller: GCRA] = [:]
  private var older: [Caller: GCRA] = [:]
  /// When the younger generation began.
  private var began: Int64

  /// - Parameter capacity: The callers that are remembered at most; at least 2.
  init(_ limit: RateLimit, capacity: Int, at now: Int64) {
    precondition(capacity >= 2, "there are two generations")
    self.limit = limit
    generationSize = capacity / 2
    began = now
  }

  /// The callers that are remembered.
  var count: Int { younger.count + older.count }

  /// Counts a call.
  mutating func take(_ caller: Caller, at now: Int64) -> GCRA.Standing {
    if now - began >= limit.window { beginGeneration(at: now) }
    var known = younger[caller]
    if known == nil {
      // Not in both, so that `count` is right.
      known = older.removeValue(forKey: caller)
      if younger.count == generationSize { beginGeneration(at: now) }
    }
    var bucket = known ?? GCRA(at: now)
    let standing = bucket.take(at: now, limit)
    younger[caller] = bucket
    return standing
  }

  /// What a call would meet, without counting it.
  func standing(of caller: Caller, at now: Int64) -> GCRA.Standing {
    (younger[caller] ?? older[caller] ?? GCRA(at: now)).standing(at: now, limit)
  }

  private mutating func beginGeneration(at now: Int64) {
    older = younger
    younger = [:]
    began = now
  }
}
