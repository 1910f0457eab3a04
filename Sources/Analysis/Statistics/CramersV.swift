import Foundation

/// How strongly two sets of classes go together, from 0 to 1, in a table of counts.
struct CramersV {
  /// With the correction of the bias that V has upwards in small tables (Bergsma 2013).
  let corrected: Double
  /// Ends of the interval: the non-centralities whose chi-squared distributions have the statistic
  /// at their tails (Smithson 2003), as V.
  let low: Double
  let high: Double

  /// Nil unless two rows and two columns have counts.
  ///
  /// - Parameters:
  ///   - counts: the table row by row.
  ///   - confidence: of the interval.
  init?(_ counts: [[Int]], confidence: Double) {
    guard let test = ContingencyTable(counts).independence else { return nil }
    corrected = test.correctedV
    let scale = test.n * (min(test.rows, test.columns) - 1)
    let tail = (1 - confidence) / 2
    func end(_ probability: Double) -> Double {
      let center = NoncentralChiSquared.noncentrality(
        test.statistic, freedom: test.freedom, probability: probability)
      return min(1, (center / scale).squareRoot())
    }
    low = end(1 - tail)
    high = max(low, end(tail))
  }
}

/// The non-central chi-squared distribution by the approximation of Sankaran (1963), good to some
/// thousandths; at non-centrality 0 it is that of Wilson and Hilferty (1931).
enum NoncentralChiSquared {
  /// The probability of a value of at most `x`.
  static func cumulative(_ x: Double, freedom k: Double, noncentrality l: Double) -> Double {
    guard x > 0 else { return 0 }
    let h = 1 - 2 * (k + l) * (k + 3 * l) / (3 * (k + 2 * l) * (k + 2 * l))
    let p = (k + 2 * l) / ((k + l) * (k + l))
    let m = (h - 1) * (1 - 3 * h)
    let mean = 1 + h * p * (h - 1 - (2 - h) * m * p / 2)
    let deviation = h * (2 * p).squareRoot() * (1 + m * p / 2)
    return NormalDistribution.cumulative((pow(x / (k + l), h) - mean) / deviation)
  }

  /// The non-centrality at which a value of at most `x` has the given probability; 0 if none is so
  /// small.
  static func noncentrality(_ x: Double, freedom: Double, probability: Double) -> Double {
    guard cumulative(x, freedom: freedom, noncentrality: 0) > probability else { return 0 }
    var (low, high) = (0.0, max(1, x))
    while cumulative(x, freedom: freedom, noncentrality: high) > probability { high *= 2 }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if cumulative(x, freedom: freedom, noncentrality: middle) > probability {
        low = middle
      } else {
        high = middle
      }
    }
    return (low + high) / 2
  }
}
