/// One moment of the state. Valid only inside ``StateReader/read(_:)``.
///
/// Single lookups are O(log n); lists are O(log n + limit).
public struct StateView: ~Copyable {
  let connection: Connection

  /// The index, term, clock and digest of this moment.
  public let position: StatePosition

  init(connection: Connection, position: StatePosition) {
    self.connection = connection
    self.position = position
  }

  // MARK: Cluster

  /// Who the cluster is; nothing before it was initialised.
  public func clusterIdentity() throws -> ClusterIdentity? {
    try connection.clusterIdentity()
  }

  /// The keys that sign access tokens, oldest first.
  public func signingKeys() throws -> [SigningKey] {
    try connection.all("SELECT * FROM signing_keys ORDER BY created_at, id") { SigningKey($0) }
  }

  /// Whether there is a key that signs access tokens, or has signed some that may still hold.
  public func hasSigningKey(_ id: String) throws -> Bool {
    try connection.hasSigningKey(id)
  }

  /// The operator's tokens, by node.
  public func adminTokens() throws -> [AdminToken] {
    try connection.all("SELECT * FROM admin_tokens ORDER BY member_name") { try AdminToken($0) }
  }

  /// The operator's token with this hash; the first by node if several have it.
  public func adminToken(hash: SecretHash) throws -> AdminToken? {
    try connection.first(
      "SELECT * FROM admin_tokens WHERE hash = ? ORDER BY member_name LIMIT 1", hash
    ) { try AdminToken($0) }
  }

  /// All plans, cheapest first, those by agreement last.
  public func plans() throws -> [Plan] {
    try connection.all(
      "SELECT * FROM plans ORDER BY monthly_price_cents IS NULL, monthly_price_cents, id"
    ) { Plan($0) }
  }

  /// A plan.
  public func plan(_ id: PlanID) throws -> Plan? {
    try connection.plan(id)
  }

  /// The secret from which nodes derive what all of them must derive alike; nothing before the cluster
  /// was initialised.
  public func clusterSecret() throws -> [UInt8]? {
    try connection.first("SELECT secret FROM cluster WHERE id = 1") { $0.blob(0) }
  }

  // MARK: Audit

  /// The audit log of a workspace, or of everything, newest first.
  public func auditRecords(
    of workspaceID: WorkspaceID?, after cursor: PageCursor? = nil, limit: Int = 100
  ) throws -> Page<AuditRecord> {
    let before = cursor.flatMap { Int64($0.id) } ?? .max
    let items =
      if let workspaceID {
        try connection.all(
          "SELECT * FROM audit WHERE workspace_id = ? AND id < ? ORDER BY id DESC LIMIT ?",
          workspaceID, before, readAhead(limit)
        ) { try AuditRecord($0) }
      } else {
        try connection.all(
          "SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?", before, readAhead(limit)
        ) { try AuditRecord($0) }
      }
    return Page(items, limit: limit) { PageCursor(time: $0.at, id: String($0.id)) }
  }

  /// What the audit log says of a user's account and of what the user did outside of workspaces, newest
  /// first.
  public func auditRecords(
    ofAccount userID: UserID, after cursor: PageCursor? = nil, limit: Int = 100
  ) throws -> Page<AuditRecord> {
    let items = try connection.all(
      """
      SELECT * FROM audit WHERE user_id = ? AND workspace_id IS NULL AND id < ?
      ORDER BY id DESC LIMIT ?
      """, userID, cursor.flatMap { Int64($0.id) } ?? .max, readAhead(limit)
    ) { try AuditRecord($0) }
    return Page(items, limit: limit) { PageCursor(time: $0.at, id: String($0.id)) }
  }

  // MARK: Users

  /// A user.
  public func user(_ id: UserID) throws -> User? {
    try connection.user(id)
  }

  /// The user with an address, in any case.
  public func user(email: String) throws -> User? {
    guard let address = EmailAddress(email) else { return nil }
    return try connection.user(email: address.normalised)
  }

