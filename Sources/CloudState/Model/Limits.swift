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

  /// The plan's, where there is no setting. What a tenant has set holds as far as the plan allows it now,
  /// which may be another one than when it was set; what an operator has set holds whatever the plan says.
  public init(
    plan: Plan, settings: WorkspaceSettings, setByOperator: SettingNames = []
  ) {
    func limit(_ setting: Int64?, _ limit: Int64?, _ name: SettingNames) -> Int64? {
      guard let setting, let limit, !setByOperator.contains(name) else { return setting ?? limit }
      return min(setting, limit)
    }
    maxRows = limit(settings.maxRows, plan.maxRows, .maxRows)
    maxAPICalls = limit(settings.maxAPICalls, plan.maxAPICalls, .maxAPICalls)
    maxUsers = limit(settings.maxUsers, plan.maxUsers, .maxUsers)
    maxDatasets = limit(settings.maxDatasets, plan.maxDatasets, .maxDatasets)
    retentionDays =
      limit(settings.retentionDays, plan.retentionDays, .retentionDays) ?? plan.retentionDays
  }
}

/// Some of the limits that a workspace has settings for.
public struct SettingNames: OptionSet, Hashable, Sendable {
  /// A bit each.
  public let rawValue: UInt8

  /// Those of these bits.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// Those of which there is something.
  init<Value>(
    _ maxRows: Value?, _ maxAPICalls: Value?, _ maxUsers: Value?, _ maxDatasets: Value?,
    _ retentionDays: Value?
  ) {
    self = []
    if maxRows != nil { insert(.maxRows) }
    if maxAPICalls != nil { insert(.maxAPICalls) }
    if maxUsers != nil { insert(.maxUsers) }
    if maxDatasets != nil { insert(.maxDatasets) }
    if retentionDays != nil { insert(.retentionDays) }
  }

  /// Rows a calendar month.
  public static let maxRows = SettingNames(rawValue: 1)
  /// API calls a day.
  public static let maxAPICalls = SettingNames(rawValue: 2)
  /// Members.
  public static let maxUsers = SettingNames(rawValue: 4)
  /// Datasets kept.
  public static let maxDatasets = SettingNames(rawValue: 8)
  /// Days for which reports are kept.
  public static let retentionDays = SettingNames(rawValue: 16)
}

extension WorkspaceSettings {
  /// The limits that are set.
  var names: SettingNames {
    SettingNames(maxRows, maxAPICalls, maxUsers, maxDatasets, retentionDays)
  }

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
