import Foundation

/// The power on which a column of non-negative numbers lies most symmetric, judged by octiles, which
/// no outlier moves (Hinkley 1975); 0 stands for the logarithm and 1 for the plain values.
struct PowerScale: Sendable {
  private static let candidates = [0.5, 1.0 / 3, 0, 2]

  private(set) var power = 1.0

  /// The plain scale.
  init() {}

  /// - Parameters:
  ///   - values: finite, in ascending order.
  ///   - strays: the share of values that may be below zero and have no place on the scale: one wrong
  ///     sign does not change how all others are judged.
  init(_ values: [Double], strays: Double = 0) {
    guard !values.isEmpty else { return }
    let first = values[Int(strays * Double(values.count))]
    guard first >= 0 else { return }
    var best = abs(Self.skewness(values))
    guard best > Self.chance(count: values.count) else { return }
    for candidate in Self.candidates where candidate > 0 || first > 0 {
      let skewness = abs(Self.skewness(values.map { Self.transform($0, candidate) }))
      if skewness < best { (best, power) = (skewness, candidate) }
    }
  }

  func apply(to value: Double) -> Double { Self.transform(value, power) }

  func restore(_ value: Double) -> Double {
    if power == 1 { return value }
    if power == 0 { return exp(value) }
    return value <= 0 ? 0 : pow(value, 1 / power)
  }

  /// The skewness that symmetric numbers hardly exceed by chance.
  static func chance(count: Int) -> Double { 3 / Double(count).squareRoot() }

  /// Skewness of the octiles, from -1 to 1.
  static func skewness(_ sorted: [Double]) -> Double {
    let low = sorted.quantile(0.125)
    let high = sorted.quantile(0.875)
    guard high > low else { return 0 }
    return (high + low - 2 * sorted.quantile(0.5)) / (high - low)
  }

  private static func transform(_ value: Double, _ power: Double) -> Double {
    if power == 1 { return value }
    if value < 0 { return -.infinity }
    if power == 0 { return log(value) }
    return power == 0.5 ? value.squareRoot() : pow(value, power)
  }
}
