/// Values at the ends of a column that many of its rows have, and that are ordinary for it.
///
/// All take finite values in ascending order.
enum ValueHeaps {
  /// The least or the largest value, but for a few beyond it, if it has a good part of all and leaves
  /// enough; the greater heap of two.
  static func atEnd(of values: [Double]) -> Double? {
    let few = Int(RobustFences.rareShare * Double(values.count))
    let (first, last) = (values[few], values[values.count - 1 - few])
    func count(_ value: Double) -> Int {
      values.partitioningIndex { $0 > value } - values.partitioningIndex { $0 >= value }
    }
    let (low, high) = (count(first), count(last))
    let most = max(low, high)
    guard Double(most) > RobustFences.heapShare * Double(values.count), most * 2 < values.count,
      values.count - most >= 2 * RobustFences.minimumCount
    else { return nil }
    return low >= high ? first : last
  }

  /// The least and the largest value, where many share it and the column goes on up to it without a wide
  /// gap: there a measure ends (a censored one: Tobin 1958), and what lies at its end is ordinary.
  static func ends(of values: [Double]) -> (first: Double?, last: Double?) {
    let (first, last) = (values[0], values[values.count - 1])
    let range = values.quantile(0.75) - values.quantile(0.25)
    let many = max(
      RobustFences.minimumCount, Int(RobustFences.rareShare * Double(values.count)) + 1)
    func isEnd(_ count: Int, _ quarter: ArraySlice<Double>) -> Bool {
      count >= many && zip(quarter, quarter.dropFirst()).allSatisfy { $1 - $0 <= range }
    }
    let low = values.partitioningIndex { $0 > first }
    let high = values.count - values.partitioningIndex { $0 >= last }
    return (
      isEnd(low, values.prefix(values.count / 4 + 1)) ? first : nil,
      isEnd(high, values.suffix(values.count / 4 + 1)) ? last : nil
    )
  }
}
