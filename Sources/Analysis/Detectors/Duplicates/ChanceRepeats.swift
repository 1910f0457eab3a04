/// How many pairs of rows are equal by chance, where columns are few and coarse.
///
/// Two rows that agree in all columns but one are taken to agree in that one, too, as often as any two
/// unequal rows do: the probability u of agreeing by chance that Fellegi and Sunter ("A Theory for
/// Record Linkage", 1969, §3) give each column. So of m pairs that differ in this column alone follow
/// m u / (1 - u) that differ in none. The column that tells of most of them is believed.
enum ChanceRepeats {
  /// Rows that agree in much agree in the rest more often than any two: half as many again are allowed
  /// for.
  static let allowance = 1.5
  /// Columns that are asked, those of most values; coarser ones tell less.
  static let columnLimit = 16

  /// The share of the repeats that may be by chance.
  ///
  /// - Parameters:
  ///   - columns: those in which repeats are equal.
  ///   - pairs: how many pairs of rows are equal in all of them.
  ///
  /// Sorts the rows once for each column that is asked.
  static func share(
    _ subject: AnalysisSubject, columns: [Int], pairs: Int, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Double {
    let table = subject.table
    let all = Double(table.rowCount) * Double(table.rowCount - 1) / 2
    guard pairs > 0 else { return 0 }
    let telling = columns.filter { table.columns[$0].distinctCount > 1 }
    // Values of a single column repeat; its texts need not.
    if telling.count < 2, telling.allSatisfy({ table.columns[$0].type != .text }) { return 1 }
    var sums = [UInt64](repeating: 0, count: table.rowCount)
    for (step, index) in columns.enumerated() {
      try checkpoint.reached(0.5 * Double(step) / Double(columns.count))
      for (row, value) in values(index, subject).enumerated() { sums[row] &+= value }
    }
    var expected = 0.0
    let asked = table.byDistinctValues(columns).prefix(columnLimit)
    for (step, index) in asked.enumerated() {
      try checkpoint.reached(0.5 + 0.5 * Double(step) / Double(asked.count))
      // Of other pairs than the equal ones: copies agree in everything.
      let agreeing = subject.levels(of: index).counts.reduce(-pairs) { $0 + $1.pairs }
      let chance = Double(agreeing) / max(1, all - Double(pairs))
      guard chance > 0, chance < 1 else { continue }
      let own = values(index, subject)
      let differing = max(0, pairsOfEqual(sums.indices.map { sums[$0] &- own[$0] }) - pairs)
      expected = max(expected, Double(differing) * chance / (1 - chance))
    }
    return min(1, allowance * expected / Double(pairs))
  }

  /// A number for each row that is the same for the same value, and tells columns apart.
  private static func values(_ index: Int, _ subject: AnalysisSubject) -> [UInt64] {
    let salt = StableHash.mix(UInt64(index) &+ 0x9E37_79B9_7F4A_7C15)
    return subject.levels(of: index).levelOfRow.map { StableHash.mix(UInt64($0) ^ salt) }
  }

  private static func pairsOfEqual(_ values: [UInt64]) -> Int {
    var pairs = 0
    var run = 0
    var last: UInt64?
    for value in values.sorted() {
      run = value == last ? run + 1 : 0
      pairs += run
      last = value
    }
    return pairs
  }
}

extension Int {
  /// The pairs that so many rows make.
  var pairs: Int { self * (self - 1) / 2 }
}
