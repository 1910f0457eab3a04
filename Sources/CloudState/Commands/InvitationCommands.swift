/// Invites whoever has an address. Needs `manage_users`, and `manage_owners` to invite an owner. An
/// address has one open invitation into a workspace.
public struct Invite: Hashable, Sendable {
  /// Made by the proposer.
  public var id: InvitationID
  /// Where.
  public var workspaceID: WorkspaceID
  /// Whom; in any case.
  public var email: String
  /// As what.
  public var role: Role
  /// The hash of the token that accepts it.
  public var tokenHash: SecretHash
  /// Whether the token goes to the address and to nobody else.
  public var isMailed: Bool

  /// Proposes an invitation.
  public init(
    id: InvitationID, workspaceID: WorkspaceID, email: String, role: Role, tokenHash: SecretHash,
    isMailed: Bool = false
  ) {
    self.id = id
    self.workspaceID = workspaceID
    self.email = email
    self.role = role
    self.tokenHash = tokenHash
    self.isMailed = isMailed
  }
}

extension Invite: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .invite(self) }
  /// The invitation.
  public static func success(of effect: Effect) -> Invitation? {
    if case .invitationMade(let invitation) = effect { invitation } else { nil }
  }
}

/// Takes an invitation back. Needs `manage_users`.
public struct RevokeInvitation: Hashable, Sendable {
  /// Where; one of another workspace is not found.
  public var workspaceID: WorkspaceID
  /// Which.
  public var id: InvitationID

  /// Proposes a revocation.
  public init(workspaceID: WorkspaceID, id: InvitationID) {
    self.workspaceID = workspaceID
    self.id = id
  }
}

extension RevokeInvitation: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .revokeInvitation(self) }
  /// The invitation as it was.
  public static func success(of effect: Effect) -> Invitation? {
    if case .invitationRevoked(let invitation) = effect { invitation } else { nil }
  }
}

/// Makes the owner of an invitation's token a member, if the plan has room.
///
/// By anybody who has the token. Where the address is nobody's yet, the user is created. A user who exists
/// is added as is if they accept in a session of their own, or have proven the address before. Anybody may
/// have registered with an address that was never proven: then a token that was mailed proves it, gives the
/// account a new password and ends all that was begun with the old one; a token that was not is no proof,
/// for the inviter has seen it.
public struct AcceptInvitation: Hashable, Sendable {
  /// The hash of the token.
  public var tokenHash: SecretHash
  /// Made by the proposer, for a new user.
  public var userID: UserID
  /// The name of a new user.
  public var name: String
  /// The hash of the password of a user who needs one.
  public var passwordHash: String?

  /// Proposes a member.
  public init(tokenHash: SecretHash, userID: UserID, name: String, passwordHash: String?) {
    self.tokenHash = tokenHash
    self.userID = userID
    self.name = name
    self.passwordHash = passwordHash
  }
}

extension AcceptInvitation: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .acceptInvitation(self) }
  /// The member, and whether the user is new.
  public static func success(of effect: Effect) -> (member: Member, isNewUser: Bool)? {
    AddMember.success(of: effect)
  }
}
