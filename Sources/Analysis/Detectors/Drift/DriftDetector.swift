/// Finds columns whose values are distributed differently than before: than in a reference dataset, than
/// in other periods along a time column, and than in the training part of a split. Each comparison that
/// there is something for is made.
///
/// Numbers are compared by the two-sample Kolmogorov–Smirnov test, classes by Pearson's chi-squared
/// test, how many values are missing by the latter, too; Holm's correction allows for their number.
/// As among many rows any trifle is significant, the shift must also be large: by the population
/// stability index (see ``PopulationStability`` for its conventional bounds), over deciles of the
/// earlier numbers, or by the distance of the distribution functions. (Gama, Žliobaitė, Bifet,
/// Pechenizkiy and Bouchachia, "A Survey on Concept Drift Adaptation", 2014, §3.2 on comparing two
/// windows.) Of texts, identifiers and dates only missing values are compared.
///
/// Along time the rows are parted into periods (``DriftPeriods``), and any periods that follow on each
/// other are compared with all other rows: a change that lasts to the end, and one that passes (the
/// epidemic alternative of Levin and Kline, "The CUSUM Test of Homogeneity", 1985).
///
/// Rows are flagged that have a class which was not there before, unless so many classes are rare
/// that new ones were to be expected (see ``ClassShift``).
struct DriftDetector: Detector {
  static let kind = DetectorKind.drift
  static let weight = 0.04
  static let effort = 1.5
  static let meaning = "Columns whose values are distributed differently than before."
  static let parameters: [DetectorParameter] = [
    .number(
      "significance", 0.01, in: 1e-12...0.5,
      "The probability of taking chance for a shift, over all columns and periods (Holm)."),
    .number(
      "psi", PopulationStability.moderate, in: 0...10,
      "A column has shifted from this population stability index on."),
    .number(
      "distance", 0.15, in: 0...1,
      "A column of numbers has also shifted from this Kolmogorov–Smirnov distance on."),
  ]

  /// Smaller sides are not compared.
  static let minimumRows = 20
  /// The score of a row with a new class.
  private static let newClassScore = 0.5

  func run(
    _ subject: AnalysisSubject, _ parameters: ParameterValues, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Finding<DriftDetails> {
    let (all, notes) = DriftGroups.all(of: subject)
    guard !all.isEmpty else {
      let nothing =
        "There is nothing to compare with: no reference dataset, no time column and no split column."
      return .skipped(reason: notes.isEmpty ? nothing : notes.joined(separator: " "))
    }
    var comparisons: [Comparison] = []
    for (step, groups) in all.enumerated() {
      let part = checkpoint.part(
        from: Double(step) / Double(all.count), to: Double(step + 1) / Double(all.count))
      comparisons.append(try Comparison(groups, subject, part))
    }
    let adjusted = MultipleTests.holm(
      comparisons.flatMap { $0.columns.flatMap { $0.measures.map(\.probability) } })
    var position = 0
    var flagged: [FlaggedRow] = []
    var details: [DriftDetails.Comparison] = []
    var sentences: [String] = []
    var soundness = 100.0
    for comparison in comparisons {
      let judgements = comparison.columns.map { column in
        let end = position + column.measures.count
        defer { position = end }
        return comparison.judgement(
          column, probabilities: adjusted[position..<end], parameters)
      }
      let result = comparison.details(judgements, subject.table)
      details.append(result)
      sentences.append(comparison.sentence(result, judgements))
      soundness = min(soundness, Self.soundness(result))
      flagged += flaggedRows(comparison, judgements, subject)
    }
    return .done(
      Finding<DriftDetails>.Evidence(
        flagged: flagged.sortedByScore(), soundness: soundness,
        details: DriftDetails(comparisons: details, notes: notes),
        sentence: (sentences + notes).joined(separator: " ")))
  }

  /// Columns that are gone or of another type weigh as much as ones that have shifted entirely.
  private static func soundness(_ comparison: DriftDetails.Comparison) -> Double {
    let changed = comparison.missingColumns.count + comparison.typeChanges.count
    let shifted = comparison.columns.reduce(0.0) { $0 + $1.severity }
    let all = comparison.columns.count + changed
    return all > 0 ? 100 * (1 - (shifted + Double(changed)) / Double(all)) : 100
  }

  private func flaggedRows(
    _ comparison: Comparison, _ judgements: [Comparison.Judgement], _ subject: AnalysisSubject
  ) -> [FlaggedRow] {
    var flagged: [Int: FlaggedRow] = [:]
    for (measured, judgement) in zip(comparison.columns, judgements) {
      let column = subject.table.columns[measured.column]
      let place = comparison.groups.absence(from: judgement.news)
      for row in comparison.newClassRows(measured, judgement.news) where flagged[row] == nil {
        flagged[row] = FlaggedRow(
          row: row, score: Self.newClassScore,
          reason:
            "\(column.name) is \"\(TextCheck.excerpt(column.bytes(row)))\", which does not occur "
            + "\(place).",
          column: column.name)
      }
    }
    return flagged.keys.sorted().compactMap { flagged[$0] }
  }
}
