extension Collection where Element == Double, Index == Int {
  /// The sum in the order in which NumPy adds (pairwise summation: Higham, "The Accuracy of Floating
  /// Point Summation", 1993): a sum that is half an integer has to be rounded as cleanlab rounds it.
  var pairwiseSum: Double {
    guard count >= 8 else { return reduce(0, +) }
    guard count <= 128 else {
      let half = count / 2 - count / 2 % 8
      return self[startIndex..<startIndex + half].pairwiseSum
        + self[startIndex + half..<endIndex].pairwiseSum
    }
    var lanes = [Double](repeating: 0, count: 8)
    let whole = startIndex + count - count % 8
    for index in startIndex..<whole { lanes[(index - startIndex) % 8] += self[index] }
    let sum =
      ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3]))
      + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
    return self[whole..<endIndex].reduce(sum, +)
  }
}
