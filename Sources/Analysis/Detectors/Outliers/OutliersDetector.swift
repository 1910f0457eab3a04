/// Finds rows that are unlike the others: numbers far from the rest of their column
/// (``RobustFences``), numbers that the rest of their row contradicts (``DeviatingCells``), and rows whose values are unusual together, by their distance from the rows
/// most like them (``NeighborDistances``) and by random cuts (``IsolationForest``).
///
/// Each method has a bound drawn from the data, so no fixed share of rows is flagged. The ensemble
/// flags what is beyond the bound of distances or of cuts; a single number beyond its column's
/// bound counts if it is far beyond it, or the less far the nearer the row is to one of the others'
/// bounds: of many columns one is always a little off; or if it lies apart from all others by more than
/// the column's own tail lets expect (``TailGap``).
///
/// A row's score is e / (1 + e) with e the greatest part it has of any bound: 0.5 at the bound, 1
/// infinitely far away. Labels, identifiers and texts are left out, but for a numeric label, which
/// is judged as a column.
struct OutliersDetector: Detector {
  static let kind = DetectorKind.outliers
  static let meaning = "Rows that are unlike the others."
  static let weight = 0.10
  static let effort = 3.0

  /// What a column's evidence and the whole row's must come to, where the column's is beyond its
  /// bound and the row's is not.
  static let joinedFrom = 2.0

  static let parameters: [DetectorParameter] = [
    .choice(
      "method", Method.ensemble.rawValue, of: Method.allCases.map(\.rawValue),
      "How outliers are found: each column by itself, whole rows by random cuts or by the distance "
        + "to the rows most like them, or all of these together."),
    .number(
      "threshold", RobustFences.threshold, in: 1...100,
      "The least modified z-score of an outlier; in many rows it takes a greater one."),
    .count(
      "neighbor_count", 10, in: 1...100, "How many of the rows most like a row it is compared with."
    ),
    .count("trees", 100, in: 10...1_000, "How many trees of random cuts are grown."),
  ]

  enum Method: String, CaseIterable {
    case ensemble, columns
    case isolationForest = "isolation_forest"
    case neighbors
  }

