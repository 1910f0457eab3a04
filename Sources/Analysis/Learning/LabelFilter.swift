/// Which rows confident learning doubts (Northcutt et al. 2021, §3.2); names are cleanlab's.
enum LabelFilter: String, Sendable, CaseIterable {
  /// From each class the rows least probably of it, as many as the joint says are of others.
  case pruneByClass = "prune_by_class"
  /// From each cell of the joint off its diagonal as many rows as it says, by the margin of the true
  /// label's probability over the given label's.
  case pruneByNoiseRate = "prune_by_noise_rate"
  /// What both of the former doubt.
  case both
  /// The rows counted off the diagonal of the confident joint.
  case confidentLearning = "confident_learning"
  /// The rows whose most probable class is not their label.
  case predictedNeqGiven = "predicted_neq_given"
  /// The rows of the lowest normalised margin, as many as `confidentLearning` doubts.
  case lowNormalizedMargin = "low_normalized_margin"
  /// The rows of the lowest self-confidence, as many as `confidentLearning` doubts.
  case lowSelfConfidence = "low_self_confidence"
}

extension ConfidentLearning {
  /// The rows that a filter doubts, in ascending order. A row whose label is also its most probable
  /// class is kept by all filters but those that take the lowest scores.
  ///
  /// - Parameter minimum: how many rows the pruning filters leave in each class.
  func issues(_ filter: LabelFilter, leavingPerClass minimum: Int = 1) -> [Int] {
    switch filter {
    case .pruneByClass: contradicted(prunedByClass(minimum))
    case .pruneByNoiseRate: contradicted(prunedByNoiseRate(minimum))
    case .both:
      contradicted(zip(prunedByClass(minimum), prunedByNoiseRate(minimum)).map { $0 && $1 })
    case .confidentLearning:
      contradicted(zip(given, confidentClass).map { $1 != nil && $0 != $1 })
    case .predictedNeqGiven: contradicted(given.indices.map { mostProbable($0) != given[$0] })
    case .lowNormalizedMargin: lowest(quality(.normalizedMargin))
    case .lowSelfConfidence: lowest(quality(.selfConfidence))
    }
  }

  /// The marked rows whose label is not their most probable class, by more than the tolerance.
  private func contradicted(_ marked: [Bool]) -> [Int] {
    marked.indices.filter { row in
      guard marked[row] else { return false }
      let own = probability(row, given[row]) + Self.tolerance
      return (0..<classCount).contains { label in
        // Of equals the first class counts as the most probable.
        probability(row, label) > own || (label < given[row] && probability(row, label) == own)
      }
    }
  }

  private func lowest(_ quality: [Double]) -> [Int] {
    let count = issues(.confidentLearning).count
    return quality.indices.sorted { (quality[$0], $0) < (quality[$1], $1) }.prefix(count).sorted()
  }

  /// How many rows to take from each given label (first index) for each true one. Where fewer rows
  /// than the minimum would be left, all errors of the class are lessened by the same number.
  private func quotas(_ minimum: Int) -> [[Int]] {
    joint.enumerated().map { label, row in
      let left = max(row[label], minimum)
      let kinds = max(row.count { $0 != 0 } - 1, 1)
      let less = Double(left - row[label]) / Double(kinds)
      return row.indices.map { $0 == label ? left : Int(max(0, Double(row[$0]) - less)) }
    }
  }

  private func prunedByClass(_ minimum: Int) -> [Bool] {
    var marked = [Bool](repeating: false, count: given.count)
    let quotas = quotas(minimum)
    for (label, rows) in members.enumerated() where rows.count > max(minimum, 1) {
      let count = rows.count - quotas[label][label]
      guard count >= 1 else { continue }
      let order = rows.sorted { (probability($0, label), $0) < (probability($1, label), $1) }
      for row in order.prefix(count) { marked[row] = true }
    }
    return marked
  }

  private func prunedByNoiseRate(_ minimum: Int) -> [Bool] {
    var marked = [Bool](repeating: false, count: given.count)
    let quotas = quotas(minimum)
    for (label, rows) in members.enumerated() where rows.count > max(minimum, 1) {
      for other in 0..<classCount where other != label && quotas[label][other] > 0 {
        let margins = rows.map { (probability($0, other) - probability($0, label), $0) }
        let order = margins.sorted { ($1.0, $0.1) < ($0.0, $1.1) }
        for (_, row) in order.prefix(quotas[label][other]) { marked[row] = true }
      }
    }
    return marked
  }

  /// The rows labelled with each class, ascending.
  private var members: [[Int]] {
    var members = [[Int]](repeating: [], count: classCount)
    for (row, label) in given.enumerated() { members[label].append(row) }
    return members
  }
}
