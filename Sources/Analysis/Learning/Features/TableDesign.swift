/// Designs of a table's numbers and categories for linear models and for trees.
extension LearnableFeatures {
  /// The scale of numbers in a linear design.
  enum Scale: Sendable {
    /// Mean 0 and variance 1.
    case standard
    /// Normal scores of ranks (van der Waerden 1952), with mean 0 and variance 1: neither wild values
    /// nor skewness matter.
    case ranks
  }

  /// The most levels of a category that are features of their own; rarer ones share the zero vector.
  static let levelLimit = 4_096
  /// Categories of more levels are one number for trees, others a feature a level.
  static let treeLevelLimit = 16
  private static let imputedRows = 20_000
  /// Values of trees' features up to which that holds: as many as a table may have cells.
  static let treeValueLimit = 50_000_000

  /// Numbers on a scale, with an indicator where some are missing, and a feature for each level of a
  /// category that occurs at least twice. Nil if there is no feature. Up to ``imputedRows`` rows, those
  /// without some of their numbers are repeated; see ``Imputations``.
  ///
  /// - Parameter levels: the categories' features, which are the same on each scale, if they are there.
  func design(
    _ scale: Scale, levels: SparseRows? = nil, subject: AnalysisSubject, pace: Pace
  ) throws(AnalysisCancelled) -> Design? {
    var columns: [(values: [Float], isMissing: [Bool]?)] = []
    var quantiles = MidRankQuantiles()
    for number in numbers {
      try pace.spend(rows.count * Self.workPerValue)
      let values = values(of: number)
      let scores =
        switch scale {
        case .standard: Self.standardised(values)
        case .ranks: Self.standardised(normalScores(number, values, subject, &quantiles))
        }
      let isMissing = values.contains { $0.isNaN } ? values.map { $0.isNaN } : nil
      if let scores { columns.append((scores, isMissing)) }
      // The parts of a date are missing together.
      if number.part == nil || number.part == .moment, let isMissing, isMissing.contains(false) {
        columns.append((isMissing.map { $0 ? 1 : 0 }, nil))
      }
    }
    let sparse = if let levels { levels } else { try levelFeatures(pace) }
    guard !columns.isEmpty || sparse.width > 0 else { return nil }
    try pace.spend(rows.count * columns.count)
    let gaps = columns.compactMap { column in
      column.isMissing.map { (values: column.values, isMissing: $0) }
    }
    let imputations =
      rows.count <= Self.imputedRows && texts.isEmpty
      ? Imputations(gaps, rowCount: rows.count) : Imputations(rowCount: rows.count)
    return Design(
      rowCount: rows.count + imputations.sources.count,
      columns: columns.map { imputations.extended($0.values, isMissing: $0.isMissing) },
      sparse: imputations.sources.isEmpty
        ? sparse : sparse.selecting(Array(rows.indices) + imputations.sources),
      imputations: imputations)
  }

  /// Numbers as they are; few levels as features of their own, many as a number. Nil if there is no
  /// feature.
  ///
  /// - Parameter valueLimit: beyond so many values each category is one number.
  func treeFeatures(
    pace: Pace, valueLimit: Int = treeValueLimit
  ) throws(AnalysisCancelled) -> TreeFeatures? {
    let categories = categories.filter { $0.part == nil }
    let levels = categories.reduce(0) {
      $0 + ($1.counts.count <= Self.treeLevelLimit ? $1.counts.count : 1)
    }
    let levelLimit =
      rows.count * (numbers.count + levels) <= valueLimit ? Self.treeLevelLimit : 0
    var features = TreeFeatures(rowCount: rows.count)
    for number in numbers {
      try pace.spend(rows.count * Self.workPerValue)
      let values = values(of: number)
      if Self.varies(values) { features.append(values) }
    }
    for category in categories {
      try pace.spend(rows.count * Self.workPerValue)
      let used = category.counts.indices.filter { category.counts[$0] > 0 }
      if used.count > 2, used.count <= levelLimit {
        for level in used {
          features.append(category.levelOfRow.map { $0 == Int32(level) ? 1 : 0 })
        }
      } else if used.count > 1 {
        features.append(category.levelOfRow.map { $0 == 0 ? .nan : Double($0) })
      }
    }
    return features.columns.isEmpty ? nil : features
  }

