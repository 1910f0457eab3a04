import Foundation

/// The Wilcoxon–Mann–Whitney test: whether one of two samples tends to have larger numbers
/// (Mann and Whitney 1947), by the normal approximation with ties allowed for.
struct RankSum {
  /// The probability that a number of the first sample is larger than one of the second, ties
  /// counted half: 0.5 if neither tends to be larger.
  let superiority: Double
  /// The probability of so large a difference if there is none.
  let probability: Double

  /// From 0, no difference, to 1, no overlap: the rank-biserial correlation's magnitude.
  var effect: Double { abs(2 * superiority - 1) }

  /// - Parameter sorted: numbers in ascending order, each with whether it is of the first sample.
  /// - Returns: nil if a sample is empty or all numbers are equal.
  init?(sorted: [(number: Double, isFirst: Bool)]) {
    var rankSum = 0.0
    var first = 0
    var ties = 0.0
    var start = 0
    while start < sorted.count {
      var end = start
      var members = 0
      while end < sorted.count, sorted[end].number == sorted[start].number {
        if sorted[end].isFirst { members += 1 }
        end += 1
      }
      // The mean of the ranks start + 1 through end.
      rankSum += Double(members) * Double(start + 1 + end) / 2
      first += members
      let length = Double(end - start)
      ties += length * (length * length - 1)
      start = end
    }
    let n = Double(sorted.count)
    let (n1, n2) = (Double(first), n - Double(first))
    guard n1 > 0, n2 > 0 else { return nil }
    let variance = n1 * n2 / 12 * (n + 1 - ties / (n * (n - 1)))
    guard variance > 0 else { return nil }
    let wins = rankSum - n1 * (n1 + 1) / 2
    superiority = wins / (n1 * n2)
    let z = max(0, abs(wins - n1 * n2 / 2) - 0.5) / variance.squareRoot()
    probability = erfc(z / 2.0.squareRoot())
  }
}
