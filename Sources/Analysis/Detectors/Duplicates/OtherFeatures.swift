/// The columns beside a text that say whether two rows of nearly the same wording are one record
/// twice, or two records described in the same words.
///
/// Dates have no part in it: what is entered twice is usually entered at different times.
struct OtherFeatures {
  /// Fewer columns than this decide nothing.
  static let fewestColumns = 2
  /// Numbers agree if they differ by at most this part of their column's interquartile range.
  static let tolerance = 0.02

  private enum Feature {
    case numbers([Double], tolerance: Double)
    case levels([UInt32])
  }

  private let features: [Feature]

  init(_ subject: AnalysisSubject) {
    features = subject.learnableColumns.compactMap { index -> Feature? in
      switch subject.table.columns[index].type {
      case .integer, .real:
        let numbers = subject.table.columns[index].numericValues()
        let order = subject.order(of: index)
        guard !order.isEmpty else { return nil }
        let quartiles = [order.count / 4, 3 * order.count / 4].map { numbers[Int(order[$0])] }
        return .numbers(numbers, tolerance: Self.tolerance * (quartiles[1] - quartiles[0]))
      case .boolean, .category: return .levels(subject.levels(of: index).levelOfRow)
      case .text, .dateTime, .identifier, .empty: return nil
      }
    }
  }

  /// The same for rows of which all columns are the same; 0 if they don't matter.
  func hash(_ row: Int, agreement: Double) -> UInt64 {
    guard features.count >= Self.fewestColumns, agreement > 0 else { return 0 }
    return features.reduce(0) { hash, feature in
      let value: UInt64 =
        switch feature {
        case .numbers(let numbers, _): numbers[row].bitPattern
        case .levels(let levels): UInt64(levels[row])
        }
      var generator = SeededGenerator(seed: hash ^ value)
      return generator.next()
    }
  }

  /// Whether at least a share of the columns agree; true if there are too few to tell.
  func agree(_ first: Int, _ second: Int, share: Double) -> Bool {
    guard features.count >= Self.fewestColumns else { return true }
    let agreeing = features.count { feature in
      switch feature {
      case .numbers(let numbers, let tolerance):
        let (left, right) = (numbers[first], numbers[second])
        if left.isNaN || right.isNaN { return left.isNaN && right.isNaN }
        return left == right || abs(left - right) <= tolerance
      case .levels(let levels): return levels[first] == levels[second]
      }
    }
    return Double(agreeing) >= share * Double(features.count)
  }
}
