/// Finds columns whose values are distributed differently than before: against a reference dataset,
/// along a time column, where the earlier half of the rows is compared with the later one, and
/// between the training part of a split and the others. Each comparison that there is something for
/// is made.
///
/// Numbers are compared by the two-sample Kolmogorov–Smirnov test, classes by Pearson's chi-squared
/// test, how many values are missing by the latter, too; Holm's correction allows for their number.
/// As among many rows any trifle is significant, the shift must also be large: by the population
/// stability index (see ``PopulationStability`` for its conventional bounds), over deciles of the
/// earlier numbers, or by the distance of the distribution functions. (Gama, Žliobaitė, Bifet,
/// Pechenizkiy and Bouchachia, "A Survey on Concept Drift Adaptation", 2014, §3.2 on comparing two
/// windows.) Of texts, identifiers and dates only missing values are compared.
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
      "The probability of taking chance for a shift, over all columns (Holm)."),
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
    let windows = Window.all(of: subject)
    guard !windows.isEmpty else {
      return .skipped(
        reason:
          "There is nothing to compare with: neither a reference dataset, nor a time or split "
          + "column, with \(Self.minimumRows) rows on each side.")
    }
    var comparisons: [Comparison] = []
    for (step, window) in windows.enumerated() {
      let part = checkpoint.part(
        from: Double(step) / Double(windows.count), to: Double(step + 1) / Double(windows.count))
      comparisons.append(try Comparison(window, subject, part))
    }
    let adjusted = MultipleTests.holm(comparisons.flatMap { $0.shifts.map(\.probability) })
    var position = 0
    var flagged: [FlaggedRow] = []
    var details: [DriftDetails.Comparison] = []
    var soundness = 100.0
    for comparison in comparisons {
      let count = comparison.shifts.count
      let result = comparison.details(
        probabilities: Array(adjusted[position..<(position + count)]),
        significance: parameters.number("significance"), psi: parameters.number("psi"),
        distance: parameters.number("distance"))
      position += count
      details.append(result)
      soundness = min(soundness, Self.soundness(result, columns: count))
      flagged += flaggedRows(comparison, subject)
    }
    return .done(
      Finding<DriftDetails>.Evidence(
        flagged: flagged.sortedByScore(), soundness: soundness,
        details: DriftDetails(comparisons: details),
        sentence: details.map(Self.sentence).joined(separator: " ")))
  }

  /// Columns that are gone or of another type weigh as much as ones that have shifted entirely.
  private static func soundness(_ comparison: DriftDetails.Comparison, columns: Int) -> Double {
    let changed = comparison.missingColumns.count + comparison.typeChanges.count
    let shifted = comparison.columns.reduce(0.0) { $0 + $1.severity }
    let all = columns + changed
    return all > 0 ? 100 * (1 - (shifted + Double(changed)) / Double(all)) : 100
  }

  private func flaggedRows(_ comparison: Comparison, _ subject: AnalysisSubject) -> [FlaggedRow] {
    var flagged: [Int: FlaggedRow] = [:]
    for shift in comparison.shifts {
      guard let classes = shift.classes, classes.areNewSurprising else { continue }
      let column = subject.table.columns[shift.column]
      for row in classes.newRows where flagged[row] == nil {
        flagged[row] = FlaggedRow(
          row: row, score: Self.newClassScore,
          reason:
            "\(column.name) is \"\(TextCheck.excerpt(column.bytes(row)))\", which does not occur "
            + "in \(comparison.window.before.name).",
          column: column.name)
      }
    }
    return flagged.keys.sorted().compactMap { flagged[$0] }
  }

  private static func sentence(_ comparison: DriftDetails.Comparison) -> String {
    let between = "\(comparison.before) and \(comparison.after)"
    let shifted = comparison.columns.filter { $0.severity > 0 }
      .sorted { ($1.severity, $0.column) < ($0.severity, $1.column) }
    var sentence =
      shifted.isEmpty
      ? "No column is distributed differently in \(between)."
      : "\(shifted.count) of \(comparison.columns.count) columns are distributed differently in "
        + "\(between), most of all \"\(shifted[0].column)\"."
    if !comparison.missingColumns.isEmpty {
      sentence += " \(comparison.missingColumns.count) columns are gone."
    }
    return sentence
  }
}
