extension Transition {
  func addMember(_ command: AddMember) throws -> Effect {
    let (workspace, authority) = try workspace(command.workspaceID, requiring: .manageUsers)
    if command.role == .owner { try authority.require(.manageOwners) }
    let address = try command.user.validated()
    let known = try connection.user(email: address.normalised)
    if let known, try connection.membership(workspace.id, known.id) == nil {
      try requireProof(of: known)
    }
    let user = try known ?? insert(command.user, address: address, isByAnother: true)
    let membership = try join(user, to: workspace, as: command.role)
    return .memberAdded(
      Member(membership: membership, user: user), account: known == nil ? .new : .known)
  }

  /// Makes a user a member, if the plan has room. Who is a member needs no invitation any more.
  func join(_ user: User, to workspace: Workspace, as role: Role) throws -> Membership {
    guard try connection.membership(workspace.id, user.id) == nil else {
      throw Rejection.conflict(.alreadyMember)
    }
    if let limit = try connection.limits(of: workspace).maxUsers, workspace.memberCount >= limit {
      throw Rejection.quotaExceeded(
        QuotaExceeded(metric: .users, limit: limit, used: workspace.memberCount, resetsAt: nil))
    }
    let membership = Membership(
      workspaceID: workspace.id, userID: user.id, role: role, createdAt: now)
    try connection.run(
      "INSERT INTO memberships VALUES (?, ?, ?, ?)", membership.workspaceID, membership.userID,
      membership.role, membership.createdAt)
    try count(members: 1, owners: role == .owner ? 1 : 0, in: workspace.id)
    try connection.run(
      "DELETE FROM invitations WHERE workspace_id = ? AND email = ?", workspace.id, user.email)
    return membership
  }

  func changeRole(_ command: ChangeRole) throws -> Effect {
    let (workspace, authority) = try workspace(command.workspaceID, requiring: .manageUsers)
    var membership = try member(command.userID, of: workspace.id)
    let wasOwner = membership.role == .owner
    let isOwner = command.role == .owner
    if wasOwner || isOwner { try authority.require(.manageOwners) }
    if wasOwner && !isOwner { try requireAnotherOwner(in: workspace.id) }
    membership.role = command.role
    try connection.run(
      "UPDATE memberships SET role = ? WHERE workspace_id = ? AND user_id = ?", membership.role,
      workspace.id, membership.userID)
    try count(members: 0, owners: (isOwner ? 1 : 0) - (wasOwner ? 1 : 0), in: workspace.id)
    return .roleChanged(
      membership, ended: try endSecrets(in: workspace.id, concerning: membership.userID))
  }

  func removeMember(_ command: RemoveMember) throws -> Effect {
    // A key acts within its user's membership, and does not end it.
    var isLeaving = try actingUserID() == command.userID
    if case .apiKey = actor { isLeaving = false }
    let (workspace, authority) = try workspace(
      command.workspaceID, requiring: isLeaving ? .read : .manageUsers)
    let membership = try member(command.userID, of: workspace.id)
    if membership.role == .owner {
      if !isLeaving { try authority.require(.manageOwners) }
      try requireAnotherOwner(in: workspace.id)
    }
    try connection.run(
      "DELETE FROM memberships WHERE workspace_id = ? AND user_id = ?", workspace.id,
      membership.userID)
    try count(members: -1, owners: membership.role == .owner ? -1 : 0, in: workspace.id)
    return .memberRemoved(
      membership, ended: try endSecrets(in: workspace.id, concerning: membership.userID))
  }

  func member(_ userID: UserID, of workspaceID: WorkspaceID) throws -> Membership {
    guard let membership = try connection.membership(workspaceID, userID) else {
      throw Rejection.notFound(.membership)
    }
    return membership
  }

  private func requireAnotherOwner(in id: WorkspaceID) throws {
    let owners = try connection.first("SELECT owner_count FROM workspaces WHERE id = ?", id) {
      $0.integer(0)
    }
    guard let owners, owners > 1 else { throw Rejection.conflict(.lastOwner) }
  }

  private func count(members: Int64, owners: Int64, in id: WorkspaceID) throws {
    try connection.run(
      """
      UPDATE workspaces SET member_count = member_count + ?, owner_count = owner_count + ?
      WHERE id = ?
      """, members, owners, id)
  }
}
