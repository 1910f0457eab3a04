// What each detector's details look like on the page.

/// Entries of a list that are shown.
private let listLimit = 30

extension MissingValuesDetails: ChartedDetails {
  func write(to page: inout HTMLText, _ result: DetectorResult, rows: Int) {
    guard !columns.isEmpty else { return }
    let worst = columns.enumerated()
      .sorted { ($1.element.missing, $0.offset) < ($0.element.missing, $1.offset) }
      .prefix(listLimit).map(\.element)
    page.bars(
      caption: worst.count < columns.count
        ? "The \(worst.count) columns of \(columns.count) with most missing values"
        : "Missing values by column",
      name: "Column", measure: "Missing",
      worst.map {
        (
          name: $0.column, share: $0.rate, shown: "\($0.missing.grouped) (\($0.rate.percent))",
          style: $0.rate > 0.2 ? "poor" : "fair"
        )
      })
    page.element("p", "\(completeRows.counted("row")) of \(rows.grouped) have all values.")
    let incomplete = patterns.filter { !$0.missing.isEmpty }
    if incomplete.count > 1 {
      let shown = incomplete.prefix(10)
      let most = Double(shown.map(\.rows).max() ?? 1)
      page.bars(
        caption: "Columns that are missing in the same rows, the commonest first",
        name: "Missing", measure: "Rows",
        shown.map {
          (
            name: $0.missing.prefix(6).map { String($0.prefix(40)) }.joined(separator: " · ")
              + ($0.missing.count > 6 ? " · … (\($0.missing.count - 6) more)" : ""),
            share: Double($0.rows) / most, shown: $0.rows.grouped, style: "fair"
          )
        })
    }
    page.sentences("What missingness depends on", dependences.map(\.words))
    page.sentences(
      "Values that may stand for missing ones",
      standIns.map { "\($0.column): \"\($0.value)\" in \($0.rows.counted("row")), \($0.reason)" })
  }
}

extension ClassImbalanceDetails: ChartedDetails {
  func write(to page: inout HTMLText, _ result: DetectorResult, rows: Int) {
    let most = classes.map(\.share).max() ?? 1
    page.bars(
      caption: classes.count > listLimit
        ? "The first \(listLimit) of \(classes.count) classes" : "Rows of each class",
      name: "Class", measure: "Rows",
      classes.prefix(listLimit).map {
        (
          name: $0.label, share: $0.share / most,
          shown: "\($0.count.grouped) (\($0.share.percent))" + ($0.isRare ? ", rare" : ""),
          style: $0.isRare ? "poor" : "fill"
        )
      })
    page.sentences("What to do", advice)
  }
}

extension OutliersDetails: ChartedDetails {
  func write(to page: inout HTMLText, _ result: DetectorResult, rows: Int) {
    page.scatterOfFlagged(result, rows: rows, what: "outliers")
    page.facts(of: self)
  }
}

extension LabelErrorsDetails: ChartedDetails {
  func write(to page: inout HTMLText, _ result: DetectorResult, rows: Int) {
    guard !classes.isEmpty else {
      page.scatterOfFlagged(result, rows: rows, what: "numbers in doubt")
      return
    }
    // Where no label is in doubt, what is uncertain is no mistake.
    let isInDoubt = result.flaggedCount > 0
    if isInDoubt, noiseMatrix.count > 1 {
      let shown = min(classes.count, HeatMap.classLimit)
      page.element(
        "p", ["class": "dim"],
        "How labels are probably mistaken: the share, in percent, of the rows that truly are of the "
          + "class above which have the label at the left."
          + (shown < classes.count ? " The first \(shown) of \(classes.count) classes." : ""))
      page.heatMap(
        HeatMap(
          names: classes.map(\.label), shares: noiseMatrix,
          label: "Noise matrix: for each true class, the shares of the labels given to it"))
    }
    page.table(
      caption: "Classes",
      columns: [.text("Class"), .number("Rows"), .number("Flagged")]
        + (isInDoubt ? [.number("Estimated errors"), .number("Noise")] : []))
    for item in classes.prefix(listLimit) {
      page.markup("<tr><th scope=\"row\">")
      page.value(item.label, limit: 60)
      page.markup("</th>")
      page.numberCell(item.count.grouped)
      page.numberCell(item.flagged.grouped)
      if isInDoubt {
        page.numberCell(item.estimatedErrors.grouped)
        page.numberCell(item.noise.percent)
      }
      page.markup("</tr>")
    }
    page.endTable()
    page.scatterOfFlagged(result, rows: rows, what: "labels in doubt")
  }
}

