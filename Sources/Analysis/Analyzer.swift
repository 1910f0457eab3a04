/// How far an analysis is.
public struct AnalysisProgress: Sendable, Equatable {
  /// The detector at work.
  public var detector: DetectorKind
  /// Its share done, from 0 to 1.
  public var detectorShare: Double
  /// The share done of the whole analysis, from 0 to 1; it never falls.
  public var share: Double
}

/// Looks for flaws in a table.
///
///     let report = try Analyzer(options: AnalysisOptions(labelColumn: "label")).analyze(table)
///
/// An analysis computes on the calling thread until it is done, so give it a thread of its own. It
/// reads no clock and draws no number that the seed does not determine: the same table and options
/// give the same report.
public struct Analyzer: Sendable {
  /// Rises when the same input may give another report.
  public static let engineVersion = "1.0.0"

  /// What to look for.
  public let options: AnalysisOptions

  /// Creates an analyzer.
  public init(options: AnalysisOptions = AnalysisOptions()) {
    self.options = options
  }

  /// Runs the detectors and returns their report.
  ///
  /// - Parameters:
  ///   - reference: a dataset of the same columns that this one is compared with.
  ///   - progress: called often, on the calling thread.
  ///   - isCancelled: asked often, on the calling thread; answering true ends the analysis.
  /// - Throws: ``OptionError``, ``DatasetError`` if a column that is named does not exist,
  ///   ``AnalysisCancelled``.
  public func analyze(
    _ table: Table,
    reference: Table? = nil,
    progress: (AnalysisProgress) -> Void = { _ in },
    isCancelled: () -> Bool = { false }
  ) throws -> Report {
    try options.validate()
    try options.requireColumns(of: table)
    let label = try LabelColumn(table: table, options: options)
    let subject = AnalysisSubject(
      table: table, label: label, options: options, reference: reference)
    let requested = options.detectors ?? Set(DetectorKind.allCases)
    let kinds = DetectorKind.allCases.filter(requested.contains)

    var results: [DetectorResult] = []
    var soundness: [(kind: DetectorKind, value: Double)] = []
    var sentences = [Self.opening(table, label)]
    if let reference {
      sentences.append("It is compared with a reference of \(reference.size).")
    }
    var done = 0.0
    let effort = kinds.reduce(0) { $0 + $1.effort }
    for kind in DetectorKind.allCases {
      guard requested.contains(kind) else {
        results.append(DetectorResult(kind, .skipped, reason: "Not asked for.", parameters: nil))
        continue
      }
      let part = kind.effort / effort
      let outcome = try run(kind.detector, subject, isCancelled: isCancelled) { share in
        progress(
          AnalysisProgress(detector: kind, detectorShare: share, share: done + part * share))
      }
      done = min(1, done + part)
      progress(AnalysisProgress(detector: kind, detectorShare: 1, share: done))
      results.append(outcome.result)
      if let value = outcome.soundness { soundness.append((kind, value)) }
      sentences += outcome.sentences
    }
    if let label,
      let reason = ClassLabels.wordsWhereNumbersBelong(label, table.columns[label.column])
    {
      sentences.append("Labels were not judged. \(reason)")
    }
    if table.formatProblemCount > 0 {
      sentences.append(
        table.formatProblemCount.counted("flaw of the format was", "flaws of the format were")
          + " mended while reading.")
    }
    let leaks = results.lazy.compactMap { $0.details as? DataLeakageDetails }.first
    let quality = QualityScore(soundness, leakingColumns: leaks?.columns.count ?? 0)
    if let total = quality.total {
      sentences.append(
        "The quality score is \(total.shown(1)) of 100, from \(soundness.count) of "
          + "\(DetectorKind.allCases.count) detectors.")
    }
    return Report(
      engineVersion: Self.engineVersion, seed: options.seed, dataset: DatasetSummary(subject),
      reference: reference.map { DatasetSummary($0) },
      label: label.map { LabelSummary($0, table: table) }, requestedDetectors: kinds,
      detectors: results,
      formatProblems: FormatProblemSummary(
        count: table.formatProblemCount, listed: table.formatProblems),
      quality: quality, summary: sentences)
  }

  /// What one detector contributes to the report.
  private struct Outcome {
    var result: DetectorResult
    var soundness: Double?
    var sentences: [String] = []
  }

  private func run<Kind: Detector>(
    _ detector: Kind, _ subject: AnalysisSubject, isCancelled: () -> Bool,
    progress: (Double) -> Void
  ) throws -> Outcome {
    let parameters = ParameterValues(
      Kind.parameters, overrides: options.parameters[Kind.kind] ?? [:])
    let finding = try withoutActuallyEscaping(isCancelled) { isCancelled in
      try withoutActuallyEscaping(progress) { progress in
        let checkpoint = Checkpoint(report: progress, isCancelled: isCancelled)
        try checkpoint.reached(0)
        return try detector.run(subject, parameters, checkpoint)
      }
    }
    switch finding {
    case .skipped(let reason, let soundness):
      return Outcome(
        result: DetectorResult(Kind.kind, .skipped, reason: reason, parameters: parameters),
        soundness: soundness)
    case .failed(let reason):
      return Outcome(
        result: DetectorResult(Kind.kind, .failed, reason: reason, parameters: parameters),
        sentences: ["The detector \(Kind.kind.rawValue) could not be completed: \(reason)"])
    case .done(let evidence):
      return Outcome(
        result: DetectorResult(
          Kind.kind, evidence, parameters: parameters, maxFlaggedRows: options.maxFlaggedRows),
        soundness: evidence.soundness, sentences: [evidence.sentence])
    }
  }

  private static func opening(_ table: Table, _ label: LabelColumn?) -> String {
    guard let label else { return "The dataset has \(table.size) and no label column." }
    let name = table.columns[label.column].name
    return "The dataset has \(table.size); labels are in \"\(name)\""
      + (label.isGuessed ? ", guessed from its name." : ".")
  }
}

extension Table {
  /// In words.
  fileprivate var size: String {
    rowCount.counted("row") + " and " + columns.count.counted("column")
  }
}
