extension DriftDetector {
  /// Two sets of rows to compare.
  struct Window {
    /// One of the sets.
    struct Side {
      /// As sentences call it.
      var name: String
      var table: Table
      /// In ascending order.
      var rows: [Int]
    }

    var kind: DriftDetails.Kind
    var before: Side
    var after: Side
    /// Columns of the table that make the sets and so differ between them.
    var excluded: Set<Int>

    /// The comparisons that there are enough rows for: with the reference, along time, across the
    /// split.
    static func all(of subject: AnalysisSubject) -> [Window] {
      [ofReference(subject), ofTime(subject), ofSplit(subject)].compactMap { window in
        guard let window,
          min(window.before.rows.count, window.after.rows.count) >= minimumRows
        else { return nil }
        return window
      }
    }

    private static func ofReference(_ subject: AnalysisSubject) -> Window? {
      subject.reference.map { reference in
        Window(
          kind: .reference,
          before: Side(
            name: "the reference", table: reference, rows: Array(0..<reference.rowCount)),
          after: Side(
            name: "this dataset", table: subject.table, rows: Array(0..<subject.table.rowCount)),
          excluded: [])
      }
    }

    private static func ofTime(_ subject: AnalysisSubject) -> Window? {
      guard let name = subject.options.timeColumn,
        let index = subject.table.columnIndex(named: name)
      else { return nil }
      let column = subject.table.columns[index]
      let order = subject.order(of: index)
      guard order.count >= 2 * minimumRows else { return nil }
      // Rows of one time stay together: the halves part at the change nearest to the middle.
      let times = order.map { column.number(Int($0)) }
      let middle = order.count / 2
      let up = (middle..<order.count).first { times[$0] != times[$0 - 1] }
      let down = (1...middle).last { times[$0] != times[$0 - 1] }
      guard
        let cut = [up, down].compactMap({ $0 }).min(by: { abs($0 - middle) < abs($1 - middle) })
      else { return nil }
      func side(_ rows: ArraySlice<UInt32>, _ name: String) -> Side {
        let ends = [rows.first, rows.last].compactMap { $0 }.map {
          TextCheck.excerpt(column.bytes(Int($0)))
        }
        return Side(
          name: "\(name) (\(column.name) from \(ends.joined(separator: " to ")))",
          table: subject.table, rows: rows.map { Int($0) }.sorted())
      }
      return Window(
        kind: .time, before: side(order[..<cut], "the earlier half"),
        after: side(order[cut...], "the later half"), excluded: [index])
    }

    private static func ofSplit(_ subject: AnalysisSubject) -> Window? {
      guard let split = DatasetSplit(subject) else { return nil }
      let rows = split.levels.levelOfRow
      return Window(
        kind: .split,
        before: Side(
          name: "\"\(split.trainingName)\"", table: subject.table,
          rows: rows.indices.filter { rows[$0] == split.training }),
        after: Side(
          name: "the rest of the split", table: subject.table,
          rows: rows.indices.filter { rows[$0] != split.training && rows[$0] != 0 }),
        excluded: [split.column])
    }
  }
}
