import CloudAPI
import CloudState

/// A user's sessions: renewed, ended and listed.
struct SessionRoutes: Sendable {
  let proposer: Proposer
  let tokens: SessionTokens
  let attempts: Attempts

  var routes: [Route] {
    [
      .perform(.post, "/api/v1/auth/refresh", .anyone, .refreshTokens, refresh),
      .perform(.post, "/api/v1/auth/logout", .user, .logOut, logOut),
      .query("/api/v1/auth/sessions", .user, .listSessions, Self.list),
      .perform(.delete, "/api/v1/auth/sessions/{id}", .user, .endSession, end),
    ]
  }

  private func refresh(_ call: Call) async throws -> Answer {
    let refused = Failure.unauthenticated("the refresh token is not valid; log in again")
    guard let token = RefreshToken(try RefreshRequest(call.fields()).refreshToken) else {
      throw refused
    }
    // The session may be newer than this node's state.
    let key = try await key(of: token, call)
    guard let key, token.isGenuine(key: key) else {
      // Only what is made up counts: nobody can keep those out who have a token.
      try await attempts.count(.refresh, in: call)
      attempts.noteFailure(of: Attempt.refresh.action, in: call)
      throw refused
    }
    var commands = call.commands
    commands.actor = .session(token.session)
    let refresh = RefreshSession(id: token.session, generation: token.generation)
    switch try await proposer.propose(refresh, in: commands) {
    case .renewed(let session):
      try await requireNewest(session, call)
      return try .json(try await tokens.tokens(renewing: session, key: key))
    case .reused: throw Self.reused
    }
  }

  private func key(of token: RefreshToken, _ call: Call) async throws -> [UInt8]? {
    let question: @Sendable (borrowing StateView) throws -> [UInt8]? = { view in
      try view.sessionKey(token.session)
    }
    if let key = try await call.replica.state.read(question) { return key }
    return try await call.replica.readBehindBarrier(question)
  }

  private static let reused = Failure.unauthenticated(
    "the refresh token was used before, so its session has ended; log in again")

  /// A repetition is answered as the first time only until the session is renewed again. Whoever repeats
  /// it later has not got the newer token, and is not its owner: the session ends.
  private func requireNewest(_ session: Session, _ call: Call) async throws {
    guard call.isRepeatable else { return }
    let current = try await call.replica.readBehindBarrier { view in
      try view.session(session.id)?.generation
    }
    guard current != session.generation else { return }
    if current != nil {
      _ = try await proposer.propose(
        RefreshSession(id: session.id, generation: session.generation - 1),
        in: CommandContext(actor: .session(session.id), origin: call.commands.origin))
    }
    throw Self.reused
  }

  private func logOut(_ call: Call) async throws -> Answer {
    let request = try LogoutRequest(call)
    let close = CloseSession(id: try call.requireSession(), everywhere: request.everywhere ?? false)
    _ = try await proposer.propose(close, in: call.commands)
    return .noContent
  }

  private static func list(_ view: borrowing StateView, _ call: Call) throws -> Answer {
    guard let user = call.caller.user else { throw RouteMismatch() }
    let current = try call.requireSession()
    return try .json(
      CloudAPI.Page(
        items: view.sessions(of: user.id, at: call.replica.now()).map {
          LoginSession($0, isCurrent: $0.id == current)
        }))
  }

  private func end(_ call: Call) async throws -> Answer {
    let close = CloseSession(id: SessionID(rawValue: call.request.parameters["id"] ?? ""))
    _ = try await proposer.propose(close, in: call.commands)
    return .noContent
  }
}

extension Call {
  /// The session of a route for users.
  ///
  /// - Throws: ``RouteMismatch`` if the route was declared otherwise, which is a bug.
  func requireSession() throws -> SessionID {
    guard case .user(_, let session) = caller else { throw RouteMismatch() }
    return session
  }
}

extension RefreshRequest {
  fileprivate init(_ fields: consuming JSONFields) throws(Failure) {
    self.init(refreshToken: fields.requiredString("refresh_token"))
    try fields.finish()
  }
}

extension LogoutRequest {
  fileprivate init(_ call: Call) throws {
    self.init()
    guard !call.body.isEmpty else { return }
    var fields = try call.fields()
    everywhere = fields.boolean("everywhere")
    try fields.finish()
  }
}

extension LoginSession {
  fileprivate init(_ session: Session, isCurrent: Bool) {
    self.init(
      id: session.id.rawValue, createdAt: session.createdAt.date,
      refreshedAt: session.refreshedAt.date, expiresAt: session.expiresAt.date,
      isCurrent: isCurrent)
  }
}
