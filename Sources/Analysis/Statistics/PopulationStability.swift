import Foundation

/// The population stability index of two distributions over the same bins: the sum over bins of
/// (q - p) ln(q / p), which is Jeffreys' divergence (1946).
///
/// By the credit industry's convention (Siddiqi, "Credit Risk Scorecards", 2006) less than 0.1 is
/// stable and more than 0.25 a major shift.
enum PopulationStability {
  /// Where moderate shifts begin.
  static let moderate = 0.1
  /// Where major shifts begin.
  static let major = 0.25

  /// Half a row is added to each bin, so that empty ones do not make it infinite.
  static func index(_ before: [Int], _ after: [Int]) -> Double {
    let bins = Double(before.count)
    let n = Double(before.reduce(0, +)) + bins / 2
    let m = Double(after.reduce(0, +)) + bins / 2
    return zip(before, after).reduce(0) { sum, pair in
      let p = (Double(pair.0) + 0.5) / n
      let q = (Double(pair.1) + 0.5) / m
      return sum + (q - p) * log(q / p)
    }
  }
}
