import CloudAPI
import CloudState

/// What a session's owner gets to hold: an access token and a refresh token.
///
/// Both follow from the session alone, and their time is that of the command that opened or renewed it.
/// So whoever repeats the request, on whatever node, gets the very same ones.
struct SessionTokens: Sendable {
  let access: AccessTokens

  /// The tokens of a session that was just opened by `new`.
  func tokens(
    opening new: NewSession, of user: UserID, at time: Timestamp
  ) async throws -> Tokens {
    try await tokens(of: new.id, of: user, generation: 1, key: new.key, at: time)
  }

  /// The tokens of a session that was just renewed.
  func tokens(renewing session: Session, key: [UInt8]) async throws -> Tokens {
    try await tokens(
      of: session.id, of: session.userID, generation: session.generation, key: key,
      at: session.refreshedAt)
  }

  private func tokens(
    of session: SessionID, of user: UserID, generation: Int64, key: [UInt8], at time: Timestamp
  ) async throws -> Tokens {
    Tokens(
      accessToken: try await access.issue(for: session, of: user, at: time),
      refreshToken: RefreshToken(session: session, generation: generation, key: key).text,
      expiresIn: AccessTokens.lifetime)
  }
}

extension NewSession {
  /// The session of a request.
  init(from seed: RequestSeed) {
    self.init(id: seed.identifier(), key: seed.bytes(32, for: "session key"))
  }
}
