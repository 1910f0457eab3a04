/// Finds out what is wrong with a dataset and plans what to do about it.
///
///     let (report, plan) = try Fixer(options: FixOptions(strategy: .moderate))
///       .plan(for: table, sha256: digest)
///     let fixed = try plan.apply(to: bytes)
///
/// Planning changes nothing; that is what ``FixWriter`` does.
public struct Fixer: Sendable {
  /// What to look for.
  public let analysis: AnalysisOptions
  /// What to do about it.
  public let options: FixOptions

  /// Creates a fixer.
  ///
  /// - Parameter analysis: What to look for; it acts on all flagged rows, however many a report
  ///   would list.
  public init(analysis: AnalysisOptions = AnalysisOptions(), options: FixOptions = FixOptions()) {
    var analysis = analysis
    analysis.maxFlaggedRows = .max
    self.analysis = analysis
    self.options = options
  }

  /// Analyses a dataset and plans its fix; takes as long as the analysis.
  ///
  /// - Parameters:
  ///   - table: The dataset as it was read.
  ///   - sha256: The SHA-256 of its bytes, in hexadecimal, which binds the plan to them.
  /// - Throws: As ``Analyzer/analyze(_:reference:progress:isCancelled:)`` does, and ``FixError``.
  public func plan(
    for table: Table, sha256: String?, reference: Table? = nil,
    progress: (AnalysisProgress) -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> (report: Report, plan: FixPlan) {
    let report = try Analyzer(options: analysis).analyze(
      table, reference: reference, progress: progress, isCancelled: isCancelled)
    let actions = try withoutActuallyEscaping(isCancelled) { isCancelled in
      let checkpoint = Checkpoint(report: { _ in }, isCancelled: isCancelled)
      try checkpoint.reached(0)
      var planner = FixPlanner(
        report: report, table: table, analysis: analysis, options: options, checkpoint)
      return try planner.plan()
    }
    let plan = FixPlan(
      engineVersion: report.engineVersion, seed: report.seed, strategy: options.strategy,
      dataset: FixPlan.Dataset(table, sha256: sha256),
      flagColumn: options.flagColumn, actions: actions)
    // A plan that contradicts itself is refused before anybody is told of it.
    _ = try RowEdits(plan)
    return (report, plan)
  }
}
