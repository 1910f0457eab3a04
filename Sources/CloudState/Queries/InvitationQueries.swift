extension Connection {
  func invitation(_ id: InvitationID) throws -> Invitation? {
    try first("SELECT * FROM invitations WHERE id = ?", id) { try Invitation($0) }
  }

  func invitation(tokenHash: SecretHash) throws -> Invitation? {
    try first("SELECT * FROM invitations WHERE token_hash = ?", tokenHash) { try Invitation($0) }
  }
}

extension StateView {
  /// The invitation that a token accepts, whether or not it has run out.
  public func invitation(tokenHash: SecretHash) throws -> Invitation? {
    try connection.invitation(tokenHash: tokenHash)
  }

  /// The open invitations of a workspace, oldest first.
  public func invitations(
    of workspaceID: WorkspaceID, at time: Timestamp, after cursor: PageCursor? = nil,
    limit: Int = 100
  ) throws -> Page<Invitation> {
    let items = try connection.all(
      """
      SELECT * FROM invitations
      WHERE workspace_id = ?1 AND (created_at, id) > (?2, ?3) AND expires_at > ?4
      ORDER BY created_at, id LIMIT ?5
      """, workspaceID, cursor.lowestTime, cursor.lowestID, max(time, position.clock),
      readAhead(limit)
    ) { try Invitation($0) }
    return Page(items, limit: limit) { PageCursor(time: $0.createdAt, id: $0.id.rawValue) }
  }

  /// Whether a token sets a password.
  public func isPasswordReset(_ tokenHash: SecretHash, at time: Timestamp) throws -> Bool {
    try connection.first(
      "SELECT 1 FROM password_resets WHERE token_hash = ? AND expires_at > ?", tokenHash,
      max(time, position.clock)
    ) { _ in true } ?? false
  }
}
