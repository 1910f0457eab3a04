import Analysis
import Synchronization

/// What became of a dataset.
struct MendedDataset: Sendable {
  var plan: FixPlan
  /// Whether the plan was given, and nothing was analyzed.
  var isReplay: Bool
  /// How the dataset was, and how it is now; nil where that was not asked.
  var before: Verdict?
  var after: Verdict?
  /// Nil for a dry run.
  var bytes: KeptDataset?

  /// What an analysis says of a dataset, in numbers.
  struct Verdict: Sendable {
    /// Nil if no detector ran.
    var qualityScore: Double?
    /// The rows that each detector that ran flagged.
    var flagged: [String: Int]

    init(_ report: Report) {
      qualityScore = report.qualityScore
      let ran = report.detectors.filter { $0.status == .ok }
      flagged = Dictionary(
        uniqueKeysWithValues: ran.map { ($0.detector.rawValue, $0.flaggedCount) })
    }
  }
}

/// Mends a dataset, on a thread for analyses: plans what is to be done or takes a log of it, writes the result
/// down, and looks at what it is worth.
///
/// One table is in memory at a time, and of the bytes a piece.
struct Mending {
  /// A fix may fill in much where there was nothing. It may at most double a dataset, so that what is
  /// kept on disk is bounded.
  private static let mostGrowth = 2

  let request: AnalysisRequest
  let fix: FixRequest
  /// The dataset as it came.
  let kept: KeptDataset
  let isCancelled: @Sendable () -> Bool

  /// - Parameter upload: Given away, so that its table is gone when the next one is read.
  /// - Throws: `FixError`, `DatasetError`, `OptionError`, `AnalysisCancelled`, ``KeptDataset/CannotKeep``.
  func run(_ upload: consuming UploadedDatasets) throws -> MendedDataset {
    let sha256 = try kept.sha256()
    var mended: MendedDataset
    if let log = upload.log {
      let plan = try FixPlan(log: log, isCancelled: isCancelled).fitted(
        to: upload.dataset, sha256: sha256)
      mended = MendedDataset(plan: plan, isReplay: true)
    } else {
      let (report, plan) = try Fixer(analysis: request.options, options: fix.options)
        .plan(for: upload.dataset, sha256: sha256, isCancelled: isCancelled)
      mended = MendedDataset(
        plan: plan, isReplay: false, before: MendedDataset.Verdict(report))
    }
    _ = consume upload
    mended.bytes = try apply(mended.plan)
    if fix.isVerified, !mended.isReplay, mended.plan.rowsOut > 0 {
      mended.after = try verdict(on: mended.plan)
    }
    return mended
  }

  private var maxBytes: Int {
    let (bytes, isTooMuch) = request.limits.maxBytes.multipliedReportingOverflow(
      by: Self.mostGrowth)
    return isTooMuch ? .max : bytes
  }

  /// Writes the mended dataset down. For a dry run that is only tried, so that it fails as the fix would.
  private func apply(_ plan: FixPlan) throws -> KeptDataset? {
    let file = fix.isDryRun ? nil : try KeptDataset()
    var writer = try FixWriter(plan)
    var output: [UInt8] = []
    var written = 0
    func write() throws {
      written += output.count
      guard written <= maxBytes else {
        throw FixError(
          kind: .tooManyBytes,
          message:
            "The mended dataset would have more than \(maxBytes) bytes: fill in less, or take a "
            + "part of it.")
      }
      try file?.append(output)
      output.removeAll(keepingCapacity: true)
    }
    try kept.forEachPiece { piece in
      if isCancelled() { throw AnalysisCancelled() }
      try writer.append(piece, to: &output)
      try write()
    }
    try writer.finish(&output)
    try write()
    return file
  }

  private func verdict(on plan: FixPlan) throws -> MendedDataset.Verdict {
    var limits = request.limits
    limits.maxBytes = maxBytes
    var reader = try MendedReader(plan, limits: limits)
    try kept.forEachPiece { piece in
      if isCancelled() { throw AnalysisCancelled() }
      try reader.append(piece)
    }
    var options = request.options
    // The numbers alone are told.
    options.maxFlaggedRows = 0
    let report = try Analyzer(options: options)
      .analyze(try reader.finish(isCancelled: isCancelled), isCancelled: isCancelled)
    return MendedDataset.Verdict(report)
  }
}
