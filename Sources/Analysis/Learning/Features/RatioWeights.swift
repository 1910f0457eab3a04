import Foundation

/// How strongly each feature tells classes apart, for features that are counts or their like: the
/// largest log ratio between the feature's share of a class and its share of all others
/// (naive-Bayes features: Wang and Manning 2012, §2.1, here for more than two classes).
enum RatioWeights {
  /// - Parameters:
  ///   - rows: the training rows; the weights know of no other row's label.
  ///   - labels: the class of each row of `features`.
  static func make(
    _ features: SparseRows, rows: [Int], labels: [Int], classCount: Int
  ) -> [Float] {
    var mass = [Double](repeating: 0, count: features.width * classCount)
    for row in rows {
      let label = labels[row]
      for position in features.starts[row]..<features.starts[row + 1] {
        mass[Int(features.columns[position]) * classCount + label] += Double(
          features.values[position])
      }
    }
    var ofClass = [Double](repeating: Double(features.width), count: classCount)
    var total = Double(features.width)
    for feature in 0..<features.width {
      for label in 0..<classCount {
        ofClass[label] += mass[feature * classCount + label]
        total += mass[feature * classCount + label]
      }
    }
    return (0..<features.width).map { feature in
      var sum = 0.0
      for label in 0..<classCount { sum += mass[feature * classCount + label] }
      var largest = 0.0
      for label in 0..<classCount {
        let own = mass[feature * classCount + label]
        let rest = total - ofClass[label] + Double(features.width)
        let ratio = (own + 1) / ofClass[label] / ((sum - own + 1) / rest)
        largest = max(largest, abs(log(ratio)))
        // Of two classes the other's ratio is the inverse.
        if classCount == 2 { break }
      }
      return Float(largest)
    }
  }
}
