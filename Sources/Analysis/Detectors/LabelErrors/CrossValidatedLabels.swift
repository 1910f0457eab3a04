/// Labels judged by the engine's own models, none of which has seen the row it judges; see
/// ``LabelNoiseEstimate``.
enum CrossValidatedLabels {
  /// Smaller classes are left out: they cannot be spread over five folds, and what a model says of a
  /// class that it has hardly seen is no reason to doubt its rows.
  static let minimumClassSize = 5
  /// The most probabilities, rows times classes: as many as a table may have cells.
  static let probabilityLimit = 50_000_000

  static func judge(
    _ subject: AnalysisSubject, _ label: LabelColumn, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Judgement {
    let repeated = try subject.repeatedRows(checkpoint.part(from: 0, to: 0))
    let labelled = label.classOfRow.indices.filter { label.classOfRow[$0] >= 0 }
    var counts = [Int](repeating: 0, count: label.classes.count)
    for row in labelled where !repeated.isCopy(row) { counts[label.classOfRow[row]] += 1 }
    let kept = label.classes.indices.filter { counts[$0] >= Self.minimumClassSize }
    guard kept.count >= 2 else {
      return .skipped(
        reason: "At least two classes need \(Self.minimumClassSize) rows each; \(kept.count) of "
          + "\(label.classes.count) have that many.")
    }
    var compact = [Int](repeating: -1, count: label.classes.count)
    for (position, index) in kept.enumerated() { compact[index] = position }
    let rows = labelled.filter { compact[label.classOfRow[$0]] >= 0 }
    guard rows.count * kept.count <= probabilityLimit else {
      return .skipped(
        reason: "\(rows.count.grouped) rows of \(kept.count.grouped) classes are more than can be "
          + "judged, \(probabilityLimit.grouped) rows times classes: send a part or a sample.")
    }
    let groups = try subject.foldGroups(checkpoint.part(from: 0, to: 0.1))
    let estimate: LabelNoiseEstimate?
    do {
      estimate = try LabelNoiseEstimate(
        subject, rows: rows, given: rows.map { compact[label.classOfRow[$0]] },
        classCount: kept.count, groups: groups.map { all in rows.map { all[$0] } },
        checkpoint: checkpoint.part(from: 0.1, to: 1))
    } catch let error as BoostingError {
      return .failed(reason: "Trees could not be grown: \(error).")
    } catch {
      throw AnalysisCancelled()
    }
    guard let estimate else {
      return .skipped(reason: "No column besides the label can be learnt from.")
    }
    return .labels(
      JudgedLabels(
        rows: rows, given: estimate.given, names: kept.map { label.classes[$0] },
        probabilities: estimate.givenProbabilities, wrongness: estimate.wrongness,
        allRight: estimate.posterior.allRight, isInformative: estimate.isInformative,
        trueProbabilities: estimate.posterior.probabilities, defaultFilter: .expectedF1,
        leftOut: label.classes.indices.filter { compact[$0] < 0 }.map { label.classes[$0] },
        logLoss: estimate.logLoss, chosen: chosen(estimate)))
  }

  private static func chosen(_ estimate: LabelNoiseEstimate) -> [String: ParameterValue] {
    var chosen: [String: ParameterValue] = [
      "probabilities": .text("cross_validation"),
      "folds": .number(Double(estimate.folds)),
      "partitions": .number(Double(estimate.partitions)),
      "minimum_class_size": .number(Double(minimumClassSize)),
      "estimated_noise": .number(estimate.noise.reported),
    ]
    for (index, candidate) in estimate.candidates.enumerated() {
      chosen["model_\(candidate.name)"] = .text(candidate.settings)
      chosen["weight_\(candidate.name)"] = .number(estimate.weight(of: index).reported)
    }
    return chosen
  }
}
