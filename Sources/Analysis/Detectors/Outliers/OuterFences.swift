import Foundation

/// Tukey's outer fences (1977, §2D): what is more than three interquartile ranges outside of the quartiles
/// is far out, whatever the tails.
///
/// Where logarithms make the quartiles more symmetric, a number must be far out on their scale, too;
/// elsewhere those fences would lie at ten times the third quartile of any broad column.
struct OuterFences: Sendable {
  private let ordinary: ClosedRange<Double>
  private let range: ClosedRange<Double>
  private let logarithms: ClosedRange<Double>?

  /// - Parameters:
  ///   - values: finite, in ascending order.
  ///   - ordinary: what is not far out in any case, such as values that a good part of the column has.
  /// - Returns: nil if the quartiles are equal.
  init?(_ values: [Double], ordinary: ClosedRange<Double>) {
    let plain = Quartiles(values)
    guard plain.first < plain.third else { return nil }
    self.ordinary = ordinary
    range = plain.fences
    let positive = values[values.partitioningIndex { $0 > 0 }...]
    guard values[0] >= 0, !positive.isEmpty else {
      logarithms = nil
      return
    }
    // A zero has no logarithm, nor is it far above anything.
    let scaled = Quartiles(positive.map { log($0) })
    logarithms = scaled.skewness < plain.skewness ? scaled.fences : nil
  }

  func isBeyond(_ value: Double) -> Bool {
    guard !value.isNaN, !ordinary.contains(value), !range.contains(value) else { return false }
    guard let logarithms else { return true }
    return !logarithms.contains(value > 0 ? log(value) : -.infinity)
  }

  private struct Quartiles {
    let first: Double
    let median: Double
    let third: Double

    init(_ values: [Double]) {
      first = values.quantile(0.25)
      median = values.quantile(0.5)
      third = values.quantile(0.75)
    }

    var fences: ClosedRange<Double> {
      let reach = 2 * RobustFences.fenceFactor * (third - first)
      return (first - reach)...(third + reach)
    }

    /// How asymmetric they lie, from 0 to 1.
    var skewness: Double { abs((first - median) + (third - median)) / (third - first) }
  }
}
