extension DriftDetails: ChartedDetails {
  /// Columns of a comparison that are shown.
  private static let shownColumns = 30

  func write(to page: inout HTMLText, _ result: DetectorResult, rows: Int) {
    for note in notes {
      page.markup("<p class=\"dim\">")
      page.value(note, limit: 300)
      page.markup("</p>")
    }
    for comparison in comparisons { write(comparison, to: &page) }
  }

  private func write(_ comparison: Comparison, to page: inout HTMLText) {
    let columns = comparison.columns.enumerated()
      .sorted { ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset) }
      .prefix(Self.shownColumns).map(\.element)
    guard !columns.isEmpty else { return }
    let isTime = comparison.periods != nil
    page.table(
      caption: (isTime
        ? "Columns along \(comparison.timeColumn ?? "")"
        : "Columns of \(comparison.before) (\((comparison.rows.first ?? 0).counted("row"))) and "
          + "\(comparison.after) (\((comparison.rows.last ?? 0).counted("row")))")
        + (columns.count < comparison.columns.count
          ? ": \(columns.count) of \(comparison.columns.count)" : ""),
      columns: [.text("Column"), .bar, .number("Index")] + (isTime ? [.text("Changed")] : [])
        + [.text("How")])
    for column in columns {
      page.markup("<tr><th scope=\"row\">")
      page.value(column.column, limit: 60)
      page.markup("</th><td>")
      page.bar(column.severity, column.style)
      page.markup("</td>")
      page.numberCell(column.psi.shown(2))
      if isTime { page.valueCell(column.change, limit: 60) }
      page.sentenceCell(column.severity > 0 ? column.words : "no shift to speak of", limit: 200)
      page.markup("</tr>")
    }
    page.endTable()
    if let periods = comparison.periods { write(columns, by: periods, to: &page) }
  }

  private func write(
    _ columns: [ColumnShift], by periods: [Period], to page: inout HTMLText
  ) {
    let changed = columns.filter { $0.psiByPeriod != nil }
    guard !changed.isEmpty else { return }
    page.table(
      caption: "Index of each period, against the rows outside of the change",
      columns: [.number("Period"), .number("Rows")]
        + changed.prefix(Self.chartedColumns).map { .charted($0.column.shortened(to: 40)) })
    for (place, period) in periods.enumerated() {
      page.markup("<tr><th scope=\"row\" class=\"number\">")
      page.value(period.from == period.to ? period.from : "\(period.from) to \(period.to)")
      page.markup("</th>")
      page.numberCell(period.rows.grouped)
      for column in changed.prefix(Self.chartedColumns) {
        let psi = column.psiByPeriod?[place] ?? 0
        page.markup("<td>")
        // Twice what is called a major shift fills the bar.
        page.bar(psi / (2 * PopulationStability.major), psi.style)
        page.markup("</td>")
        page.numberCell(psi.shown(2))
      }
      page.markup("</tr>")
    }
    page.endTable()
  }

  /// Columns side by side.
  private static let chartedColumns = 4
}

extension DriftDetails.ColumnShift {
  fileprivate var style: String { psi.style }

  /// When, in a few words.
  fileprivate var change: String {
    guard let from = changedFrom else { return "" }
    guard let to = changedTo else { return "from \(from) on" }
    return from == to ? "in \(from)" : "in \(from) to \(to)"
  }
}

extension Double {
  /// A bar's colour by the conventional bounds of the stability index.
  fileprivate var style: String {
    self >= PopulationStability.major
      ? "poor" : self >= PopulationStability.moderate ? "fair" : "good"
  }
}
