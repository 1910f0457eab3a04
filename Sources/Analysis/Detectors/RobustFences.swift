import Foundation

/// The range in which a column's values are ordinary, from quantiles only, so that outliers cannot
/// hide themselves by stretching it.
///
/// A value is an outlier if two rules agree: its modified z-score (Iglewicz and Hoaglin 1993),
/// 0.6745 (x - median) / MAD, exceeds a threshold, and it lies beyond Tukey's fences (1977), 1.5
/// interquartile ranges outside the quartiles. The threshold is the recommended 3.5, or for long
/// columns the bound that a sound normal column of that length exceeds anywhere with probability
/// 0.05 (Davies and Gather 1993): a fixed one would flag a fixed share of any data.
///
/// Both rules assume symmetry. A column of non-negative numbers that is skewed beyond chance is
/// judged on the power scale that makes its octiles most symmetric (Hinkley 1975); if none does, or
/// there are negative numbers, on Tukey's g scale (Hoaglin 1985), see ``Asymmetry``.
struct RobustFences: Sendable {
  static let threshold = 3.5
  static let fenceFactor = 1.5
  static let falseAlarmRate = 0.05
  static let minimumCount = 10
  /// What is left beside an otherwise constant value is unusual up to this share.
  static let rareShare = 0.01
  /// 0.75 quantile of the normal distribution: MAD / 0.6745 estimates the standard deviation.
  private static let normalQuartile = 0.6745
  private static let powers = [0.5, 1.0 / 3, 0, 2]

  /// Values from `lower` through `upper` are ordinary.
  private(set) var lower: Double
  private(set) var upper: Double
  let median: Double
  /// The power of the scale, 0 for the logarithm, 1 for the plain values.
  private(set) var power = 1.0
  /// The z-score from which values count as outliers.
  let cut: Double

  private var unit = 1.0
  private var asymmetry: Asymmetry?
  private var center: Double
  private var scale: Double

  /// - Parameter values: finite, in ascending order.
  /// - Returns: nil if there are too few values to tell.
  init?(_ values: [Double]) {
    guard values.count >= Self.minimumCount else { return nil }
    median = Self.quantile(values, 0.5)
    cut = Self.threshold(count: values.count)
    lower = median
    upper = median
    center = median
    scale = 0

    // Where half of the values are equal the MAD is 0 and says nothing. That value is ordinary;
    // the others are judged among themselves.
    var rest = values
    var mad = Self.medianDeviation(rest, from: median)
    while mad == 0, rest.count >= 2 * Self.minimumCount {
      let common = Self.quantile(rest, 0.5)
      lower = min(lower, common)
      upper = max(upper, common)
      rest.removeAll { $0 == common }
      mad = rest.isEmpty ? 0 : Self.medianDeviation(rest, from: Self.quantile(rest, 0.5))
    }
    if mad > 0, rest.count >= Self.minimumCount {
      fit(rest)
    } else {
      fitSteps(rest, of: values)
    }
  }

  /// How many robust standard deviations a value is off.
  func score(_ value: Double) -> Double {
    guard value.isFinite else { return .infinity }
    return abs(onScale(value / unit) - center) / scale
  }

  // MARK: Fitting

  private mutating func fit(_ values: [Double]) {
    let largest = max(abs(values[0]), abs(values[values.count - 1]))
    unit = values[0] >= 0 ? max(Self.quantile(values, 0.5), largest * 1e-9) : largest
    var scaled = values.map { $0 / unit }
    let chance = 3 / Double(values.count).squareRoot()
    if values[0] >= 0, abs(Self.skewness(scaled)) > chance {
      var best = abs(Self.skewness(scaled))
      for candidate in Self.powers where candidate > 0 || values[0] > 0 {
        let skewness = abs(Self.skewness(scaled.map { Self.transform($0, candidate) }))
        if skewness < best { (best, power) = (skewness, candidate) }
      }
      scaled = scaled.map { Self.transform($0, power) }
    }
    if abs(Self.skewness(scaled)) > chance {
      power = 1
      scaled = values.map { $0 / unit }
      asymmetry = Asymmetry(
        low: Self.quantile(scaled, 0.125), median: Self.quantile(scaled, 0.5),
        high: Self.quantile(scaled, 0.875))
      scaled = values.map { onScale($0 / unit) }
    }
    center = Self.quantile(scaled, 0.5)
    let mad = Self.medianDeviation(scaled, from: center)
    let first = Self.quantile(scaled, 0.25)
    let third = Self.quantile(scaled, 0.75)
    let reach = Self.fenceFactor * (third - first)
    // A power scale can make more than half of the values equal in floating point.
    scale = mad > 0 ? mad / Self.normalQuartile : max(reach, .leastNormalMagnitude)
    lower = min(lower, offScale(min(center - cut * scale, first - reach)) * unit)
    upper = max(upper, offScale(max(center + cut * scale, third + reach)) * unit)
  }

