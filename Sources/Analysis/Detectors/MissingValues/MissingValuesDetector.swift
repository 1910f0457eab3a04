/// Finds cells without a value: how many by column and row, which columns miss them together, what
/// that depends on, and values that seem to stand for "missing".
///
/// ``Column/isMissing(_:)`` lists the spellings that count as missing; ``StandIns`` says what is
/// taken for a stand-in. A row is flagged if any of its cells is missing or a stand-in; its score is
/// the share of its cells that are. Patterns follow van Buuren, "Flexible Imputation of Missing
/// Data" (2018), chapter 4; what missingness depends on decides how values may be filled in (Rubin,
/// "Inference and missing data", 1976), see ``MissingDependence``.
struct MissingValuesDetector: Detector {
  /// Patterns and groups of columns beyond this many are counted but not listed.
  static let listLimit = 50

  static let kind = DetectorKind.missingValues
  static let weight = 0.12
  static let meaning = "Cells without a value."
  static let parameters: [DetectorParameter] = [
    .number(
      "significance", 0.01, in: 1e-12...0.5,
      "The probability of taking chance for a dependence, over all tests (Holm)."),
    .number(
      "min_effect", 0.1, in: 0...1,
      "Dependences weaker than this are not reported, however significant: Cramér's V for classes, "
        + "the rank-biserial correlation for numbers."),
  ]

  func run(
    _ subject: AnalysisSubject, _ parameters: ParameterValues, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Finding<MissingValuesDetails> {
    let table = subject.table
    let patterns = try MissingPatterns(table, checkpoint.part(from: 0, to: 0.3))
    let standIns = try StandIns.find(in: subject, checkpoint.part(from: 0.3, to: 0.5))
    let dependences = try MissingDependence(
      significance: parameters.number("significance"),
      minimumEffect: parameters.number("min_effect")
    ).find(in: subject, checkpoint.part(from: 0.5, to: 1))

    let rows = LackingRows(table, patterns, standIns)
    let missing = table.columns.reduce(0) { $0 + $1.missingCount }
    let complete = patterns.all.first { $0.columns.isEmpty }?.rows ?? 0
    return .done(
      Finding<MissingValuesDetails>.Evidence(
        flagged: rows.flagged(),
        soundness: try soundness(
          subject, patterns, standIns, checkpoint.part(from: 1, to: 1)),
        details: MissingValuesDetails(
          missingCells: missing, completeRows: complete,
          columns: table.columns.filter { $0.missingCount > 0 }.map {
            MissingValuesDetails.ColumnRate(
              column: $0.name, missing: $0.missingCount,
              rate: (Double($0.missingCount) / Double(table.rowCount)).reported)
          },
          patternCount: patterns.all.count,
          patterns: patterns.all.prefix(Self.listLimit).map { pattern in
            MissingValuesDetails.Pattern(
              missing: pattern.columns.map { table.columns[$0].name }, rows: pattern.rows)
          },
          missingTogether: patterns.together.prefix(Self.listLimit).map { columns in
            columns.map { table.columns[$0].name }
          },
          dependences: dependences, standIns: standIns.map { $0.details(table) }),
        sentence: sentence(
          table, missing: missing, dependences: dependences, standInCells: rows.standInCount,
          standIns: standIns)))
  }

  /// 100 times the share of cells with a value that stands for itself, of what rows count for.
  private func soundness(
    _ subject: AnalysisSubject, _ patterns: MissingPatterns, _ standIns: [StandIns.Suspect],
    _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Double {
    let repeated = try subject.repeatedRows(checkpoint)
    var lacking = 0.0
    for (row, pattern) in patterns.patternOfRow.enumerated() {
      lacking += repeated.weight(row) * Double(patterns.all[Int(pattern)].columns.count)
    }
    for suspect in standIns { for row in suspect.rows { lacking += repeated.weight(row) } }
    return 100 * (1 - lacking / (repeated.totalWeight * Double(subject.table.columns.count)))
  }

  private func sentence(
    _ table: Table, missing: Int, dependences: [MissingValuesDetails.Dependence], standInCells: Int,
    standIns: [StandIns.Suspect]
  ) -> String {
    let width = table.columns.count
    var sentence = "No value is missing."
    if let worst = table.columns.max(by: { $0.missingCount < $1.missingCount }), missing > 0 {
      let cells = table.rowCount * width
      let affected = table.columns.count { $0.missingCount > 0 }
      sentence =
        "\(missing.grouped) of \(cells.grouped) values \(missing == 1 ? "is" : "are") missing (\((Double(missing) / Double(cells)).percent)), "
        + "in \(affected) of \(width) columns; most in \"\(worst.name)\" (\(worst.missingCount.grouped))."
    }
    if let first = dependences.first(where: \.isLabel) {
      sentence += " Whether \"\(first.column)\" is missing depends on the label."
    }
    if let first = standIns.first {
      sentence +=
        " " + standInCells.counted("more value seems", "more values seem")
        + " to stand for missing ones, such as \(first.value) in "
        + "\"\(table.columns[first.column].name)\"."
    }
    return sentence
  }
}
