extension Transition {
  func updateWorkspace(_ command: UpdateWorkspace) throws -> Effect {
    var (workspace, _) = try workspace(command.workspaceID, requiring: .manageWorkspace)
    try require(command.revision, of: workspace)
    if let name = command.name {
      try Rejection.requireName(name, field: "name")
      workspace.name = name
    }
    if let planID = command.planID {
      guard isOperator else { throw Rejection.forbidden(.operateCluster) }
      guard let plan = try connection.plan(planID) else { throw Rejection.notFound(.plan) }
      if planID != workspace.planID { workspace.settings.narrow(to: plan) }
      workspace.planID = planID
    }
    workspace.settings.apply(command.settings)
    try workspace.settings.validate()
    if !isOperator, !command.settings.changes.isEmpty {
      try requireWithinPlan(command.settings, of: workspace)
    }
    workspace.setByOperator.subtract(command.settings.names)
    if isOperator { workspace.setByOperator.formUnion(command.settings.names) }
    workspace.setByOperator.formIntersection(workspace.settings.names)
    workspace.revision = index
    let settings = workspace.settings
    try connection.run(
      """
      UPDATE workspaces SET name = ?, plan_id = ?, max_rows = ?, max_api_calls = ?, max_users = ?,
        max_datasets = ?, retention_days = ?, revision = ?, set_by_operator = ?
      WHERE id = ?
      """, workspace.name, workspace.planID, settings.maxRows, settings.maxAPICalls,
      settings.maxUsers, settings.maxDatasets, settings.retentionDays, Int64(bitPattern: index),
      Int64(workspace.setByOperator.rawValue), workspace.id)
    return .workspaceUpdated(workspace)
  }

  func deleteWorkspace(_ command: DeleteWorkspace) throws -> Effect {
    let (workspace, _) = try workspace(command.workspaceID, requiring: .deleteWorkspace)
    try require(command.revision, of: workspace)
    try connection.run("DELETE FROM workspaces WHERE id = ?", workspace.id)
    try connection.run("INSERT INTO deleted_workspaces VALUES (?, ?)", workspace.id, now)
    return .workspaceDeleted(workspace.id)
  }

  func isBeingRemoved(_ id: WorkspaceID) throws -> Bool {
    try connection.first("SELECT 1 FROM deleted_workspaces WHERE id = ?", id) { _ in true } ?? false
  }

  /// Removes rows that belonged to deleted workspaces.
  func removeLeftBehind(limit: Int64) throws -> Int {
    var removed = 0
    while Int64(removed) < limit {
      let next = try connection.first(
        "SELECT id FROM deleted_workspaces ORDER BY id LIMIT 1"
      ) { WorkspaceID($0, 0) }
      guard let id = next else { break }
      removed += try removeRows(of: id, limit: limit - Int64(removed))
      if Int64(removed) < limit {
        try connection.run("DELETE FROM deleted_workspaces WHERE id = ?", id)
        removed += 1
      }
    }
    return removed
  }

  private func removeRows(of id: WorkspaceID, limit: Int64) throws -> Int {
    var removed = 0
    for statement in Transition.removals where Int64(removed) < limit {
      removed += try connection.run(statement, id, limit - Int64(removed))
    }
    return removed
  }

  /// One for each table with a workspace's rows.
  private static let removals: [StaticString] = [
    """
    DELETE FROM memberships WHERE workspace_id = ?1 AND user_id IN (
      SELECT user_id FROM memberships WHERE workspace_id = ?1 ORDER BY user_id LIMIT ?2)
    """,
    """
    DELETE FROM invitations WHERE id IN (
      SELECT id FROM invitations WHERE workspace_id = ?1 ORDER BY created_at, id LIMIT ?2)
    """,
    """
    DELETE FROM api_keys WHERE id IN (
      SELECT id FROM api_keys WHERE workspace_id = ?1 ORDER BY created_at, id LIMIT ?2)
    """,
    """
    DELETE FROM reservations WHERE id IN (
      SELECT id FROM reservations WHERE workspace_id = ?1 ORDER BY expires_at, id LIMIT ?2)
    """,
    """
    DELETE FROM usage WHERE workspace_id = ?1 AND month IN (
      SELECT month FROM usage WHERE workspace_id = ?1 ORDER BY month LIMIT ?2)
    """,
    """
    DELETE FROM call_leases WHERE id IN (
      SELECT id FROM call_leases WHERE workspace_id = ?1 ORDER BY expires_at, id LIMIT ?2)
    """,
    """
    DELETE FROM call_usage WHERE workspace_id = ?1 AND day IN (
      SELECT day FROM call_usage WHERE workspace_id = ?1 ORDER BY day LIMIT ?2)
    """,
    """
    DELETE FROM ledger WHERE analysis_id IN (
      SELECT analysis_id FROM ledger WHERE workspace_id = ?1
      ORDER BY month, settled_at, analysis_id LIMIT ?2)
    """,
    """
    DELETE FROM analyses WHERE id IN (
      SELECT id FROM analyses WHERE workspace_id = ?1 ORDER BY created_at, id LIMIT ?2)
    """,
    """
    DELETE FROM audit WHERE id IN (
      SELECT id FROM audit WHERE workspace_id = ?1 ORDER BY id LIMIT ?2)
    """,
  ]

  private func require(_ revision: UInt64?, of workspace: Workspace) throws(Rejection) {
    guard revision == nil || revision == workspace.revision else {
      throw .conflict(.changedMeanwhile)
    }
  }

  /// A tenant may set a limit up to the plan's. One that an operator has set wider stays as it is,
  /// unless the tenant changes it.
  private func requireWithinPlan(
    _ changes: WorkspaceSettingsChange, of workspace: Workspace
  ) throws {
    guard let plan = try connection.plan(workspace.planID) else {
      throw StateError.damagedDatabase("plan '\(workspace.planID.rawValue)' is gone")
    }
    var changed = WorkspaceSettings()
    changed.apply(changes)
    guard changed.narrows(plan) else { throw Rejection.forbidden(.operateCluster) }
  }
}

extension WorkspaceSettings {
  fileprivate mutating func apply(_ change: WorkspaceSettingsChange) {
    func apply(_ change: LimitChange?, to limit: inout Int64?) {
      switch change {
      case nil: break
      case .set(let value): limit = value
      case .asInPlan: limit = nil
      }
    }
    apply(change.maxRows, to: &maxRows)
    apply(change.maxAPICalls, to: &maxAPICalls)
    apply(change.maxUsers, to: &maxUsers)
    apply(change.maxDatasets, to: &maxDatasets)
    apply(change.retentionDays, to: &retentionDays)
  }

  /// Drops what is wider than a plan.
  fileprivate mutating func narrow(to plan: Plan) {
    func narrow(_ limit: inout Int64?, to most: Int64?) {
      if let value = limit, let most, value > most { limit = nil }
    }
    narrow(&maxRows, to: plan.maxRows)
    narrow(&maxAPICalls, to: plan.maxAPICalls)
    narrow(&maxUsers, to: plan.maxUsers)
    narrow(&maxDatasets, to: plan.maxDatasets)
    narrow(&retentionDays, to: plan.retentionDays)
  }
}
