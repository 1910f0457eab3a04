/// Labels that are classes with the probabilities they are judged by, and the report on them.
struct JudgedLabels {
  /// The data rows that are judged, ascending.
  var rows: [Int]
  /// The class that each of them is labelled with.
  var given: [Int]
  /// The classes' labels.
  var names: [String]
  /// Out-of-sample probabilities of the classes for each of the rows.
  var probabilities: [Double]
  /// The probability that the label is wrong for each of the rows. Nil: one less the label's
  /// probability.
  var wrongness: [Double]?
  /// The probability that no label is wrong. Nil: as if rows were independent.
  var allRight: Double?
  /// Whether the probabilities tell classes apart at all.
  var isInformative = true
  /// The probabilities of the true class for each of the rows, where they are told from those of the
  /// given label in `probabilities`.
  var trueProbabilities: [Float]?
  /// What flags rows, unless the caller said so.
  var defaultFilter: DoubtRule
  /// Classes without rows to judge.
  var leftOut: [String] = []
  /// Cross-validated log loss.
  var logLoss: Double?
  /// Where the probabilities are from, and what was chosen to make them.
  var chosen: [String: ParameterValue]
}

/// What flags rows: a filter of confident learning, or the largest expected F1.
enum DoubtRule: Equatable {
  case expectedF1
  case filter(LabelFilter)

  static let names = ["expected_f1"] + LabelFilter.allCases.map(\.rawValue)

  var name: String {
    switch self {
    case .expectedF1: Self.names[0]
    case .filter(let filter): filter.rawValue
    }
  }

  /// Nil for a name that is none of ``names``.
  init?(name: String) {
    if name == Self.names[0] {
      self = .expectedF1
    } else if let filter = LabelFilter(rawValue: name) {
      self = .filter(filter)
    } else {
      return nil
    }
  }
}

