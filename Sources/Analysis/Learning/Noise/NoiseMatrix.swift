/// How given labels come from true ones: for each true class the probability of each given one.
struct NoiseMatrix: Sendable, Equatable {
  let classCount: Int
  /// For each given label the probabilities with which the true classes give it: the transposed
  /// matrix row by row, so that what a row's label calls for lies together.
  private(set) var byGiven: [Float]

  /// All wrong labels alike: a label is wrong with probability `noise`, and then any other.
  init(classCount: Int, noise: Double) {
    self.classCount = classCount
    let other = Float(noise / Double(max(1, classCount - 1)))
    byGiven = [Float](repeating: other, count: classCount * classCount)
    for label in 0..<classCount { byGiven[label * classCount + label] = Float(1 - noise) }
  }

  /// A label is wrong with probability `noise`, and then any other as often as labels are given.
  ///
  /// - Parameter shares: the share of the rows that each label is given to, below 1.
  init(shares: [Double], noise: Double) {
    self.init(classCount: shares.count, noise: noise)
    for truth in shares.indices {
      for given in shares.indices where given != truth {
        self[truth, given] = noise * shares[given] / (1 - shares[truth])
      }
    }
  }

  /// The probability of a given label for a true class.
  subscript(truth: Int, given: Int) -> Double {
    get { Double(byGiven[given * classCount + truth]) }
    set { byGiven[given * classCount + truth] = Float(newValue) }
  }

  /// The probability that a label of the class is kept.
  func kept(_ label: Int) -> Double { self[label, label] }
}
