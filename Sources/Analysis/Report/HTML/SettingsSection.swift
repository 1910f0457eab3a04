extension HTMLText {
  /// What the report was made with, so that it can be made again.
  mutating func settings(of report: Report) {
    markup("<section aria-labelledby=\"settings\"><h2 id=\"settings\">How it was made</h2><dl>")
    element("dt", "Engine version")
    element("dd", report.engineVersion)
    element("dt", "Seed")
    element("dd", "\(report.seed)")
    markup("</dl>")
    let used = report.detectors.filter { !$0.parameters.isEmpty && $0.status != .skipped }
    if !used.isEmpty {
      table(
        caption: "Parameters: what was set or holds by default, and what was chosen from the data",
        columns: [.text("Detector"), .text("Parameter"), .text("Value")])
      for result in used {
        for (name, value) in result.parameters.sorted(by: { $0.key < $1.key }) {
          markup("<tr>")
          element("td", result.detector.title)
          element("td", name)
          switch value {
          case .number(let number): valueCell(number.shown(6))
          case .text(let word): valueCell(word)
          }
          markup("</tr>")
        }
      }
      endTable()
    }
    formatProblems(report.formatProblems)
    markup("</section>")
  }

  private mutating func formatProblems(_ problems: FormatProblemSummary) {
    let shown = problems.listed.prefix(10)
    guard !shown.isEmpty else { return }
    table(
      caption: shown.count < problems.count
        ? "The first \(shown.count) of \(problems.count.grouped) flaws of the format"
        : "Flaws of the format", columns: [.number("Row"), .text("What was mended")])
    for problem in shown {
      markup("<tr>")
      numberCell(problem.row.map { "\($0)" } ?? "header")
      valueCell(problem.message, limit: 300)
      markup("</tr>")
    }
    endTable()
  }
}
