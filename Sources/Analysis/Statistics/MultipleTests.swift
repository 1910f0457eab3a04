/// Corrects probabilities for how many tests were made.
enum MultipleTests {
  /// Holm's step-down procedure ("A Simple Sequentially Rejective Multiple Test Procedure", 1979):
  /// the probabilities adjusted so that rejecting those below a level errs in any of them with at
  /// most that probability, whatever the tests' dependence.
  static func holm(_ probabilities: [Double]) -> [Double] {
    let order = probabilities.indices.sorted {
      (probabilities[$0], $0) < (probabilities[$1], $1)
    }
    var adjusted = probabilities
    var largest = 0.0
    for (position, index) in order.enumerated() {
      let factor = Double(probabilities.count - position)
      largest = max(largest, min(1, factor * probabilities[index]))
      adjusted[index] = largest
    }
    return adjusted
  }
}
