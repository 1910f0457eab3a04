/// What was billed for one analysis. Never changed, and never removed as long as its workspace exists:
/// the rows used in a month are the sum over its records.
public struct LedgerRecord: Hashable, Sendable {
  /// For which analysis.
  public var analysisID: AnalysisID
  /// Whose.
  public var workspaceID: WorkspaceID
  /// The month that the rows count in.
  public var month: Month
  /// How many.
  public var rows: Int64
  /// When.
  public var settledAt: Timestamp
}
