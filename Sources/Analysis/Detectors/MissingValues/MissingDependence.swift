/// Finds what it depends on whether a value is missing.
///
/// If it depends on other columns, leaving out incomplete rows makes what is left unlike the whole,
/// and filling in should use those columns ("missing at random", Rubin 1976). If it depends on the
/// label, it may also be that the value was recorded because of the outcome. Classes are compared by
/// Pearson's chi-squared test with Cramér's V, numbers by the rank-sum test; ``MultipleTests/holm(_:)``
/// corrects for their number, and weak effects are left out, as among many rows any trifle is
/// significant.
struct MissingDependence {
  let significance: Double
  let minimumEffect: Double

  /// A column is tested if at least this many of its values are missing, and as many are there.
  static let minimumCount = 10
  /// Classes with more levels than this are left out.
  static let levelLimit = 50
  /// Tests use this many rows at most: more would only find weaker effects.
  static let rowLimit = 20_000
  /// The most incomplete columns are tested, and against as many others.
  static let columnLimit = 50

  private struct Test {
    var column: Int
    var other: Int
    var effect: Double
    var probability: Double
    var words: String
  }

  /// The dependences, those on the label first, then by descending effect.
  func find(
    in subject: AnalysisSubject, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> [MissingValuesDetails.Dependence] {
    let table = subject.table
    let rows = RowSample.rows(of: table.rowCount, limit: Self.rowLimit, seed: subject.seed)
    let incomplete = subject.featureColumns.filter { index in
      let missing = table.columns[index].missingCount
      return missing >= Self.minimumCount && table.rowCount - missing >= Self.minimumCount
    }
    .sorted { (table.columns[$1].missingCount, $0) < (table.columns[$0].missingCount, $1) }
    .prefix(Self.columnLimit)
    guard !incomplete.isEmpty else { return [] }
    let isMissing = incomplete.map { index in rows.map { table.columns[index].isMissing($0) } }

    var others = Array(subject.learnableColumns.prefix(Self.columnLimit))
    if let label = subject.label { others.insert(label.column, at: 0) }
    var tests: [Test] = []
    for (step, other) in others.enumerated() {
      try checkpoint.reached(Double(step) / Double(others.count))
      guard let scale = scale(of: other, in: subject, rows) else { continue }
      for (position, index) in incomplete.enumerated() where index != other {
        if let test = compare(index, isMissing[position], other, scale, table) {
          tests.append(test)
        }
      }
    }

    let adjusted = MultipleTests.holm(tests.map(\.probability))
    return zip(tests, adjusted)
      .filter { $1 <= significance && $0.effect >= minimumEffect }
      .map { test, probability in
        MissingValuesDetails.Dependence(
          column: table.columns[test.column].name, dependsOn: table.columns[test.other].name,
          isLabel: test.other == subject.label?.column, effect: test.effect.reported,
          probability: probability.reported, words: test.words)
      }
      .enumerated()
      .sorted {
        if $0.element.isLabel != $1.element.isLabel { return $0.element.isLabel }
        return ($1.element.effect, $0.offset) < ($0.element.effect, $1.offset)
      }
      .map(\.element)
  }

  /// The values of a column at the sampled rows, as what they are compared by.
  private enum Scale {
    /// Positions in the sample by ascending number.
    case numbers(order: [Int], [Double])
    /// The level of each sampled row, 0 where it is missing.
    case levels([UInt32], count: Int, names: [String])
  }

  private func scale(of index: Int, in subject: AnalysisSubject, _ rows: [Int]) -> Scale? {
    let column = subject.table.columns[index]
    let isClass = index == subject.label?.column && subject.label?.task == .classification
    if column.type.isOrdered, !isClass {
      let numbers = rows.map { column.number($0) }
      let order = numbers.indices.filter { numbers[$0].isFinite }
        .sorted { (numbers[$0], $0) < (numbers[$1], $1) }
      return .numbers(order: order, numbers)
    }
    guard column.distinctCount <= (isClass ? LabelColumn.maximumClasses : Self.levelLimit) else {
      return nil
    }
    let levels = subject.levels(of: index)
    return .levels(
      rows.map { levels.levelOfRow[$0] }, count: levels.counts.count,
      names: levels.firstRow.map { column.text(Int($0)) })
  }

  private func compare(
    _ index: Int, _ isMissing: [Bool], _ other: Int, _ scale: Scale, _ table: Table
  ) -> Test? {
    let (name, otherName) = (table.columns[index].name, table.columns[other].name)
    switch scale {
    case .numbers(let order, let numbers):
      let sorted = order.map { (number: numbers[$0], isFirst: isMissing[$0]) }
      let absent = sorted.count { $0.isFirst }
      guard absent >= Self.minimumCount, sorted.count - absent >= Self.minimumCount,
        let test = RankSum(sorted: sorted)
      else { return nil }
      let (high, low) =
        table.columns[other].type == .dateTime ? ("late", "early") : ("large", "small")
      return Test(
        column: index, other: other, effect: test.effect, probability: test.probability,
        words: "\(name) is missing more often where \(otherName) is "
          + "\(test.superiority > 0.5 ? high : low).")
    case .levels(let levels, let count, let names):
      var counts = [[Int]](repeating: [0, 0], count: count)
      for (position, level) in levels.enumerated() where level > 0 {
        counts[Int(level)][isMissing[position] ? 1 : 0] += 1
      }
      let common = Self.common(counts)
      guard let test = ContingencyTable(common.map { counts[$0] }).independence,
        test.leastExpected >= 1
      else { return nil }
      let rates = common.map { level in
        (level: level, rate: Double(counts[level][1]) / Double(counts[level][0] + counts[level][1]))
      }
      guard let most = rates.max(by: { $0.rate < $1.rate }),
        let least = rates.min(by: { $0.rate < $1.rate })
      else { return nil }
      return Test(
        column: index, other: other, effect: test.correctedV, probability: test.probability,
        words: "\(name) is missing in \(most.rate.percent) of the rows where \(otherName) is "
          + "\"\(names[most.level])\", and in \(least.rate.percent) where it is "
          + "\"\(names[least.level])\".")
    }
  }

  /// The levels with rows enough that a missing and a present value are each expected once at least:
  /// a few rare ones do not keep the others from being compared.
  ///
  /// - Parameter counts: of each level the rows with and without a value.
  private static func common(_ counts: [[Int]]) -> [Int] {
    let (present, absent) = counts.reduce((0, 0)) { ($0.0 + $1[0], $0.1 + $1[1]) }
    return counts.indices.filter {
      (counts[$0][0] + counts[$0][1]) * min(present, absent) >= present + absent
    }
  }
}
