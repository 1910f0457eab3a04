/// One login of a user on one device. Access tokens name it and end with it; refresh tokens renew it.
public struct Session: Hashable, Sendable {
  /// Which.
  public var id: SessionID
  /// Whose.
  public var userID: UserID
  /// How often it was renewed, plus one. Only the refresh token of this generation is good: one of an
  /// earlier generation was used before, by its owner or by a thief.
  public var generation: Int64
  /// When the user logged in.
  public var createdAt: Timestamp
  /// When it was last renewed; the login if it was not.
  public var refreshedAt: Timestamp
  /// The first moment at which it can no longer be renewed, and has ended.
  public var expiresAt: Timestamp

  /// Whether it has not run out.
  public func isActive(at moment: Timestamp) -> Bool { moment < expiresAt }
}

/// What a new session starts with.
public struct NewSession: Hashable, Sendable {
  /// Made by the proposer.
  public var id: SessionID
  /// 32 random bytes that authenticate its refresh tokens.
  public var key: [UInt8]

  /// Describes a session.
  public init(id: SessionID, key: [UInt8]) {
    self.id = id
    self.key = key
  }
}