  /// The workspaces of a user with the user's role in each, oldest membership first.
  public func workspaces(
    of userID: UserID, after cursor: PageCursor? = nil, limit: Int = 100
  ) throws -> Page<(workspace: Workspace, role: Role)> {
    let items = try connection.all(
      """
      SELECT w.*, m.* FROM memberships m JOIN workspaces w ON w.id = m.workspace_id
      WHERE m.user_id = ?1 AND (m.created_at, m.workspace_id) > (?2, ?3)
      ORDER BY m.created_at, m.workspace_id LIMIT ?4
      """, userID, cursor.lowestTime, cursor.lowestID, readAhead(limit)
    ) { row in
      (workspace: Workspace(row), membership: try Membership(row, from: Workspace.columnCount))
    }
    let page = Page(items, limit: limit) { item in
      PageCursor(time: item.membership.createdAt, id: item.workspace.id.rawValue)
    }
    return page.map { ($0.workspace, $0.membership.role) }
  }

  // MARK: Workspaces

  /// All workspaces, oldest first.
  public func workspaces(
    after cursor: PageCursor? = nil, limit: Int = 100
  ) throws -> Page<Workspace> {
    let items = try connection.all(
      """
      SELECT * FROM workspaces WHERE (created_at, id) > (?1, ?2)
      ORDER BY created_at, id LIMIT ?3
      """, cursor.lowestTime, cursor.lowestID, readAhead(limit)
    ) { Workspace($0) }
    return Page(items, limit: limit) { PageCursor(time: $0.createdAt, id: $0.id.rawValue) }
  }

  /// A workspace.
  public func workspace(_ id: WorkspaceID) throws -> Workspace? {
    try connection.workspace(id)
  }

  /// What a workspace may use; nothing if there is none.
  public func limits(of id: WorkspaceID) throws -> Limits? {
    try connection.workspace(id).map { try connection.limits(of: $0) }
  }

  /// A user's place in a workspace; nothing for somebody who is no member.
  public func membership(_ workspaceID: WorkspaceID, _ userID: UserID) throws -> Membership? {
    try connection.membership(workspaceID, userID)
  }

  /// Whether two users are members of the same workspace. O(log n) for each workspace of the first.
  public func shareWorkspace(_ first: UserID, _ second: UserID) throws -> Bool {
    try connection.first(
      """
      SELECT 1 FROM memberships m JOIN workspaces w ON w.id = m.workspace_id
      JOIN memberships o ON o.workspace_id = m.workspace_id AND o.user_id = ?2
      WHERE m.user_id = ?1 LIMIT 1
      """, first, second
    ) { _ in true } ?? false
  }

  /// A user as a member of a workspace; nothing for somebody who is none.
  public func member(_ userID: UserID, of workspaceID: WorkspaceID) throws -> Member? {
    guard let membership = try connection.membership(workspaceID, userID),
      let user = try connection.user(userID)
    else { return nil }
    return Member(membership: membership, user: user)
  }

  /// The members of a workspace, by user identifier.
  public func members(
    of workspaceID: WorkspaceID, after cursor: PageCursor? = nil, limit: Int = 100
  ) throws -> Page<Member> {
    let items = try connection.all(
      """
      SELECT m.*, u.* FROM memberships m JOIN users u ON u.id = m.user_id
      WHERE m.workspace_id = ?1 AND m.user_id > ?2
      ORDER BY m.user_id LIMIT ?3
      """, workspaceID, cursor.lowestID, readAhead(limit)
    ) { row in
      Member(
        membership: try Membership(row), user: User(row, from: Membership.columnCount))
    }
    return Page(items, limit: limit) { member in
      PageCursor(time: member.membership.createdAt, id: member.user.id.rawValue)
    }
  }

  /// The first owner of a workspace by user identifier; nothing if there is no such workspace.
  public func owner(of workspaceID: WorkspaceID) throws -> UserID? {
    guard try connection.workspace(workspaceID) != nil else { return nil }
    return try connection.first(
      """
      SELECT user_id FROM memberships WHERE workspace_id = ? AND role = 'owner'
      ORDER BY user_id LIMIT 1
      """, workspaceID
    ) { UserID($0, 0) }
  }

  // MARK: API keys

  /// A key, whether or not it is still valid.
  public func apiKey(_ id: APIKeyID) throws -> APIKey? {
    try connection.apiKey(id)
  }

