extension Transition {
  func createAPIKey(_ command: CreateAPIKey) throws -> Effect {
    let (workspace, authority) = try workspace(command.workspaceID, requiring: .manageKeys)
    try Rejection.requireWellFormed(command.id, field: "key_id")
    try Rejection.requireName(command.name, field: "name")
    guard !command.scopes.isEmpty, Scopes.all.isSuperset(of: command.scopes) else {
      throw Rejection.invalid(
        field: "scopes", message: "must be at least one of \(Scopes.all.names)")
    }
    if let expiresAt = command.expiresAt {
      guard now < expiresAt, Timestamp.valid.contains(expiresAt) else {
        throw Rejection.invalid(field: "expires_at", message: "must be in the future")
      }
    }
    let makers = try requireMayMake(
      command.id, for: member(command.userID, of: workspace.id), command.scopes, authority)
    try countNewKey(in: workspace.id)
    let key = APIKey(
      id: command.id, workspaceID: workspace.id, userID: command.userID, name: command.name,
      scopes: command.scopes, secretHash: command.secretHash, createdAt: now,
      expiresAt: command.expiresAt, revokedAt: nil, lastUsedAt: nil, replacedBy: nil,
      makers: makers)
    try insert(key)
    return .apiKeyCreated(key)
  }

  func rotateAPIKey(_ command: RotateAPIKey) throws -> Effect {
    let (workspace, authority) = try workspace(command.workspaceID, requiring: .manageKeys)
    try Rejection.requireWellFormed(command.newID, field: "key_id")
    try Rejection.requireRange(
      command.overlap, 0...StateLimits.keyOverlap, field: "overlap")
    guard var old = try connection.apiKey(command.id), old.workspaceID == workspace.id else {
      throw Rejection.notFound(.apiKey)
    }
    guard old.isActive(at: now), old.replacedBy == nil else {
      throw Rejection.conflict(.keyNotActive)
    }
    let makers = try requireMayMake(
      command.newID, for: member(old.userID, of: workspace.id), old.scopes, authority)
    try countNewKey(in: workspace.id)
    let new = APIKey(
      id: command.newID, workspaceID: workspace.id, userID: old.userID, name: old.name,
      scopes: old.scopes, secretHash: command.secretHash, createdAt: now,
      expiresAt: old.expiresAt, revokedAt: nil, lastUsedAt: nil, replacedBy: nil, makers: makers)
    try insert(new)
    let end = now.adding(milliseconds: command.overlap)
    old.expiresAt = old.expiresAt.map { min($0, end) } ?? end
    old.replacedBy = new.id
    try connection.run(
      "UPDATE api_keys SET expires_at = ?, replaced_by = ? WHERE id = ?", old.expiresAt, new.id,
      old.id)
    return .apiKeyRotated(old: old, new: new)
  }

  func noteKeyUse(_ command: NoteKeyUse) throws -> Effect {
    guard case .node = actor else { throw Rejection.forbidden(.operateCluster) }
    guard command.uses.count <= StateLimits.keyUsesAtOnce else {
      throw Rejection.invalid(
        field: "uses", message: "must be at most \(StateLimits.keyUsesAtOnce)")
    }
    var noted: Int64 = 0
    for use in command.uses {
      // Nodes tell of the same key in any order.
      noted += Int64(
        try connection.run(
          """
          UPDATE api_keys SET last_used_at = ?1
          WHERE id = ?2 AND (last_used_at IS NULL OR last_used_at < ?1)
          """, min(use.at, now), use.id))
    }
    return .keyUseNoted(noted)
  }

  /// Expired keys no longer count among a workspace's.
  func retireKeys(limit: Int64) throws -> Int {
    let expired = try connection.all(
      """
      SELECT * FROM api_keys WHERE revoked_at IS NULL AND expires_at <= ?
      ORDER BY expires_at, id LIMIT ?
      """, now, limit
    ) { try APIKey($0) }
    for key in expired {
      try connection.run("UPDATE api_keys SET revoked_at = expires_at WHERE id = ?", key.id)
      try connection.run(
        "UPDATE workspaces SET active_keys = active_keys - 1 WHERE id = ?", key.workspaceID)
    }
    return expired.count
  }

  /// Nor are they, or revoked ones, kept for ever.
  func forgetRevokedKeys(limit: Int64) throws -> Int {
    try connection.run(
      """
      DELETE FROM api_keys WHERE id IN (
        SELECT id FROM api_keys WHERE revoked_at <= ? ORDER BY revoked_at, id LIMIT ?)
      """, Transition.oldestRevocation(at: now), limit)
  }

  /// A key that was revoked at this time or before is no longer kept.
  static func oldestRevocation(at now: Timestamp) -> Timestamp {
    now.adding(milliseconds: -StateLimits.revokedKeyLength)
  }

  /// Nobody makes a key that may do more than they: not for an owner, unless they are one, and not with
  /// scopes beyond their own.
  ///
  /// - Returns: Who may know the key's secret besides the holder.
  private func requireMayMake(
    _ id: APIKeyID, for holder: Membership, _ scopes: Scopes, _ authority: Authority
  ) throws -> [UserID] {
    if holder.role == .owner && holder.userID != authority.userID {
      try authority.require(.manageOwners)
    }
    guard authority.scopes.isSuperset(of: scopes) else { throw Rejection.forbidden(.manageKeys) }
    guard try connection.apiKey(id) == nil else { throw Rejection.conflict(.identifierTaken) }
    let makers = authority.makers.filter { $0 != holder.userID }
    guard makers.count <= StateLimits.makers else { throw Rejection.forbidden(.manageKeys) }
    return makers
  }

  private func insert(_ key: APIKey) throws {
    try connection.run(
      "INSERT INTO api_keys VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL, ?)", key.id,
      key.workspaceID, key.userID, key.name, key.scopes, key.secretHash, key.createdAt,
      key.expiresAt, UserList(key.makers))
  }

  private func countNewKey(in workspaceID: WorkspaceID) throws {
    let counted = try connection.run(
      "UPDATE workspaces SET active_keys = active_keys + 1 WHERE id = ? AND active_keys < ?",
      workspaceID, StateLimits.activeKeys)
    guard counted == 1 else { throw Rejection.overloaded(.activeKeys) }
  }

  func revokeAPIKey(_ command: RevokeAPIKey) throws -> Effect {
    let (workspace, _) = try workspace(command.workspaceID, requiring: .manageKeys)
    guard var key = try connection.apiKey(command.id), key.workspaceID == workspace.id else {
      throw Rejection.notFound(.apiKey)
    }
    guard key.revokedAt == nil else { return .apiKeyRevoked(key) }
    key.revokedAt = now
    try revoke([key.id], in: workspace.id)
    return .apiKeyRevoked(key)
  }

  /// - Parameter ids: Keys of the workspace that are not revoked.
  func revoke(_ ids: [APIKeyID], in workspaceID: WorkspaceID) throws {
    for id in ids {
      try connection.run("UPDATE api_keys SET revoked_at = ? WHERE id = ?", now, id)
    }
    try connection.run(
      "UPDATE workspaces SET active_keys = active_keys - ? WHERE id = ?", Int64(ids.count),
      workspaceID)
  }
}
