/// Turns the findings of a report into actions.
///
/// In this order: labels are replaced, spellings made one, outliers and near duplicates left out,
/// missing cells filled in from the rows that stay, and at last rows left out that equal an earlier one
/// by now. So no two rows of the result are equal, and the same fix finds nothing more to do about
/// that.
struct FixPlanner {
  private let report: Report
  private let table: Table
  private let analysis: AnalysisOptions
  private let options: FixOptions
  private let thresholds: FixThresholds
  private let labelColumn: Int?
  private let checkpoint: Checkpoint

  private var edited: EditedTable
  private var taken: [FixAction] = []
  private var removed: Set<Int> = []
  /// Rows that a detector's finding was not acted on.
  private var flags: [FixAction] = []

  init(
    report: Report, table: Table, analysis: AnalysisOptions, options: FixOptions,
    _ checkpoint: Checkpoint
  ) {
    self.checkpoint = checkpoint
    self.report = report
    self.table = table
    self.analysis = analysis
    self.options = options
    thresholds = FixThresholds(options)
    labelColumn = report.label.flatMap { table.columnIndex(named: $0.column) }
    edited = EditedTable(table, checkpoint)
  }

  /// Plans.
  ///
  /// - Returns: The actions by ascending row; of a row that is left out, that one alone.
  /// - Throws: ``FixError``, ``AnalysisCancelled``.
  mutating func plan() throws -> [FixAction] {
    try relabel()
    try unifySpellings()
    try removeOutliers()
    try removeNearDuplicates()
    try impute()
    try removeEqualRows()
    try flagOthers()
    let gone = removed
    return (taken + flags).filter { $0.kind.removesRow || !gone.contains($0.row) }
      .enumerated()
      .sorted { ($0.element.row, $0.offset) < ($1.element.row, $1.offset) }
      .map(\.element)
  }

  // MARK: Findings

  /// What a detector says of a row. The reason is made for an action alone: each kind of action looks at
  /// all findings, and takes few.
  private struct Finding {
    let detector: DetectorKind
    let flagged: FlaggedRows
    let index: Int
    /// The row without its reason.
    let facts: FlaggedRow

    func action(
      _ kind: FixAction.Kind, column: String? = nil, from: String? = nil, to: String? = nil,
      duplicateOf: Int? = nil
    ) -> FixAction {
      FixAction(
        kind, row: facts.row, column: column, from: from, to: to, duplicateOf: duplicateOf,
        reason: flagged.reason(index), score: facts.score, detector: detector)
    }
  }

  private func findings(_ kind: DetectorKind) -> some Sequence<Finding> {
    let flagged = report[kind].flatMap { $0.status == .ok ? $0.flagged : nil } ?? []
    return flagged.indices.lazy.map {
      Finding(detector: kind, flagged: flagged, index: $0, facts: flagged.facts($0))
    }
  }

  private mutating func take(_ action: FixAction) throws {
    try requireRoom()
    taken.append(action)
    if action.kind.removesRow { removed.insert(action.row) }
  }

  private mutating func flag(_ finding: Finding) throws {
    guard options.takes(.flag) else { return }
    try requireRoom()
    flags.append(
      finding.action(
        .flag, column: finding.facts.column, duplicateOf: finding.facts.duplicateOf))
  }

  private func requireRoom() throws {
    let count = taken.count + flags.count
    if count & 0xFFF == 0 { try checkpoint.reached(0) }
    guard count < FixOptions.maxActions else {
      throw FixError(
        kind: .tooManyActions,
        message: "The fix would take more than \(FixOptions.maxActions.grouped) actions: take "
          + "fewer kinds of action, a more conservative strategy, or a part of the dataset.")
    }
  }

  // MARK: Cells

  private mutating func relabel() throws {
    guard let column = labelColumn else { return }
    let name = table.columns[column].name
    let spellings = spellings(of: column)
    for finding in findings(.labelErrors) {
      let (row, score) = (finding.facts.row, finding.facts.score)
      guard let suggested = finding.facts.suggestedLabel, options.takes(.relabel),
        let least = thresholds.relabel, score >= least, !table.columns[column].isMissing(row)
      else {
        if score >= thresholds.flagLabel { try flag(finding) }
        continue
      }
      let given = table.columns[column].text(row)
      // The suggestion may be one of several spellings.
      let label = spellings[suggested] ?? suggested
      guard given != label, try edited.set(label, row: row, column: column) else { continue }
      try take(finding.action(.relabel, column: name, from: given, to: label))
    }
  }

  /// For each spelling of a column that is to be replaced, the one to take.
  private func spellings(of column: Int) -> [String: String] {
    guard options.takes(.replace) else { return [:] }
    var spellings: [String: String] = [:]
    for kind in DetectorKind.allCases {
      for finding in findings(kind) where finding.facts.column == table.columns[column].name {
        guard let value = finding.facts.suggestedValue else { continue }
        spellings[table.columns[column].text(finding.facts.row)] = value
      }
    }
    return spellings
  }

