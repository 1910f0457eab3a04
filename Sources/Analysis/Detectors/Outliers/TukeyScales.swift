import Foundation

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

  /// Where an octile equals the median the column leans as far as it can.
  ///
  /// - Returns: nil if the octiles are equal, or lie evenly.
  init?(low: Double, median: Double, high: Double) {
    guard low < high else { return nil }
    let estimate = log((high - median) / (median - low)) / Self.octile
    guard abs(estimate) > 1e-6 else { return nil }
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

/// Tukey's h distribution, a normal one whose tails are stretched: the value at z is
/// `z exp(h z z / 2)` (Hoaglin 1985). h follows from how far the middle 90 % and the middle three
/// quarters reach beyond the middle half: a long tail shows at both depths, outliers that are more than
/// a twentieth on one side only at the outer one, so the lesser of both counts.
struct Elongation: Sendable {
  private static let half = 0.6744897501960817
  /// Shares below the middle part, and where its upper end is on the normal distribution.
  private static let depths = [(0.05, 1.6448536269514722), (0.125, 1.1503493803760079)]
  /// What two outliers in a hundred rows can feign; it is taken off.
  private static let tolerance = 0.05
  private static let maximumH = 0.5

  private let h: Double

  /// No stretching.
  init() { h = 0 }

  /// - Parameter values: symmetric, in ascending order.
  init(_ values: [Double]) {
    let inner = values.quantile(0.75) - values.quantile(0.25)
    // The inner one is the less exact; by a part of its error it may lie below the other one by chance.
    let chance = [0, 1 / Double(values.count).squareRoot()]
    let estimates = zip(Self.depths, chance).map { depth, chance in
      let (share, end) = depth
      let outer = values.quantile(1 - share) - values.quantile(share)
      return log(outer / inner / (end / Self.half)) / ((end * end - Self.half * Self.half) / 2)
        + chance
    }
    let estimate = estimates.min() ?? .nan
    h = estimate.isFinite ? max(0, min(Self.maximumH, estimate - Self.tolerance)) : 0
  }

  /// The value at a z that is not negative.
  func stretch(_ z: Double) -> Double { z * exp(h * z * z / 2) }

  /// The z of a value that is not negative.
  func relax(_ value: Double) -> Double {
    guard h > 0, value.isFinite else { return value }
    // Bisection: stretch rises, and never falls short of its argument.
    var (low, high) = (0.0, min(value, 60))
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if stretch(middle) < value { low = middle } else { high = middle }
    }
    return high
  }
}
