/// An open invitation into a workspace. Its token is shown once and not kept.
public struct Invitation: Hashable, Sendable {
  /// Which; not secret.
  public var id: InvitationID
  /// Where.
  public var workspaceID: WorkspaceID
  /// Whom; normalised.
  public var email: String
  /// As what.
  public var role: Role
  /// Who invites; nothing if an operator does.
  public var invitedBy: UserID?
  /// When it was made.
  public var createdAt: Timestamp
  /// The first moment at which it can no longer be accepted.
  public var expiresAt: Timestamp
  /// Who may know its token, see ``APIKey/makers``.
  public var makers: [UserID]
  /// Whether its token was sent to the address and shown to nobody: who has it reads the mail there.
  public var isMailed: Bool
}

/// A password that may be set anew by whoever has the token.
public struct PasswordReset: Hashable, Sendable {
  /// Whose.
  public var userID: UserID
  /// Where the token goes.
  public var email: String
  /// The first moment at which it can no longer be used.
  public var expiresAt: Timestamp
}
