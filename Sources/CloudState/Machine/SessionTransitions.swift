// Sessions: opened by a login, renewed by their refresh tokens, and ended by logout, by reuse of a refresh
// token, by a new password, or because nobody renewed them.

extension Transition {
  func openSession(_ command: OpenSession) throws -> Effect {
    guard actor == .user(command.userID), let user = try connection.user(command.userID),
      user.passwordHash == command.passwordHash
    else { throw Rejection.unauthenticated }
    try forgiveAttempt(of: user, from: command.network)
    return .sessionOpened(try insert(command.session, of: user.id))
  }

  func refreshSession(_ command: RefreshSession) throws -> Effect {
    guard actor == .session(command.id), var session = try activeSession(command.id),
      command.generation <= session.generation
    else { throw Rejection.unauthenticated }
    guard command.generation == session.generation else {
      try connection.run("DELETE FROM sessions WHERE id = ?", session.id)
      return .sessionReused(session)
    }
    session.generation += 1
    session.refreshedAt = now
    session.expiresAt = now.adding(milliseconds: StateLimits.sessionLength)
    try connection.run(
      "UPDATE sessions SET generation = ?, refreshed_at = ?, expires_at = ? WHERE id = ?",
      session.generation, session.refreshedAt, session.expiresAt, session.id)
    return .sessionRenewed(session)
  }

  func closeSession(_ command: CloseSession) throws -> Effect {
    guard let userID = try actingUserID() else { throw Rejection.unauthenticated }
    guard let session = try activeSession(command.id), session.userID == userID else {
      throw Rejection.notFound(.session)
    }
    if command.everywhere { return .sessionsClosed(try endSessions(of: userID)) }
    let closed = try connection.run("DELETE FROM sessions WHERE id = ?", session.id)
    return .sessionsClosed(Int64(closed))
  }

  /// Makes a session, and room for it: the one that was renewed longest ago goes.
  @discardableResult
  func insert(_ new: NewSession, of userID: UserID) throws -> Session {
    try Rejection.requireWellFormed(new.id, field: "session_id")
    guard new.key.count == 32 else {
      throw Rejection.invalid(field: "session_key", message: "must be 32 bytes")
    }
    guard try connection.session(new.id) == nil else {
      throw Rejection.conflict(.identifierTaken)
    }
    try connection.run(
      """
      DELETE FROM sessions WHERE id IN (
        SELECT id FROM sessions WHERE user_id = ? ORDER BY refreshed_at DESC, id DESC
        LIMIT -1 OFFSET ?)
      """, userID, StateLimits.sessions - 1)
    let session = Session(
      id: new.id, userID: userID, generation: 1, createdAt: now, refreshedAt: now,
      expiresAt: now.adding(milliseconds: StateLimits.sessionLength))
    try connection.run(
      "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?)", session.id, session.userID,
      session.generation, session.createdAt, session.refreshedAt, session.expiresAt, new.key)
    return session
  }

  /// Ends all sessions of a user, other than one if it is named.
  @discardableResult
  func endSessions(of userID: UserID, except kept: SessionID? = nil) throws -> Int64 {
    Int64(
      try connection.run("DELETE FROM sessions WHERE user_id = ? AND id IS NOT ?", userID, kept))
  }

  /// The sessions that ran out longest ago, a bounded number of them.
  func forgetExpiredSessions(limit: Int64) throws -> Int {
    try connection.run(
      """
      DELETE FROM sessions WHERE id IN (
        SELECT id FROM sessions WHERE expires_at <= ? ORDER BY expires_at, id LIMIT ?)
      """, now, limit)
  }

  /// Expired is expired, whether or not a sweep has come by.
  func activeSession(_ id: SessionID) throws -> Session? {
    guard let session = try connection.session(id), session.isActive(at: now) else { return nil }
    return session
  }

  /// The user who acts, with a session or by a node that knows them; nothing for anybody else.
  ///
  /// - Throws: `Rejection.unauthenticated` if the session has ended.
  func actingUserID() throws -> UserID? {
    switch actor {
    case .anonymous, .node, .operator, .apiKey: return nil
    case .user(let id): return id
    case .session(let id):
      guard let session = try activeSession(id) else { throw Rejection.unauthenticated }
      return session.userID
    }
  }
}
