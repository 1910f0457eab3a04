// Who was shown a secret can use it, whoever it is for. So a key or an invitation holds only as long as
// everybody who may know its secret could make it anew: then nobody has by it what they could not give.

extension Transition {
  /// Ends what no longer may hold, now that a user's place in a workspace has changed: of a former member
  /// all keys, also lest one who is added again finds them alive; and what others could not make for the
  /// user, or the user not for others. Bounded by the keys and invitations that a workspace can have.
  func endSecrets(
    in workspaceID: WorkspaceID, concerning userID: UserID
  ) throws -> EndedSecrets {
    var roles: [UserID: Role] = [:]
    func role(of id: UserID) throws -> Role? {
      if let known = roles[id] { return known }
      roles[id] = try connection.membership(workspaceID, id)?.role
      return roles[id]
    }
    var ended = EndedSecrets()
    for key in try livingKeys(of: workspaceID, concerning: userID) {
      guard let holder = try role(of: key.userID),
        try key.makers.allSatisfy({ try role(of: $0)?.mayMakeKey(for: holder) ?? false })
      else {
        ended.keys.append(key.id)
        continue
      }
    }
    for invitation in try invitations(into: workspaceID) where invitation.makers.contains(userID) {
      guard
        try invitation.makers.allSatisfy({
          try role(of: $0)?.mayInvite(as: invitation.role) ?? false
        })
      else {
        ended.invitations.append(invitation.id)
        continue
      }
    }
    try revoke(ended.keys, in: workspaceID)
    for id in ended.invitations {
      try connection.run("DELETE FROM invitations WHERE id = ?", id)
    }
    return ended
  }

  /// Ends all keys and invitations whose secret whoever has had a user's account may know, other than keys
  /// that somebody else made for the user: those hold by that one's right. Bounded as
  /// ``endSecrets(in:concerning:)`` for each of the user's workspaces; who has proven nothing comes into few.
  func endSecrets(madeBy userID: UserID) throws {
    let workspaces = try connection.all(
      "SELECT workspace_id FROM memberships WHERE user_id = ? ORDER BY created_at, workspace_id",
      userID
    ) { WorkspaceID($0, 0) }
    for id in workspaces {
      let keys = try livingKeys(of: id, concerning: userID).filter {
        $0.makers.isEmpty || $0.makers.contains(userID)
      }
      try revoke(keys.map(\.id), in: id)
      for invitation in try invitations(into: id) where invitation.makers.contains(userID) {
        try connection.run("DELETE FROM invitations WHERE id = ?", invitation.id)
      }
    }
  }

  /// The user's own keys, and those whose secret the user may know.
  private func livingKeys(of workspaceID: WorkspaceID, concerning userID: UserID) throws -> [APIKey]
  {
    let own = try connection.all(
      "SELECT * FROM api_keys WHERE workspace_id = ? AND user_id = ? AND revoked_at IS NULL",
      workspaceID, userID
    ) { try APIKey($0) }
    let shared = try connection.all(
      "SELECT * FROM api_keys WHERE workspace_id = ? AND revoked_at IS NULL AND makers <> ''",
      workspaceID
    ) { try APIKey($0) }
    return (own + shared.filter { $0.makers.contains(userID) }).sorted {
      $0.id.rawValue < $1.id.rawValue
    }
  }

  private func invitations(into workspaceID: WorkspaceID) throws -> [Invitation] {
    try connection.all(
      "SELECT * FROM invitations WHERE workspace_id = ?", workspaceID
    ) { try Invitation($0) }.sorted { $0.id.rawValue < $1.id.rawValue }
  }
}

extension Role {
  /// Whether members with this role may make a key for one with `role`, who is somebody else.
  fileprivate func mayMakeKey(for role: Role) -> Bool {
    allows(.manageKeys) && (role != .owner || allows(.manageOwners))
  }

  fileprivate func mayInvite(as role: Role) -> Bool {
    allows(.manageUsers) && (role != .owner || allows(.manageOwners))
  }
}
