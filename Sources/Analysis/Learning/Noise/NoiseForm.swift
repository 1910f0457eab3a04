import Foundation

/// A family of noise matrices whose entries are found from the data, beside those where all wrong
/// labels are alike.
enum NoiseForm: String, Sendable, CaseIterable {
  /// Each class has a rate of its own; wrong labels are any other.
  case rates
  /// Each pair of classes has a rate of its own.
  case full

  /// Beyond this many classes pairs are too many to tell apart.
  static let fullClassLimit = 10

  /// Numbers that are found, beyond the one rate of the simplest form.
  func parameters(_ classCount: Int) -> Int {
    switch self {
    case .rates: classCount - 1
    case .full: classCount * (classCount - 1) - 1
    }
  }

  func isOffered(_ classCount: Int) -> Bool {
    switch self {
    case .rates: true
    case .full: classCount > 2 && classCount <= Self.fullClassLimit
    }
  }

  /// The most probable matrix of this form (the M step of Dawid and Skene 1979, with a trace of a
  /// prior that keeps labels).
  ///
  /// - Parameter joint: expected rows by true and given class, `classCount` squared.
  func matrix(joint: [Double], classCount: Int) -> NoiseMatrix {
    var result = NoiseMatrix(classCount: classCount, noise: 0)
    let prior = 1 / Double(classCount)
    func count(_ truth: Int, _ given: Int) -> Double { joint[truth * classCount + given] }
    for truth in 0..<classCount {
      var all = 0.0
      for given in 0..<classCount { all += count(truth, given) }
      let kept = min((count(truth, truth) + prior) / (all + prior), 1 - 1e-6)
      let others = all - count(truth, truth) + 1e-3 * Double(classCount - 1)
      for given in 0..<classCount {
        if given == truth {
          result[truth, given] = kept
        } else {
          let share =
            self == .full
            ? (count(truth, given) + 1e-3) / others : 1 / Double(classCount - 1)
          result[truth, given] = share * (1 - kept)
        }
      }
    }
    return result
  }
}
