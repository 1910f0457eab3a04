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

/// Puts a new key in the place of another, with the same user, scopes, name and end. The old one goes
/// on for a while, so that programs can change over. Needs what creating the key would.
public struct RotateAPIKey: Hashable, Sendable {
  /// Where the key is valid; a key of another workspace is not found.
  public var workspaceID: WorkspaceID
  /// Which.
  public var id: APIKeyID
  /// The new one, made by the proposer.
  public var newID: APIKeyID
  /// The hash of the new one's secret.
  public var secretHash: SecretHash
  /// For how long the old one goes on, in milliseconds; at most 7 days.
  public var overlap: Int64

  /// Proposes a rotation.
  public init(
    workspaceID: WorkspaceID, id: APIKeyID, newID: APIKeyID, secretHash: SecretHash, overlap: Int64
  ) {
    self.workspaceID = workspaceID
    self.id = id
    self.newID = newID
    self.secretHash = secretHash
    self.overlap = overlap
  }
}

extension RotateAPIKey: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .rotateAPIKey(self) }
  /// The old key with its end, and the new one.
  public static func success(of effect: Effect) -> (old: APIKey, new: APIKey)? {
    if case .apiKeyRotated(let old, let new) = effect { (old, new) } else { nil }
  }
}

/// Tells when keys were used; a node gathers many uses into one. By a node.
public struct NoteKeyUse: Hashable, Sendable {
  /// The latest use of each key that the node knows of; at most 1,000 keys.
  public var uses: [Use]

  /// Tells of uses.
  public init(uses: [Use]) {
    self.uses = uses
  }

  /// One key's latest use.
  public struct Use: Hashable, Sendable {
    /// Which key.
    public var id: APIKeyID
    /// When.
    public var at: Timestamp

    /// A use.
    public init(id: APIKeyID, at: Timestamp) {
      self.id = id
      self.at = at
    }
  }
}

extension NoteKeyUse: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .noteKeyUse(self) }
  /// Of how many keys this was news.
  public static func success(of effect: Effect) -> Int64? {
    if case .keyUseNoted(let noted) = effect { noted } else { nil }
  }
}
