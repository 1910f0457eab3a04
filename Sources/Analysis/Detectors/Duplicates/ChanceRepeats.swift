/// How many pairs of rows are equal by chance, where columns are few and coarse.
///
/// Two rows that agree in all columns but one are taken to agree in that one, too, as often as rows do
/// that differ elsewhere as well: the odds u / (1 - u) of agreeing by chance that Fellegi and Sunter ("A
/// Theory for Record Linkage", 1969, §3) give each column. So of m pairs that differ in this column alone
/// follow m u / (1 - u) that differ in none. The column that tells of most of them is believed.
///
/// Features alone are asked. Copies may have been labelled anew, or lie in both parts of a split: that
/// they differ there alone does not tell of chance, and they are no sign of how often features agree. Of
/// the pairs whose features agree by chance, as many agree in the rest as of all whose features agree.
///
/// That two cells are missing says nothing of how alike they are, and such rows gather in few cells. So a
/// column tells of the rows that have a value there, and the pairs are estimated among all rows, among those
/// that lack the same cells each, and among those that have the same common numbers each as well, such as
/// incomes of zero, which gather, too. Chance in one such part explains no copies in another: each part has
/// a share of its repeats explained, and the estimate that explains most of all repeats counts.
struct ChanceRepeats {
  /// Rows that agree in much agree in the rest more often than any two: half as many again are allowed
  /// for.
  static let allowance = 1.5
  /// Columns that are asked, those of most values; coarser ones tell less.
  static let columnLimit = 16

  private let subject: AnalysisSubject
  private let features: [Int]
  /// A number for each row that is the same where all values are the same.
  private var whole: [UInt64]
  /// The same of features alone.
  private var described: [UInt64]
  /// The same of which cells are missing, and once more of which are missing or have a common number.
  private var strata: [[UInt64]]

  private init(
    _ subject: AnalysisSubject, columns: [Int], _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    self.subject = subject
    let all = Set(subject.featureColumns)
    features = columns.filter { all.contains($0) && subject.table.columns[$0].distinctCount > 1 }
    whole = [UInt64](repeating: 0, count: subject.table.rowCount)
    (described, strata) = (whole, [whole, whole])
    for (step, index) in columns.enumerated() {
      try checkpoint.reached(Double(step) / Double(columns.count))
      let isFeature = all.contains(index)
      let levels = subject.levels(of: index)
      let isNumeric = subject.table.columns[index].type.isNumeric
      let least = CommonNumbers.share * Double(levels.levelOfRow.count)
      for (row, (level, value)) in zip(levels.levelOfRow, values(of: index)).enumerated() {
        whole[row] &+= value
        if isFeature { described[row] &+= value }
        if level == 0 { strata[0][row] &+= value }
        if level == 0 || (isNumeric && Double(levels.counts[Int(level)]) >= least) {
          strata[1][row] &+= value
        }
      }
    }
  }

