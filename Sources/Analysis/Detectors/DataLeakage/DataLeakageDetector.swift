/// Finds what gives the label away: a feature that predicts it alone, copies of it, and rows or
/// groups that are on both sides of a split.
///
/// Kaufman, Rosset, Perlich and Stitelman, "Leakage in Data Mining: Formulation, Detection, and
/// Avoidance" (2012): a feature that is too good to be true (§4.1), and a split that does not keep
/// apart what belongs together (§3.2). ``FeaturePower`` says how well a feature predicts,
/// ``LabelCopy`` what a copy is, ``SplitLeakage`` what crosses a split. Rows are flagged in the parts
/// that a model is tested on.
struct DataLeakageDetector: Detector {
  static let kind = DetectorKind.dataLeakage
  static let weight = 0.08
  static let effort = 2.0
  static let meaning = "Features and rows that give the label away."
  static let parameters: [DetectorParameter] = [
    .number(
      "power", 0.98, in: 0.5...1,
      "A feature gives classes away if it alone rids predictions of this share of the errors of "
        + "always answering the commonest class."),
    .number(
      "rank_variance", 0.99, in: 0.5...1,
      "A feature gives numbers away if it alone explains this share of the variance of their ranks."
    ),
  ]

  /// A feature is judged on this many rows at most, and on this many at least.
  static let rowLimit = 20_000
  static let minimumRows = 20
  /// Rows of the second largest class that it takes to tell power from chance.
  static let minimumClassRows = 5

  func run(
    _ subject: AnalysisSubject, _ parameters: ParameterValues, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Finding<DataLeakageDetails> {
    let split = SplitLeakage(subject)
    let target = Target(subject)
    guard target != nil || split != nil else {
      return .skipped(
        reason: "There are neither enough labels for features to give away nor a split column to "
          + "keep rows apart: it takes \(Self.minimumRows) labels of at least two classes, or "
          + "numbers.")
    }
    var columns: [DataLeakageDetails.Leak] = []
    if let target {
      let candidates = subject.learnableColumns
      for (step, index) in candidates.enumerated() {
        try checkpoint.reached(0.6 * Double(step) / Double(candidates.count))
        if let leak = leak(index, target, subject, parameters) { columns.append(leak) }
      }
    }
    let crossing = try split?.find(checkpoint.part(from: 0.6, to: 1))
    let flagged = crossing?.flagged ?? []
    let tested = max(1, crossing?.testedRows ?? 1)
    // One such feature makes any evaluation worthless, and each further one hides the others.
    var soundness = 100 * (1 - Double(flagged.count) / Double(tested))
    for _ in columns { soundness /= 2 }

    var sentences: [String] = []
    if let first = columns.first {
      let more = columns.count > 1 ? " So do \(columns.count - 1) more columns." : ""
      sentences.append("\"\(first.column)\" gives the label away: \(first.words)\(more)")
    }
    if let crossing { sentences.append(crossing.sentence) }
    if target != nil, columns.isEmpty {
      sentences.insert("No feature alone gives the label away.", at: 0)
    }
    return .done(
      Finding<DataLeakageDetails>.Evidence(
        flagged: flagged.sortedByScore(), soundness: soundness,
        details: DataLeakageDetails(
          columns: columns, split: crossing?.details,
          checkedColumns: target == nil ? 0 : subject.learnableColumns.count),
        sentence: sentences.joined(separator: " ")))
  }

  /// What features may give away: the labels of the sampled rows.
  private enum Target {
    case classes(rows: [Int], [Int], count: Int)
    case numbers(rows: [Int], ranks: [Double])

    init?(_ subject: AnalysisSubject) {
      guard let label = subject.label else { return nil }
      let all = RowSample.rows(
        of: subject.table.rowCount, limit: rowLimit, seed: subject.seed)
      if label.task == .classification {
        guard !label.classes.isEmpty else { return nil }
        let rows = all.filter { label.classOfRow[$0] >= 0 }
        let second = label.counts.sorted(by: >).dropFirst().first ?? 0
        guard rows.count >= minimumRows, second >= minimumClassRows else { return nil }
        self = .classes(
          rows: rows, rows.map { label.classOfRow[$0] }, count: label.classes.count)
      } else {
        let column = subject.table.columns[label.column]
        let rows = all.filter { column.number($0).isFinite }
        guard rows.count >= minimumRows else { return nil }
        self = .numbers(rows: rows, ranks: MeanRanks.of(rows.map { column.number($0) }))
      }
    }
  }

  private func leak(
    _ index: Int, _ target: Target, _ subject: AnalysisSubject, _ parameters: ParameterValues
  ) -> DataLeakageDetails.Leak? {
    let column = subject.table.columns[index]
    switch target {
    case .classes(let rows, let classes, let count):
      let power =
        column.type.isOrdered
        ? FeaturePower.ofNumbers(rows.map { column.number($0) }, classes, classCount: count)
        : FeaturePower.ofLevels(levels(index, subject, rows), classes, classCount: count)
      if let label = subject.label, !column.type.isOrdered || column.distinctCount <= count,
        let copy = LabelCopy(column, subject.levels(of: index), of: label)
      {
        return DataLeakageDetails.Leak(
          column: column.name, kind: .copyOfLabel, power: power.reported,
          agreement: copy.agreement.reported, words: copy.words)
      }
      let least = parameters.number("power")
      func predicting(_ power: Double, _ what: String) -> DataLeakageDetails.Leak {
        DataLeakageDetails.Leak(
          column: column.name, kind: .predictsLabel, power: power.reported, agreement: nil,
          words:
            "\(what) rids predictions of \(power.percent) of the errors of always answering the "
            + "commonest class.")
      }
      if power >= least { return predicting(power, "it alone") }
      guard column.type == .text, let label = subject.label else { return nil }
      let named = NamedClasses(label.classes).named(in: column, rows)
      let powerOfNames = FeaturePower.ofLevels(named, classes, classCount: count)
      return powerOfNames >= least
        ? predicting(powerOfNames, "its texts name the class of their rows, which alone") : nil
    case .numbers(let rows, let ranks):
      // Along time anything that changes slowly follows from the date.
      guard column.type != .dateTime else { return nil }
      let power =
        column.type.isNumeric
        ? FeaturePower.ofNumbers(rows.map { column.number($0) }, ranks: ranks)
        : FeaturePower.ofLevels(levels(index, subject, rows), ranks: ranks)
      guard power >= parameters.number("rank_variance") else { return nil }
      return DataLeakageDetails.Leak(
        column: column.name, kind: .predictsLabel, power: power.reported, agreement: nil,
        words: "it alone explains \(power.percent) of the variance of the label's ranks.")
    }
  }

  /// The levels of the sampled rows, numbered anew so that there are no more than rows.
  private func levels(_ index: Int, _ subject: AnalysisSubject, _ rows: [Int]) -> [UInt32] {
    let levels = subject.levels(of: index).levelOfRow
    var numbers: [UInt32: UInt32] = [0: 0]
    return rows.map { row in
      let next = UInt32(numbers.count)
      let number = numbers[levels[row]] ?? next
      if number == next { numbers[levels[row]] = next }
      return number
    }
  }
}
