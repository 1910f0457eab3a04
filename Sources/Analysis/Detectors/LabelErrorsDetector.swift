/// Finds labels that the rest of the row contradicts, by confident learning on the out-of-sample
/// probabilities of a linear model; see ``ConfidentLearning`` and ``OutOfSampleModel``.
///
/// After a first look, the rows in doubt are left out of training and all rows are looked at again,
/// as wrong labels also bend the model that is to find them (iterative cross-validation: Chen, Liao,
/// Chen, Zhang, "Understanding and Utilizing Deep Neural Networks Trained with Noisy Labels",
/// ICML 2019).
struct LabelErrorsDetector: Detector {
  static let foldCount = 5
  /// Smaller classes cannot be spread over all folds and are left out.
  static let minimumClassSize = foldCount

  static let kind = DetectorKind.labelErrors
  static let weight = 0.25
  static let effort = 16.0

  func run(
    _ subject: AnalysisSubject, _ parameters: ParameterValues, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Finding<LabelErrorsDetails> {
    let label: LabelColumn
    switch ClassLabels.require(subject) {
    case .classes(let found): label = found
    case .none(let reason): return .skipped(reason: reason)
    }
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

    let learning = ConfidentLearning(
      given: given, probabilities: probabilities, classCount: kept.count)
    let names = kept.map { label.classes[$0] }
    return .done(
      evidence(
        learning, probabilities: probabilities, rows: rows, given: given, names: names,
        column: subject.table.columns[label.column].name, choice: choice, effort: effort,
        leftOut: label.classes.indices.filter { compact[$0] < 0 }.map { label.classes[$0] }))
  }

  private func evidence(
    _ learning: ConfidentLearning, probabilities: [Double], rows: [Int], given: [Int],
    names: [String], column: String, choice: ModelSelection.Choice, effort: Effort,
    leftOut: [String]
  ) -> Finding<LabelErrorsDetails>.Evidence {
    let issues = learning.ranked(learning.issues(.pruneByNoiseRate), by: .selfConfidence)
    let flagged = issues.map { position in
      let suggestion = learning.mostProbable(position)
      let confidence = learning.probability(position, given[position])
      let other = probabilities[position * names.count + suggestion]
      return FlaggedRow(
        row: rows[position], score: 1 - confidence,
        reason: "Labelled \"\(names[given[position]])\" (probability \(confidence.shown(3))), but "
          + "by its other values it looks like \"\(names[suggestion])\" (\(other.shown(3))).",
        column: column, givenLabel: names[given[position]], suggestedLabel: names[suggestion])
    }
    let doubted = Set(issues)
    let noise = learning.classNoise
    let classes = names.indices.map { index in
      let members = given.indices.filter { given[$0] == index }
      return LabelErrorsDetails.ClassNoise(
        label: names[index], count: members.count,
        threshold: (learning.thresholds[index] ?? 0).reported,
        estimatedErrors: noise[index].labelIssues, noise: noise[index].labelNoise.reported,
        flagged: members.count(where: doubted.contains))
    }
    let correct = given.indices.count { learning.mostProbable($0) == given[$0] }
    let share = Double(flagged.count) / Double(rows.count)
    return Finding<LabelErrorsDetails>.Evidence(
      flagged: flagged.sortedByScore(),
      soundness: 100 * max(0, 1 - 2 * share),
      chosen: [
        "folds": .number(Double(Self.foldCount)),
        "partitions": .number(Double(effort.partitions)),
        "cleanings": .number(Double(effort.cleanings)),
        "minimum_class_size": .number(Double(Self.minimumClassSize)),
        "filter": .text("prune_by_noise_rate"),
        "model": .text("logistic_regression_one_vs_rest"),
        "features": .text(choice.withProducts ? "values_and_products" : "values"),
        "cost": .number(choice.cost),
      ],
      details: LabelErrorsDetails(
        checkedRows: rows.count, leftOutClasses: leftOut, classes: classes,
        noiseMatrix: learning.noiseMatrix.map { $0.map(\.reported) },
        confidentJoint: learning.joint,
        agreement: (Double(correct) / Double(rows.count)).reported,
        logLoss: choice.logLoss.reported),
      sentence: flagged.isEmpty
        ? "No label in \"\(column)\" is in doubt."
        : "\(flagged.count) of \(rows.count) labels in \"\(column)\" are probably wrong "
          + "(\(share.percent)).")
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

/// Estimated label noise.
public struct LabelErrorsDetails: DetectorDetails {
  /// A class and its noise.
  public struct ClassNoise: Codable, Sendable, Equatable {
    /// Its label.
    public var label: String
    /// Rows labelled so.
    public var count: Int
    /// Mean probability of this class among them: from here on a row counts as confidently of it.
    public var threshold: Double
    /// How many of its rows are estimated to be of another class.
    public var estimatedErrors: Int
    /// Their share.
    public var noise: Double
    /// How many of its rows are flagged.
    public var flagged: Int

    enum CodingKeys: String, CodingKey {
      case label, count, threshold, noise, flagged
      case estimatedErrors = "estimated_errors"
    }
  }

  /// Rows with a label of a class that is large enough.
  public var checkedRows: Int
  /// Classes that are too small to be checked.
  public var leftOutClasses: [String]
  /// The checked classes in ascending order of their labels; matrices follow this order.
  public var classes: [ClassNoise]
  /// Estimated probability of each given label (row) for each true label (column).
  public var noiseMatrix: [[Double]]
  /// Estimated rows by given (row) and true label (column).
  public var confidentJoint: [[Int]]
  /// Share of the checked rows whose label the model agrees with.
  public var agreement: Double
  /// Cross-validated log loss of the chosen model, before cleaning.
  public var logLoss: Double

  enum CodingKeys: String, CodingKey {
    case classes, agreement
    case checkedRows = "checked_rows"
    case leftOutClasses = "left_out_classes"
    case noiseMatrix = "noise_matrix"
    case confidentJoint = "confident_joint"
    case logLoss = "log_loss"
  }
}
