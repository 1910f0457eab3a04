import Foundation

/// The scale on which numbers are predicted and compared.
///
/// Prices, wages and counts vary by a share of themselves, and a slipped decimal point is as far off
/// when it makes a number smaller as when it makes it larger: on the scale of their logarithms. Which
/// scale a column has is told by the probability of its numbers (Box and Cox 1964, §3).
enum NumberScale: String, Sendable, CaseIterable {
  case linear, logarithmic

  /// Whether all numbers can be brought to the scale.
  func suits(_ numbers: [Double]) -> Bool {
    self == .linear || numbers.allSatisfy { $0 > 0 }
  }

  func scaled(_ number: Double) -> Double {
    self == .linear ? number : log(number)
  }

  /// A value of the scale as a number again.
  func number(_ scaled: Double) -> Double {
    self == .linear ? scaled : exp(scaled)
  }

  /// The logarithm of the probability density of numbers, given how they are predicted; see
  /// ``ResidualMixture/evidence``.
  ///
  /// - Parameters:
  ///   - values: the numbers on this scale.
  ///   - fit: their predictions and usual deviations, on this scale.
  func evidence(of values: [Double], _ fit: CrossFittedNumbers) -> Double {
    let residuals = fit.standardised(values)
    guard residuals.contains(where: { $0 != 0 }) else { return .infinity }
    var sum = ResidualMixture(residuals).evidence
    for row in values.indices {
      sum -= log(fit.deviations[row])
      // The density of a number is that of its logarithm over the number.
      if self == .logarithmic { sum -= values[row] }
    }
    return sum
  }
}
