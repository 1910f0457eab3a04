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

  /// - Parameters: finite numbers in ascending order.
  /// - Returns: nil if a sample is empty.
  init?(_ first: [Double], _ second: [Double]) {
    guard !first.isEmpty, !second.isEmpty else { return nil }
    let (n, m) = (Double(first.count), Double(second.count))
    var largest = 0.0
    var (i, j) = (0, 0)
    while i < first.count, j < second.count {
      let value = min(first[i], second[j])
      while i < first.count, first[i] == value { i += 1 }
      while j < second.count, second[j] == value { j += 1 }
      largest = max(largest, abs(Double(i) / n - Double(j) / m))
    }
    distance = largest
    let root = (n * m / (n + m)).squareRoot()
    probability = Self.tail((root + 0.12 + 0.11 / root) * largest)
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
