/// Centre and unit of a column of numbers, so that columns of different units can be compared.
///
/// The centre is the median. The unit is the standard deviation of the middle 98 % (winsorised,
/// Dixon and Tukey 1968), which a few wild values do not stretch, but at least a tenth of the plain
/// standard deviation: where nearly all values are equal the middle may hold nothing but noise.
struct ColumnScale: Sendable {
  static let trimmedShare = 0.01
  static let leastPart = 0.1

  let power: PowerScale
  let center: Double
  /// Positive.
  let unit: Double
  /// Numbers are divided by it first, so that squares of the largest doubles stay finite.
  private let magnitude: Double

  /// - Parameters:
  ///   - values: finite numbers of the column, in ascending order.
  ///   - isSymmetric: whether a skewed column is taken on the power scale that straightens it.
  /// - Returns: nil if all are equal.
  init?(_ values: [Double], isSymmetric: Bool) {
    guard let first = values.first, let last = values.last, first < last else { return nil }
    magnitude = max(abs(first), abs(last))
    let divided = values.map { [magnitude] in $0 / magnitude }
    power = isSymmetric ? PowerScale(divided) : PowerScale()
    let scaled = divided.map { [power] in power.apply(to: $0) }
    center = scaled.quantile(0.5)
    let low = scaled.quantile(Self.trimmedShare)
    let high = scaled.quantile(1 - Self.trimmedShare)
    let middle = Self.deviation(scaled.map { max(low, min(high, $0)) })
    let plain = Self.deviation(scaled)
    unit = max(middle, Self.leastPart * plain)
    guard unit > 0, unit.isFinite else { return nil }
  }

  /// How many units a number is from the centre, at most `bound`.
  func apply(to value: Double, bound: Double) -> Double {
    max(-bound, min(bound, (power.apply(to: value / magnitude) - center) / unit))
  }

  /// The number that is so many units from the centre.
  func restore(_ units: Double) -> Double { power.restore(center + unit * units) * magnitude }

  private static func deviation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count)).squareRoot()
  }
}
