import Foundation

/// The standard normal distribution.
enum NormalDistribution {
  /// The probability of a value of at most `z`.
  static func cumulative(_ z: Double) -> Double { erfc(-z / 2.0.squareRoot()) / 2 }

  /// The value that is exceeded with probability `tail`, by bisection; 0 for tails of a half or more.
  static func upperQuantile(_ tail: Double) -> Double {
    guard tail < 0.5 else { return 0 }
    var (low, high) = (0.0, 38.0)
    for _ in 0..<80 {
      let middle = (low + high) / 2
      if erfc(middle / 2.0.squareRoot()) / 2 > tail { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// How many standard errors a two-sided interval of this confidence reaches to each side.
  static func reach(confidence: Double) -> Double { upperQuantile((1 - confidence) / 2) }
}
