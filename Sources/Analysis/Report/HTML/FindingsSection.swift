/// What a detector found and what it costs, in the order in which a person wants to know it.
struct RankedFinding {
  var result: DetectorResult
  /// Points of the quality score that are lost to it.
  var cost: Double

  /// The findings of the detectors that have a part in the score and found something: what costs most
  /// first, and what costs the same in the detectors' order.
  static func ranked(_ report: Report) -> [RankedFinding] {
    all(report).filter { $0.result.flaggedCount > 0 || ($0.isCostly && !$0.saysNothingIsWrong) }
      .enumerated()
      .sorted { ($1.element.cost, $0.offset) < ($0.element.cost, $1.offset) }
      .map(\.element)
  }

  /// What costs points though there is nothing to mend.
  static func uncertain(_ report: Report) -> [RankedFinding] {
    all(report).filter { $0.isCostly && $0.saysNothingIsWrong }
  }

  private static func all(_ report: Report) -> [RankedFinding] {
    let weights = report.qualityComponents.reduce(0) { $0 + $1.weight }
    return report.qualityComponents.compactMap { component in
      report[component.detector].map { result in
        RankedFinding(
          result: result,
          cost: weights > 0 ? (100 - component.score) * component.weight / weights : 0)
      }
    }
  }

  var isCostly: Bool { cost >= 0.05 }

  /// How much that is.
  var costInWords: String {
    let points = cost.shown(1)
    return "costs \(points) \(points == "1" ? "point" : "points")"
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
      element("p", "No findings: " + sound.map(\.detector.title).joined(separator: ", ") + ".")
    }
    for finding in RankedFinding.uncertain(report) {
      markup("<p>")
      detectorName(finding.result)
      text(
        " \(finding.costInWords), though there is nothing to mend: \(finding.result.summary ?? "")")
      markup("</p>")
    }
    if report.formatProblems.count > 0 {
      element(
        "p",
        report.formatProblems.count.counted("flaw") + " of the format "
          + (report.formatProblems.count == 1 ? "was" : "were") + " mended while reading.")
    }
    notRun(report)
    markup("</section>")
  }

  private mutating func write(_ finding: RankedFinding) {
    markup("<li><p>")
    detectorName(finding.result)
    if finding.isCostly {
      element("span", ["class": "cost"], "  " + finding.costInWords)
    }
    markup("</p><p>")
    text(finding.result.summary ?? finding.result.reason ?? "", limit: 500)
    markup("</p>")
    if let advice = finding.advice { element("p", ["class": "dim"], advice) }
    markup("</li>")
  }

  /// A detector's name, linked to its section if it has one.
  mutating func detectorName(_ result: DetectorResult) {
    if result.status == .ok {
      element("a", ["href": "#\(result.detector.rawValue)"], result.detector.title)
    } else {
      text(result.detector.title)
    }
  }

  private mutating func notRun(_ report: Report) {
    let asked = Set(report.requestedDetectors)
    let inScore = Set(report.qualityComponents.map(\.detector))
    let failed = report.detectors.filter {
      asked.contains($0.detector) && !inScore.contains($0.detector)
    }
    let others = report.detectors.filter { !asked.contains($0.detector) }
    guard !failed.isEmpty || !others.isEmpty else { return }
    markup("<h3>Not looked at</h3>")
    if !failed.isEmpty {
      markup("<dl>")
      for result in failed {
        element("dt", result.detector.title)
        markup("<dd>")
        if result.status == .failed { markup("<strong>Failed.</strong> ") }
        text(result.reason ?? "", limit: 500)
        markup("</dd>")
      }
      markup("</dl>")
    }
    if !others.isEmpty {
      element("p", "Not asked for: " + others.map(\.detector.title).joined(separator: ", ") + ".")
    }
    markup("<p class=\"dim\">They have no part in the score.</p>")
  }
}

extension RankedFinding {
  /// Whether it costs points though there is nothing to do: no label is doubted though some are
  /// uncertain, and classes are not of one size, but of similar ones.
  fileprivate var saysNothingIsWrong: Bool {
    guard result.status == .ok, result.flaggedCount == 0 else { return false }
    if let details = result.details as? ClassImbalanceDetails { return details.advice.isEmpty }
    return result.detector == .labelErrors
  }

  /// What to do about it.
  fileprivate var advice: String? {
    if let details = result.details as? ExactDuplicatesDetails, details.mayBeByChance {
      return "Remove only what is known to be a copy: things that are alike are no repeats."
    }
    if let details = result.details as? DriftDetails,
      details.comparisons.allSatisfy({ $0.columns.allSatisfy { $0.severity == 0 } })
    {
      return "Look at the flagged rows: what they say was not there before."
    }
    return Self.advice[result.detector]
  }

  private static let advice: [DetectorKind: String] = [
    .missingValues:
      "Find out why they are missing before filling them in; drop columns that are mostly empty.",
    .exactDuplicates: "Remove the repeats, and keep them out of both training and test.",
    .nearDuplicates: "Compare the rows of each group, and keep one of those that are the same.",
    .outliers: "Check the first ones against their source; correct errors, and keep what is true.",
    .classImbalance:
      "Collect more of the rare classes, or weigh them; judge models by a measure per class.",
    .labelErrors:
      "Look at the rows listed first, and correct their labels or leave them out. What no column tells "
      + "cannot be checked.",
    .dataLeakage: "Drop what is not known when a prediction is made, and split the data anew.",
    .redundantFeatures: "Drop columns that say nothing, or what another column says.",
    .inconsistentFormats: "Bring each column to one way of writing.",
    .drift: "Learn from recent data, or find out what has changed in how they are collected.",
    .bias: "Look at the groups that differ before a model learns from them.",
    .textQuality: "Read the rows listed first; mend or remove those that teach the wrong thing.",
  ]
}
