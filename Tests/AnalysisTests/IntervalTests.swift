import Testing

@testable import Analysis

/// Against the papers' own examples, and against scipy where they have none.
@Suite struct IntervalTests {
  private let reach = NormalDistribution.reach(confidence: 0.95)

  private func near(_ one: Double, _ other: Double, _ tolerance: Double = 1e-4) -> Bool {
    abs(one - other) <= tolerance
  }

  @Test func normalQuantilesReachIntoTheTails() {
    for (tail, quantile) in [(0.025, 1.959964), (1e-6, 4.753424), (1e-12, 7.034484), (0.5, 0)] {
      #expect(near(NormalDistribution.upperQuantile(tail), quantile, 1e-6))
    }
  }

  /// Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I.
  @Test func wilsonIntervals() {
    let known = [
      (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
      (1, 29, 0.0061, 0.1718), (20, 20, 0.8389, 1),
    ]
    for (hits, total, low, high) in known {
      let interval = Rate(hits: hits, total: total).interval(reach: reach)
      #expect(near(interval.low, low))
      #expect(near(interval.high, high))
    }
  }

  /// Newcombe 1998, "Interval estimation for the difference", table II, method 10.
  @Test func differencesOfRates() {
    let known = [
      (56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090),
      (0, 10, 0, 20, -0.1611, 0.2775), (10, 10, 0, 20, 0.6791, 1),
    ]
    for (hits, total, otherHits, otherTotal, low, high) in known {
      let difference = Rate(hits: hits, total: total)
        .minus(Rate(hits: otherHits, total: otherTotal), reach: reach)
      #expect(near(difference.low, low))
      #expect(near(difference.high, high))
    }
  }

  @Test func associationWithoutBias() throws {
    let known = [
      ([[20, 80], [50, 50]], 0.3072, 0.1759, 0.4531),
      ([[30, 20, 50], [25, 40, 35], [10, 10, 80]], 0.2750, 0.1955, 0.3582),
      ([[50, 50], [48, 52]], 0, 0, 0.1499),
      ([[400, 100], [100, 400]], 0.5995, 0.5380, 0.6620),
      // A class without rows is none.
      ([[400, 0, 100], [100, 0, 400], [0, 0, 0]], 0.5995, 0.5380, 0.6620),
    ]
    for (table, value, low, high) in known {
      let association = try #require(CramersV(table, confidence: 0.95))
      #expect(near(association.corrected, value))
      #expect(near(association.low, low, 0.01))
      #expect(near(association.high, high, 0.01))
    }
    #expect(CramersV([[5, 5], [0, 0]], confidence: 0.95) == nil)
    #expect(CramersV([], confidence: 0.95) == nil)
  }

  @Test func fullAssociationIsOne() throws {
    let association = try #require(CramersV([[50, 0], [0, 50]], confidence: 0.95))
    #expect(near(association.corrected, 1, 1e-9))
    #expect(association.low > 0.8)
    #expect(association.high <= 1)
  }

  @Test func meansLoseNoDigitsToALargeOffset() {
    var moments = Moments()
    for number in [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16] { moments.add(number) }
    #expect(moments.mean == 1e9 + 10)
    #expect(moments.variance == 30)
    var other = Moments()
    for number in [1e9 + 3, 1e9 + 6, 1e9 + 12, 1e9 + 15] { other.add(number) }
    let difference = moments.minus(other, reach: 2)
    #expect(near(difference.value, 1, 1e-6))
    #expect(near(difference.high, 1 + 2 * (15.0).squareRoot(), 1e-6))
    #expect(near(moments.effect(over: other), 1 / (30.0).squareRoot(), 1e-9))
  }

  @Test func mediansHaveOrderStatisticsAroundThem() throws {
    let median = try #require(Estimate(medianOf: (1...100).map(Double.init), reach: reach))
    #expect(median == Estimate(value: 50.5, low: 40, high: 61))
    #expect(
      try #require(Estimate(medianOf: [3], reach: reach)) == Estimate(value: 3, low: 3, high: 3))
    #expect(Estimate(medianOf: [], reach: reach) == nil)
  }
}
