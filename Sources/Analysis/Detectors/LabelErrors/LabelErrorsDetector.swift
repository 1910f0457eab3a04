/// Finds labels that the rest of the row contradicts.
///
/// Classes are judged by confident learning, see ``ConfidentLearning``, on out-of-sample
/// probabilities: the engine's own, see ``CrossValidatedLabels``, or the caller's, see
/// ``GivenProbabilities``. Numbers are judged by the residuals of predictions, see ``NumberLabels``.
struct LabelErrorsDetector: Detector {
  static let kind = DetectorKind.labelErrors
  static let weight = 0.25
  static let meaning = "Labels that the rest of the row contradicts."
  static let effort = 16.0

  static let parameters: [DetectorParameter] = [
    .choice(
      "filter", "automatic", of: ["automatic"] + DoubtRule.names,
      "Which labels to flag: the set with the largest expected F1, or what a filter of confident "
        + "learning doubts. Automatic is expected_f1 where the probability of being wrong is "
        + "estimated itself, otherwise, and for given probabilities, prune_by_noise_rate."),
    .choice(
      "ranked_by", "automatic", of: ["automatic"] + LabelQuality.allCases.map(\.rawValue),
      "By which label quality score flagged rows are ordered. Automatic is the probability of being "
        + "wrong with expected_f1 and self_confidence with other filters."),
    .count(
      "min_examples_per_class", 1, in: 0...1_000_000,
      "How many rows prune_by_class, prune_by_noise_rate and both leave in each class."),
    .choice(
      "scores", "flagged", of: ["flagged", "all"],
      "With all, the details hold a score for every row."),
  ]

  func run(
    _ subject: AnalysisSubject, _ parameters: ParameterValues, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Finding<LabelErrorsDetails> {
    if let label = subject.label, label.task == .regression {
      return try NumberLabels.find(subject, label, parameters, checkpoint)
    }
    switch ClassLabels.require(subject) {
    case .none(let reason):
      return .skipped(reason: reason, soundness: subject.soundnessOfFewLabels)
    case .classes(let label):
      let judgement =
        if let prefix = subject.options.probabilityPrefix {
          Judgement.given(subject.table, prefix: prefix, label)
        } else {
          try CrossValidatedLabels.judge(subject, label, checkpoint)
        }
      switch judgement {
      case .skipped(let reason):
        return .skipped(reason: reason, soundness: subject.soundnessOfFewLabels)
      case .failed(let reason): return .failed(reason: reason)
      case .labels(let labels):
        return .done(
          try labels.evidence(
            subject, parameters, column: subject.table.columns[label.column].name, checkpoint))
      }
    }
  }

  /// Scores of some data rows as a list of all rows' scores.
  static func scattered(_ scores: [Double], to rows: [Int], of count: Int) -> [Double?] {
    var result = [Double?](repeating: nil, count: count)
    for (row, score) in zip(rows, scores) { result[row] = min(1, max(0, score)).reported }
    return result
  }
}

/// Labels with probabilities, or why there are none.
enum Judgement {
  case labels(JudgedLabels)
  case skipped(reason: String)
  case failed(reason: String)

  /// By the caller's own probabilities.
  static func given(_ table: Table, prefix: String, _ label: LabelColumn) -> Judgement {
    do throws(GivenProbabilities.Objection) {
      let own = try GivenProbabilities(table: table, prefix: prefix, label: label)
      return .labels(
        JudgedLabels(
          rows: own.rows, given: own.given, names: own.names, probabilities: own.probabilities,
          defaultFilter: .filter(.pruneByNoiseRate), chosen: ["probabilities": .text("given")]))
    } catch {
      return .failed(reason: error.reason)
    }
  }
}
