import CloudAPI
import CloudState
import Foundation

// The state's entities as the API shows them.

extension Timestamp {
  var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }
}

extension CloudAPI.User {
  init(_ user: CloudState.User) {
    self.init(
      id: user.id.rawValue, email: user.email, name: user.name.isEmpty ? nil : user.name,
      createdAt: user.createdAt.date, emailVerified: user.emailVerifiedAt != nil,
      mustChangePassword: user.mustChangePassword)
  }
}

extension CloudAPI.Role {
  init(_ role: CloudState.Role) {
    self.init(rawValue: role.rawValue)
  }
}

extension CloudAPI.Permission {
  init(_ permission: CloudState.Permission) {
    self.init(rawValue: permission.rawValue)
  }
}

extension CloudAPI.WorkspaceSettings {
  /// Nothing when everything is as in the plan.
  init?(_ settings: CloudState.WorkspaceSettings) {
    self.init(
      maxRows: settings.maxRows.map(Int.init(clamping:)),
      maxAPICalls: settings.maxAPICalls.map(Int.init(clamping:)),
      maxUsers: settings.maxUsers.map(Int.init(clamping:)),
      maxDatasets: settings.maxDatasets.map(Int.init(clamping:)),
      retentionDays: settings.retentionDays.map(Int.init(clamping:)))
    if self == CloudAPI.WorkspaceSettings() { return nil }
  }
}

extension CloudAPI.Workspace {
  init(_ workspace: CloudState.Workspace, role: CloudState.Role?) {
    self.init(
      id: workspace.id.rawValue, name: workspace.name, plan: workspace.planID.rawValue,
      role: role.map(CloudAPI.Role.init), settings: .init(workspace.settings),
      createdAt: workspace.createdAt.date)
  }
}

extension CloudAPI.APIKey {
  init(_ key: CloudState.APIKey) {
    self.init(
      id: key.id.rawValue, name: key.name, workspaceID: key.workspaceID.rawValue,
      userID: key.userID.rawValue, scopes: key.scopes.names.map(Scope.init(rawValue:)),
      prefix: APIKeySecret.visiblePrefix(of: key.id), createdAt: key.createdAt.date,
      expiresAt: key.expiresAt?.date, lastUsedAt: key.lastUsedAt?.date,
      replacedBy: key.replacedBy?.rawValue)
  }
}

extension CloudAPI.Member {
  init(_ member: CloudState.Member) {
    self.init(
      userID: member.user.id.rawValue, email: member.user.email,
      name: member.user.name.isEmpty ? nil : member.user.name,
      role: CloudAPI.Role(member.membership.role), createdAt: member.membership.createdAt.date)
  }
}

extension AuditEntry {
  init(_ record: AuditRecord) {
    func text(_ text: String) -> String? { text.isEmpty ? nil : text }
    self.init(
      id: Int(clamping: record.id), at: record.at.date, workspaceID: record.workspaceID?.rawValue,
      actorKind: record.actorKind.rawValue, actorID: text(record.actorID),
      userID: record.userID?.rawValue, action: record.action, target: record.target,
      outcome: record.outcome.rawValue, address: text(record.origin.address),
      requestID: text(record.origin.requestName))
  }
}

extension CloudAPI.Plan {
  init(_ plan: CloudState.Plan) {
    self.init(
      name: plan.id.rawValue, rowsPerMonth: plan.maxRows.map(Int.init(clamping:)),
      apiCallsPerDay: plan.maxAPICalls.map(Int.init(clamping:)),
      maxUsers: plan.maxUsers.map(Int.init(clamping:)),
      pricePerMonthCents: plan.monthlyPriceCents.map(Int.init(clamping:)),
      features: [plan.allFeatures ? "all" : "basic_analysis"])
  }
}

extension Usage.Meter {
  init(_ rows: RowUsage) {
    self.init(
      used: Int(clamping: rows.used), reserved: Int(clamping: rows.reserved),
      limit: rows.limit.map(Int.init(clamping:)), resetsAt: rows.resetsAt.date)
  }

  init(_ users: UserUsage) {
    self.init(used: Int(clamping: users.used), limit: users.limit.map(Int.init(clamping:)))
  }
}

extension Usage {
  init(
    workspace: CloudState.Workspace, rows: RowUsage, apiCalls: Meter, users: UserUsage,
    datasets: Meter
  ) {
    self.init(
      workspaceID: workspace.id.rawValue, plan: workspace.planID.rawValue,
      period: rows.month.description, rows: Meter(rows), apiCalls: apiCalls, users: Meter(users),
      datasets: datasets, analyses: Int(clamping: rows.analyses))
  }
}

extension CloudAPI.LedgerRecord {
  init(_ record: CloudState.LedgerRecord) {
    self.init(
      analysisID: record.analysisID.rawValue, period: record.month.description,
      rows: Int(clamping: record.rows), settledAt: record.settledAt.date)
  }
}
