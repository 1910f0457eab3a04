/// Creates a key that acts for a member. Needs `manage_keys`. Nobody makes a key with more rights
/// than their own: the member's role may not be above the caller's, and a key that creates keys
/// may only pass on its own scopes.
public struct CreateAPIKey: Hashable, Sendable {
  /// Made by the proposer.
  public var id: APIKeyID
  /// Where.
  public var workspaceID: WorkspaceID
  /// For which member.
  public var userID: UserID
  /// The name to show.
  public var name: String
  /// What it is made for; at least one.
  public var scopes: Scopes
  /// The hash of its secret.
  public var secretHash: SecretHash
  /// The first moment at which it is no longer valid; nothing if it does not expire.
  public var expiresAt: Timestamp?

  /// Proposes a key.
  public init(
    id: APIKeyID, workspaceID: WorkspaceID, userID: UserID, name: String, scopes: Scopes,
    secretHash: SecretHash, expiresAt: Timestamp? = nil
  ) {
    self.id = id
    self.workspaceID = workspaceID
    self.userID = userID
    self.name = name
    self.scopes = scopes
    self.secretHash = secretHash
    self.expiresAt = expiresAt
  }
}

extension CreateAPIKey: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .createAPIKey(self) }
  /// The key.
  public static func success(of effect: Effect) -> APIKey? {
    if case .apiKeyCreated(let key) = effect { key } else { nil }
  }
}

/// Revokes a key. Needs `manage_keys`. Revoking again changes nothing and is answered the same.
public struct RevokeAPIKey: Hashable, Sendable {
  /// Where the key is valid; a key of another workspace is not found.
  public var workspaceID: WorkspaceID
  /// Which.
  public var id: APIKeyID

  /// Proposes a revocation.
  public init(workspaceID: WorkspaceID, id: APIKeyID) {
    self.workspaceID = workspaceID
    self.id = id
  }
}

extension RevokeAPIKey: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .revokeAPIKey(self) }
  /// The key, with the time it was first revoked.
  public static func success(of effect: Effect) -> APIKey? {
    if case .apiKeyRevoked(let key) = effect { key } else { nil }
  }
}
