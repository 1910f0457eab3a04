import Foundation

/// How well a row's label fits its probabilities, lower being worse (Northcutt et al. 2021, §3.2);
/// names are cleanlab's.
enum LabelQuality: String, Sendable, CaseIterable {
  /// The probability of the label.
  case selfConfidence = "self_confidence"
  /// The label's probability less the largest of the others', brought from -1...1 to 0...1.
  case normalizedMargin = "normalized_margin"
  /// The normalised entropy divided by the self-confidence, brought to 0...1 by ln(1 + x) / x.
  case confidenceWeightedEntropy = "confidence_weighted_entropy"
}

extension ConfidentLearning {
  /// The quality of all rows' labels.
  func quality(_ measure: LabelQuality) -> [Double] {
    switch measure {
    case .selfConfidence: given.indices.map { probability($0, given[$0]) }
    case .normalizedMargin:
      given.indices.map { row in
        let others = (0..<classCount).lazy.filter { $0 != given[row] }
        let largest = others.map { probability(row, $0) }.max() ?? 0
        return (probability(row, given[row]) - largest + 1) / 2
      }
    case .confidenceWeightedEntropy: given.indices.map(weightedEntropyQuality)
    }
  }

  private func weightedEntropyQuality(_ row: Int) -> Double {
    let terms = (0..<classCount).map { label in
      let probability = max(0, probability(row, label))
      return probability > 0 ? probability * log(probability) : 0
    }
    let entropy = -terms.pairwiseSum / log(Double(classCount))
    let weighted = entropy / max(probability(row, given[row]), 1e-6)
    return log(weighted + 1) / max(weighted, 1e-6)
  }

  /// Rows from the lowest quality to the highest, of equals the lower row first.
  func ranked(_ rows: [Int], by measure: LabelQuality) -> [Int] {
    let quality = quality(measure)
    return rows.sorted { (quality[$0], $0) < (quality[$1], $1) }
  }
}
