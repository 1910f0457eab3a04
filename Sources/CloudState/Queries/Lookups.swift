// Lookups that both the state machine and its readers need. Each is O(log n).

extension Connection {
  func clusterIdentity() throws -> ClusterIdentity? {
    try first("SELECT cluster_id FROM cluster WHERE id = 1") {
      ClusterIdentity(clusterID: $0.text(0))
    }
  }

  func hasSigningKey(_ id: String) throws -> Bool {
    try first("SELECT 1 FROM signing_keys WHERE id = ?", id) { _ in true } ?? false
  }

  func plan(_ id: PlanID) throws -> Plan? {
    try first("SELECT * FROM plans WHERE id = ?", id) { Plan($0) }
  }

  func user(_ id: UserID) throws -> User? {
    try first("SELECT * FROM users WHERE id = ?", id) { User($0) }
  }

  /// By the normalised address.
  func user(email: String) throws -> User? {
    try first("SELECT * FROM users WHERE email = ?", email) { User($0) }
  }

  func session(_ id: SessionID) throws -> Session? {
    try first("SELECT * FROM sessions WHERE id = ?", id) { Session($0) }
  }

  func workspace(_ id: WorkspaceID) throws -> Workspace? {
    try first("SELECT * FROM workspaces WHERE id = ?", id) { Workspace($0) }
  }

  func membership(_ workspaceID: WorkspaceID, _ userID: UserID) throws -> Membership? {
    try first(
      "SELECT * FROM memberships WHERE workspace_id = ? AND user_id = ?", workspaceID, userID
    ) { try Membership($0) }
  }

  func apiKey(_ id: APIKeyID) throws -> APIKey? {
    try first("SELECT * FROM api_keys WHERE id = ?", id) { try APIKey($0) }
  }

  func reservation(_ id: ReservationID) throws -> Reservation? {
    try first("SELECT * FROM reservations WHERE id = ?", id) { try Reservation($0) }
  }

  func callLease(_ id: CallLeaseID) throws -> CallLease? {
    try first("SELECT * FROM call_leases WHERE id = ?", id) { CallLease($0) }
  }

  func callCount(of workspaceID: WorkspaceID, on day: Day) throws -> CallCount {
    try first(
      "SELECT spent, outstanding FROM call_usage WHERE workspace_id = ? AND day = ?", workspaceID,
      day
    ) { CallCount(spent: $0.integer(0), outstanding: $0.integer(1)) }
      ?? CallCount(spent: 0, outstanding: 0)
  }

  func limits(of workspace: Workspace) throws -> Limits {
    guard let plan = try plan(workspace.planID) else {
      throw StateError.damagedDatabase("plan '\(workspace.planID.rawValue)' is gone")
    }
    return Limits(
      plan: plan, settings: workspace.settings, setByOperator: workspace.setByOperator)
  }

  func position() throws -> StatePosition {
    let position = try first(
      "SELECT applied_index, applied_term, clock, digest FROM position WHERE id = 1"
    ) { row in
      StatePosition(
        index: UInt64(bitPattern: row.integer(0)), term: UInt64(bitPattern: row.integer(1)),
        clock: Timestamp(row, 2), digest: row.blob(3))
    }
    guard let position else { throw StateError.damagedDatabase("its position is gone") }
    return position
  }
}
