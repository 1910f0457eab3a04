// Passwords: changes, and resets by token.

extension Transition {
  func changePassword(_ command: ChangePassword) throws -> Effect {
    guard case .session(let session) = actor, let userID = try actingUserID() else {
      throw Rejection.unauthenticated
    }
    guard let user = try connection.user(userID), user.passwordHash == command.current else {
      throw Rejection.conflict(.passwordChanged)
    }
    try setPassword(command.new, of: user, keeping: session, proving: false)
    return .passwordChanged(userID)
  }

  func upgradePasswordHash(_ command: UpgradePasswordHash) throws -> Effect {
    guard actor == .user(command.userID), let user = try connection.user(command.userID) else {
      throw Rejection.unauthenticated
    }
    guard user.passwordHash == command.current else {
      throw Rejection.conflict(.passwordChanged)
    }
    try Rejection.requirePasswordHash(command.new)
    try connection.run(
      "UPDATE users SET password_hash = ? WHERE id = ?", command.new, command.userID)
    return .passwordHashUpgraded(command.userID)
  }

  func requestPasswordReset(_ command: RequestPasswordReset) throws -> Effect {
    let user: User
    switch command.subject {
    case .email(let text):
      let address = try EmailAddress(validating: text, field: "email")
      // The same answer for nobody, and for who has enough tokens or mail: it tells nothing about users.
      guard let known = try connection.user(email: address.normalised),
        try openResets(of: known.id) < StateLimits.passwordResets,
        try takeReset(to: known.email)
      else { return .passwordResetRequested(nil) }
      user = known
    case .user(let id):
      guard isOperator else { throw Rejection.forbidden(.operateCluster) }
      guard let known = try connection.user(id) else { throw Rejection.notFound(.user) }
      try makeRoomForReset(of: id)
      user = known
    }
    let reset = PasswordReset(
      userID: user.id, email: user.email,
      expiresAt: now.adding(milliseconds: StateLimits.passwordResetLength))
    try connection.run(
      "INSERT INTO password_resets VALUES (?, ?, ?, ?)", command.tokenHash, reset.userID, now,
      reset.expiresAt)
    return .passwordResetRequested(reset)
  }

  func resetPassword(_ command: ResetPassword) throws -> Effect {
    let owner = try connection.first(
      "SELECT user_id FROM password_resets WHERE token_hash = ? AND expires_at > ?",
      command.tokenHash, now
    ) { UserID($0, 0) }
    guard let owner, let user = try connection.user(owner) else {
      throw Rejection.notFound(.passwordReset)
    }
    try setPassword(command.passwordHash, of: user, proving: true)
    // Whoever has the user's mail is the user, and can log in there while others guess.
    if let network = command.network { try makeFamiliar(network, to: user) }
    return .passwordChanged(owner)
  }

  /// The tokens that ran out longest ago, a bounded number of them.
  func forgetPasswordResets(limit: Int64) throws -> Int {
    try connection.run(
      """
      DELETE FROM password_resets WHERE token_hash IN (
        SELECT token_hash FROM password_resets WHERE expires_at <= ?
        ORDER BY expires_at, token_hash LIMIT ?)
      """, now, limit)
  }

  /// Ends what the old password opened, other than one session if it is named.
  ///
  /// - Parameter proves: Whether it is done with a token that came to the user's address, or from an
  ///   operator to the user: then the address is the user's, and if that is news, whoever had the account
  ///   until now may be somebody else.
  @discardableResult
  func setPassword(
    _ hash: String, of user: User, keeping session: SessionID? = nil, proving proves: Bool
  ) throws -> User {
    try Rejection.requirePasswordHash(hash)
    let mayBeAnothers =
      user.passwordHash != nil
      && (user.mustChangePassword || proves && user.emailVerifiedAt == nil)
    if mayBeAnothers { try endSecrets(madeBy: user.id) }
    try connection.run(
      "UPDATE users SET password_hash = ?, must_change_password = 0 WHERE id = ?", hash, user.id)
    try connection.run("DELETE FROM password_resets WHERE user_id = ?", user.id)
    try endSessions(of: user.id, except: session)
    try forgiveAttempts(of: user)
    if mayBeAnothers { try forgetFamiliarNetworks(of: user) }
    var user = user
    user.passwordHash = hash
    user.mustChangePassword = false
    return proves ? try prove(user) : user
  }

  private func openResets(of userID: UserID) throws -> Int64 {
    try connection.first(
      "SELECT count(*) FROM password_resets WHERE user_id = ? AND expires_at > ?", userID, now
    ) { $0.integer(0) } ?? 0
  }

  /// The oldest ones go.
  private func makeRoomForReset(of userID: UserID) throws {
    try connection.run(
      """
      DELETE FROM password_resets WHERE token_hash IN (
        SELECT token_hash FROM password_resets WHERE user_id = ?
        ORDER BY created_at DESC, token_hash DESC LIMIT -1 OFFSET ?)
      """, userID, StateLimits.passwordResets - 1)
  }
}
