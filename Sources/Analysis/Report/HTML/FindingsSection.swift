/// What a detector found and what it costs, in the order in which a person wants to know it.
struct RankedFinding {
  var result: DetectorResult
  /// Points of the quality score that are lost to it; nil if it has no part in the score.
  var cost: Double?

  /// The findings of the detectors that ran and found something: what costs most first, and what
  /// costs the same in the detectors' order.
  static func ranked(_ report: Report) -> [RankedFinding] {
    let weights = report.qualityComponents.reduce(0) { $0 + $1.weight }
    return report.detectors.filter { $0.status == .ok }.map { result in
      let component = report.qualityComponents.first { $0.detector == result.detector }
      let cost = component.map { weights > 0 ? (100 - $0.score) * $0.weight / weights : 0 }
      return RankedFinding(result: result, cost: cost)
    }
    .filter { $0.result.flaggedCount > 0 || ($0.cost ?? 0) >= 0.05 }
    .enumerated()
    .sorted { ($1.element.cost ?? 0, $0.offset) < ($0.element.cost ?? 0, $1.offset) }
    .map(\.element)
  }
}

extension HTMLText {
  /// What stands beside the title: size, label column, verdict and dial.
  mutating func heading(of report: Report) {
    element("p", ["class": "lead"], verdict(of: report))
    markup("<p class=\"dim\">")
    text(report.dataset.rows.counted("row") + ", ")
    text(report.dataset.columns.count.counted("column"))
    if let label = report.label {
      markup("; labels in ")
      value(label.column, limit: 60)
      text(" (\(label.taskType.rawValue)")
      if label.classes > 0 { text(", \(label.classes.grouped) classes") }
      text(label.guessed ? ", guessed from its name)" : ")")
    } else {
      markup("; no label column")
    }
    if let reference = report.reference {
      text("; compared with a reference of \(reference.rows.counted("row"))")
    }
    markup("</p></div>")
    scoreDial(report.qualityScore)
  }

  private func verdict(of report: Report) -> String {
    guard let score = report.qualityScore else { return "No detector could run." }
    let findings = RankedFinding.ranked(report).count
    let found = findings == 0 ? "nothing was found" : findings.counted("finding")
    switch QualityGrade(score) {
    case .good: return "In good order: \(found)."
    case .fair: return "Usable with care: \(found)."
    case .poor: return "Needs work before it is learnt from: \(found)."
    }
  }

  /// The section that is read in a minute.
  mutating func findings(of report: Report) {
    markup("<section aria-labelledby=\"summary\"><h2 id=\"summary\">Summary</h2>")
    let ranked = RankedFinding.ranked(report)
    if ranked.isEmpty {
      markup("<p>The detectors that ran found nothing to mend.</p>")
    } else {
      markup("<ol class=\"findings\">")
      for finding in ranked { write(finding) }
      markup("</ol>")
    }
    let sound = report.detectors.filter { result in
      result.status == .ok && !ranked.contains { $0.result.detector == result.detector }
    }
    if !sound.isEmpty {
      element("p", "In order: " + sound.map(\.detector.title).joined(separator: ", ") + ".")
    }
    if report.formatProblems.count > 0 {
      element(
        "p",
        report.formatProblems.count.counted("flaw") + " of the format "
          + (report.formatProblems.count == 1 ? "was" : "were") + " mended while reading.")
    }
    notRun(report.detectors.filter { $0.status != .ok })
    markup("</section>")
  }

  private mutating func write(_ finding: RankedFinding) {
    let kind = finding.result.detector
    markup("<li><p>")
    element("a", ["href": "#\(kind.rawValue)"], kind.title)
    if let cost = finding.cost, cost >= 0.05 {
      let points = cost.shown(1)
      element("span", ["class": "cost"], "  costs \(points) \(points == "1" ? "point" : "points")")
    }
    markup("</p><p>")
    text(finding.result.summary ?? "", limit: 500)
    markup("</p>")
    if let advice = kind.advice { element("p", ["class": "dim"], advice) }
    markup("</li>")
  }

  private mutating func notRun(_ results: [DetectorResult]) {
    guard !results.isEmpty else { return }
    markup("<h3>Not looked at</h3><dl>")
    for result in results {
      element("dt", result.detector.title)
      markup("<dd>")
      if result.status == .failed { markup("<strong>Failed.</strong> ") }
      text(result.reason ?? "", limit: 500)
      markup("</dd>")
    }
    markup("</dl><p class=\"dim\">They have no part in the score.</p>")
  }
}

extension DetectorKind {
  /// What to do about it.
  fileprivate var advice: String? { Self.advice[rawValue] }

  private static let advice = [
    "missing_values":
      "Find out why they are missing before filling them in; drop columns that are mostly empty.",
    "exact_duplicates": "Remove the repeats, and keep them out of both training and test.",
    "near_duplicates": "Compare the rows of each group, and keep one of those that are the same.",
    "outliers": "Check the first ones against their source; correct errors, and keep what is true.",
    "class_imbalance":
      "Collect more of the rare classes, or weigh them; judge models by a measure per class.",
    "label_errors": "Look at the rows listed first, and correct their labels or leave them out.",
    "data_leakage": "Drop what is not known when a prediction is made, and split the data anew.",
    "redundant_features": "Drop columns that say nothing, or what another column says.",
    "inconsistent_formats": "Bring each column to one way of writing.",
    "drift": "Learn from recent data, or find out what has changed in how they are collected.",
    "bias": "Look at the groups that differ before a model learns from them.",
    "text_quality": "Read the rows listed first; mend or remove those that teach the wrong thing.",
  ]
}
