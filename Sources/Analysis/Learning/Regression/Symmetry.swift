import Foundation

/// Brings skewed residuals to a scale on which their inner part is symmetric: Tukey's g (Hoaglin 1985),
/// whose logarithm goes on as its tangent on the short side.
struct Symmetry: Sendable {
  /// The quantiles, and one less each, that skewness is judged by: outer ones may be errors.
  private static let quantiles = [0.8, 0.875, 0.9]
  /// Skewness within so many standard errors is chance.
  private static let significance = 4.5
  private static let tangentFrom = 0.2

  let center: Double
  /// 0 if residuals are symmetric but for chance.
  let skewness: Double
  private let unit: Double

  /// - Parameter residuals: at least one.
  init(_ residuals: [Double]) {
    let sorted = residuals.sorted()
    func quantile(_ share: Double) -> Double {
      let place = share * Double(sorted.count - 1)
      let lower = Int(place)
      let upper = min(lower + 1, sorted.count - 1)
      return sorted[lower] + (place - Double(lower)) * (sorted[upper] - sorted[lower])
    }
    let median = quantile(0.5)
    center = median
    let estimates = Self.quantiles.map { share in
      log((quantile(share) - median) / (median - quantile(1 - share))) / normalQuantile(share)
    }.sorted()
    let estimate = estimates[1]
    let quartile = 0.6744897501960817
    let width =
      (quantile(0.75) - quantile(0.25)) / (exp(quartile * estimate) - exp(-quartile * estimate))
    guard estimates.allSatisfy(\.isFinite), width.isFinite,
      abs(estimate) > Self.significance / Double(sorted.count).squareRoot()
    else {
      (skewness, unit) = (0, 1)
      return
    }
    (skewness, unit) = (estimate, width * estimate)
  }

  /// The residual, less the center, on the symmetric scale.
  func symmetric(_ residual: Double) -> Double {
    guard skewness != 0 else { return residual - center }
    let stretched = 1 + skewness * (residual - center) / unit
    let least = Self.tangentFrom
    let logarithm = stretched > least ? log(stretched) : log(least) + (stretched - least) / least
    return logarithm / skewness
  }
}
