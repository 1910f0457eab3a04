/// Finds pairs of columns that go together closely.
struct ColumnLinks {
  let correlation: Double
  let association: Double

  /// Two columns that go together.
  struct Link: Equatable {
    var first: Int
    var second: Int
    var pearson: Double?
    var spearman: Double?
    var cramersV: Double?

    /// The largest of the measures' magnitudes.
    var strength: Double {
      max(abs(pearson ?? 0), abs(spearman ?? 0), cramersV ?? 0)
    }
  }

  static let rowLimit = 20_000
  static let rowMinimum = 200
  /// Correlations of fewer rows are high by chance.
  static let minimumRows = 20
  /// Pairs of more columns than these are not looked at.
  static let numericLimit = 2_000
  static let classLimit = 300
  /// Columns with more levels are no classes, unless each level has some rows.
  static let levelLimit = 200
  static let rowsPerLevel = 5
  /// Integers of up to this many values are compared with classes, too.
  static let integerLevels = 50
  /// Multiplications that all pairs may cost together.
  private static let budget = 400_000_000
  /// What Pearson's correlation owes to a few far values does not count: Spearman's must come near.
  private static let rankFloor = 0.7

  /// The links by first and second column, and the columns that were left out as too many.
  func find(
    in subject: AnalysisSubject, _ columns: [Int], _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> (links: [Link], leftOut: [Int]) {
    let table = subject.table
    guard table.rowCount >= Self.minimumRows else { return ([], []) }
    let allNumeric = columns.filter { table.columns[$0].type.isNumeric }
    let allClasses = columns.filter { isClass($0, table) }
    let numeric = Array(allNumeric.prefix(Self.numericLimit))
    let classes = Array(allClasses.prefix(Self.classLimit))
    let links =
      renamed(columns.filter { !allClasses.contains($0) }, subject)
      + (try correlated(numeric, subject, checkpoint.part(from: 0, to: 0.6))
        + associated(classes, subject, checkpoint.part(from: 0.6, to: 1)))
    return (
      links.sorted { ($0.first, $0.second) < ($1.first, $1.second) },
      (allNumeric.dropFirst(Self.numericLimit) + allClasses.dropFirst(Self.classLimit)).sorted()
    )
  }

  /// Rows to look at, so that all pairs stay within the budget.
  private func sample(_ subject: AnalysisSubject, columns: Int) -> [Int] {
    let pairs = max(1, columns * (columns - 1) / 2)
    let limit = max(Self.rowMinimum, min(Self.rowLimit, Self.budget / pairs))
    return RowSample.rows(of: subject.table.rowCount, limit: limit, seed: subject.seed)
  }

  // MARK: Numbers

  /// The numbers of a column at the sampled rows, and their ranks, both standardised; cells without
  /// a number are 0, which is the mean.
  private struct Standardised {
    var values: [Double]
    var ranks: [Double]
    /// Whether each row has a number; nil if all have.
    var isPresent: [Bool]?

    init?(_ numbers: [Double]) {
      let present = numbers.indices.filter { numbers[$0].isFinite }
      guard present.count >= ColumnLinks.minimumRows,
        let values = Self.standardised(numbers, present)
      else { return nil }
      guard let ranked = Self.standardised(MeanRanks.of(numbers), present) else { return nil }
      self.values = values
      self.ranks = ranked
      isPresent = present.count == numbers.count ? nil : numbers.map(\.isFinite)
    }

    /// Mean 0 and sum of squares 1 over the rows that count; nil for a constant.
    private static func standardised(_ numbers: [Double], _ rows: [Int]) -> [Double]? {
      // Dividing by the largest keeps sums of huge numbers finite.
      let largest = rows.reduce(0) { max($0, abs(numbers[$1])) }
      guard largest > 0 else { return nil }
      let mean = rows.reduce(0) { $0 + numbers[$1] / largest } / Double(rows.count)
      var result = [Double](repeating: 0, count: numbers.count)
      var squares = 0.0
      for row in rows {
        let deviation = numbers[row] / largest - mean
        result[row] = deviation
        squares += deviation * deviation
      }
      guard squares > 1e-24 * Double(rows.count) else { return nil }
      let scale = 1 / squares.squareRoot()
      for row in rows { result[row] *= scale }
      return result
    }
  }

  private func correlated(
    _ columns: [Int], _ subject: AnalysisSubject, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> [Link] {
    let rows = sample(subject, columns: columns.count)
    var standardised: [Standardised?] = []
    for (step, index) in columns.enumerated() {
      try checkpoint.reached(0.3 * Double(step) / Double(columns.count))
      let column = subject.table.columns[index]
      standardised.append(Standardised(rows.map { column.number($0) }))
    }
    var links: [Link] = []
    for (step, first) in standardised.enumerated() {
      try checkpoint.reached(0.3 + 0.7 * Double(step) / Double(columns.count))
      guard let first else { continue }
      for other in columns.indices.dropFirst(step + 1) {
        guard let second = standardised[other] else { continue }
        let pearson = Self.product(first.values, second.values, first, second)
        let spearman = Self.product(first.ranks, second.ranks, first, second)
        guard
          abs(spearman) >= correlation
            || (abs(pearson) >= correlation && abs(spearman) >= Self.rankFloor)
        else { continue }
        links.append(
          Link(first: columns[step], second: columns[other], pearson: pearson, spearman: spearman))
      }
    }
    return links
  }

  /// The correlation over the rows where both columns have a number; ranks are those within each
  /// whole column.
  private static func product(
    _ x: [Double], _ y: [Double], _ first: Standardised, _ second: Standardised
  ) -> Double {
    if first.isPresent == nil, second.isPresent == nil {
      return x.withUnsafeBufferPointer { x in
        y.withUnsafeBufferPointer { y in
          // Four sums at a time, which do not wait for each other.
          var sums = (0.0, 0.0, 0.0, 0.0)
          var row = 0
          while row + 4 <= x.count {
            sums.0 += x[row] * y[row]
            sums.1 += x[row + 1] * y[row + 1]
            sums.2 += x[row + 2] * y[row + 2]
            sums.3 += x[row + 3] * y[row + 3]
            row += 4
          }
          while row < x.count {
            sums.0 += x[row] * y[row]
            row += 1
          }
          return (sums.0 + sums.1) + (sums.2 + sums.3)
        }
      }
    }
    var n = 0.0
    var (sumX, sumY, squaresX, squaresY, products) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for row in x.indices where first.isPresent?[row] != false && second.isPresent?[row] != false {
      n += 1
      sumX += x[row]
      sumY += y[row]
      squaresX += x[row] * x[row]
      squaresY += y[row] * y[row]
      products += x[row] * y[row]
    }
    guard n >= Double(minimumRows) else { return 0 }
    let spread = (squaresX - sumX * sumX / n) * (squaresY - sumY * sumY / n)
    return spread > 1e-24 ? (products - sumX * sumY / n) / spread.squareRoot() : 0
  }

  // MARK: Names

  /// Columns of too many words for classes, such as codes and the names that they stand for: those of
  /// which each word goes with one word of the other. Words of which most rows have one of their own
  /// do so by nature.
  private func renamed(_ columns: [Int], _ subject: AnalysisSubject) -> [Link] {
    let table = subject.table
    let words = columns.filter { index in
      let column = table.columns[index]
      return (column.type == .category || column.type == .text)
        && column.distinctCount * 2 <= table.rowCount - column.missingCount
    }
    var links: [Link] = []
    for (place, first) in words.enumerated() {
      for second in words.dropFirst(place + 1)
      where table.columns[first].distinctCount == table.columns[second].distinctCount
        && table.columns[first].missingCount == table.columns[second].missingCount
        // Levels are numbered in the order first seen.
        && subject.levels(of: first).levelOfRow == subject.levels(of: second).levelOfRow
      {
        links.append(Link(first: first, second: second, cramersV: 1))
      }
    }
    return links
  }

  // MARK: Classes

  private func isClass(_ index: Int, _ table: Table) -> Bool {
    let column = table.columns[index]
    let levels = column.distinctCount
    guard levels >= 2, levels * Self.rowsPerLevel <= table.rowCount - column.missingCount else {
      return false
    }
    switch column.type {
    case .boolean, .category, .text: return levels <= Self.levelLimit
    case .integer: return levels <= Self.integerLevels
    case .real, .dateTime, .identifier, .empty: return false
    }
  }

  private func associated(
    _ columns: [Int], _ subject: AnalysisSubject, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> [Link] {
    let rows = sample(subject, columns: columns.count)
    // As booleans and small integers go along with numbers, the levels of each are read once.
    var levels: [[UInt32]] = []
    for (step, index) in columns.enumerated() {
      try checkpoint.reached(0.3 * Double(step) / Double(columns.count))
      let all = subject.levels(of: index).levelOfRow
      levels.append(rows.map { all[$0] })
    }
    let table = subject.table
    var links: [Link] = []
    for (first, index) in columns.enumerated() {
      try checkpoint.reached(0.3 + 0.7 * Double(first) / Double(columns.count))
      for second in columns.indices.dropFirst(first + 1) {
        let other = columns[second]
        // Correlation has compared these.
        if table.columns[index].type.isNumeric, table.columns[other].type.isNumeric { continue }
        let isFiner = table.columns[index].distinctCount >= table.columns[other].distinctCount
        guard
          Self.mayFollow(
            levels[isFiner ? second : first], from: levels[isFiner ? first : second])
        else { continue }
        var counts = ContingencyTable(
          rows: subject.levels(of: index).counts.count,
          columns: subject.levels(of: other).counts.count)
        for row in rows.indices where levels[first][row] > 0 && levels[second][row] > 0 {
          counts.add(Int(levels[first][row]), Int(levels[second][row]))
        }
        let needed = Self.rowsPerLevel * max(counts.rowCount, counts.columnCount)
        guard let test = counts.independence, test.n >= Double(max(Self.minimumRows, needed)),
          test.correctedV >= association
        else { continue }
        links.append(Link(first: index, second: other, cramersV: test.correctedV))
      }
    }
    return links
  }

  private static let screenedRows = 1_000
  private static let screenedShare = 0.6

  /// Whether the coarser of two classes may follow from the finer one: a look at some rows, which
  /// spares most pairs the counting. At a V of 0.95 nine in ten rows or so have the coarser level that
  /// the finer one was first seen with.
  private static func mayFollow(_ coarser: [UInt32], from finer: [UInt32]) -> Bool {
    var seen = [UInt32](repeating: 0, count: 1 + Int(finer.prefix(screenedRows).max() ?? 0))
    var (again, same) = (0, 0)
    for row in 0..<min(screenedRows, finer.count) where finer[row] > 0 && coarser[row] > 0 {
      let first = seen[Int(finer[row])]
      if first == 0 {
        seen[Int(finer[row])] = coarser[row]
      } else {
        again += 1
        if first == coarser[row] { same += 1 }
      }
    }
    return Double(same) >= screenedShare * Double(again)
  }
}
