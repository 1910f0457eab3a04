import CloudAPI

extension Operation {
  static let refreshTokens = Operation(
    "refreshTokens", .auth, "Renew tokens",
    "A refresh token is good once. If it comes again, somebody has a copy of it, and the session ends; "
      + "send an `Idempotency-Key`, so that a lost answer can be asked for again.",
    body: .json(RefreshRequest.self),
    answers: .ok(Tokens.self, "New tokens; the refresh token that was sent is used up."),
    errors: [
      ErrorAnswer(.unauthenticated, "The refresh token is not valid, or was used before.")
    ])

  static let logOut = Operation(
    "logOut", .auth, "Log out",
    "Ends the session of the access token, or all sessions of its user: their access and refresh tokens "
      + "are refused from now on, on every node.",
    body: .json(LogoutRequest.self, isRequired: false),
    answers: .noContent("The session has ended."),
    errors: [ErrorAnswer(.notFound, "The session ended meanwhile.")])

  static let listSessions = Operation(
    "listSessions", .auth, "List one's sessions",
    "Where the caller is logged in, the session that was renewed last first. There are at most 100: one "
      + "more login ends the session that was renewed longest ago.",
    answers: .ok(Page<LoginSession>.self, "All of them."))

  static let endSession = Operation(
    "endSession", .auth, "End one of one's sessions",
    answers: .noContent("The session has ended."),
    errors: [ErrorAnswer(.notFound, "The session has ended, or is another user's.")])
}
