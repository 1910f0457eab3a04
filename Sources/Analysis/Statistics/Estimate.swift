import Foundation

/// A number with its confidence interval.
public struct Estimate: Codable, Sendable, Equatable {
  /// What was measured.
  public var value: Double
  /// The interval's lower end.
  public var low: Double
  /// The interval's upper end.
  public var high: Double

  /// Creates an estimate; numbers are rounded to six decimals.
  public init(value: Double, low: Double, high: Double) {
    self.value = value.reported
    self.low = low.reported
    self.high = high.reported
  }
}

/// A rate: how many of how many.
struct Rate: Equatable {
  var hits: Int
  /// Positive where the rate's value or interval is asked for.
  var total: Int

  var value: Double { Double(hits) / Double(total) }

  /// Wilson's score interval (1927), which stays within 0 and 1 and holds for rates near them.
  ///
  /// - Parameter reach: the standard errors to each side (``NormalDistribution/reach(confidence:)``).
  func interval(reach z: Double) -> Estimate {
    let n = Double(total)
    let center = (value + z * z / (2 * n)) / (1 + z * z / n)
    let half =
      z / (1 + z * z / n) * (value * (1 - value) / n + z * z / (4 * n * n)).squareRoot()
    // At 0 and n hits an end of the interval is exact.
    return Estimate(
      value: value, low: hits == 0 ? 0 : max(0, center - half),
      high: hits == total ? 1 : min(1, center + half))
  }

  /// This rate minus another, with Newcombe's interval from both score intervals (1998, method 10).
  func minus(_ other: Rate, reach: Double) -> Estimate {
    let (mine, others) = (interval(reach: reach), other.interval(reach: reach))
    let difference = value - other.value
    let below = hypot(value - mine.low, others.high - other.value)
    let above = hypot(mine.high - value, other.value - others.low)
    return Estimate(value: difference, low: difference - below, high: difference + above)
  }
}

/// The mean of some numbers and their spread.
struct Moments: Equatable {
  private(set) var count = 0
  private(set) var mean = 0.0
  /// Sum of squared deviations from the mean.
  private var squares = 0.0

  /// Welford's update (1962), which loses no digits to a large mean.
  mutating func add(_ number: Double) {
    count += 1
    let delta = number - mean
    mean += delta / Double(count)
    squares += delta * (number - mean)
  }

  /// The variance of the population, from at least two numbers.
  var variance: Double { count > 1 ? squares / Double(count - 1) : 0 }

  /// The mean, with an interval by the normal approximation, which groups of some tens allow.
  func interval(reach: Double) -> Estimate {
    let half = reach * (variance / Double(max(1, count))).squareRoot()
    return Estimate(value: mean, low: mean - half, high: mean + half)
  }

  /// This mean minus another, without assuming equal variances (Welch 1947).
  func minus(_ other: Moments, reach: Double) -> Estimate {
    let error =
      (variance / Double(max(1, count)) + other.variance / Double(max(1, other.count)))
      .squareRoot()
    let difference = mean - other.mean
    return Estimate(
      value: difference, low: difference - reach * error, high: difference + reach * error)
  }

  /// The difference of means in pooled standard deviations (Cohen 1988, chapter 2).
  func effect(over other: Moments) -> Double {
    let freedom = Double(max(1, count + other.count - 2))
    let pooled = ((squares + other.squares) / freedom).squareRoot()
    let difference = mean - other.mean
    return difference == 0 ? 0 : difference / pooled
  }
}

extension Estimate {
  /// The median of ascending numbers, with the order statistics around it that the binomial
  /// distribution's normal approximation gives (Conover 1999, §3.2). Nil without numbers.
  init?(medianOf sorted: [Double], reach: Double) {
    guard !sorted.isEmpty else { return nil }
    let n = Double(sorted.count)
    let half = reach * n.squareRoot() / 2
    let low = max(0, Int((n / 2 - half).rounded(.down)) - 1)
    let high = min(sorted.count - 1, Int((n / 2 + half).rounded(.up)))
    let middle = sorted.count / 2
    let median =
      sorted.count % 2 == 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2
    self.init(value: median, low: sorted[low], high: sorted[high])
  }
}
