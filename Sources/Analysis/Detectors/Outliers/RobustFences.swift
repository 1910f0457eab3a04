import Foundation

/// The range in which a column's values are ordinary, from quantiles only, so that outliers cannot
/// hide themselves by stretching it.
///
/// A value is an outlier if two rules agree: its modified z-score (Iglewicz and Hoaglin 1993),
/// 0.6745 (x - median) / MAD, exceeds a threshold, and it lies beyond Tukey's fences (1977), 1.5
/// interquartile ranges outside the quartiles. The threshold is the recommended 3.5, or for many
/// numbers the bound that any of as many sound normal ones exceeds with probability 0.05 (Davies and
/// Gather 1993), those of all columns together: a fixed one would flag a fixed share of any data.
///
/// Both rules assume symmetry. A column of non-negative numbers that is skewed beyond chance is
/// judged on the power scale that makes its octiles most symmetric (``PowerScale``); if none does, or
/// there are negative numbers, on Tukey's g scale (Hoaglin 1985), see ``Asymmetry``. The first rule
/// assumes the tails of the normal distribution, too; where they are longer, z-scores count for less
/// (``Elongation``), or columns such as amounts of money would be full of outliers.
///
/// All of that is told by quantiles, which in a column of few steps, such as grades, jump by a whole step:
/// there no fence lies farther out than several times the range of the middle (``fitSteps(_:of:)``).
struct RobustFences: Sendable {
  /// The z-score from which Iglewicz and Hoaglin call a value an outlier.
  static let threshold = 3.5
  static let fenceFactor = 1.5
  static let falseAlarmRate = 0.05
  static let minimumCount = 10
  /// What is left beside an otherwise constant value is unusual up to this share.
  static let rareShare = 0.01
  /// Where all but this share of the values are equal, the rest is too little to tell how strange one
  /// of them is.
  static let fewShare = 0.1
  /// The middle three quarters of a column come in few steps if they have fewer different values.
  static let fewSteps = 10
  /// From this share on, an octile, values at one end of a column are a heap of their own.
  static let heapShare = 0.125
  /// How many cuts the nearest value to a constant is off: that it is strange is sure, how strange
  /// nothing tells.
  static let strangerEvidence = 1.2
  /// 0.75 quantile of the normal distribution: MAD / 0.6745 estimates the standard deviation.
  static let normalQuartile = 0.6745

  /// Values from `lower` through `upper` are ordinary.
  private(set) var lower: Double
  private(set) var upper: Double
  /// What lies far out, whatever the tails; nil if half of the values or more are equal.
  private(set) var outer: OuterFences?
  let median: Double
  /// The scale on which the column is judged.
  private(set) var scale = PowerScale()
  /// The z-score from which values count as outliers.
  let cut: Double

  private var unit = 1.0
  private var asymmetry: Asymmetry?
  private var elongation = Elongation()
  private var greatestScore = Double.infinity
  private var center: Double
  /// A standard deviation on the scale.
  private var deviation: Double

  /// - Parameters:
  ///   - values: finite, in ascending order.
  ///   - columns: how many columns are judged; what is beyond fences by chance is to be rare in all together.
  /// - Returns: nil if there are too few values to tell.
  init?(_ values: [Double], threshold: Double = Self.threshold, columns: Int = 1) {
    guard values.count >= Self.minimumCount else { return nil }
    median = values.quantile(0.5)
    cut = Self.cut(count: values.count * columns, threshold: threshold)
    lower = median
    upper = median
    center = median
    deviation = 0

    // Where half of the values are equal the MAD is 0 and says nothing. That value is ordinary;
    // the others are judged among themselves.
    // So it is with the end of a column where a good part of it lies, such as zeros among amounts: no
    // scale straightens both (two-part models: Duan, Manning, Morris and Newhouse 1983).
    var rest = values
    let ends = ValueHeaps.ends(of: values)
    lower = min(lower, ends.first ?? lower)
    upper = max(upper, ends.last ?? upper)
    if let heap = ValueHeaps.atEnd(of: values) {
      lower = min(lower, heap)
      upper = max(upper, heap)
      rest.removeAll { $0 == heap }
    }
    var mad = Self.medianDeviation(rest, from: median)
    while mad == 0, rest.count >= 2 * Self.minimumCount {
      let common = rest.quantile(0.5)
      lower = min(lower, common)
      upper = max(upper, common)
      rest.removeAll { $0 == common }
      mad = rest.isEmpty ? 0 : Self.medianDeviation(rest, from: rest.quantile(0.5))
    }
    if mad > 0, rest.count >= Self.minimumCount {
      let unfitted = self
      fit(rest)
      limit(unfitted, values)
      if Double(rest.count) < Self.fewShare * Double(values.count) {
        greatestScore = Self.strangerEvidence * cut
      }
    } else {
      fitSteps(rest, of: values)
    }
    // Of numbers that are never below zero none is told that it would be usual there.
    if values[0] >= 0 { lower = max(lower, 0) }
    if values[values.count - 1] <= 0 { upper = min(upper, 0) }
  }

  /// How many robust standard deviations a value is off.
  func score(_ value: Double) -> Double {
    guard value.isFinite else { return .infinity }
    let z = finiteScore(value)
    guard z.isNaN || asymmetry != nil else { return z }
    // The scale has no such value, or may end near it, where z grows without limit: take the plain
    // distance as a part of the bound's.
    let bound = value < median ? lower : upper
    let plain = bound == median ? .infinity : cut * abs((value - median) / (bound - median))
    return z.isNaN ? plain : min(z, plain)
  }

  /// The score of a value that the scale has; NaN for others.
  func finiteScore(_ value: Double) -> Double {
    let z = elongation.relax(abs(onScale(value / unit) - center) / deviation)
    return z.isFinite ? min(greatestScore, z) : .nan
  }

