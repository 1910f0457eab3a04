/// Finds cells that are written differently from the rest of their column: numbers with units,
/// spaces around values, several spellings of one class, mixed or impossible dates, text in a wrong
/// encoding.
///
/// Values are doubted for how they are written, not for what they say: see ``SpellingVariants``,
/// ``DecoratedNumber``, ``WrittenDates`` and ``TextDamage`` for the rules. A column that is written in
/// one way throughout is consistent, whatever the way. A cell is flagged once, by its first issue;
/// where it can be told how it should be written, the flag says so, for a fix to use. A row is
/// flagged once for each such cell. (Rahm and Do, "Data Cleaning: Problems and Current Approaches",
/// 2000, §2.1 calls these single-source problems at instance level.)
struct InconsistentFormatsDetector: Detector {
  static let kind = DetectorKind.inconsistentFormats
  static let weight = 0.05
  static let effort = 1.5
  static let meaning = "Cells that are written differently from the rest of their column."
  static let parameters: [DetectorParameter] = [
    .number(
      "main_share", 0.8, in: 0.5...1,
      "A column is of numbers or dates with strays if at least this share of its values are."),
    .number(
      "typo_ratio", 20, in: 2...1_000_000,
      "A class is a misspelling of a similar one that is at least so many times as common."),
  ]

  func run(
    _ subject: AnalysisSubject, _ parameters: ParameterValues, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Finding<InconsistentFormatsDetails> {
    let table = subject.table
    let rules = ColumnFormatRules(
      subject: subject, mainShare: parameters.number("main_share"),
      typoRatio: parameters.number("typo_ratio"))
    var cells = OddCells(table)
    for index in table.columns.indices {
      let part = checkpoint.part(
        from: Double(index) / Double(table.columns.count),
        to: Double(index + 1) / Double(table.columns.count))
      let issues = try rules.issues(of: index, part)
      guard !issues.isEmpty else { continue }
      try cells.add(
        issues, of: index, levels: issues.hasLevels ? subject.levels(of: index) : nil, part)
    }
    let flagged = cells.flagged()
    let rows = cells.rows
    let named = Set(cells.flaws.map(\.column)).count
    let worst = cells.flaws.max { $0.cells < $1.cells }
    return .done(
      Finding<InconsistentFormatsDetails>.Evidence(
        flagged: flagged,
        soundness: try subject.repeatedRows(checkpoint.part(from: 1, to: 1))
          .soundness(without: rows),
        details: InconsistentFormatsDetails(columns: cells.flaws, rows: rows.count),
        sentence: worst.map { worst in
          flagged.count.counted("cell") + " in " + named.counted("column")
            + " \(flagged.count == 1 ? "is" : "are") written differently from the rest"
            + (cells.flaws.count == 1 ? ": " : ", most of them in ")
            + "\"\(worst.column)\" (\(worst.kind.words))."
        } ?? "Each column is written in one way."))
  }
}
