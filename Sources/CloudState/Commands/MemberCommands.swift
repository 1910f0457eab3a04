/// Adds a member. A user with that address who has proven it is added as is, and so is one whom nobody
/// could ever log in as; an address that is nobody's gets a user, who is asked to choose another password
/// than the one given here. Needs `manage_users`, and `manage_owners` to add an owner.
public struct AddMember: Hashable, Sendable {
  /// Where.
  public var workspaceID: WorkspaceID
  /// Who. If the address is known, the identifier, name and password given here are not used.
  public var user: NewUser
  /// As what.
  public var role: Role

  /// Proposes a member.
  public init(workspaceID: WorkspaceID, user: NewUser, role: Role) {
    self.workspaceID = workspaceID
    self.user = user
    self.role = role
  }
}

extension AddMember: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .addMember(self) }
  /// The member, and whether the user is new.
  public static func success(of effect: Effect) -> (member: Member, isNewUser: Bool)? {
    if case .memberAdded(let member, let account) = effect {
      (member, account == .new)
    } else {
      nil
    }
  }
}

/// Gives a member another role. Needs `manage_users`, and `manage_owners` from or to owner. The
/// last owner stays one. Keys and invitations end whose secret somebody may know who could no longer
/// make them: those that the member made for others, and those that others made for the member.
public struct ChangeRole: Hashable, Sendable {
  /// Where.
  public var workspaceID: WorkspaceID
  /// Who.
  public var userID: UserID
  /// As what from now on.
  public var role: Role

  /// Proposes a role.
  public init(workspaceID: WorkspaceID, userID: UserID, role: Role) {
    self.workspaceID = workspaceID
    self.userID = userID
    self.role = role
  }
}

extension ChangeRole: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .changeRole(self) }
  /// The membership as it now is.
  public static func success(of effect: Effect) -> Membership? {
    if case .roleChanged(let membership, _) = effect { membership } else { nil }
  }
}

/// Removes a member and ends the member's API keys for the workspace, and the keys and invitations
/// there whose secret the member may know. Needs `manage_users`, and
/// `manage_owners` for an owner; members may always leave. The last owner stays.
public struct RemoveMember: Hashable, Sendable {
  /// Where.
  public var workspaceID: WorkspaceID
  /// Who.
  public var userID: UserID

  /// Proposes a removal.
  public init(workspaceID: WorkspaceID, userID: UserID) {
    self.workspaceID = workspaceID
    self.userID = userID
  }
}

extension RemoveMember: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .removeMember(self) }
  /// The membership as it was.
  public static func success(of effect: Effect) -> Membership? {
    if case .memberRemoved(let membership, _) = effect { membership } else { nil }
  }
}
