import Foundation

/// The chi-squared distribution's upper tail.
enum ChiSquaredTail {
  /// The probability of a value of at least `x`, to about 12 digits.
  ///
  /// The regularised incomplete gamma function, by its series below the mean and by its continued
  /// fraction above (Abramowitz and Stegun 1964, 6.5.29 and 6.5.31, the latter evaluated by Lentz's
  /// method).
  static func probability(_ x: Double, freedom: Double) -> Double {
    guard x > 0, freedom > 0 else { return 1 }
    guard x.isFinite else { return 0 }
    let (a, half) = (freedom / 2, x / 2)
    let front = exp(a * log(half) - half - logGamma(a))
    if half < a + 1 {
      var term = 1 / a
      var sum = term
      var step = a
      while term > sum * 1e-15 {
        step += 1
        term *= half / step
        sum += term
      }
      return max(0, 1 - front * sum)
    }
    let tiny = 1e-300
    var b = half + 1 - a
    var c = 1 / tiny
    var d = 1 / b
    var fraction = d
    for step in 1..<100_000 {
      let factor = -Double(step) * (Double(step) - a)
      b += 2
      d = factor * d + b
      if abs(d) < tiny { d = tiny }
      c = b + factor / c
      if abs(c) < tiny { c = tiny }
      d = 1 / d
      fraction *= d * c
      if abs(d * c - 1) < 1e-15 { break }
    }
    return min(1, front * fraction)
  }

  /// Stirling's series from 8 up, and the recurrence below it: lgamma of C writes a global.
  private static func logGamma(_ value: Double) -> Double {
    var (x, shift) = (value, 0.0)
    while x < 8 {
      shift += log(x)
      x += 1
    }
    let inverse = 1 / (x * x)
    let series =
      (1 / 12.0 - inverse * (1 / 360.0 - inverse * (1 / 1260.0 - inverse * (1 / 1680.0)))) / x
    return (x - 0.5) * log(x) - x + 0.5 * log(2 * .pi) + series - shift
  }
}
