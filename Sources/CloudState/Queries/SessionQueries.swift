extension StateView {
  /// A session, whether or not it has run out.
  public func session(_ id: SessionID) throws -> Session? {
    try connection.session(id)
  }

  /// The key that authenticates a session's refresh tokens.
  public func sessionKey(_ id: SessionID) throws -> [UInt8]? {
    try connection.first("SELECT key FROM sessions WHERE id = ?", id) { $0.blob(0) }
  }

  /// The sessions of a user that have not run out, the one renewed last first. There are at most
  /// ``StateLimits/sessions``.
  public func sessions(of userID: UserID, at time: Timestamp) throws -> [Session] {
    try connection.all(
      """
      SELECT * FROM sessions WHERE user_id = ? AND expires_at > ?
      ORDER BY refreshed_at DESC, id DESC
      """, userID, max(time, position.clock)
    ) { Session($0) }
  }
}
