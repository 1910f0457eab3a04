// Proof of an address by a token that was sent there.

extension Transition {
  func requestEmailVerification(_ command: RequestEmailVerification) throws -> Effect {
    let user = try userInSession()
    guard user.emailVerifiedAt == nil else { throw Rejection.conflict(.emailVerified) }
    try takeVerification(for: user.id)
    try connection.run(
      """
      DELETE FROM email_verifications WHERE token_hash IN (
        SELECT token_hash FROM email_verifications WHERE user_id = ?
        ORDER BY created_at DESC, token_hash DESC LIMIT -1 OFFSET ?)
      """, user.id, StateLimits.emailVerifications - 1)
    let verification = EmailVerification(
      userID: user.id, email: user.email,
      expiresAt: now.adding(milliseconds: StateLimits.emailVerificationLength))
    try connection.run(
      "INSERT INTO email_verifications VALUES (?, ?, ?, ?)", command.tokenHash, user.id, now,
      verification.expiresAt)
    return .emailVerificationRequested(verification)
  }

  func verifyEmail(_ command: VerifyEmail) throws -> Effect {
    let user = try userInSession()
    let isOpen = try connection.first(
      """
      SELECT 1 FROM email_verifications WHERE token_hash = ? AND user_id = ? AND expires_at > ?
      """, command.tokenHash, user.id, now
    ) { _ in true }
    guard isOpen != nil else { throw Rejection.notFound(.emailVerification) }
    try requireOwnPassword(of: user)
    return .emailVerified(try prove(user).id)
  }

  /// The tokens that ran out longest ago, a bounded number of them.
  func forgetEmailVerifications(limit: Int64) throws -> Int {
    try connection.run(
      """
      DELETE FROM email_verifications WHERE token_hash IN (
        SELECT token_hash FROM email_verifications WHERE expires_at <= ?
        ORDER BY expires_at, token_hash LIMIT ?)
      """, now, limit)
  }

  private func userInSession() throws -> User {
    guard case .session = actor, let id = try actingUserID(), let user = try connection.user(id)
    else { throw Rejection.unauthenticated }
    return user
  }
}
