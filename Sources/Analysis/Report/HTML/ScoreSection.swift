extension HTMLText {
  /// The parts of the quality score.
  mutating func scoreSection(of report: Report) {
    guard !report.qualityComponents.isEmpty else { return }
    let weights = report.qualityComponents.reduce(0) { $0 + $1.weight }
    markup("<section aria-labelledby=\"score\"><h2 id=\"score\">Quality score</h2>")
    markup("<p class=\"dim\">The weighted mean of what the detectors that ran say. ")
    markup("Each goes from 0 to 100, the lower the more damage there is.</p>")
    table(
      caption: "Components of the quality score",
      columns: [.text("Detector"), .bar, .number("Score"), .number("Weight")])
    for component in report.qualityComponents {
      markup("<tr><th scope=\"row\">")
      if let result = report[component.detector] { detectorName(result) }
      markup("</th><td>")
      bar(component.score / 100, QualityGrade(component.score).rawValue)
      markup("</td>")
      numberCell(component.score.shown(1))
      numberCell((component.weight / weights).percent)
      markup("</tr>")
    }
    endTable()
    markup("</section>")
  }
}
