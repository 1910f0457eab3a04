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
  ///   - progress: called often, on the calling thread.
  ///   - isCancelled: asked often, on the calling thread; answering true ends the analysis.
  /// - Throws: ``DatasetError`` if the label column does not exist, ``AnalysisCancelled``.
  public func analyze(
    _ table: Table,
    progress: (AnalysisProgress) -> Void = { _ in },
    isCancelled: () -> Bool = { false }
  ) throws -> Report {
    let label = try LabelColumn(table: table, options: options)
    let subject = AnalysisSubject(table: table, label: label, seed: options.seed)
    let requested = options.detectors ?? Set(DetectorKind.allCases)
    let kinds = DetectorKind.allCases.filter(requested.contains)

    var results: [DetectorResult] = []
    var soundness: [(kind: DetectorKind, value: Double)] = []
    var sentences = [Self.opening(table, label)]
    var done = 0.0
    let effort = kinds.reduce(0) { $0 + Self.effort($1) }
    for kind in DetectorKind.allCases {
      guard requested.contains(kind) else {
        results.append(DetectorResult(kind, skipped: "Not asked for."))
        continue
      }
      let part = Self.effort(kind) / effort
      let finding = try run(kind, subject, isCancelled: isCancelled) { share in
        progress(
          AnalysisProgress(detector: kind, detectorShare: share, share: done + part * share))
      }
      done = min(1, done + part)
      progress(AnalysisProgress(detector: kind, detectorShare: 1, share: done))
      switch finding {
      case .skipped(let reason):
        results.append(DetectorResult(kind, skipped: reason))
      case .done(let evidence):
        results.append(
          DetectorResult(kind, evidence, maxFlaggedRows: options.maxFlaggedRows))
        soundness.append((kind, evidence.soundness))
        sentences.append(evidence.sentence)
      }
    }
    if table.formatProblemCount > 0 {
      sentences.append(
        "\(table.formatProblemCount) flaws of the format were mended while reading.")
    }
    let quality = QualityScore(soundness)
    if let total = quality.total {
      sentences.append(
        "The quality score is \(total.shown(1)) of 100, from \(soundness.count) of "
          + "\(DetectorKind.allCases.count) detectors.")
    }
    return Report(
      engineVersion: Self.engineVersion, seed: options.seed, dataset: DatasetSummary(table),
      label: label.map { LabelSummary($0, table: table) }, requestedDetectors: kinds,
      detectors: results,
      formatProblems: FormatProblemSummary(
        count: table.formatProblemCount, listed: table.formatProblems),
      quality: quality, summary: sentences)
  }

  private func run(
    _ kind: DetectorKind, _ subject: AnalysisSubject, isCancelled: () -> Bool,
    progress: (Double) -> Void
  ) throws -> Finding {
    try withoutActuallyEscaping(isCancelled) { isCancelled in
      try withoutActuallyEscaping(progress) { progress in
        let checkpoint = Checkpoint(report: progress, isCancelled: isCancelled)
        try checkpoint.reached(0)
        return try Self.detector(kind).run(subject, checkpoint)
      }
    }
  }

  private static func detector(_ kind: DetectorKind) -> any Detector {
    switch kind {
    case .missingValues: MissingValuesDetector()
    case .exactDuplicates: ExactDuplicatesDetector()
    case .outliers: OutliersDetector()
    case .classImbalance: ClassImbalanceDetector()
    case .labelErrors: LabelErrorsDetector()
    }
  }

  /// Rough share of the time, for progress alone.
  private static func effort(_ kind: DetectorKind) -> Double {
    kind == .labelErrors ? 16 : 1
  }

  private static func opening(_ table: Table, _ label: LabelColumn?) -> String {
    let size = "\(table.rowCount) rows and \(table.columns.count) columns"
    guard let label else { return "The dataset has \(size) and no label column." }
    let name = table.columns[label.column].name
    return "The dataset has \(size); labels are in \"\(name)\""
      + (label.isGuessed ? ", guessed from its name." : ".")
  }
}
