extension AddMember {
  init?(_ wire: PBAddMember) {
    guard let role = Role(wire.role) else { return nil }
    self.init(
      workspaceID: WorkspaceID(rawValue: wire.workspaceID), user: NewUser(wire.user), role: role)
  }

  var wire: PBAddMember {
    var wire = PBAddMember()
    wire.workspaceID = workspaceID.rawValue
    wire.user = user.wire
    wire.role = role.wire
    return wire
  }
}

extension ChangeRole {
  init?(_ wire: PBChangeRole) {
    guard let role = Role(wire.role) else { return nil }
    self.init(
      workspaceID: WorkspaceID(rawValue: wire.workspaceID), userID: UserID(rawValue: wire.userID),
      role: role)
  }

  var wire: PBChangeRole {
    var wire = PBChangeRole()
    wire.workspaceID = workspaceID.rawValue
    wire.userID = userID.rawValue
    wire.role = role.wire
    return wire
  }
}

extension RemoveMember {
  init(_ wire: PBRemoveMember) {
    self.init(
      workspaceID: WorkspaceID(rawValue: wire.workspaceID), userID: UserID(rawValue: wire.userID))
  }

  var wire: PBRemoveMember {
    var wire = PBRemoveMember()
    wire.workspaceID = workspaceID.rawValue
    wire.userID = userID.rawValue
    return wire
  }
}

extension EndedSecrets {
  init(_ wire: PBMembershipChanged) {
    keys = wire.endedKeys.map(APIKeyID.init(rawValue:))
    invitations = wire.endedInvitations.map(InvitationID.init(rawValue:))
  }

  func wire(with membership: Membership) -> PBMembershipChanged {
    var wire = PBMembershipChanged()
    wire.membership = membership.wire
    wire.endedKeys = keys.map(\.rawValue)
    wire.endedInvitations = invitations.map(\.rawValue)
    return wire
  }
}
