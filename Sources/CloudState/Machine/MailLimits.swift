// Mail that is sent because somebody asked for it: what one may ask for is bounded, and so is what an address
// gets. Each kind has a count of its own: nobody can keep a user from a proof or a reset by having other mail
// sent there, and only the user asks for proofs.

extension Transition {
  /// Counts a mail by which a user proves their address.
  ///
  /// - Throws: `Rejection.rateLimited`.
  func takeVerification(for userID: UserID) throws {
    try require(AttemptBucket(subject: .verifications(for: userID), limit: .mail))
  }

  /// Counts a mail that resets a password.
  ///
  /// - Returns: Whether it may be sent.
  func takeReset(to address: String) throws -> Bool {
    try take(from: AttemptBucket(subject: .resets(to: address), limit: .mail)) == nil
  }

  /// Counts an invitation that is mailed. Those of operators are not bounded, and count for nobody.
  ///
  /// - Throws: `Rejection.rateLimited`.
  func takeInvitation(
    to address: String, into workspaceID: WorkspaceID, from userID: UserID?
  ) throws {
    guard let userID else { return }
    // The sender first: who sends too much must not use up what others may send there.
    try require(AttemptBucket(subject: .invitations(from: userID), limit: .invitations))
    try require(AttemptBucket(subject: .invitations(into: workspaceID), limit: .invitations))
    try require(AttemptBucket(subject: .invitations(to: address), limit: .mail))
  }
}
