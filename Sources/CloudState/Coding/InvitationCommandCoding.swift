#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Invite {
  init?(_ wire: PBInvite) {
    guard let role = Role(wire.role), let hash = SecretHash(wire.tokenHash) else { return nil }
    self.init(
      id: InvitationID(rawValue: wire.id), workspaceID: WorkspaceID(rawValue: wire.workspaceID),
      email: wire.email, role: role, tokenHash: hash, isMailed: wire.isMailed)
  }

  var wire: PBInvite {
    var wire = PBInvite()
    wire.id = id.rawValue
    wire.workspaceID = workspaceID.rawValue
    wire.email = email
    wire.role = role.wire
    wire.tokenHash = Data(tokenHash.bytes)
    wire.isMailed = isMailed
    return wire
  }
}

extension RevokeInvitation {
  init(_ wire: PBRevokeInvitation) {
    self.init(
      workspaceID: WorkspaceID(rawValue: wire.workspaceID), id: InvitationID(rawValue: wire.id))
  }

  var wire: PBRevokeInvitation {
    var wire = PBRevokeInvitation()
    wire.workspaceID = workspaceID.rawValue
    wire.id = id.rawValue
    return wire
  }
}

extension AcceptInvitation {
  init?(_ wire: PBAcceptInvitation) {
    guard let hash = SecretHash(wire.tokenHash) else { return nil }
    self.init(
      tokenHash: hash, userID: UserID(rawValue: wire.userID), name: wire.name,
      passwordHash: wire.hasPasswordHash ? wire.passwordHash : nil)
  }

  var wire: PBAcceptInvitation {
    var wire = PBAcceptInvitation()
    wire.tokenHash = Data(tokenHash.bytes)
    wire.userID = userID.rawValue
    wire.name = name
    if let passwordHash { wire.passwordHash = passwordHash }
    return wire
  }
}

extension Invitation {
  init?(_ wire: PBInvitation) {
    guard let role = Role(wire.role) else { return nil }
    id = InvitationID(rawValue: wire.id)
    workspaceID = WorkspaceID(rawValue: wire.workspaceID)
    email = wire.email
    self.role = role
    invitedBy = wire.hasInvitedBy ? UserID(rawValue: wire.invitedBy) : nil
    createdAt = Timestamp(milliseconds: wire.createdAtMs)
    expiresAt = Timestamp(milliseconds: wire.expiresAtMs)
    makers = wire.makers.map(UserID.init(rawValue:))
    isMailed = wire.isMailed
  }

  var wire: PBInvitation {
    var wire = PBInvitation()
    wire.id = id.rawValue
    wire.workspaceID = workspaceID.rawValue
    wire.email = email
    wire.role = role.wire
    if let invitedBy { wire.invitedBy = invitedBy.rawValue }
    wire.createdAtMs = createdAt.milliseconds
    wire.expiresAtMs = expiresAt.milliseconds
    wire.makers = makers.map(\.rawValue)
    wire.isMailed = isMailed
    return wire
  }
}
