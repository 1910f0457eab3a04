/// Ranks of numbers.
enum MeanRanks {
  /// Ranks in ascending order from 0, equal numbers sharing their mean rank; NaN where there is no finite
  /// number.
  static func of(_ numbers: [Double]) -> [Double] {
    let order = NumberOrder.ascending(numbers).map { Int($0) }
    var ranks = [Double](repeating: .nan, count: numbers.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, numbers[order[end]] == numbers[order[start]] { end += 1 }
      for position in start..<end { ranks[order[position]] = Double(start + end - 1) / 2 }
      start = end
    }
    return ranks
  }
}
