/// A column's texts, each distinct one looked at once, and what is wrong with them.
struct TextPage {
  /// Share of a column's values that must be one personal datum and nothing else, for a column of
  /// such data.
  static let personalShare = 0.9

  let column: Int
  let role: TextRole?
  /// What the column holds if it holds nothing but personal data.
  private(set) var personalColumn: (flaw: TextFlaw, rows: Int)?

  private let levels: ColumnLevels
  private let habits: TextHabits?
  /// The flaws of each level that has any; ascending by level.
  private var flaws: [(level: Int, flaws: [FoundFlaw])] = []

  init(
    _ entry: TextColumns.Entry, _ subject: AnalysisSubject, _ parameters: ParameterValues,
    _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    let source = subject.table.columns[entry.column]
    let levels = subject.levels(of: entry.column)
    self.levels = levels
    column = entry.column
    role = entry.role
    var checks = TextChecks(role: entry.role, parameters)
    var facts = [TextFacts](repeating: TextFacts(), count: levels.counts.count)
    var found = [[FoundFlaw]](repeating: [], count: levels.counts.count)
    /// The levels that are a personal datum and nothing else.
    var personal: [Int: TextFlaw] = [:]
    var looking = PacedCheckpoint(checkpoint.part(from: 0, to: 0.8))
    for level in levels.counts.indices.dropFirst() where levels.counts[level] > 0 {
      let bytes = source.bytes(Int(levels.firstRow[level]))
      try looking.passed(bytes.count, at: Double(level) / Double(levels.counts.count))
      bytes.withUnsafeBufferPointer { text in
        let result = checks.look(at: text)
        facts[level] = result.facts
        found[level] = result.flaws
        personal[level] = result.whole
      }
    }

    if entry.role == .prompt || entry.role == .response, levels.counts[0] > 0 {
      found[0].append(FoundFlaw(flaw: .empty, score: 0.95, predicate: "is empty"))
    }
    var counts = levels.counts
    counts[0] = 0
    if let role = entry.role {
      let habits = TextHabits(facts, counts, parameters)
      self.habits = habits
      let cut = try habits.cutWords(
        facts, counts: counts, bytes: { source.bytes(Int(levels.firstRow[$0])) },
        checkpoint: checkpoint.part(from: 0.8, to: 1))
      for level in counts.indices where counts[level] > 0 && facts[level].words > 0 {
        if level & 0xFFFF == 0 { try checkpoint.reached(1) }
        found[level] += habits.flaws(facts[level], role: role)
      }
      for level in cut {
        found[level].removeAll { $0.flaw == .truncated }
        found[level].append(
          FoundFlaw(
            flaw: .truncated, score: 0.6, predicate: "ends in a word that seems to be cut short",
            isAbsolute: false))
      }
    } else {
      habits = nil
    }
    setPersonalColumn(personal, &found)
    flaws = found.indices.filter { !found[$0].isEmpty }.map { ($0, found[$0]) }
  }

  /// Finds out whether the column holds nothing but personal data: then that is said once, of the
  /// column, rather than of each row.
  private mutating func setPersonalColumn(_ personal: [Int: TextFlaw], _ found: inout [[FoundFlaw]])
  {
    var rows: [TextFlaw: Int] = [:]
    for (level, flaw) in personal { rows[flaw, default: 0] += levels.counts[level] }
    let present = levels.counts.dropFirst().reduce(0, +)
    let kind = TextFlaw.allCases.first {
      Double(rows[$0] ?? 0) >= max(2, Self.personalShare * Double(present))
    }
    guard let kind else { return }
    personalColumn = (kind, rows[kind] ?? 0)
    for (level, flaw) in personal where flaw == kind { found[level].removeAll { $0.flaw == kind } }
  }

  /// Hands on the flaws of each row.
  func report(
    to rows: inout FlawedRows, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    guard !flaws.isEmpty else { return }
    var place = [Int32](repeating: -1, count: levels.counts.count)
    for (index, entry) in flaws.enumerated() { place[entry.level] = Int32(index) }
    for (row, level) in levels.levelOfRow.enumerated() {
      if row & 0x3FFF == 0 {
        try checkpoint.reached(Double(row) / Double(levels.levelOfRow.count))
      }
      guard place[Int(level)] >= 0 else { continue }
      rows.add(flaws[Int(place[Int(level)])].flaws, row: row, column: column)
    }
  }

  /// Nil for a column that is searched for personal data alone.
  func summary(
    name: String, flaws: [TextQualityDetails.FlawCount]
  ) -> TextQualityDetails.TextColumn? {
    guard let role, let habits else { return nil }
    return TextQualityDetails.TextColumn(
      column: name, role: role, texts: habits.texts,
      medianCharacters: habits.medianCharacters.reported,
      usualLeast: habits.usualCharacters.map { max(0, $0.lowerBound).reported },
      usualMost: habits.usualCharacters.map { $0.upperBound.reported },
      language: habits.language.map { StopWords.languages[Int($0.index)] },
      languageShare: habits.language?.share.reported,
      script: habits.script?.script.name, closedShare: habits.closedShare?.reported, flaws: flaws)
  }
}
