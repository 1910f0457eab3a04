/// Finds one kind of flaw. A detector is a pure function of the table, the labels and the seed.
protocol Detector {
  var kind: DetectorKind { get }
  func run(
    _ subject: AnalysisSubject, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Finding
}

/// What a detector looks at.
struct AnalysisSubject {
  let table: Table
  let label: LabelColumn?
  let seed: UInt64

  /// The columns other than the label's.
  var featureColumns: [Int] {
    table.columns.indices.filter { $0 != label?.column }
  }
}

/// What a detector found, before the report bounds its lists.
enum Finding {
  case skipped(reason: String)
  case done(Evidence)

  struct Evidence {
    /// By descending score, then ascending row.
    var flagged: [FlaggedRow]
    /// How sound the data are in this respect, from 0 to 100.
    var soundness: Double
    var parameters: [String: ParameterValue]
    var details: DetectorDetails
    /// A sentence for the summary.
    var sentence: String
  }
}

extension [FlaggedRow] {
  /// The order in which a report lists rows.
  func sortedByScore() -> [FlaggedRow] {
    sorted { ($1.score, $0.row) < ($0.score, $1.row) }
  }
}
