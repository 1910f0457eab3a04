/// Groups of rows that are equal in some columns.
///
/// Values are compared, not spellings: `1` equals `1.0`, and all spellings of "missing" are equal.
/// ``RowPartition`` says how.
struct EqualRows: Sendable {
  /// The groups of at least two rows, each in ascending order, ordered by their first rows.
  let groups: [[Int]]

  init(
    _ subject: AnalysisSubject, columns: [Int], _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    var partition: RowPartition?
    for (step, index) in subject.table.byDistinctValues(columns).enumerated() {
      try checkpoint.reached(Double(step) / Double(columns.count))
      if partition?.isEmpty == true { break }
      let levels = subject.levels(of: index)
      if partition == nil {
        partition = RowPartition(levels)
      } else {
        partition?.refine(by: levels.levelOfRow)
      }
    }
    groups = partition?.groups ?? []
  }
}