  private mutating func unifySpellings() throws {
    let columnOfName = Dictionary(
      table.names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    for kind in DetectorKind.allCases {
      for finding in findings(kind) {
        if finding.index & 0xFFF == 0 { try checkpoint.reached(0) }
        guard let value = finding.facts.suggestedValue, let name = finding.facts.column,
          let column = columnOfName[name]
        else { continue }
        guard options.takes(.replace) else {
          try flag(finding)
          continue
        }
        let given = table.columns[column].text(finding.facts.row)
        guard given != value, options.strategy != .conservative || Self.isSameWord(given, value),
          try edited.set(value, row: finding.facts.row, column: column)
        else { continue }
        try take(finding.action(.replace, column: name, from: given, to: value))
      }
    }
  }

  /// Whether two spellings differ in white space and upper case alone; a typo may be a word of its own.
  private static func isSameWord(_ one: String, _ other: String) -> Bool {
    func folded(_ text: String) -> [String] {
      text.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
    }
    return folded(one) == folded(other)
  }

  /// Fills in missing cells with the column's median or most frequent value.
  private mutating func impute() throws {
    guard options.takes(.impute), let share = thresholds.imputeShare,
      report[.missingValues]?.status == .ok
    else { return }
    let rows = (0..<table.rowCount).filter { !removed.contains($0) }
    for index in table.columns.indices where mayImpute(index) {
      let column = table.columns[index]
      guard column.missingCount > 0,
        Double(column.missingCount) < share * Double(table.rowCount)
      else { continue }
      guard let fill = try edited.typicalValue(of: index, in: rows) else { continue }
      let what = column.type.isNumeric ? "median" : "most frequent value"
      for row in rows where column.isMissing(row) {
        guard try edited.set(fill.text, row: row, column: index) else { continue }
        try take(
          FixAction(
            .impute, row: row, column: column.name, from: column.text(row), to: fill.text,
            reason: "\(column.name) is missing; \(fill.text) is its \(what).",
            detector: .missingValues))
      }
    }
  }

  /// Whether a guess may stand in a column: never in the label or what belongs to it, in what says
  /// who a row is about, in identifiers, dates and free text.
  private func mayImpute(_ index: Int) -> Bool {
    let column = table.columns[index]
    switch column.type {
    case .integer, .real, .boolean, .category: break
    default: return false
    }
    let kept =
      [analysis.predictionColumn, analysis.splitColumn, analysis.timeColumn].compactMap { $0 }
      + (analysis.sensitiveColumns ?? [])
    if index == labelColumn || kept.contains(column.name) { return false }
    return analysis.probabilityPrefix.map(column.name.hasPrefix) != true
  }

  // MARK: Rows

  private mutating func removeOutliers() throws {
    for finding in findings(.outliers) {
      let score = finding.facts.score
      if options.takes(.remove), let least = thresholds.removeOutlier, score >= least {
        try take(finding.action(.remove, column: finding.facts.column))
      } else if let least = thresholds.flagOutlier, score >= least {
        try flag(finding)
      }
    }
  }

  /// Leaves out rows of which a detector names an earlier one, as long as that one stays.
  private mutating func removeNearDuplicates() throws {
    for kind in DetectorKind.allCases where kind != .exactDuplicates {
      for finding in findings(kind) {
        guard let original = finding.facts.duplicateOf else { continue }
        if options.takes(.deduplicate), let least = thresholds.nearDuplicate,
          finding.facts.score >= least
        {
          guard !removed.contains(original), !removed.contains(finding.facts.row) else { continue }
          try take(finding.action(.deduplicate, duplicateOf: original))
        } else if options.strategy != .conservative {
          try flag(finding)
        }
      }
    }
  }

  /// Leaves out rows that equal an earlier one. Where most may be by chance, each may be a thing of its
  /// own: they are flagged unless everything that was found is to be changed.
  private mutating func removeEqualRows() throws {
    guard let result = report[.exactDuplicates], result.status == .ok else { return }
    let mayBeByChance = (result.details as? ExactDuplicatesDetails)?.mayBeByChance == true
    guard options.takes(.deduplicate), !mayBeByChance || thresholds.removesChanceRepeats else {
      for finding in findings(.exactDuplicates) { try flag(finding) }
      return
    }
    var originals: [Int: Int] = [:]
    for finding in findings(.exactDuplicates) {
      originals[finding.facts.row] = finding.facts.duplicateOf
    }
    let rows = (0..<table.rowCount).filter { !removed.contains($0) }
    for group in try edited.equalRows(among: rows) {
      for row in group.dropFirst() {
        let cause =
          (originals[row] == group[0] ? "" : " once the other changes are made")
          + (mayBeByChance ? ", which may be by chance" : "")
        try take(
          FixAction(
            .deduplicate, row: row, duplicateOf: group[0],
            reason: "All values equal those of row \(group[0])\(cause).", score: 1,
            detector: .exactDuplicates))
      }
    }
  }

  // MARK: What is left to people

  /// Flags the findings of detectors that nothing was done about by kind.
  private mutating func flagOthers() throws {
    guard options.strategy != .conservative else { return }
    let handled: Set<DetectorKind> = [
      .labelErrors, .outliers, .exactDuplicates, .missingValues, .classImbalance,
    ]
    for kind in DetectorKind.allCases where !handled.contains(kind) {
      for finding in findings(kind)
      where finding.facts.duplicateOf == nil && finding.facts.suggestedValue == nil {
        try flag(finding)
      }
    }
  }
}