  // MARK: Fitting

  private mutating func fit(_ values: [Double]) {
    outer = OuterFences(values, ordinary: lower...upper)
    let largest = max(abs(values[0]), abs(values[values.count - 1]))
    let least = values[Int(Self.rareShare * Double(values.count))]
    unit = least >= 0 ? max(values.quantile(0.5), largest * 1e-9) : largest
    let chance = PowerScale.chance(count: values.count)
    var scaled = values.map { $0 / unit }
    scale = PowerScale(scaled, strays: Self.rareShare)
    if abs(PowerScale.skewness(scaled.map(scale.apply))) > chance {
      scale = PowerScale()
      asymmetry = Asymmetry(
        low: scaled.quantile(0.125), median: scaled.quantile(0.5), high: scaled.quantile(0.875))
    }
    scaled = scaled.map(onScale)
    center = scaled.quantile(0.5)
    let mad = Self.medianDeviation(scaled, from: center)
    let first = scaled.quantile(0.25)
    let third = scaled.quantile(0.75)
    let reach = Self.fenceFactor * (third - first)
    elongation = Elongation(scaled)
    // A power scale can make more than half of the values equal in floating point.
    deviation =
      mad > 0
      ? mad / elongation.stretch(Self.normalQuartile) : max(reach, .leastNormalMagnitude)
    let bound = deviation * elongation.stretch(cut)
    lower = min(lower, offScale(min(center - bound, first - reach)) * unit)
    // Powers stretch what is next to zero, so a zero that is no rarity would seem far from the rest.
    let zeros = values.partitioningIndex { $0 > 0 } - values.partitioningIndex { $0 >= 0 }
    if scale.power < 1, Double(zeros) > Self.rareShare * Double(values.count) {
      lower = min(lower, 0)
    }
    upper = max(upper, offScale(max(center + bound, third + reach)) * unit)
    // g is known but by chance, and a little too much of it draws the fence of the shorter side in to
    // ordinary numbers.
    if asymmetry != nil {
      let (first, third) = (values.quantile(0.25), values.quantile(0.75))
      lower = min(lower, first - Self.fenceFactor * (third - first))
      upper = max(upper, third + Self.fenceFactor * (third - first))
    }
  }

  /// Takes the fences of steps where the values come in few and the fitted ones lie beyond.
  private mutating func limit(_ unfitted: Self, _ values: [Double]) {
    var steps = unfitted
    let octiles = (values.quantile(Self.heapShare), values.quantile(1 - Self.heapShare))
    guard Self.countOfSteps(values, from: octiles.0, through: octiles.1) < Self.fewSteps else {
      return
    }
    (steps.lower, steps.upper) = octiles
    steps.fitSteps(values, of: values)
    guard lower < steps.lower || upper > steps.upper else { return }
    steps.outer = outer
    self = steps
  }

  /// How many different values lie in a range; no more than ``fewSteps`` are counted.
  private static func countOfSteps(
    _ values: [Double], from first: Double, through last: Double
  ) -> Int {
    var count = 0
    var place = values.partitioningIndex { $0 >= first }
    while place < values.count, values[place] <= last, count < fewSteps {
      count += 1
      let value = values[place]
      place = values.partitioningIndex { $0 > value }
    }
    return count
  }

  private func onScale(_ value: Double) -> Double {
    let powered = scale.apply(to: value)
    return asymmetry?.remove(from: powered) ?? powered
  }

  private func offScale(_ value: Double) -> Double {
    scale.restore(asymmetry?.restore(to: value) ?? value)
  }

  /// Values that come in a few steps: what is left beside them is far off only if it lies several
  /// times their whole range outside, or beside a constant, and is rare. What is no rarity there is a
  /// step, too.
  private mutating func fitSteps(_ rest: [Double], of values: [Double]) {
    let allowed = max(1, Int(Self.rareShare * Double(values.count)))
    var far = rest
    while true {
      let reach = cut * (upper - lower)
      far.removeAll { reach > 0 && $0 >= lower - reach && $0 <= upper + reach }
      guard far.count > allowed, let nearest = far.min(by: { distance($0) < distance($1) }) else {
        break
      }
      lower = min(lower, nearest)
      upper = max(upper, nearest)
      far.removeAll { $0 == nearest }
    }
    let range = upper - lower
    deviation = range > 0 ? range : 1
    if range > 0 {
      lower -= cut * range
      upper += cut * range
      // Measured from the middle, a value at the bound has a score just above the cut.
    } else if let first = far.first, let last = far.last {
      let nearest = far.reduce(Double.infinity) { min($0, abs($1 - median)) }
      deviation =
        nearest > 0 ? nearest / (Self.strangerEvidence * cut) : max(abs(first), abs(last), 1)
    }
  }

  /// How far a value is outside of the ordinary ones.
  private func distance(_ value: Double) -> Double { max(lower - value, value - upper) }

  static func medianDeviation(_ sorted: [Double], from center: Double) -> Double {
    // Left and right of the centre, deviations ascend away from it: merge until the middle.
    var right = sorted.partitioningIndex { $0 >= center }
    var left = right - 1
    var (previous, last) = (0.0, 0.0)
    for _ in 0...(sorted.count / 2) {
      previous = last
      if right < sorted.count, left < 0 || sorted[right] - center <= center - sorted[left] {
        last = sorted[right] - center
        right += 1
      } else {
        last = center - sorted[left]
        left -= 1
      }
    }
    return sorted.count % 2 == 1 ? last : (previous + last) / 2
  }

  /// The z-score that the largest of `count` normal values exceeds with ``falseAlarmRate``.
  ///
  /// - Parameter threshold: what it is at least.
  static func cut(count: Int, threshold: Double) -> Double {
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