extension ExactDuplicatesDetails: ChartedDetails {
  func write(to page: inout HTMLText, _ result: DetectorResult, rows: Int) {
    func list(_ rows: [Int]) -> String {
      rows.prefix(12).map(String.init).joined(separator: " · ")
        + (rows.count > 12 ? " · … (\((rows.count - 12).grouped) more)" : "")
    }
    if !groups.isEmpty {
      let shown = groups.prefix(10)
      page.table(
        caption: shown.count < groupCount
          ? "The first \(shown.count) of \(groupCount.grouped) groups of equal rows"
          : "Groups of equal rows", columns: [.number("Keep"), .text("Repeats")])
      for group in shown {
        page.markup("<tr>")
        page.numberCell("\(group.keep)")
        page.element("td", list(group.duplicates))
        page.markup("</tr>")
      }
      page.endTable()
    }
    if !conflicts.isEmpty {
      let shown = conflicts.prefix(10)
      page.table(
        caption: shown.count < conflictCount
          ? "The first \(shown.count) of \(conflictCount.grouped) groups of equal features with "
            + "different labels" : "Equal features, different labels",
        columns: [.text("Rows"), .text("Labels")])
      for conflict in shown {
        page.markup("<tr>")
        page.element("td", list(conflict.rows))
        page.valueCell(conflict.labels.joined(separator: " · "))
        page.markup("</tr>")
      }
      page.endTable()
    }
  }
}

extension TextQualityDetails: ChartedDetails {
  func write(to page: inout HTMLText, _ result: DetectorResult, rows: Int) {
    func list(_ flaws: [FlawCount]) -> String {
      flaws.map { "\($0.flaw.rawValue.spaced) \($0.rows.grouped)" }.joined(separator: " · ")
    }
    if !flaws.isEmpty {
      let most = Double(flaws.map(\.rows).max() ?? 1)
      page.bars(
        caption: "Rows with each flaw", name: "Flaw", measure: "Rows",
        flaws.map {
          (
            name: $0.flaw.rawValue.spaced, share: Double($0.rows) / most, shown: $0.rows.grouped,
            style: "fair"
          )
        })
    }
    if !columns.isEmpty {
      page.table(
        caption: "Columns of texts",
        columns: [
          .text("Column"), .text("Taken for"), .number("Texts"), .number("Usual characters"),
          .text("Language"), .text("Flaws"),
        ])
      for column in columns.prefix(listLimit) {
        page.markup("<tr><th scope=\"row\">")
        page.value(column.column, limit: 60)
        page.markup("</th>")
        page.valueCell(column.role.rawValue)
        page.numberCell(column.texts.grouped)
        page.numberCell(column.usualCharacters)
        page.valueCell(column.language ?? column.script ?? "–")
        page.valueCell(list(column.flaws), limit: 300)
        page.markup("</tr>")
      }
      page.endTable()
    }
    page.sentences(
      "Prompts and responses",
      pairs.map {
        "\"\($0.prompt)\" asks and \"\($0.response)\" answers in \($0.rows.counted("row")); "
          + "\($0.promptsWithSeveralResponses.counted("prompt")) with different responses."
      })
    page.sentences(
      "Columns of personal data",
      personalColumns.map {
        "\"\($0.column)\" holds \($0.flaw.plural) in \($0.rows.counted("row"))."
      })
  }
}

extension TextQualityDetails.TextColumn {
  /// The lengths from which a text is neither too short nor too long, or the median with few texts.
  fileprivate var usualCharacters: String {
    guard let usualLeast, let usualMost else { return medianCharacters.shown(0) }
    return "\(usualLeast.rounded(.up).shown(0)) to \(usualMost.rounded(.down).shown(0))"
  }
}

extension HTMLText {
  /// What a detector says in sentences; nothing if it says none.
  fileprivate mutating func sentences(_ heading: String, _ sentences: [String]) {
    guard !sentences.isEmpty else { return }
    element("h3", heading)
    markup("<ul>")
    for sentence in sentences.prefix(listLimit) {
      markup("<li>")
      value(sentence, limit: 300)
      markup("</li>")
    }
    markup("</ul>")
  }

  /// The points that a plot shows at most.
  private static let pointLimit = 1_000

  /// Where in the dataset flagged rows are, and how much they are doubted.
  mutating func scatterOfFlagged(_ result: DetectorResult, rows: Int, what: String) {
    let shown = result.flagged.prefix(Self.pointLimit)
    guard shown.count > 2 else { return }
    scatter(
      Array(shown), rows: rows,
      label: shown.count < result.flaggedCount
        ? "The first \(shown.count.grouped) of \(result.flaggedCount.grouped) \(what), by row and score"
        : "\(result.flaggedCount.grouped) \(what), by row and score")
  }
}
