import CloudAPI
import CloudState

/// Passwords: changed by who knows them, reset by who has a token.
struct PasswordRoutes: Sendable {
  let proposer: Proposer
  let passwords: Passwords
  let attempts: Attempts
  let mailer: Mailer

  var routes: [Route] {
    [
      .perform(.post, "/api/v1/auth/password", .user, .changePassword, change),
      .perform(
        .post, "/api/v1/auth/password-reset", .anyone, .requestPasswordReset, requestReset),
      .perform(
        .post, "/api/v1/auth/password-reset/confirm", .anyone, .confirmPasswordReset,
        confirmReset),
      .perform(
        .post, "/api/v1/users/{id}/password-reset", .operator, .createPasswordReset, createReset),
    ]
  }

  private func change(_ call: Call) async throws -> Answer {
    let request = try ChangePasswordRequest(call.fields())
    guard let user = call.caller.user else { throw RouteMismatch() }
    let client = ClientPresence(call.request.channel)
    try passwords.requireRoom()
    try await attempts.countPassword(of: user.email, in: call)
    // Behind the attempt the state is as new as it must be.
    let stored = try await call.replica.state.read { try $0.user(user.id)?.passwordHash }
    let isRight = try await passwords.check(request.currentPassword, against: stored, for: client)
    // A repetition finds the password changed: what came of the first the state knows, and nothing else
    // can come of a hash that no user has.
    guard isRight || call.isRepeatable else { throw wrongPassword(user.id, call) }
    let command = ChangePassword(
      current: isRight ? stored ?? "" : "",
      new: isRight
        ? try await passwords.hash(
          request.newPassword, by: call.caller.user?.id, for: client) : "")
    do {
      _ = try await proposer.propose(command, in: call.commands)
    } catch Rejection.conflict(.passwordChanged) where !isRight {
      throw wrongPassword(user.id, call)
    }
    return .noContent
  }

  private func wrongPassword(_ user: UserID, _ call: Call) -> Failure {
    attempts.noteFailure(of: "password.change", at: user, in: call)
    return .invalid("current_password", "is not the password")
  }

  /// Answers the same after the same work, whoever has the address.
  private func requestReset(_ call: Call) async throws -> Answer {
    let request = try PasswordResetRequest(call.fields())
    guard mailer.isThere else { return .accepted }
    try await attempts.count(.resetRequest, in: call)
    let account = try await call.replica.state.read { try $0.user(email: request.email)?.id }
    let token = OneTimeToken(.passwordReset, from: call.seed)
    let made = try await proposer.propose(
      RequestPasswordReset(subject: .email(request.email), tokenHash: token.hash),
      in: call.commands)
    if let reset = made.reset {
      mailer.send(
        MailMessage(
          kind: .passwordReset, to: reset.email, token: token.text, expiresAt: reset.expiresAt.date)
      )
    } else {
      attempts.noteFailure(of: Attempt.resetRequest.action, at: account, in: call)
    }
    return .accepted
  }

  private func createReset(_ call: Call) async throws -> Answer {
    let token = OneTimeToken(.passwordReset, from: call.seed)
    let id = UserID(rawValue: call.request.parameters["id"] ?? "")
    let made = try await proposer.propose(
      RequestPasswordReset(subject: .user(id), tokenHash: token.hash), in: call.commands)
    guard let reset = made.reset else { throw RouteMismatch() }
    return try .json(
      CreatedPasswordReset(
        userID: reset.userID.rawValue, token: token.text, expiresAt: reset.expiresAt.date),
      status: .created)
  }

  private func confirmReset(_ call: Call) async throws -> Answer {
    let request = try ConfirmPasswordResetRequest(call.fields())
    let refused = Failure.invalid("token", "is not valid, was used, or has run out")
    func refusal() -> Failure {
      attempts.noteFailure(of: Attempt.resetConfirmation.action, in: call)
      return refused
    }
    guard let token = OneTimeToken(.passwordReset, request.token) else { throw refused }
    let network = try await attempts.count(.resetConfirmation, in: call)
    // Behind the attempt the state is as new as it must be.
    let isOpen = try await call.replica.state.read { view in
      try view.isPasswordReset(token.hash, at: call.replica.now())
    }
    // A repetition finds the token used, see above.
    guard isOpen || call.isRepeatable else { throw refusal() }
    let client = ClientPresence(call.request.channel)
    let hash = isOpen ? try await passwords.hash(request.password, for: client) : ""
    do {
      _ = try await proposer.propose(
        ResetPassword(tokenHash: token.hash, passwordHash: hash, network: network),
        in: call.commands)
    } catch Rejection.notFound(.passwordReset) {
      throw refusal()
    }
    return .noContent
  }
}

extension ChangePasswordRequest {
  fileprivate init(_ fields: consuming JSONFields) throws(Failure) {
    self.init(
      currentPassword: fields.shownPassword("current_password"),
      newPassword: fields.requiredNewPassword("new_password"))
    try fields.finish()
  }
}

extension PasswordResetRequest {
  fileprivate init(_ fields: consuming JSONFields) throws(Failure) {
    self.init(email: fields.email("email"))
    try fields.finish()
  }
}

extension ConfirmPasswordResetRequest {
  fileprivate init(_ fields: consuming JSONFields) throws(Failure) {
    self.init(
      token: fields.requiredString("token"), password: fields.requiredNewPassword("password"))
    try fields.finish()
  }
}

extension JSONFields {
  /// A password that somebody will log in with.
  mutating func requiredNewPassword(_ name: String) -> String {
    let before = errors.count
    if let password = newPassword(name) { return password }
    if errors.count == before { reject(name, "is missing") }
    return ""
  }

  /// A password that may be right; longer ones than there are need no look.
  mutating func shownPassword(_ name: String) -> String {
    let password = requiredString(name)
    if password.unicodeScalars.count > Passwords.length.upperBound {
      reject(name, "must have at most \(Passwords.length.upperBound) characters")
    }
    return password
  }
}