  /// The keys of a workspace that are not revoked, oldest first.
  public func apiKeys(
    of workspaceID: WorkspaceID, after cursor: PageCursor? = nil, limit: Int = 100
  ) throws -> Page<APIKey> {
    let items = try connection.all(
      """
      SELECT * FROM api_keys
      WHERE workspace_id = ?1 AND revoked_at IS NULL AND (created_at, id) > (?2, ?3)
      ORDER BY created_at, id LIMIT ?4
      """, workspaceID, cursor.lowestTime, cursor.lowestID, readAhead(limit)
    ) { try APIKey($0) }
    return Page(items, limit: limit) { PageCursor(time: $0.createdAt, id: $0.id.rawValue) }
  }

  // MARK: Usage

  /// The rows of a workspace in a month; nothing if there is no such workspace.
  ///
  /// `now` is for a quiet cluster, whose own clock stands still: reservations that have run out by
  /// then are not counted, even if no command has returned their rows yet.
  public func rowUsage(
    of workspaceID: WorkspaceID, in month: Month, now: Timestamp? = nil
  ) throws -> RowUsage? {
    guard let workspace = try connection.workspace(workspaceID) else { return nil }
    let moment = max(now ?? position.clock, position.clock)
    let reserved = try connection.first(
      """
      SELECT coalesce(sum(rows), 0) FROM reservations
      WHERE workspace_id = ? AND expires_at > ? AND month = ?
      """, workspaceID, moment, month
    ) { $0.integer(0) }
    let settled = try connection.first(
      "SELECT used, analyses FROM usage WHERE workspace_id = ? AND month = ?", workspaceID, month
    ) { (used: $0.integer(0), analyses: $0.integer(1)) }
    return RowUsage(
      month: month, used: settled?.used ?? 0, reserved: reserved ?? 0,
      limit: try connection.limits(of: workspace).maxRows, resetsAt: month.end,
      analyses: settled?.analyses ?? 0)
  }

  /// The members of a workspace against its limit; nothing if there is no such workspace.
  public func userUsage(of workspaceID: WorkspaceID) throws -> UserUsage? {
    guard let workspace = try connection.workspace(workspaceID) else { return nil }
    return UserUsage(
      used: workspace.memberCount, limit: try connection.limits(of: workspace).maxUsers)
  }

  /// An open reservation.
  public func reservation(_ id: ReservationID) throws -> Reservation? {
    try connection.reservation(id)
  }

  /// An analysis that has ended.
  public func analysis(_ id: AnalysisID) throws -> AnalysisRecord? {
    try connection.first("SELECT * FROM analyses WHERE id = ?", id) { try AnalysisRecord($0) }
  }

  /// The analyses of a workspace that have ended, newest first.
  public func analyses(
    of workspaceID: WorkspaceID, after cursor: PageCursor? = nil, limit: Int = 100
  ) throws -> Page<AnalysisRecord> {
    let items = try connection.all(
      """
      SELECT * FROM analyses WHERE workspace_id = ?1 AND (created_at, id) < (?2, ?3)
      ORDER BY created_at DESC, id DESC LIMIT ?4
      """, workspaceID, cursor?.time ?? Timestamp(milliseconds: .max), cursor?.id ?? "",
      readAhead(limit)
    ) { try AnalysisRecord($0) }
    return Page(items, limit: limit) { PageCursor(time: $0.createdAt, id: $0.id.rawValue) }
  }

  /// One item more than asked for tells whether there is a rest.
  func readAhead(_ limit: Int) -> Int64 {
    precondition((1...10_000).contains(limit), "a page has 1 to 10,000 items")
    return Int64(limit) + 1
  }
}

extension PageCursor? {
  /// Before every time there is.
  var lowestTime: Timestamp { self?.time ?? Timestamp(milliseconds: -1) }
  /// Before every identifier there is.
  var lowestID: String { self?.id ?? "" }
}

/// The rows of a workspace in a month.
public struct RowUsage: Hashable, Sendable {
  /// Which month.
  public var month: Month
  /// Billed.
  public var used: Int64
  /// Set aside for analyses that run.
  public var reserved: Int64
  /// The most there may be of both; nothing means unlimited.
  public var limit: Int64?
  /// When the count starts anew.
  public var resetsAt: Timestamp
  /// The analyses settled.
  public var analyses: Int64
}

/// The members of a workspace against its limit.
public struct UserUsage: Hashable, Sendable {
  /// Members now.
  public var used: Int64
  /// The most there may be; nothing means unlimited.
  public var limit: Int64?
}
