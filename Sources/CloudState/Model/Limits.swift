/// What a workspace may use, by its plan and its settings. Nothing means unlimited.
public struct Limits: Hashable, Sendable {
  /// Rows a calendar month.
  public var maxRows: Int64?
  /// API calls a day.
  public var maxAPICalls: Int64?
  /// Members.
  public var maxUsers: Int64?
  /// Datasets kept.
  public var maxDatasets: Int64?
  /// Days for which reports are kept.
  public var retentionDays: Int64

  /// Each setting where there is one, the plan elsewhere.
  public init(plan: Plan, settings: WorkspaceSettings) {
    maxRows = settings.maxRows ?? plan.maxRows
    maxAPICalls = settings.maxAPICalls ?? plan.maxAPICalls
    maxUsers = settings.maxUsers ?? plan.maxUsers
    maxDatasets = settings.maxDatasets ?? plan.maxDatasets
    retentionDays = settings.retentionDays ?? plan.retentionDays
  }
}

extension WorkspaceSettings {
  /// Whether every limit set is at most that of the plan.
  func narrows(_ plan: Plan) -> Bool {
    func isWithin(_ setting: Int64?, _ limit: Int64?) -> Bool {
      guard let setting, let limit else { return true }
      return setting <= limit
    }
    return isWithin(maxRows, plan.maxRows) && isWithin(maxAPICalls, plan.maxAPICalls)
      && isWithin(maxUsers, plan.maxUsers) && isWithin(maxDatasets, plan.maxDatasets)
      && isWithin(retentionDays, plan.retentionDays)
  }
}
