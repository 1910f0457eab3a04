/// Out-of-sample probabilities of linear models, by cross-validation; see ``OutOfSampleModel``.
///
/// After a first look, the rows in doubt are left out of training and all rows are looked at again,
/// as wrong labels also bend the model that is to find them (iterative cross-validation: Chen, Liao,
/// Chen, Zhang, "Understanding and Utilizing Deep Neural Networks Trained with Noisy Labels",
/// ICML 2019).
enum CrossValidatedLabels {
  static let foldCount = 5
  /// Smaller classes cannot be spread over all folds and are left out.
  static let minimumClassSize = foldCount

  static func judge(
    _ subject: AnalysisSubject, _ label: LabelColumn, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Judgement {
    let kept = label.classes.indices.filter { label.counts[$0] >= Self.minimumClassSize }
    guard kept.count >= 2 else {
      return .skipped(
        reason: "At least two classes need \(Self.minimumClassSize) rows each; \(kept.count) of "
          + "\(label.classes.count) have that many.")
    }
    var compact = [Int](repeating: -1, count: label.classes.count)
    for (position, index) in kept.enumerated() { compact[index] = position }
    let rows = label.classOfRow.indices.filter {
      label.classOfRow[$0] >= 0 && compact[label.classOfRow[$0]] >= 0
    }
    let given = rows.map { compact[label.classOfRow[$0]] }

    try checkpoint.reached(0)
    var generator = SeededGenerator(seed: subject.seed)
    let selection = ModelSelection(
      table: subject.table, columns: subject.featureColumns, rows: rows, classes: given,
      classCount: kept.count)
    guard
      let choice = try selection.choose(
        folds: Self.foldCount, generator: &generator, checkpoint.part(from: 0, to: 0.3))
    else {
      return .skipped(reason: "No column besides the label can be learnt from.")
    }

    let matrix = FeatureMatrix(
      table: subject.table, columns: subject.featureColumns, rows: rows,
      withProducts: choice.withProducts)
    let effort = Effort(matrix: matrix, classCount: kept.count)
    let partitions = (0..<effort.partitions).map { _ in
      StratifiedFolds(
        classes: given, classCount: kept.count, count: Self.foldCount, generator: &generator)
    }
    let model = OutOfSampleModel(classes: given, classCount: kept.count)
    var excluded: Set<Int> = []
    var probabilities: [Double] = []
    var passes = 0
    let share = 0.7 / Double(1 + effort.cleanings)
    repeat {
      let start = 0.3 + share * Double(passes)
      probabilities = try model.predict(
        matrix, partitions: partitions, cost: choice.cost, excluded: excluded,
        checkpoint: checkpoint.part(from: start, to: start + share))
      passes += 1
      guard passes <= effort.cleanings else { break }
      excluded = Set(
        ConfidentLearning(
          given: given, probabilities: probabilities, classCount: kept.count
        ).issues(.pruneByNoiseRate))
      // Training needs some rows of each class.
      var left = [Int](repeating: 0, count: kept.count)
      for row in given.indices where !excluded.contains(row) { left[given[row]] += 1 }
      if left.contains(where: { $0 < Self.minimumClassSize }) { break }
    } while !excluded.isEmpty

    return .labels(
      JudgedLabels(
        rows: rows, given: given, names: kept.map { label.classes[$0] },
        probabilities: probabilities, defaultFilter: .filter(.pruneByNoiseRate),
        leftOut: label.classes.indices.filter { compact[$0] < 0 }.map { label.classes[$0] },
        logLoss: choice.logLoss,
        chosen: [
          "probabilities": .text("cross_validation"),
          "folds": .number(Double(Self.foldCount)),
          "partitions": .number(Double(effort.partitions)),
          "cleanings": .number(Double(effort.cleanings)),
          "minimum_class_size": .number(Double(Self.minimumClassSize)),
          "model": .text("logistic_regression_one_vs_rest"),
          "features": .text(choice.withProducts ? "values_and_products" : "values"),
          "cost": .number(choice.cost),
        ]))
  }

  /// How often the model is trained: small tables can afford to have chance averaged out.
  struct Effort: Sendable, Equatable {
    /// Different partitions into folds whose probabilities are averaged.
    let partitions: Int
    /// How often the rows in doubt are left out and all rows looked at again.
    let cleanings: Int

    init(matrix: FeatureMatrix, classCount: Int) {
      let work = matrix.nodes.count * classCount
      partitions = work <= 3_000_000 ? 5 : 1
      cleanings = work <= 3_000_000 ? 2 : 1
    }
  }
}
