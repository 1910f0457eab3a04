import CloudAPI
import CloudState

/// Proof of an address: asked for and shown by the user whose address it is said to be.
struct EmailRoutes: Sendable {
  let proposer: Proposer
  let verification: AddressVerification

  var routes: [Route] {
    [
      .perform(
        .post, "/api/v1/auth/email-verification", .user, .requestEmailVerification, request),
      .perform(
        .post, "/api/v1/auth/email-verification/confirm", .user, .confirmEmailVerification, confirm),
    ]
  }

  private func request(_ call: Call) async throws -> Answer {
    guard case .user(_, let session) = call.caller else { throw RouteMismatch() }
    guard verification.mailer.isThere else {
      throw Failure.conflict(
        "this cluster sends no mail; its operator can give you a token that resets your password, "
          + "which proves the address, too")
    }
    try await verification.send(to: session, in: call)
    return .accepted
  }

  private func confirm(_ call: Call) async throws -> Answer {
    let request = try ConfirmEmailVerificationRequest(call.fields())
    let refused = Failure.invalid(
      "token", "is not valid for this user, was used, or has run out")
    guard let token = OneTimeToken(.emailVerification, request.token) else { throw refused }
    do {
      _ = try await proposer.propose(VerifyEmail(tokenHash: token.hash), in: call.commands)
    } catch Rejection.notFound(.emailVerification) {
      throw refused
    }
    return .noContent
  }
}

extension ConfirmEmailVerificationRequest {
  fileprivate init(_ fields: consuming JSONFields) throws(Failure) {
    self.init(token: fields.requiredString("token"))
    try fields.finish()
  }
}
