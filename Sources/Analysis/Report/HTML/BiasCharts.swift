extension BiasDetails: ChartedDetails {
  /// Groups and findings that are shown.
  private static let shownGroups = 12

  func write(to page: inout HTMLText, _ result: DetectorResult, rows: Int) {
    for note in notes {
      page.markup("<p class=\"dim\">")
      page.value(note, limit: 300)
      page.markup("</p>")
    }
    if !findings.isEmpty {
      let shown = findings.prefix(Self.shownGroups)
      page.table(
        caption: "Differences beyond chance and of a size that matters"
          + (shown.count < findings.count ? ": \(shown.count) of \(findings.count)" : ""),
        columns: [.text("Finding"), .number("Size"), .number("Interval")])
      for finding in shown {
        page.markup("<tr>")
        page.sentenceCell(finding.sentence, limit: 400)
        page.numberCell(finding.effect.value.shown(2))
        page.numberCell(finding.effect.interval)
        page.markup("</tr>")
      }
      page.endTable()
    }
    for attribute in attributes { write(attribute, to: &page) }
  }

  private func write(_ attribute: Attribute, to page: inout HTMLText) {
    let shown = attribute.groups.prefix(Self.shownGroups)
    guard !shown.isEmpty else { return }
    let measure = shown.lazy.compactMap(\.rates.first?.measure).first
    let names = attribute.columns.map { String($0.prefix(60)) }.joined(separator: " and ")
    page.table(
      caption: "Groups by \(names)"
        + (attribute.guessed ? ", taken for sensitive by its name" : "")
        + (shown.count < attribute.groups.count
          ? ": \(shown.count) of \(attribute.groups.count)" : ""),
      columns: [.text("Group"), .number("Rows"), .number("Share"), .bar]
        + [.number(measure.map { $0.title } ?? "Mean"), .number("Interval")])
    for group in shown {
      let rate = group.rates.first { $0.measure == measure }?.rate
      let estimate = rate ?? group.mean
      page.markup("<tr><th scope=\"row\">")
      page.value(group.name, limit: 60)
      page.markup("</th>")
      page.numberCell(group.rows.grouped)
      page.numberCell(group.share.value.percent)
      page.markup("<td>")
      if let rate { page.bar(rate.value) }
      page.markup("</td>")
      page.numberCell(
        group.tooSmall ? "too few rows" : (rate?.value.percent ?? estimate?.value.shown(3) ?? "–"))
      page.numberCell(estimate?.interval ?? "")
      page.markup("</tr>")
    }
    page.endTable()
  }
}

extension Estimate {
  /// The interval in a few characters.
  fileprivate var interval: String { "\(low.shown(2)) to \(high.shown(2))" }
}

extension BiasMeasure {
  /// The name as a heading.
  fileprivate var title: String {
    let words = rawValue.split(separator: "_").joined(separator: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }
}