  func run(
    _ subject: AnalysisSubject, _ parameters: ParameterValues, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Finding<OutliersDetails> {
    let method = Method(rawValue: parameters.word("method")) ?? .ensemble
    let threshold = parameters.number("threshold")
    let columns = numericColumns(subject)
    var single: ColumnOutliers?
    if method == .ensemble || method == .columns, !columns.isEmpty {
      single = try ColumnOutliers(
        subject, columns: columns, threshold: threshold, checkpoint.part(from: 0, to: 0.3))
    }
    var combined: CombinedOutliers?
    if method != .columns {
      combined = try CombinedOutliers(
        subject,
        CombinedOutliers.Request(
          // Distances also say which rows are most like one, for the reason.
          usesNeighbors: true, usesForest: method != .neighbors,
          neighborCount: parameters.count("neighbor_count"), trees: parameters.count("trees"),
          threshold: threshold),
        checkpoint.part(from: 0.3, to: 0.9))
    }
    var cells: DeviatingCells?
    if method == .ensemble {
      cells = try DeviatingCells(
        subject, columns: columns.filter { $0 != subject.label?.column }, threshold: threshold,
        checkpoint.part(from: 0.9, to: 1))
    }
    let ranges = single?.ranges ?? []
    guard !ranges.isEmpty || combined != nil else {
      return .skipped(reason: reasonToSkip(method, columns))
    }

    let verdicts = judge(subject, method, single, combined, cells)
    var flagged: [FlaggedRow] = []
    for verdict in verdicts {
      try checkpoint.reached(1)
      flagged.append(flag(verdict, subject, single, combined, cells))
    }
    let crowded = single?.crowded ?? []
    // Once a column has more far numbers than a sound one may have, each of them counts, or the score
    // would rise with the one that is too many to be flagged.
    let strange = try rowsWithStandIns(subject, columns, checkpoint).union(flagged.map(\.row))
      .union(crowded.flatMap(\.rows))
    let counts = OutliersDetails.MethodCounts(
      columns: verdicts.count { $0.byColumns >= 1 }, cells: verdicts.count { $0.byCells >= 1 },
      neighbors: verdicts.count { $0.byNeighbors >= 1 },
      isolationForest: verdicts.count { $0.byForest >= 1 })
    return .done(
      Finding<OutliersDetails>.Evidence(
        flagged: flagged.sortedByScore(),
        soundness: try subject.repeatedRows(checkpoint.part(from: 1, to: 1))
          .soundness(without: strange),
        chosen: [
          "fence_factor": .number(RobustFences.fenceFactor),
          "false_alarm_rate": .number(RobustFences.falseAlarmRate),
          "minimum_count": .number(Double(RobustFences.minimumCount)),
          "reference_rows": .number(
            Double(min(NeighborDistances.referenceSize, subject.table.rowCount))),
        ],
        details: OutliersDetails(
          columns: ranges,
          combinedColumns: (combined?.columns ?? []).map { subject.table.columns[$0].name },
          flaggedBy: counts),
        sentence: sentence(flagged.count, verdicts)
          + crowdedSentence(crowded, Set(flagged.map(\.row)), subject)))
  }

  /// Rows with a number such as -999. It is flagged only while it is rare, but more of them are no better.
  private func rowsWithStandIns(
    _ subject: AnalysisSubject, _ columns: [Int], _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Set<Int> {
    var rows: Set<Int> = []
    for index in columns where index != subject.label?.column {
      try checkpoint.reached(1)
      for suspect in StandIns.numericSuspects(subject.table.columns[index], index) {
        rows.formUnion(suspect.rows)
      }
    }
    return rows
  }

  private func numericColumns(_ subject: AnalysisSubject) -> [Int] {
    let labels = subject.label.map { $0.task == .regression ? [$0.column] : [] } ?? []
    return (subject.measuredColumns + labels).filter { subject.table.columns[$0].type.isNumeric }
      .sorted()
  }

  private func reasonToSkip(_ method: Method, _ columns: [Int]) -> String {
    if columns.isEmpty { return "No column holds numbers." }
    if method == .ensemble || method == .columns {
      return "No column has the \(RobustFences.minimumCount) numbers that it takes to tell what is "
        + "usual."
    }
    return "It takes two columns and \(CombinedOutliers.minimumRows) rows to tell what is usual "
      + "together."
  }

  // MARK: Judging

  /// A row beyond a bound, and how far it is beyond each.
  private struct Verdict {
    var row: Int
    var byColumns = 0.0
    var byCells = 0.0
    var byNeighbors = 0.0
    var byForest = 0.0

    var together: Double { max(byNeighbors, byForest) }
  }

  private func judge(
    _ subject: AnalysisSubject, _ method: Method, _ single: ColumnOutliers?,
    _ combined: CombinedOutliers?, _ cells: DeviatingCells?
  ) -> [Verdict] {
    var verdicts: [Verdict] = []
    for row in 0..<subject.table.rowCount {
      var verdict = Verdict(row: row)
      if let single, let worst = single.ofRow[row]?.first { verdict.byColumns = worst.evidence }
      if let combined, method != .isolationForest, !combined.byNeighbors.isEmpty {
        verdict.byNeighbors = combined.byNeighbors[row]
      }
      if let combined, !combined.byForest.isEmpty { verdict.byForest = combined.byForest[row] }
      verdict.byCells = cells?.ofRow[row]?.evidence ?? 0
      let joined = verdict.byColumns + max(0, verdict.together)
      if verdict.together >= 1 || verdict.byCells >= 1
        || (verdict.byColumns >= 1
          && (combined == nil || joined >= Self.joinedFrom || isApart(single?.ofRow[row])))
      {
        verdicts.append(verdict)
      }
    }
    return verdicts
  }

  private func isApart(_ found: [ColumnOutliers.Outlier]?) -> Bool {
    found?.contains { $0.isApart } == true
  }

  private func flag(
    _ verdict: Verdict, _ subject: AnalysisSubject, _ single: ColumnOutliers?,
    _ combined: CombinedOutliers?, _ cells: DeviatingCells?
  ) -> FlaggedRow {
    let evidence = max(verdict.byColumns, verdict.byCells, verdict.together)
    let score = evidence.isFinite ? evidence / (1 + evidence) : 1
    if let found = single?.ofRow[verdict.row], let worst = found.first {
      let shown = found.prefix(3).map(\.reason).joined(separator: "; ")
      return FlaggedRow(
        row: verdict.row, score: score,
        reason: shown + (found.count > 3 ? "; and \(found.count - 3) more." : "."),
        column: subject.table.columns[worst.column].name)
    }
    if verdict.together < 1, let cell = cells?.ofRow[verdict.row] {
      return FlaggedRow(
        row: verdict.row, score: score, reason: cell.reason,
        column: subject.table.columns[cell.column].name)
    }
    guard let explained = combined?.explain(verdict.row, subject) else {
      return FlaggedRow(
        row: verdict.row, score: score, reason: "the row is unlike all others as a whole.")
    }
    return FlaggedRow(
      row: verdict.row, score: score, reason: explained.reason,
      column: subject.table.columns[explained.column].name)
  }

  private func sentence(_ count: Int, _ verdicts: [Verdict]) -> String {
    if count == 0 { return "No row is far from the others." }
    let together = verdicts.count { $0.byColumns < 1 }
    if together == 0 {
      return count.counted("row has", "rows have") + " a number far from the rest of its column."
    }
    if together == count {
      return count.counted("row has", "rows have") + " values that are unusual together."
    }
    return "\(count.grouped) rows are outliers: " + (count - together).counted("has", "have")
      + " a number far from the rest of its column, " + together.counted("has", "have")
      + " values that are unusual together."
  }

  /// What to say of far numbers that are no outliers for being too many; of the column that has most.
  private func crowdedSentence(
    _ crowded: [(column: Int, rows: [Int])], _ flagged: Set<Int>, _ subject: AnalysisSubject
  ) -> String {
    let unflagged = crowded.map {
      (column: $0.column, rows: $0.rows.filter { !flagged.contains($0) })
    }
    .filter { !$0.rows.isEmpty }
    guard let most = unflagged.max(by: { ($0.rows.count, $1.column) < ($1.rows.count, $0.column) })
    else { return "" }
    let others = unflagged.count - 1
    return " But \"\(subject.table.columns[most.column].name)\" has "
      + most.rows.count.counted("number", "numbers") + (flagged.isEmpty ? "" : " more")
      + " far from the rest, too many to be outliers"
      + (others > 0 ? "; so \(others.counted("other column has", "other columns have"))." : ".")
  }
}
