import CloudState

/// Sends users the tokens that prove their addresses.
struct AddressVerification: Sendable {
  let proposer: Proposer
  let mailer: Mailer

  /// Sends one to the user of a session.
  ///
  /// - Throws: `Rejection`, if the address is proven or has got enough mail, or `ConsensusError`.
  func send(to session: SessionID, in call: Call) async throws {
    let token = OneTimeToken(.emailVerification, from: call.seed)
    var commands = call.commands
    commands.actor = .session(session)
    let made = try await proposer.propose(
      RequestEmailVerification(tokenHash: token.hash), in: commands, step: "verification")
    mailer.send(
      MailMessage(
        kind: .emailVerification, to: made.email, token: token.text, expiresAt: made.expiresAt.date)
    )
  }
}
