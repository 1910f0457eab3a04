import Foundation

/// The two-sample Kolmogorov–Smirnov test (Smirnov 1948): whether two samples are of one
/// distribution.
struct KolmogorovSmirnov {
  /// The largest distance of the two distribution functions, from 0 to 1.
  let distance: Double
  /// The probability of so large a distance if there is one distribution: its limit for large
  /// samples, with Stephens's correction for small ones (1970). With ties it is too large rather
  /// than too small.
  let probability: Double

  /// - Parameters:
  ///   - distance: of the samples' distribution functions.
  ///   - n: numbers in the first sample; positive.
  ///   - m: numbers in the second; positive.
  init(distance: Double, _ n: Int, _ m: Int) {
    self.distance = distance
    let root = (Double(n) * Double(m) / Double(n + m)).squareRoot()
    probability = Self.tail((root + 0.12 + 0.11 / root) * distance)
  }

  /// Kolmogorov's series.
  private static func tail(_ lambda: Double) -> Double {
    guard lambda > 0.2 else { return 1 }
    var sum = 0.0
    var sign = 1.0
    for k in 1...100 {
      let term = exp(-2 * Double(k * k) * lambda * lambda)
      sum += sign * term
      if term < 1e-17 { break }
      sign = -sign
    }
    return max(0, min(1, 2 * sum))
  }
}