  /// The share of the repeats that may be by chance; 0 if there are none.
  ///
  /// - Parameters:
  ///   - rows: those that are compared.
  ///   - columns: those in which repeats are equal.
  ///
  /// Sorts the rows a few times for each column that is asked.
  static func share(
    _ subject: AnalysisSubject, rows: [Int], columns: [Int], _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Double {
    let table = subject.table
    let telling = columns.filter { table.columns[$0].distinctCount > 1 }
    // Values of a single column repeat; its texts need not.
    if telling.count < 2, telling.allSatisfy({ table.columns[$0].type != .text }) { return 1 }
    let repeats = try ChanceRepeats(
      subject, columns: columns, checkpoint.part(from: 0, to: 0.4))
    // Of rows that lack all that differs from row to row, nothing tells what they are.
    guard !repeats.features.isEmpty else { return 1 }
    let all = Stratum(rows, repeats)
    guard all.equal > 0 else { return 0 }
    return try repeats.explained(all, checkpoint.part(from: 0.4, to: 1)) / Double(all.repeats)
  }

  /// How many repeats may be by chance.
  private func explained(
    _ all: Stratum, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Double {
    // Without common numbers the two kinds of strata are one.
    let keys = strata[0] == strata[1] ? [strata[0]] : strata
    let partitions = [[all]] + keys.map { groups(of: all.rows, by: $0) }
    // Pairs that are expected to be equal, of rows that lack all that differs from row to row all.
    var expected = partitions.map { $0.map { $0.present.isEmpty ? Double($0.equal) : 0 } }
    let asked = subject.table.byDistinctValues(features).prefix(Self.columnLimit)
    for (step, index) in asked.enumerated() {
      try checkpoint.reached(Double(step) / Double(asked.count))
      let own = values(of: index)
      for (part, groups) in partitions.enumerated() {
        for (place, group) in groups.enumerated() where group.present.contains(index) {
          let known = group.having(index, self)
          guard known.equal > 0 else { continue }
          let share = pairs(in: known, own, of: index) / Double(known.equal)
          expected[part][place] = max(expected[part][place], share * Double(group.equal))
        }
      }
    }
    return zip(partitions, expected).map { groups, expected in
      zip(groups, expected).reduce(0.0) { $0 + $1.0.explained(by: $1.1) }
    }.max() ?? 0
  }

  // MARK: Rows that lack the same cells

  /// Rows, and how many pairs of them are equal.
  private struct Stratum {
    let rows: [Int]
    /// Pairs that are equal in all columns, and rows that repeat an earlier one.
    let (equal, repeats): (Int, Int)
    /// Pairs that are equal in all features.
    let alike: Int
    /// The features that differ from row to row of the table, and that these rows do not all lack.
    let present: [Int]

    init(_ rows: [Int], _ repeats: ChanceRepeats) {
      self.rows = rows
      (equal, self.repeats) = ChanceRepeats.repeats(rows.map { repeats.whole[$0] })
      alike = equal == 0 ? 0 : ChanceRepeats.pairsOfEqual(rows.map { repeats.described[$0] })
      let columns = repeats.subject.table.columns
      present = repeats.features.filter { index in
        rows.contains { !columns[index].isMissing($0) }
      }
    }

    /// How many of its repeats are by chance if so many pairs are.
    func explained(by pairs: Double) -> Double {
      min(1, allowance * pairs / Double(equal)) * Double(repeats)
    }

    /// Those of the rows that have a value in a column: it tells nothing of others.
    func having(_ index: Int, _ repeats: ChanceRepeats) -> Stratum {
      let column = repeats.subject.table.columns[index]
      guard rows.contains(where: column.isMissing) else { return self }
      return Stratum(rows.filter { !column.isMissing($0) }, repeats)
    }
  }

  /// Those of one key each in which rows are equal; none if there is but one key.
  private func groups(of rows: [Int], by keys: [UInt64]) -> [Stratum] {
    guard rows.contains(where: { keys[$0] != keys[rows[0]] }) else { return [] }
    let order = rows.sorted { (keys[$0], $0) < (keys[$1], $1) }
    let groups = order.chunked { keys[$0] == keys[$1] }
    return groups.filter { $0.count > 1 }.map { Stratum($0, self) }.filter { $0.equal > 0 }
  }

  // MARK: Pairs

  /// How many pairs of some rows are equal by chance, by what one column tells.
  private func pairs(in group: Stratum, _ own: [UInt64], of index: Int) -> Double {
    // Copies agree in everything, and what differs here alone is what is asked for.
    let alone = Self.pairsOfEqual(group.rows.map { described[$0] &- own[$0] }) - group.alike
    let agreeing = agreeing(group.rows, in: index)
    // What all rows agree in tells nothing, unless they have nothing else that others have.
    let isAll = features.count > 1 && group.present == [index]
    guard agreeing < group.rows.count.pairs || isAll else { return 0 }
    let others = group.rows.count.pairs - agreeing - alone
    if others > 0 {
      // A label that follows from the features is equal wherever they are, and differs with them.
      return Double(alone) * Double(agreeing - group.alike) / Double(others)
        * Double(group.equal) / Double(group.alike)
    }
    // Where a label follows from the only feature, whether rows may be alike by chance is not known.
    if features.count == 1 {
      let differing = Self.pairsOfEqual(group.rows.map { whole[$0] &- own[$0] }) - group.equal
      guard differing > 0 else { return 0 }
    }
    return Double(group.equal) * shareOfSingle(index, group)
  }

  /// The share of equal pairs that may be by chance where rows have no other feature. Texts need not
  /// repeat, but categories do. Numbers lie on a grid: equal by chance are half as many as lie one step
  /// apart, of which there are two sides, and those that are common.
  private func shareOfSingle(_ index: Int, _ group: Stratum) -> Double {
    let column = subject.table.columns[index]
    if column.type == .text || column.type == .identifier { return 0 }
    let numbers = group.rows.map { column.number($0) }.filter(\.isFinite).sorted()
    guard column.type != .category, numbers.count == group.rows.count else { return 1 }
    let runs = numbers.chunked { $0 == $1 }.map { (number: $0[0], count: $0.count) }
    let gaps = zip(runs, runs.dropFirst()).map { $1.number - $0.number }
    guard let step = gaps.min() else { return 1 }
    var expected = 0.0
    // Half a step more, for numbers that have no exact binary form.
    // The first pair that is the closest only tells how long a step is.
    let closest = gaps.firstIndex(of: step)
    for (place, gap) in gaps.enumerated() where gap < 1.5 * step && place != closest {
      expected += Double(runs[place].count * runs[place + 1].count) / 2
    }
    for run in runs where Double(run.count) > CommonNumbers.share * Double(numbers.count) {
      expected += Double(run.count.pairs)
    }
    return min(1, expected / Double(max(1, group.alike)))
  }

  /// A number for each row that is the same for the same value, and tells columns apart.
  private func values(of index: Int) -> [UInt64] {
    let levels = subject.levels(of: index)
    let value = levels.counts.indices.map { Self.value(UInt64($0), of: index) }
    return levels.levelOfRow.map { value[Int($0)] }
  }

  private static func value(_ level: UInt64, of index: Int) -> UInt64 {
    StableHash.mix(level ^ StableHash.mix(UInt64(index) &+ 0x9E37_79B9_7F4A_7C15))
  }

  /// How many pairs of hashes are equal.
  private static func pairsOfEqual(_ hashes: [UInt64]) -> Int { repeats(hashes).pairs }

  /// How many pairs of hashes are equal, and how many repeat an earlier one.
  private static func repeats(_ hashes: [UInt64]) -> (pairs: Int, repeats: Int) {
    var (pairs, repeats, run) = (0, 0, 0)
    var last: UInt64?
    for hash in RepeatedHashes.places(hashes).map({ hashes[$0] }).sorted() {
      run = hash == last ? run + 1 : 0
      pairs += run
      if run > 0 { repeats += 1 }
      last = hash
    }
    return (pairs, repeats)
  }

  /// How many pairs of rows have the same value in a column.
  private func agreeing(_ rows: [Int], in index: Int) -> Int {
    let levels = subject.levels(of: index)
    if levels.counts.count > rows.count {
      return Self.pairsOfEqual(rows.map { StableHash.mix(UInt64(levels.levelOfRow[$0])) })
    }
    var counts = [Int](repeating: 0, count: levels.counts.count)
    for row in rows { counts[Int(levels.levelOfRow[row])] += 1 }
    return counts.reduce(0) { $0 + $1.pairs }
  }
}

extension Int {
  /// The pairs that so many rows make.
  var pairs: Int { self * (self - 1) / 2 }
}

extension Array {
  /// Runs of neighbours that belong together.
  fileprivate func chunked(by belong: (Element, Element) -> Bool) -> [[Element]] {
    var chunks: [[Element]] = []
    for element in self {
      if let last = chunks.last?.last, belong(last, element) {
        chunks[chunks.count - 1].append(element)
      } else {
        chunks.append([element])
      }
    }
    return chunks
  }
}
