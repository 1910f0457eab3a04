import Foundation

/// From where a measure of strangeness is beyond what most rows show.
///
/// Two rules must agree, so that clean data yield few: the modified z-score exceeds what the largest
/// of so many normal numbers does (``RobustFences/cut(count:threshold:)``), and the number lies
/// beyond the third quartile by some interquartile ranges.
struct UpperFence: Sendable {
  private let median: Double
  private let third: Double
  /// From the median, and from the third quartile.
  private let reach: (median: Double, third: Double)

  /// - Parameter leastDeviation: how much the numbers are spread by chance alone, as a standard deviation.
  /// - Returns: nil if half of the numbers are equal: then nothing tells what is usual.
  init?(_ values: [Double], threshold: Double, ranges: Double, leastDeviation: Double = 0) {
    guard values.count >= RobustFences.minimumCount else { return nil }
    let sorted = values.sorted()
    median = sorted.quantile(0.5)
    third = sorted.quantile(0.75)
    let range = third - sorted.quantile(0.25)
    let deviation = RobustFences.medianDeviation(sorted, from: median)
    guard range > 0, deviation > 0 else { return nil }
    reach = (
      RobustFences.cut(count: values.count, threshold: threshold)
        * max(deviation / RobustFences.normalQuartile, leastDeviation),
      ranges * max(range, 2 * RobustFences.normalQuartile * leastDeviation)
    )
  }

  /// How far a number is on the way to the fence, 1 at it; not positive within the usual.
  func evidence(_ value: Double) -> Double {
    min((value - median) / reach.median, (value - third) / reach.third)
  }
}