  private func onScale(_ value: Double) -> Double {
    let powered = Self.transform(value, power)
    return asymmetry?.remove(from: powered) ?? powered
  }

  private func offScale(_ value: Double) -> Double {
    Self.inverse(asymmetry?.restore(to: value) ?? value, power)
  }

  /// Values that come in a few steps: what is left beside them is far off only if it lies several
  /// times their whole range outside, or, beside a constant, if it is rare.
  private mutating func fitSteps(_ rest: [Double], of values: [Double]) {
    let range = upper - lower
    scale = range > 0 ? range : 1
    if range > 0 {
      lower -= cut * range
      upper += cut * range
      // Measured from the middle, a value at the bound has a score just above the cut.
      return
    }
    let allowed = max(1, Int(Self.rareShare * Double(values.count)))
    if rest.count > allowed {
      lower = -.infinity
      upper = .infinity
    } else if let first = rest.first, let last = rest.last {
      let nearest = rest.reduce(Double.infinity) { min($0, abs($1 - median)) }
      scale = nearest > 0 ? nearest / (2 * cut) : max(abs(first), abs(last), 1)
    }
  }

  // MARK: Quantiles

  static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let position = share * Double(sorted.count - 1)
    let below = Int(position)
    let above = min(below + 1, sorted.count - 1)
    let weight = position - Double(below)
    return sorted[below] * (1 - weight) + sorted[above] * weight
  }

  private static func medianDeviation(_ sorted: [Double], from center: Double) -> Double {
    quantile(sorted.map { abs($0 - center) }.sorted(), 0.5)
  }

  /// Skewness of the octiles, from -1 to 1 (Hinkley 1975).
  private static func skewness(_ sorted: [Double]) -> Double {
    let low = quantile(sorted, 0.125)
    let high = quantile(sorted, 0.875)
    guard high > low else { return 0 }
    return (high + low - 2 * quantile(sorted, 0.5)) / (high - low)
  }

  private static func transform(_ value: Double, _ power: Double) -> Double {
    if power == 1 { return value }
    if value < 0 { return -.infinity }
    return power == 0 ? log(value) : pow(value, power)
  }

  private static func inverse(_ value: Double, _ power: Double) -> Double {
    if power == 1 { return value }
    if power == 0 { return exp(value) }
    return value <= 0 ? 0 : pow(value, 1 / power)
  }

  /// The z-score that the largest of `count` normal values exceeds with ``falseAlarmRate``.
  private static func threshold(count: Int) -> Double {
    let tail = 1 - pow(1 - falseAlarmRate, 1 / Double(count))
    // Bisection of P(|Z| > z) = tail.
    var (low, high) = (0.0, 40.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if erfc(middle / 2.0.squareRoot()) > tail { low = middle } else { high = middle }
    }
    return max(threshold, high)
  }
}

/// Tukey's g distribution, a lognormal one of any location and scale that leans either way: the
/// value at z is `center + unit (exp(g z) - 1) / g`. Its parameters follow from octiles.
struct Asymmetry: Sendable {
  /// The normal distribution's octile.
  private static let octile = 1.150349380376008
  /// Octiles of a column with two humps feign more skewness than any tail has; beyond this g the
  /// range would take in everything on one side and nothing on the other.
  private static let maximumG = 0.5

  private let center: Double
  private let unit: Double
  private let g: Double

  /// - Returns: nil if the octiles do not allow it: one equals the median.
  init?(low: Double, median: Double, high: Double) {
    guard low < median, median < high else { return nil }
    let estimate = log((high - median) / (median - low)) / Self.octile
    guard estimate.isFinite, abs(estimate) > 1e-6 else { return nil }
    g = max(-Self.maximumG, min(Self.maximumG, estimate))
    center = median
    // Exact at the octile of the longer side, whose values are the ones to be judged.
    let longer = max(high - median, median - low)
    unit = longer * abs(g) / (exp(abs(g) * Self.octile) - 1)
  }

  /// The z of a value; infinite where the distribution has no such value.
  func remove(from value: Double) -> Double {
    let stretched = 1 + g * (value - center) / unit
    guard stretched > 0 else { return g > 0 ? -.infinity : .infinity }
    return log(stretched) / g
  }

  func restore(to z: Double) -> Double {
    center + unit * (exp(g * z) - 1) / g
  }
}
