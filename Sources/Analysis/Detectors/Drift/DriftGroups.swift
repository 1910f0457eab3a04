/// Rows in groups that are compared: a reference and the dataset, the training part of a split and the rest
/// of it, or periods of time.
struct DriftGroups {
  /// One of the groups.
  struct Group {
    var table: Table
    /// In ascending order.
    var rows: [Int]
  }

  var kind: DriftDetails.Kind
  var groups: [Group]
  /// What sentences call the first group and the others.
  var before: String
  var after: String
  /// Of time, what the groups are called.
  var periods: DriftPeriods?
  /// Columns of the table that make the groups and so differ between them.
  var excluded: Set<Int> = []

  /// The groups that are compared with all others, the first one never being among them: the second of
  /// two, or any periods that follow on each other. Both sides have rows enough.
  var contrasts: [Range<Int>] {
    let sizes = groups.map(\.rows.count)
    let all = sizes.reduce(0, +)
    return (1..<groups.count).flatMap { start in
      (start + 1...groups.count).map { start..<$0 }
    }.filter { range in
      let inside = range.reduce(0) { $0 + sizes[$1] }
      return min(inside, all - inside) >= DriftDetector.minimumRows
    }
  }

  /// The contrast of the later rows with the earlier ones whose sides are most alike in size.
  var halves: Range<Int> {
    let sizes = groups.map(\.rows.count)
    let all = sizes.reduce(0, +)
    func imbalance(_ start: Int) -> Int { abs(2 * sizes[..<start].reduce(0, +) - all) }
    let start = (1..<groups.count).min { imbalance($0) < imbalance($1) } ?? 1
    return start..<groups.count
  }

  /// The groups in which a class counts as new that is in none before them.
  ///
  /// - Parameter change: nil without one. It need not begin where its first period does, so the period
  ///   before that is left out of what was before.
  func news(of change: Range<Int>?) -> Range<Int> {
    guard periods != nil else { return 1..<groups.count }
    return (change.map { max(1, $0.lowerBound - 1) } ?? halves.lowerBound)..<groups.count
  }

  /// Where a class is not that is new in groups, as in "which does not occur in the reference".
  func absence(from news: Range<Int>) -> String {
    periods.map { "before \($0[news.lowerBound].from)" } ?? "in \(before)"
  }
}

extension DriftGroups {
  /// What can be compared, and why something cannot that was asked for.
  static func all(of subject: AnalysisSubject) -> (comparisons: [DriftGroups], notes: [String]) {
    var comparisons: [DriftGroups] = []
    var notes: [String] = []
    for made in [ofReference(subject), ofTime(subject), ofSplit(subject)] {
      switch made {
      case .success(let groups)?: comparisons.append(groups)
      case .failure(let note)?: notes.append(note.words)
      case nil: break
      }
    }
    return (comparisons, notes)
  }

  /// Why there is nothing to compare, in a sentence.
  struct Note: Error {
    var words: String
  }

  private static func ofReference(_ subject: AnalysisSubject) -> Result<DriftGroups, Note>? {
    guard let reference = subject.reference else { return nil }
    return compared(
      DriftGroups(
        kind: .reference,
        groups: [
          Group(table: reference, rows: Array(0..<reference.rowCount)),
          Group(table: subject.table, rows: Array(0..<subject.table.rowCount)),
        ], before: "the reference", after: "this dataset"))
  }

  private static func ofSplit(_ subject: AnalysisSubject) -> Result<DriftGroups, Note>? {
    guard let name = subject.options.splitColumn else { return nil }
    guard let split = DatasetSplit(subject) else {
      return .failure(Note(words: "\"\(name)\" does not split the rows into two parts."))
    }
    let rows = split.levels.levelOfRow
    return compared(
      DriftGroups(
        kind: .split,
        groups: [
          Group(
            table: subject.table, rows: rows.indices.filter { rows[$0] == split.training }),
          Group(
            table: subject.table,
            rows: rows.indices.filter { rows[$0] != split.training && rows[$0] != 0 }),
        ], before: "\"\(split.trainingName)\"", after: "the rest of the split",
        excluded: [split.column]))
  }

  private static func ofTime(_ subject: AnalysisSubject) -> Result<DriftGroups, Note>? {
    guard let name = subject.options.timeColumn,
      let index = subject.table.columnIndex(named: name)
    else { return nil }
    let column = subject.table.columns[index]
    let order = subject.order(of: index)
    let least = 2 * DriftDetector.minimumRows
    guard order.count >= least else {
      let have =
        order.isEmpty
        ? "holds neither times nor numbers to order the rows by."
        : "has a time or number in \(order.count.counted("row")), too few to compare along "
          + "it: \(least) are needed."
      return .failure(Note(words: "\"\(name)\" \(have)"))
    }
    let periods = DriftPeriods(column, order)
    guard periods.count >= 2 else {
      return .failure(
        Note(words: "By \"\(name)\" the rows do not fall into two periods of enough rows."))
    }
    return .success(
      DriftGroups(
        kind: .time,
        groups: periods.places.map { places in
          Group(table: subject.table, rows: order[places].map { Int($0) }.sorted())
        }, before: "the earlier rows", after: "the later rows", periods: periods,
        excluded: TimeParts.columns(of: index, in: subject).union([index])))
  }

  private static func compared(_ groups: DriftGroups) -> Result<DriftGroups, Note> {
    for (name, group) in zip([groups.before, groups.after], groups.groups)
    where group.rows.count < DriftDetector.minimumRows {
      return .failure(
        Note(
          words: "\(name.prefix(1).uppercased() + name.dropFirst()) has "
            + "\(group.rows.count.counted("row")), too few to compare: "
            + "\(DriftDetector.minimumRows) are needed."))
    }
    return .success(groups)
  }
}
