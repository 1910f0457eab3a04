import Testing

@testable import NodeGateway

@Suite struct GCRATests {
  /// Calls at random moments, with a limit of its own for each seed.
  struct Trace {
    var limit: RateLimit
    var times: [Int64]

    init(seed: UInt64) {
      var random = SplitMix(state: seed)
      limit = RateLimit(
        burst: .random(in: 1...20, using: &random),
        interval: .nanoseconds(.random(in: 1...1_000, using: &random)))
      var now = Int64.random(in: 0...1_000_000, using: &random)
      times = []
      for _ in 0..<500 {
        // Mostly faster than the limit, and now and then a long rest.
        let rest = Int.random(in: 0..<20, using: &random) == 0 ? limit.window * 2 : limit.interval
        now += Int64.random(in: 0...rest, using: &random)
        times.append(now)
      }
    }
  }

  @Test(arguments: 0..<50) func noStretchOfTimeHasMoreThanBurstAndRate(seed: UInt64) {
    let trace = Trace(seed: seed)
    var bucket = GCRA(at: trace.times[0])
    let admitted = trace.times.filter { bucket.take(at: $0, trace.limit).isAdmitted }
    for (first, start) in admitted.enumerated() {
      for (last, end) in admitted.enumerated().dropFirst(first) {
        let most = Int64(trace.limit.burst) + (end - start) / trace.limit.interval
        guard Int64(last - first + 1) <= most else {
          Issue.record("\(last - first + 1) calls from \(start) to \(end)")
          return
        }
      }
    }
  }

  /// The bucket of tokens that the number stands for.
  @Test(arguments: 0..<50) func admitsWhatABucketOfTokensAdmits(seed: UInt64) {
    let trace = Trace(seed: seed)
    let limit = trace.limit
    var bucket = GCRA(at: trace.times[0])
    // In parts of a token, so that nothing is rounded.
    var level = limit.window
    var last = trace.times[0]
    for now in trace.times {
      level = min(limit.window, level + now - last)
      last = now
      let isAdmitted = level >= limit.interval
      if isAdmitted { level -= limit.interval }
      let standing = bucket.take(at: now, limit)
      #expect(standing.isAdmitted == isAdmitted)
      #expect(standing.remaining == Int(level / limit.interval))
      #expect(standing.untilFull == limit.window - level)
    }
  }

  @Test(arguments: 0..<50) func whatIsToldIsTrue(seed: UInt64) {
    let trace = Trace(seed: seed)
    var bucket = GCRA(at: trace.times[0])
    for now in trace.times {
      let standing = bucket.take(at: now, trace.limit)
      var copy = bucket
      for _ in 0..<standing.remaining { #expect(copy.take(at: now, trace.limit).isAdmitted) }
      #expect(!copy.take(at: now, trace.limit).isAdmitted)
      #expect(bucket.standing(at: now + standing.wait, trace.limit).isAdmitted)
      if standing.wait > 0 {
        #expect(!bucket.standing(at: now + standing.wait - 1, trace.limit).isAdmitted)
      }
      let full = bucket.standing(at: now + standing.untilFull, trace.limit)
      #expect(full.remaining == trace.limit.burst)
    }
  }

  @Test func whoKeepsToTheRateIsNeverRefused() {
    let limit = RateLimit(perSecond: 7, burst: 1)
    var bucket = GCRA(at: 0)
    for call in 0..<1_000 {
      #expect(bucket.take(at: Int64(call) * limit.interval, limit).isAdmitted)
    }
  }

  @Test func aClockThatGoesBackTakesNothingButTime() {
    let limit = RateLimit(burst: 2, interval: .seconds(1))
    var bucket = GCRA(at: 10_000_000_000)
    let standing = bucket.standing(at: 0, limit)
    #expect(!standing.isAdmitted && standing.remaining == 0)
    #expect(bucket.take(at: 10_000_000_000, limit).isAdmitted)
  }
}

@Suite struct RateTableTests {
  static let limit = RateLimit(burst: 5, interval: .nanoseconds(100))

  /// With room for all who call within two windows, forgetting is never noticed.
  @Test(arguments: 0..<20) func forgetsNobodyWhoHasNotTheWholeBurst(seed: UInt64) {
    var random = SplitMix(state: seed)
    var table = RateTable<Int>(Self.limit, capacity: 2_000, at: 0)
    var all: [Int: GCRA] = [:]
    var now: Int64 = 0
    for _ in 0..<20_000 {
      now += .random(in: 0...10, using: &random)
      let caller = Int.random(in: 0..<50, using: &random) + Int(now / 2_000) * 25
      let expected = all[caller, default: GCRA(at: now)].take(at: now, Self.limit)
      #expect(table.take(caller, at: now) == expected)
    }
    #expect(table.count < all.count / 4)
  }

  @Test func neverRemembersMoreThanItsCapacity() {
    var table = RateTable<Int>(Self.limit, capacity: 100, at: 0)
    for caller in 0..<10_000 {
      _ = table.take(caller, at: 1)
      // Who goes on calling is not forgotten, however many others there are.
      _ = table.take(-1, at: 1)
      #expect(table.count <= 100)
    }
    #expect(!table.standing(of: -1, at: 1).isAdmitted)
  }
}

/// A seeded source of random numbers.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