extension JudgedLabels {
  /// The rows in doubt and what is told of the labels as a whole.
  ///
  /// - Parameter column: the label column's name.
  func evidence(
    _ subject: AnalysisSubject, _ parameters: ParameterValues, column: String,
    _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Finding<LabelErrorsDetails>.Evidence {
    try checkpoint.reached(1)
    let learning = ConfidentLearning(
      given: given, probabilities: probabilities, classCount: names.count)
    try checkpoint.reached(1)
    let rule = DoubtRule(name: parameters.word("filter")) ?? defaultFilter
    let measure = LabelQuality(rawValue: parameters.word("ranked_by"))
    // The expected F1 is about the probability of being wrong, so that is its order.
    let isByWrongness = measure == nil && rule == .expectedF1
    let doubt =
      isByWrongness
      ? wrongness ?? learning.quality(.selfConfidence).map { 1 - $0 }
      : learning.quality(measure ?? .selfConfidence).map { 1 - $0 }

    let issues: [Int] =
      switch rule {
      case .expectedF1:
        isInformative
          ? ExpectedF1Cut.flagged(
            wrongness ?? learning.quality(.selfConfidence).map { 1 - $0 }, allRight: allRight) : []
      case .filter(let filter):
        learning.issues(
          filter, leavingPerClass: parameters.count("min_examples_per_class"))
      }
    try checkpoint.reached(1)
    let ranked =
      isByWrongness ? issues : learning.ranked(issues, by: measure ?? .selfConfidence)

    var chosen = chosen
    chosen["filter"] = .text(rule.name)
    chosen["ranked_by"] = .text(
      isByWrongness ? "wrongness" : (measure ?? .selfConfidence).rawValue)
    var flaggedRows: [FlaggedRow] = []
    if !ranked.isEmpty {
      let values = try ClassEvidence(
        subject, rows: rows, given: given, classes: names, wrongness: wrongness ?? doubt,
        checkpoint)
      for position in ranked {
        try checkpoint.reached(1)
        flaggedRows.append(
          flagged(position, learning, values, doubt: doubt[position], column: column))
      }
    }
    let confidence = learning.quality(.selfConfidence).reduce(0, +) / Double(max(1, rows.count))
    return Finding<LabelErrorsDetails>.Evidence(
      flagged: FlaggedRows(flaggedRows),
      soundness: try soundness(learning, subject, checkpoint),
      chosen: chosen,
      details: details(
        learning, issues: issues,
        rowScores: parameters.word("scores") == "all"
          ? LabelErrorsDetector.scattered(doubt, to: rows, of: subject.table.rowCount) : nil),
      sentence: sentence(
        ranked.count,
        // What is flagged for the largest F1 need not be wrong for the most part.
        wrong: isByWrongness
          ? ranked.reduce(0) { $0 + doubt[$1] } : Double(ranked.count), column: column)
        + " By the rest of its row a label has a probability of \(confidence.percent) on average.")
  }

  /// - Parameter wrong: How many of those in doubt are expected to be wrong.
  private func sentence(_ count: Int, wrong: Double, column: String) -> String {
    if count > 0 { return Self.found(count, of: rows.count, wrong: wrong, in: column) }
    return isInformative
      ? "No label in \"\(column)\" is in doubt."
      : "Of the labels in \"\(column)\" nothing can be said: other columns do not tell them apart."
  }

  /// What is said of labels in doubt: they are probably wrong if most of them are expected to be.
  static func found(_ count: Int, of rows: Int, wrong: Double, in column: String) -> String {
    let share = (Double(count) / Double(rows)).percent
    let labels = "\(count.grouped) of \(rows.grouped) labels in \"\(column)\" are "
    return wrong >= Double(count) / 2
      ? labels + "probably wrong (\(share))."
      : labels + "in doubt (\(share)); about \(max(1, Int(wrong.rounded())).grouped) of them are "
        + "expected to be wrong."
  }

  /// 100 times the mean probability of the given labels (self-confidence), a third of it over rows and
  /// the rest over classes; a row that has none, or whose class is too small to be judged, counts as 0.
  ///
  /// Over rows alone it would rise where rows of a class go that is hardly told from another: the label
  /// that is left is then probable everywhere.
  ///
  /// What is lost to the features makes it fall as wrong labels do: the mean of the squares of
  /// calibrated probabilities is convex in them. The share of labels in doubt rises and falls with what
  /// can be doubted, so that damage to the features would mend it.
  private func soundness(
    _ learning: ConfidentLearning, _ subject: AnalysisSubject, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Double {
    let repeated = try subject.repeatedRows(checkpoint)
    var confirmed = [Double](repeating: 0, count: names.count)
    var sizes = confirmed
    for (position, row) in rows.enumerated() {
      let label = given[position]
      confirmed[label] += repeated.weight(row) * learning.probability(position, label)
      sizes[label] += repeated.weight(row)
    }
    let overRows = confirmed.reduce(0, +) / repeated.totalWeight
    let ofClasses = zip(confirmed, sizes).filter { $1 > 0 }.map { $0 / $1 }
    let overClasses =
      ofClasses.reduce(0, +) / Double(max(1, ofClasses.count)) * sizes.reduce(0, +)
      / repeated.totalWeight
    return 100 * min(1, max(0, (overRows + 2 * overClasses) / 3))
  }

  private func flagged(
    _ position: Int, _ learning: ConfidentLearning, _ values: ClassEvidence, doubt: Double,
    column: String
  ) -> FlaggedRow {
    let label = given[position]
    let held = trueProbabilities.map { all in
      (0..<names.count).map { Double(all[position * names.count + $0]) }
    }
    let best = held?[...].indexOfLargest ?? learning.mostProbable(position)
    func probability(_ index: Int) -> Double {
      held?[index] ?? learning.probability(position, index)
    }
    let own = probability(label)
    var reason = "Labelled \"\(names[label])\", which has a probability of \(own.shown(3))"
    if best == label {
      reason += ": no other label is more probable, but few rows are as uncertain."
    } else {
      reason +=
        " by the row's other values; \"\(names[best])\" has "
        + "\(probability(best).shown(3))."
      if let sentence = values.sentence(row: rows[position], for: best, against: label) {
        reason += " " + sentence
      }
    }
    return FlaggedRow(
      row: rows[position], score: min(1, max(0, doubt)), reason: reason, column: column,
      givenLabel: names[label], suggestedLabel: best == label ? nil : names[best])
  }

  private func details(
    _ learning: ConfidentLearning, issues: [Int], rowScores: [Double?]?
  ) -> LabelErrorsDetails {
    var flagged = [Int](repeating: 0, count: names.count)
    for position in issues { flagged[given[position]] += 1 }
    let noise = learning.classNoise
    let classes = names.indices.map { index in
      LabelErrorsDetails.ClassNoise(
        label: names[index], count: learning.counts[index],
        threshold: learning.thresholds[index]?.reported,
        estimatedErrors: noise[index].labelIssues, noise: noise[index].labelNoise.reported,
        missedRows: noise[index].inverseLabelIssues,
        inverseNoise: noise[index].inverseLabelNoise.reported, flagged: flagged[index])
    }
    let agreeing = given.indices.count { learning.mostProbable($0) == given[$0] }
    return LabelErrorsDetails(
      checkedRows: rows.count, leftOutClasses: leftOut, classes: classes,
      noiseMatrix: learning.noiseMatrix.map { $0.map(\.reported) },
      inverseNoiseMatrix: learning.inverseNoiseMatrix.map {
        $0.map(\.reported)
      },
      confidentJoint: learning.joint, health: learning.health.reported,
      agreement: (Double(agreeing) / Double(max(1, rows.count))).reported,
      logLoss: logLoss?.reported, rowScores: rowScores)
  }
}
