import Foundation

/// Which rows to flag, given for each the probability that its label is wrong: the set whose expected
/// F1, twice the expected hits over the flagged and the expected wrong, is largest (Ye, Chai, Lee and
/// Chieu 2012; Lipton, Elkan and Naryanaswamy 2014).
///
/// None is flagged if "no label is wrong at all", whose F1 is 1 where it holds, is likelier than that.
/// And none is flagged whose probability is below 1.5 times the mean: where nothing tells rows apart
/// the best set is a large part of the table, and of no use.
enum ExpectedF1Cut {
  static let minimumLift = 1.5

  /// - Parameter allRight: the probability that no label is wrong; nil if rows are independent.
  /// - Returns: flagged rows, most probable first, the lower row first among equals.
  static func flagged(_ wrongness: [Double], allRight: Double? = nil) -> [Int] {
    let order = wrongness.indices.sorted { (wrongness[$1], $0) < (wrongness[$0], $1) }
    let total = wrongness.reduce(0, +)
    guard total > 0 else { return [] }
    var hits = 0.0
    var best = (count: 0, value: 0.0)
    var right = 0.0
    for (position, row) in order.enumerated() {
      hits += wrongness[row]
      right += log1p(-min(wrongness[row], 1 - 1e-12))
      let value = 2 * hits / (Double(position + 1) + total)
      if value > best.value { best = (position + 1, value) }
    }
    guard allRight ?? exp(right) < best.value else { return [] }
    let least = minimumLift * total / Double(wrongness.count)
    return order.prefix(best.count).filter { wrongness[$0] >= least }
  }
}
