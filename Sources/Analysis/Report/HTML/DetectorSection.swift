extension HTMLText {
  /// Rows of each detector that are shown; the report as CSV or JSON has the others.
  private static let rowLimit = 10

  /// What a detector that ran has found.
  mutating func detectorSection(_ result: DetectorResult, of report: Report) {
    let kind = result.detector
    open("section", ["aria-labelledby": kind.rawValue])
    element("h2", ["id": kind.rawValue], kind.title)
    element("p", ["class": "dim"], kind.meaning)
    if let summary = result.summary {
      markup("<p>")
      text(summary, limit: 1_000)
      markup("</p>")
    }
    if let details = result.details { self.details(details, of: result, report) }
    flagged(result)
    close("section")
  }

  private mutating func details(
    _ details: any DetectorDetails, of result: DetectorResult, _ report: Report
  ) {
    if let chart = details as? any ChartedDetails {
      chart.write(to: &self, result, rows: report.dataset.rows)
    } else {
      facts(of: details)
    }
  }

  private mutating func flagged(_ result: DetectorResult) {
    let shown = result.flagged.prefix(Self.rowLimit)
    guard !shown.isEmpty else { return }
    let hasColumn = shown.contains { $0.column != nil }
    table(
      caption: result.flaggedCount > shown.count
        ? "The first \(shown.count) of \(result.flaggedCount.grouped) flagged rows; "
          + "the report as CSV has all of them"
        : "Flagged rows",
      columns: [.number("Row"), .number("Score")] + (hasColumn ? [.text("Column")] : [])
        + [.text("Why")])
    for row in shown {
      markup("<tr>")
      numberCell("\(row.row)")
      numberCell(row.score.shown(2))
      if hasColumn { valueCell(row.column ?? "", limit: 60) }
      sentenceCell(row.reason, limit: 300)
      markup("</tr>")
    }
    endTable()
  }
}

/// Details that have charts and tables of their own. Details that have not are shown as the names
/// and values that their JSON has.
protocol ChartedDetails: DetectorDetails {
  /// - Parameter rows: How many rows the dataset has.
  func write(to page: inout HTMLText, _ result: DetectorResult, rows: Int)
}
