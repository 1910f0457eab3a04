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
    let owner = try member(command.userID, of: workspace.id)
    if owner.role == .owner && owner.userID != authority.userID {
      try authority.require(.manageOwners)
    }
    guard authority.scopes.isSuperset(of: command.scopes) else {
      throw Rejection.forbidden(.manageKeys)
    }
    guard try connection.apiKey(command.id) == nil else {
      throw Rejection.conflict(.identifierTaken)
    }
    let counted = try connection.run(
      "UPDATE workspaces SET active_keys = active_keys + 1 WHERE id = ? AND active_keys < ?",
      workspace.id, StateLimits.activeKeys)
    guard counted == 1 else { throw Rejection.overloaded(.activeKeys) }
    let key = APIKey(
      id: command.id, workspaceID: workspace.id, userID: owner.userID, name: command.name,
      scopes: command.scopes, secretHash: command.secretHash, createdAt: now,
      expiresAt: command.expiresAt, revokedAt: nil)
    try connection.run(
      "INSERT INTO api_keys VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)", key.id, key.workspaceID,
      key.userID, key.name, key.scopes, key.secretHash, key.createdAt, key.expiresAt)
    return .apiKeyCreated(key)
  }

  func revokeAPIKey(_ command: RevokeAPIKey) throws -> Effect {
    let (workspace, _) = try workspace(command.workspaceID, requiring: .manageKeys)
    guard var key = try connection.apiKey(command.id), key.workspaceID == workspace.id else {
      throw Rejection.notFound(.apiKey)
    }
    guard key.revokedAt == nil else { return .apiKeyRevoked(key) }
    key.revokedAt = now
    try connection.run("UPDATE api_keys SET revoked_at = ? WHERE id = ?", now, key.id)
    try connection.run(
      "UPDATE workspaces SET active_keys = active_keys - 1 WHERE id = ?", workspace.id)
    return .apiKeyRevoked(key)
  }
}
