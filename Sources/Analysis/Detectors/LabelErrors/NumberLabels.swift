/// Labels that are numbers, judged by the residuals of out-of-sample predictions; see
/// ``NumberResiduals`` and ``ResidualMixture``.
///
/// cleanlab's detector (Zhou et al., "Detecting Errors in a Numerical Response via any Regression
/// Model", 2023) also divides residuals by an uncertainty of their row, but flags the worst of a share
/// that it searches for; here none is flagged unless residuals say that there are errors at all.
enum NumberLabels {
  /// Fewer rows say nothing of what is usual.
  static let minimumRows = 20
  /// A label is flagged if it is more probably wrong than right.
  private static let flaggedFrom = 0.5
  /// Without reason to believe in errors, rows are scored as if this share were wrong.
  private static let scoringShare = 0.01

  static func find(
    _ subject: AnalysisSubject, _ label: LabelColumn, _ parameters: ParameterValues,
    _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Finding<LabelErrorsDetails> {
    let column = subject.table.columns[label.column]
    let all = column.numericValues()
    let rows = all.indices.filter { all[$0].isFinite }
    guard rows.count >= minimumRows else {
      return .skipped(
        reason:
          "\"\(column.name)\" has \(rows.count) numbers; \(minimumRows) are needed to say what "
          + "is usual.")
    }
    let numbers = rows.map { all[$0] }
    guard numbers.contains(where: { $0 != numbers[0] }) else {
      return .skipped(reason: "All numbers in \"\(column.name)\" are the same.")
    }
    let pace = Pace(checkpoint.part(from: 0, to: 0.02))
    try pace.begin(
      upTo: 1,
      work: Double(rows.count * subject.learnableColumns.count * 2 * LearnableFeatures.workPerValue)
    )
    guard
      let features = try LearnableFeatures(subject, rows: rows, pace: pace)
        .treeFeatures(pace: pace)
    else {
      return .skipped(
        reason: "No column of numbers, dates or categories besides the label can be learnt from.")
    }
    let residuals: NumberResiduals
    do throws(BoostedRegression.Failure) {
      residuals = try NumberResiduals(
        numbers, features: features, seed: subject.seed, checkpoint.part(from: 0.02, to: 1))
    } catch {
      switch error {
      case .cancelled: throw AnalysisCancelled()
      case .boosting(let error): return .failed(reason: "Trees could not be grown: \(error).")
      }
    }
    return .done(
      try evidence(
        residuals, numbers: numbers, rows: rows, column: column.name,
        allScores: parameters.word("scores") == "all", rowCount: subject.table.rowCount,
        checkpoint))
  }

  private static func evidence(
    _ residuals: NumberResiduals, numbers: [Double], rows: [Int], column: String,
    allScores: Bool, rowCount: Int, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Finding<LabelErrorsDetails>.Evidence {
    let symmetry = Symmetry(residuals.standardised)
    let symmetric = residuals.standardised.map(symmetry.symmetric)
    try checkpoint.reached(1)
    let mixture = symmetric.contains { $0 != 0 } ? ResidualMixture(symmetric) : nil
    let share = mixture?.wrongShare ?? 0
    try checkpoint.reached(1)
    let wrongness = symmetric.map { mixture?.wrongness($0, share: share) ?? 0 }
    let scores =
      share > 0
      ? wrongness : symmetric.map { mixture?.wrongness($0, share: scoringShare) ?? 0 }

    try checkpoint.reached(1)
    let doubted = ExpectedF1Cut.flagged(wrongness).filter { wrongness[$0] >= flaggedFrom }
    let flagged = doubted.map { position in
      let prediction = residuals.predictions[position]
      let deviation = residuals.deviations[position]
      let times = abs(numbers[position] - prediction) / deviation
      return FlaggedRow(
        row: rows[position], score: wrongness[position],
        reason: "\(column) is \(numbers[position].shown(3)); by its other values about "
          + "\(prediction.shown(3)) is expected, with a usual deviation of \(deviation.shown(3)). "
          + "It is \(times.shown(1)) times as far off.",
        column: column, givenLabel: numbers[position].shown(6))
    }
    try checkpoint.reached(1)
    let wrong = wrongness.reduce(0, +) / Double(rows.count)
    let flaggedShare = Double(flagged.count) / Double(rows.count)
    return Finding<LabelErrorsDetails>.Evidence(
      flagged: flagged,
      soundness: 100 * max(0, 1 - 2 * flaggedShare),
      chosen: chosen(residuals),
      details: LabelErrorsDetails(
        checkedRows: rows.count, health: (1 - wrong).reported,
        rowScores: allScores
          ? LabelErrorsDetector.scattered(scores, to: rows, of: rowCount) : nil,
        numbers: LabelErrorsDetails.Numbers(
          explained: explained(numbers, residuals.predictions).reported,
          usualDeviation: median(residuals.deviations).reported,
          degreesOfFreedom: mixture.flatMap {
            $0.freedom.isFinite ? $0.freedom : nil
          },
          skewness: symmetry.skewness.reported, wrongShare: share.reported,
          predictions: allScores ? scattered(residuals.predictions, rows, rowCount) : nil)),
      sentence: flagged.isEmpty
        ? "No number in \"\(column)\" is in doubt."
        : "\(flagged.count) of \(rows.count) numbers in \"\(column)\" are probably wrong "
          + "(\(flaggedShare.percent)).")
  }

  private static func chosen(_ residuals: NumberResiduals) -> [String: ParameterValue] {
    var chosen: [String: ParameterValue] = [
      "folds": .number(Double(residuals.folds)),
      "weight_trees": .number(residuals.treeShare),
      "trees_depth": .number(Double(residuals.depth)),
      "trees_rounds": .number(Double(residuals.rounds)),
      "weight_ridge": .number(1 - residuals.treeShare),
      "deviation": .text(residuals.isScaleLearnt ? "by_row" : "constant"),
    ]
    if let penalty = residuals.penalty { chosen["ridge_penalty"] = .number(penalty) }
    return chosen
  }

  /// The share of the numbers' mean distance from their median that predictions take away.
  private static func explained(_ numbers: [Double], _ predictions: [Double]) -> Double {
    let middle = median(numbers)
    let scale = 1 / Double(numbers.count)
    let all = numbers.reduce(0) { $0 + abs($1 * scale - middle * scale) }
    let left = zip(numbers, predictions).reduce(0) { $0 + abs($1.0 * scale - $1.1 * scale) }
    return all > 0 ? 1 - left / all : 0
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

  private static func scattered(_ values: [Double], _ rows: [Int], _ count: Int) -> [Double?] {
    var result = [Double?](repeating: nil, count: count)
    for (row, value) in zip(rows, values) { result[row] = value.reported }
    return result
  }
}
