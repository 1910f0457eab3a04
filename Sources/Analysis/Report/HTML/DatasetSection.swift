extension HTMLText {
  /// More columns than this are left to the JSON.
  private static let columnLimit = 200

  /// The columns.
  mutating func datasetSection(of report: Report) {
    let dataset = report.dataset
    markup("<section aria-labelledby=\"dataset\"><h2 id=\"dataset\">Dataset</h2>")
    let shown = dataset.columns.prefix(Self.columnLimit)
    table(
      caption: shown.count < dataset.columns.count
        ? "The first \(shown.count) of \(dataset.columns.count.grouped) columns" : "Columns",
      columns: [
        .text("Column"), .text("Type"), .text("Role"), .number("Distinct"), .bar,
        .number("Missing"),
      ])
    for column in shown {
      markup("<tr><th scope=\"row\">")
      value(column.name, limit: 80)
      markup("</th>")
      element("td", column.type.rawValue)
      element("td", (column.role ?? ColumnRole(column.type)).words)
      numberCell(column.distinct.grouped)
      let share = dataset.rows > 0 ? Double(column.missing) / Double(dataset.rows) : 0
      markup("<td>")
      bar(share, share > 0.2 ? "poor" : "fair")
      markup("</td>")
      numberCell(column.missing == 0 ? "0" : "\(column.missing.grouped) (\(share.percent))")
      markup("</tr>")
    }
    endTable()
    notes(on: shown.filter { $0.note != nil })
    markup("</section>")
  }

  /// What to know of how columns were read.
  private mutating func notes(on columns: [DatasetSummary.ColumnSummary]) {
    guard !columns.isEmpty else { return }
    markup("<h3>How columns were read</h3><dl>")
    for column in columns {
      markup("<dt>")
      value(column.name, limit: 80)
      markup("</dt><dd>")
      value(column.note ?? "", limit: 300)
      markup("</dd>")
    }
    markup("</dl>")
  }
}
