import Foundation

/// Labels that are numbers, judged by the residuals of out-of-sample predictions; see
/// ``NumberResiduals`` and ``ResidualMixture``.
///
/// cleanlab's detector (Zhou et al., "Detecting Errors in a Numerical Response via any Regression
/// Model", 2023) also divides residuals by an uncertainty of their row, but flags the worst of a share
/// that it searches for; here a row is flagged if its own residual is more probably an error's than the
/// end of a tail.
enum NumberLabels {
  /// Fewer rows say nothing of what is usual.
  static let minimumRows = 20
  /// A label is flagged if it is more probably wrong than right.
  private static let flaggedFrom = 0.5
  /// Within so many usual deviations no label is in doubt: where most are predicted next to exactly, the
  /// mixture takes what is not for errors.
  private static let leastDeviations = 3.0
  /// The scale of sound residuals in usual deviations is about 1, but for what numbers of few levels hide.
  private static let leastScale = 0.25

  static func find(
    _ subject: AnalysisSubject, _ label: LabelColumn, _ parameters: ParameterValues,
    _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Finding<LabelErrorsDetails> {
    let column = subject.table.columns[label.column]
    if let reason = ClassLabels.wordsWhereNumbersBelong(label, column) {
      return .skipped(reason: reason, soundness: subject.soundnessOfFewLabels)
    }
    let all = column.numericValues()
    let rows = all.indices.filter { all[$0].isFinite }
    let repeated = try subject.repeatedRows(checkpoint.part(from: 0, to: 0))
    let originals = rows.count { !repeated.isCopy($0) }
    guard originals >= minimumRows else {
      return .skipped(
        reason:
          "\"\(column.name)\" has \(originals) numbers"
          + (originals < rows.count ? " in rows that are no copies" : "")
          + "; \(minimumRows) are needed to say what is usual.",
        soundness: subject.soundnessOfFewLabels)
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
    let learnable = try LearnableFeatures(subject, rows: rows, pace: pace)
    let learnt = learnable.texts.isEmpty ? 0.02 : 0.2
    let grouped = learnt + 0.1
    guard
      let features = try learnable.treeFeatures(
        withTextsOf: subject, pace: pace, checkpoint.part(from: 0.02, to: learnt))
    else {
      return .skipped(reason: "No column besides the label can be learnt from.")
    }
    let groups = try subject.foldGroups(checkpoint.part(from: learnt, to: grouped))
    let residuals: NumberResiduals
    do throws(BoostedRegression.Failure) {
      residuals = try NumberResiduals(
        numbers, features: features, groups: groups.map { all in rows.map { all[$0] } },
        seed: subject.seed, checkpoint.part(from: grouped, to: 1))
    } catch {
      switch error {
      case .cancelled: throw AnalysisCancelled()
      case .boosting(let error): return .failed(reason: "Trees could not be grown: \(error).")
      }
    }
    return .done(
      try evidence(
        residuals, numbers: numbers, rows: rows, repeated: repeated, column: column.name,
        allScores: parameters.word("scores") == "all", rowCount: subject.table.rowCount,
        checkpoint))
  }

  private static func evidence(
    _ residuals: NumberResiduals, numbers: [Double], rows: [Int], repeated: RepeatedRows,
    column: String, allScores: Bool, rowCount: Int, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Finding<LabelErrorsDetails>.Evidence {
    // Copies of a residual would count as so many that are alike.
    let telling = CommonNumber.others(in: numbers).filter { !repeated.isCopy(rows[$0]) }
    let (standardised, isNearest) = residualsOfLevels(residuals, numbers)
    // Of what few levels hide, skewness is that of the models.
    let isHidden = median(telling.map { abs(standardised[$0]) }) < leastScale / 2
    let symmetry = Symmetry(isHidden ? [0] : telling.map { standardised[$0] })
    let symmetric = standardised.map(symmetry.symmetric)
    try checkpoint.reached(1)
    let mixture =
      telling.contains { symmetric[$0] != 0 }
      ? ResidualMixture(telling.map { symmetric[$0] }, leastScale: leastScale) : nil
    try checkpoint.reached(1)
    let probabilities =
      mixture?.wrongness(of: symmetric) ?? [Double](repeating: 0, count: numbers.count)
    let contradictions = zip(standardised, isNearest).map { $1 ? 0 : abs($0) }
    let wrongness = zip(probabilities, contradictions).map { probability, times in
      times < leastDeviations
        ? min(probability, flaggedFrom * times / leastDeviations) : probability
    }

    try checkpoint.reached(1)
    let doubted = ExpectedF1Cut.flagged(wrongness).filter {
      wrongness[$0] >= flaggedFrom && contradictions[$0] >= leastDeviations
    }
    let flagged = doubted.map { position in
      FlaggedRow(
        row: rows[position], score: wrongness[position],
        reason: reason(residuals, numbers[position], at: position, column: column),
        column: column, givenLabel: numbers[position].shown(6))
    }
    try checkpoint.reached(1)
    let wrong = wrongness.reduce(0, +) / Double(rows.count)
    let flaggedShare = Double(flagged.count) / Double(rows.count)
    let explained = explained(numbers, residuals.predictions)
    // Of labels that nothing tells none can be doubted, nor is any confirmed.
    let untold = 1 - max(0, explained)
    return Finding<LabelErrorsDetails>.Evidence(
      flagged: FlaggedRows(flagged),
      soundness: 100 * max(0, min(1 - 2 * flaggedShare, 1 - untold * untold)),
      chosen: chosen(residuals, mixture),
      details: LabelErrorsDetails(
        checkedRows: rows.count, health: (1 - wrong).reported,
        rowScores: allScores
          ? LabelErrorsDetector.scattered(wrongness, to: rows, of: rowCount) : nil,
        numbers: LabelErrorsDetails.Numbers(
          explained: explained.reported,
          usualDeviation: median(usualDeviations(residuals)).reported,
          degreesOfFreedom: mixture.flatMap {
            $0.freedom.isFinite ? $0.freedom : nil
          },
          skewness: symmetry.skewness.reported, wrongShare: (mixture?.wrongShare ?? 0).reported,
          predictions: allScores ? scattered(residuals.predictions, rows, rowCount) : nil)),
      sentence: flagged.isEmpty
        ? "No number in \"\(column)\" is in doubt."
        : "\(flagged.count.grouped) of \(rows.count.grouped) numbers in \"\(column)\" are probably wrong "
          + "(\(flaggedShare.percent)).")
  }

  /// Residuals in units of the usual deviation, or of a quarter of the distance between the levels around
  /// what is expected if that is wider: where numbers come in few levels, what models leave of it is no deviation.
  ///
  /// - Returns: also by row, whether no number of the column is nearer to what is expected.
  private static func residualsOfLevels(
    _ residuals: NumberResiduals, _ numbers: [Double]
  ) -> (standardised: [Double], isNearest: [Bool]) {
    let scale = residuals.scale
    let levels = Set(numbers).sorted().map(scale.scaled)
    var result: (standardised: [Double], isNearest: [Bool]) = ([], [])
    for (position, number) in numbers.enumerated() {
      let expected = scale.scaled(residuals.predictions[position])
      let upper = max(1, min(levels.count - 1, levels.partitioningIndex { $0 >= expected }))
      // Halves and quarters, as the largest doubles may lie on both sides.
      let floor = levels[upper] / 4 - levels[upper - 1] / 4
      let deviation = residuals.deviations[position]
      result.standardised.append(
        residuals.standardised[position] * (deviation / max(deviation, floor)))
      let distances = [levels[upper - 1], levels[upper], scale.scaled(number)]
        .map { abs($0 / 2 - expected / 2) }
      result.isNearest.append(distances[2] <= min(distances[0], distances[1]))
    }
    return result
  }

  private static func reason(
    _ residuals: NumberResiduals, _ number: Double, at position: Int, column: String
  ) -> String {
    let prediction = residuals.predictions[position]
    let deviation = residuals.deviations[position]
    let times = abs(residuals.standardised[position])
    let expected =
      "\(column) is \(number.brief); by its other values about \(prediction.brief) is expected, "
    switch residuals.scale {
    case .linear:
      return expected
        + "with a usual deviation of \(deviation.brief). It is \(times.shown(1)) times as far off."
    case .logarithmic:
      return expected
        + "usually to within a factor of \(exp(deviation).brief). It is off by a factor of "
        + "\(exp(times * deviation).brief)."
    }
  }

  /// By row how far numbers usually are above what is expected.
  private static func usualDeviations(_ residuals: NumberResiduals) -> [Double] {
    zip(residuals.predictions, residuals.deviations).map { prediction, deviation in
      let scale = residuals.scale
      return scale.number(scale.scaled(prediction) + deviation) - prediction
    }
  }

  private static func chosen(
    _ residuals: NumberResiduals, _ mixture: ResidualMixture?
  ) -> [String: ParameterValue] {
    let first = residuals.first
    var chosen: [String: ParameterValue] = [
      "scale": .text(residuals.scale.rawValue),
      "folds": .number(Double(first.folds)),
      "partitions": .number(Double(residuals.partitions)),
      "weight_trees": .number(first.treeShare),
      "trees_depth": .number(Double(first.depth)),
      "trees_rounds": .number(Double(first.rounds)),
      "weight_ridge": .number(1 - first.treeShare),
      "deviation": .text(first.isScaleLearnt ? "by_row" : "constant"),
      "error_probability": .number((mixture?.errorProbability ?? 0).reported),
    ]
    if let penalty = first.penalty { chosen["ridge_penalty"] = .number(penalty) }
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

extension Double {
  /// The number in a sentence, to four significant digits and all before the point.
  fileprivate var brief: String {
    guard self != 0, isFinite else { return shown() }
    let decimals = 3 - Int(log10(abs(self)).rounded(.down))
    guard (0...15).contains(decimals) else { return decimals < 0 ? shown(0) : "\(self)" }
    let rounded = shown(decimals)
    return rounded == "0" ? "\(self)" : rounded
  }
}
