/// Looks for flaws of texts, above all of those that models are trained on or fed with.
///
/// What a column is for is told by its name (``TextColumns``): prompts, responses, passages, or any
/// other text. Personal data are searched for in columns of words and names, too. Each distinct text
/// is looked at once; the time is linear in their bytes.
///
/// Sources stand with each check: ``TextHabits``, ``Refusals``, ``CodeFences``, ``Repetition``,
/// ``PromptEcho``, ``StopWords``, ``EncodingTrash``, ``Markup``, ``Boilerplate``, ``PersonalData``.
struct TextQualityDetector: Detector {
  static let kind = DetectorKind.textQuality
  static let weight = 0.04
  static let effort = 2.0
  static let meaning = "Flaws of texts, and personal data in any words."

  static let parameters: [DetectorParameter] = [
    .count(
      "minimum_characters", 2, in: 0...1_000_000,
      "A text of fewer characters is too short, in a column whose median is at least 20."),
    .number(
      "length_fence", 3, in: 0.5...100,
      "How many quartile distances beyond the quartiles, of the logarithm, a length is unusual."),
    .count(
      "maximum_characters", 32_000, in: 1...1_000_000_000,
      "A prompt, response or passage of more is too long; about 8,000 tokens of English."),
    .count(
      "refusal_reach", 300, in: 0...10_000,
      "In so many bytes from a text's beginning refusals are looked for; 0: nowhere."),
    .number(
      "closed_share", 0.98, in: 0.5...1,
      "If so many of a column's texts end in punctuation, one that does not may be truncated; for "
        + "responses and passages 0.9 will do."),
    .number(
      "echo_share", 0.8, in: 0.1...1,
      "A response that holds so much of its prompt's sequences of three words echoes it."),
    .count(
      "repeats", 5, in: 2...1_000_000,
      "A line or sequence of four words that stands in a text so often is repeated, if it makes "
        + "repeated_share of it."),
    .number(
      "repeated_share", 0.4, in: 0.05...1, "The share of a text that one repeated part makes."),
    .number(
      "language_majority", 0.9, in: 0.5...1,
      "If so many of a column's texts are of one language or script, others are unusual."),
    .count(
      "language_words", 15, in: 5...1_000, "A text of fewer words is not told a language of."),
    .count("markup_tags", 2, in: 1...1_000, "So many tags of HTML outside of code are left over."),
    .choice(
      "personal_data", "all", of: ["all", "keys", "none"],
      "Whether to search for personal data and access keys, for keys alone, or for neither."),
  ]

  func run(
    _ subject: AnalysisSubject, _ parameters: ParameterValues, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Finding<TextQualityDetails> {
    let columns = TextColumns(subject)
    guard !columns.entries.isEmpty else {
      return .skipped(reason: "No column holds words.")
    }
    var pages: [TextPage] = []
    let share = 0.9 / Double(columns.entries.count)
    for (step, entry) in columns.entries.enumerated() {
      let start = share * Double(step)
      pages.append(
        try TextPage(
          entry, subject, parameters, checkpoint.part(from: start, to: start + share)))
    }
    var rows = FlawedRows()
    for page in pages {
      try page.report(to: &rows, checkpoint.part(from: 0.9, to: 0.9))
    }
    var pairs: [TextQualityDetails.Pair] = []
    if let prompt = columns.prompt {
      for response in columns.responses {
        let pair = PromptPair(prompt: prompt, response: response)
        try pair.findEchoes(subject, parameters, checkpoint.part(from: 0.9, to: 1), &rows)
        pairs.append(pair.summary(subject))
      }
    }
    return .done(
      evidence(
        subject, pages, pairs, rows,
        soundness: try subject.repeatedRows(checkpoint.part(from: 1, to: 1))
          .soundness(without: rows.soundlyFlawed)))
  }

  private func evidence(
    _ subject: AnalysisSubject, _ pages: [TextPage], _ pairs: [TextQualityDetails.Pair],
    _ rows: FlawedRows, soundness: Double
  ) -> Finding<TextQualityDetails>.Evidence {
    let table = subject.table
    let personal = pages.compactMap { page -> TextQualityDetails.PersonalColumn? in
      page.personalColumn.map {
        TextQualityDetails.PersonalColumn(
          column: table.columns[page.column].name, flaw: $0.flaw, rows: $0.rows)
      }
    }
    let flagged = rows.flagged(table.names)
    let details = TextQualityDetails(
      columns: pages.compactMap { page in
        page.summary(name: table.columns[page.column].name, flaws: rows.counts(in: page.column))
      },
      searchedColumns: pages.filter { $0.role == nil }.map { table.columns[$0.column].name },
      personalColumns: personal, pairs: pairs, flaws: rows.counts())
    var sentence =
      flagged.isEmpty
      ? "No text shows a flaw."
      : flagged.count.counted("row has", "rows have")
        + " flawed texts: \(Self.listed(details.flaws))."
    for column in personal {
      sentence += " \"\(column.column)\" holds \(column.flaw.plural)."
    }
    return Finding<TextQualityDetails>.Evidence(
      flagged: flagged,
      soundness: soundness,
      details: details, sentence: sentence)
  }

  private static func listed(_ flaws: [TextQualityDetails.FlawCount]) -> String {
    let sorted = flaws.enumerated().sorted {
      ($1.element.rows, $0.offset) < ($0.element.rows, $1.offset)
    }
    let shown = sorted.prefix(4).map {
      "\($0.element.flaw.rawValue.replacing("_", with: " ")) \($0.element.rows.grouped)"
    }
    return shown.joined(separator: ", ") + (sorted.count > 4 ? " and others" : "")
  }
}