  /// Whether any value differs from another; a gap is a value here.
  private static func varies(_ values: [Double]) -> Bool {
    guard let first = values.first else { return false }
    return values.contains { $0 != first && !($0.isNaN && first.isNaN) }
  }

  /// Mean 0 and variance 1; NaN becomes the median and an infinity the farthest finite value. Nil for
  /// a constant.
  private static func standardised(_ values: [Double]) -> [Float]? {
    var finite = values.filter(\.isFinite)
    guard !finite.isEmpty else { return nil }
    var (least, most) = (finite[0], finite[0])
    for value in finite { (least, most) = (min(least, value), max(most, value)) }
    // Dividing by the largest first keeps sums of the largest doubles finite.
    let largest = max(abs(least), abs(most))
    guard largest > 0, least < most else { return nil }
    var median = 0.0
    if finite.count < values.count {
      finite.sort()
      median = finite[finite.count / 2] / 2 + finite[(finite.count - 1) / 2] / 2
    }
    func filled(_ value: Double) -> Double {
      (value.isNaN ? median : max(least, min(most, value))) / largest
    }
    let mean = values.reduce(0) { $0 + filled($1) } / Double(values.count)
    let variance =
      values.reduce(0) { $0 + (filled($1) - mean) * (filled($1) - mean) } / Double(values.count)
    guard variance > 1e-24 else { return nil }
    let share = 1 / variance.squareRoot()
    return values.map { Float((filled($0) - mean) * share) }
  }

  /// Normal quantiles of mean ranks; NaN where a value is missing.
  private func normalScores(
    _ number: Number, _ values: [Double], _ subject: AnalysisSubject,
    _ quantiles: inout MidRankQuantiles
  ) -> [Double] {
    let order: [Int]
    if number.part == nil, rows.count == subject.table.rowCount,
      subject.table.columns[number.column].type.isNumeric
    {
      order = subject.order(of: number.column).map { Int($0) }
    } else {
      order = values.indices.filter { values[$0].isFinite }
        .sorted { (values[$0], $0) < (values[$1], $1) }
    }
    var scores = values
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      let score = quantiles.quantile(twiceRank: start + end, count: order.count)
      for position in start..<end { scores[order[position]] = score }
      start = end
    }
    return scores
  }

  private func levelFeatures(_ pace: Pace) throws(AnalysisCancelled) -> SparseRows {
    var featureOfLevel: [[Int32]] = []
    var width = 0
    for category in categories {
      var features = [Int32](repeating: -1, count: category.counts.count)
      let frequent = category.counts.indices.filter { category.counts[$0] >= 2 }
      // The second of two levels says nothing that the first does not.
      let isPair = category.counts.count { $0 > 0 } == 2 && frequent.count == 2
      let kept =
        frequent.count <= Self.levelLimit
        ? frequent
        : Array(
          frequent.sorted { (category.counts[$1], $0) < (category.counts[$0], $1) }
            .prefix(Self.levelLimit))
      if frequent.count > 1 || category.counts.count(where: { $0 > 0 }) > 1 {
        for level in isPair ? Array(kept.prefix(1)) : kept {
          features[level] = Int32(width)
          width += 1
        }
      }
      featureOfLevel.append(features)
    }
    guard width > 0 else { return SparseRows(emptyRows: rows.count) }
    var sparse = SparseRows(width: width)
    for row in rows.indices {
      if row & 0xFFF == 0 { try pace.spend(0x1000 * categories.count * Self.workPerValue) }
      for (category, features) in zip(categories, featureOfLevel) {
        let feature = features[Int(category.levelOfRow[row])]
        if feature >= 0 { sparse.append(column: Int(feature), value: 1) }
      }
      sparse.endRow()
    }
    return sparse
  }
}

/// Normal quantiles of mean ranks, kept from column to column: those of as many values share them.
private struct MidRankQuantiles {
  /// By twice the rank; NaN where none was asked for.
  private var known: [Double] = []

  /// - Parameter twiceRank: twice the mean rank, counted from a half.
  mutating func quantile(twiceRank: Int, count: Int) -> Double {
    if known.count != 2 * count { known = [Double](repeating: .nan, count: 2 * count) }
    if known[twiceRank].isNaN {
      known[twiceRank] = normalQuantile(Double(twiceRank) / 2 / Double(count))
    }
    return known[twiceRank]
  }
}
