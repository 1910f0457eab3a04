// Mail that is sent because somebody asked for it: what one may ask for is bounded, and so is what an address
// gets from all of them together.

extension Transition {
  /// Counts a mail that somebody had sent to an address, other than a reset.
  ///
  /// - Throws: `Rejection.rateLimited`.
  func takeMail(to address: String) throws {
    try require(AttemptBucket(subject: .mail(to: address), limit: .mail))
  }

  /// Counts a mail that resets a password, for which there is room that other mail does not use up: who is
  /// sent invitations by a stranger still comes in.
  ///
  /// - Returns: Whether it may be sent.
  func takeResetMail(to address: String) throws -> Bool {
    try take(from: AttemptBucket(subject: .mail(to: address), limit: .resetMail)) == nil
  }

  /// Counts an invitation that is mailed. Operators are bounded only by what an address gets.
  ///
  /// - Throws: `Rejection.rateLimited`.
  func takeInvitation(
    to address: String, into workspaceID: WorkspaceID, from userID: UserID?
  ) throws {
    // The sender first: who sends too much must not use up what others may send there.
    if let userID {
      try require(AttemptBucket(subject: .invitations(from: userID), limit: .invitations))
      try require(AttemptBucket(subject: .invitations(into: workspaceID), limit: .invitations))
    }
    try takeMail(to: address)
  }
}
