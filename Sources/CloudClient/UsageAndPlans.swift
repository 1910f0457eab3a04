import CloudAPI

/// What plans grant, and what of it is used.
extension CloudClient {
  /// What a workspace has used in a month (`YYYY-MM`; without one, the current month); the admin
  /// token must name the workspace.
  public func getUsage(
    workspaceID: String? = nil, period: String? = nil
  ) async throws(CloudError) -> Usage {
    try await get("/api/v1/usage", named("workspace_id", workspaceID) + named("period", period))
  }

  /// What was billed in a month, oldest first.
  public func ledger(workspaceID: String? = nil, period: String? = nil) -> Listing<LedgerRecord> {
    Listing(
      self, "/api/v1/usage/ledger",
      named("workspace_id", workspaceID) + named("period", period))
  }

  /// Whether so much could be used now. Nothing is used or set aside by asking.
  public func checkQuota(
    _ metric: QuotaMetric, count: Int = 1, workspaceID: String? = nil
  ) async throws(CloudError) -> QuotaCheck {
    try await post(
      "/api/v1/quotas/check",
      QuotaCheckRequest(workspaceID: workspaceID, metric: metric, count: count))
  }

  /// The plans that a workspace can be on.
  public func plans() async throws(CloudError) -> [Plan] {
    let page: Page<Plan> = try await get("/api/v1/plans")
    return page.items
  }

  /// Defines a plan, or defines one anew, at once for all workspaces on it. Needs the admin token.
  public func definePlan(
    _ name: String, _ request: DefinePlanRequest
  ) async throws(CloudError) -> Plan {
    try await change(.PUT, "/api/v1/plans/\(name.percentEncoded)", request)
      .decoded(as: Plan.self)
  }

  /// Who did what in a workspace, newest first; the admin token must name the workspace.
  public func audit(workspaceID: String? = nil) -> Listing<AuditEntry> {
    Listing(self, "/api/v1/audit", named("workspace_id", workspaceID))
  }
}
