import Foundation

/// A family of noise matrices whose entries are found from the data, beside those where all wrong
/// labels are alike.
enum NoiseForm: Sendable, Equatable {
  /// Each class has a rate of its own; wrong labels are any other.
  case rates
  /// Each pair of classes has a rate of its own.
  case full
  /// One true class is given one other label at a rate of its own; all other wrong labels are alike.
  case pair(truth: Int, given: Int)

  /// Beyond this many classes pairs are too many to tell apart.
  static let fullClassLimit = 10

  /// The forms that do not depend on which pair of classes stands out.
  static func offered(_ classCount: Int) -> [NoiseForm] {
    classCount > 2 && classCount <= Self.fullClassLimit ? [.rates, .full] : [.rates]
  }

  /// The pair of most expected errors. Nil for two classes: their rates say the same.
  ///
  /// - Parameter joint: expected rows by true and given class, `classCount` squared.
  static func pair(joint: [Double], classCount: Int) -> NoiseForm? {
    guard classCount > 2 else { return nil }
    var best = (truth: 0, given: 1)
    for truth in 0..<classCount {
      for given in 0..<classCount where given != truth {
        if joint[truth * classCount + given] > joint[best.truth * classCount + best.given] {
          best = (truth, given)
        }
      }
    }
    return .pair(truth: best.truth, given: best.given)
  }

  /// What the data must gain in log-likelihood for this form to be as credible as the simplest, which
  /// has one rate: half the logarithm of the rows for each further number (Schwarz 1978). Of a pair's
  /// rate only the rows of its true class tell, and it may be any pair.
  ///
  /// - Parameter joint: expected rows by true and given class, `classCount` squared.
  func cost(_ classCount: Int, joint: [Double]) -> Double {
    let perNumber = log(joint.reduce(0, +)) / 2
    let pairs = classCount * (classCount - 1)
    switch self {
    case .rates: return Double(classCount - 1) * perNumber
    case .full: return Double(pairs - 1) * perNumber
    case .pair(let truth, _):
      let own = joint[(truth * classCount)..<((truth + 1) * classCount)].reduce(0, +)
      return log(max(1, own)) / 2 + log(Double(pairs))
    }
  }

  /// The most probable matrix of this form (the M step of Dawid and Skene 1979, with a trace of a
  /// prior that keeps labels).
  ///
  /// - Parameter joint: expected rows by true and given class, `classCount` squared.
  func matrix(joint: [Double], classCount: Int) -> NoiseMatrix {
    if case .pair(let truth, let given) = self {
      return Self.matrix(joint: joint, classCount: classCount, truth: truth, given: given)
    }
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

  private static func matrix(
    joint: [Double], classCount: Int, truth: Int, given: Int
  ) -> NoiseMatrix {
    let totals = (0..<classCount).map { row in
      joint[(row * classCount)..<((row + 1) * classCount)].reduce(0, +)
    }
    let all = totals.reduce(0, +)
    let own = joint[truth * classCount + given]
    var right = 0.0
    for label in 0..<classCount { right += joint[label * classCount + label] }
    let others = Double(classCount - 1)
    let shared = max(1e-9, (all - right - own) / max(1e-9, all * others - totals[truth]))
    let rate = min(own / (totals[truth] + 1 / Double(classCount)), 1 - shared * others)
    var result = NoiseMatrix(classCount: classCount, noise: 0)
    for row in 0..<classCount {
      var kept = 1.0
      for label in 0..<classCount where label != row {
        let entry = row == truth && label == given ? max(1e-9, rate) : shared
        result[row, label] = entry
        kept -= entry
      }
      result[row, row] = max(1e-6, kept)
    }
    return result
  }
}
