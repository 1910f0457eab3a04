extension Transition {
  func invite(_ command: Invite) throws -> Effect {
    let (workspace, authority) = try workspace(command.workspaceID, requiring: .manageUsers)
    // Nobody invites above their own role: of those who manage users, only owners are above others.
    if command.role == .owner { try authority.require(.manageOwners) }
    try Rejection.requireWellFormed(command.id, field: "invitation_id")
    let address = try EmailAddress(validating: command.email, field: "email")
    if let user = try connection.user(email: address.normalised),
      try connection.membership(workspace.id, user.id) != nil
    {
      throw Rejection.conflict(.alreadyMember)
    }
    try connection.run(
      "DELETE FROM invitations WHERE workspace_id = ? AND email = ? AND expires_at <= ?",
      workspace.id, address.normalised, now)
    let known = try connection.first(
      "SELECT 1 FROM invitations WHERE workspace_id = ? AND email = ?", workspace.id,
      address.normalised
    ) { _ in true }
    guard known == nil else { throw Rejection.conflict(.alreadyInvited) }
    let open = try connection.first(
      "SELECT count(*) FROM invitations WHERE workspace_id = ?", workspace.id
    ) { $0.integer(0) }
    guard let open, open < StateLimits.openInvitations else {
      throw Rejection.overloaded(.openInvitations)
    }
    guard try connection.invitation(command.id) == nil else {
      throw Rejection.conflict(.identifierTaken)
    }
    guard authority.makers.count <= StateLimits.makers else {
      throw Rejection.forbidden(.manageUsers)
    }
    if command.isMailed {
      try takeInvitation(
        to: address.normalised, into: workspace.id, from: authority.userID)
    }
    let invitation = Invitation(
      id: command.id, workspaceID: workspace.id, email: address.normalised, role: command.role,
      invitedBy: authority.userID, createdAt: now,
      expiresAt: now.adding(milliseconds: StateLimits.invitationLength), makers: authority.makers,
      isMailed: command.isMailed)
    try connection.run(
      "INSERT INTO invitations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", invitation.id,
      invitation.workspaceID, invitation.email, invitation.role, invitation.invitedBy,
      invitation.createdAt, invitation.expiresAt, command.tokenHash, UserList(invitation.makers),
      invitation.isMailed)
    return .invitationMade(invitation)
  }

  func revokeInvitation(_ command: RevokeInvitation) throws -> Effect {
    let (workspace, authority) = try workspace(command.workspaceID, requiring: .manageUsers)
    guard let invitation = try connection.invitation(command.id),
      invitation.workspaceID == workspace.id, now < invitation.expiresAt
    else { throw Rejection.notFound(.invitation) }
    if invitation.role == .owner { try authority.require(.manageOwners) }
    try connection.run("DELETE FROM invitations WHERE id = ?", invitation.id)
    return .invitationRevoked(invitation)
  }

  func acceptInvitation(_ command: AcceptInvitation) throws -> Effect {
    guard let invitation = try connection.invitation(tokenHash: command.tokenHash),
      now < invitation.expiresAt, let workspace = try connection.workspace(invitation.workspaceID)
    else { throw Rejection.notFound(.invitation) }
    let (user, account) = try account(accepting: invitation, command)
    let membership = try join(user, to: workspace, as: invitation.role)
    return .memberAdded(Member(membership: membership, user: user), account: account)
  }

  /// Whoever has the token may be the inviter, or may have got it from them, unless it was mailed. So it
  /// alone opens no account that somebody else may have.
  private func account(
    accepting invitation: Invitation, _ command: AcceptInvitation
  ) throws -> (User, JoinedAccount) {
    guard let known = try connection.user(email: invitation.email) else {
      return (try newUser(of: invitation, command), .new)
    }
    if case .session = actor, try actingUserID() == known.id {
      try requireOwnPassword(of: known)
      return (invitation.isMailed ? try prove(known) : known, .known)
    }
    guard invitation.isMailed, known.emailVerifiedAt == nil else {
      try requireProof(of: known)
      return (known, .known)
    }
    guard let password = command.passwordHash else {
      throw Rejection.invalid(
        field: "password",
        message: "is missing; log in to accept, or choose a new one for this account")
    }
    return (try setPassword(password, of: known, proving: true), .claimed)
  }

  private func newUser(of invitation: Invitation, _ command: AcceptInvitation) throws -> User {
    guard command.passwordHash != nil else {
      throw Rejection.invalid(field: "password", message: "is missing; the user is new")
    }
    let new = NewUser(
      id: command.userID, email: invitation.email, name: command.name,
      passwordHash: command.passwordHash)
    return try insert(
      new, address: try new.validated(), isVerified: invitation.isMailed, isByAnother: false)
  }

  /// Invitations that ran out longest ago, a bounded number of them.
  func forgetInvitations(limit: Int64) throws -> Int {
    try connection.run(
      """
      DELETE FROM invitations WHERE id IN (
        SELECT id FROM invitations WHERE expires_at <= ? ORDER BY expires_at, id LIMIT ?)
      """, now, limit)
  }
}
