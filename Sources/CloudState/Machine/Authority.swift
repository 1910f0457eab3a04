/// What the actor of a command may do, as the state stands when the command is applied.
///
/// The gateway has asked the same before it proposed; it is asked again here because a member may
/// be demoted, or a key revoked, between the two.
struct Authority {
  /// Whom the actor is or acts for; nothing for operators.
  let userID: UserID?
  /// The role in the workspace; nothing for operators, who may do everything.
  let role: Role?
  /// Narrower than all if the actor is a key.
  let scopes: Scopes
  /// Who may be the one that acts, and so may know a secret that is made with this authority: the user,
  /// and if a key acts, whoever else may know the key's.
  let makers: [UserID]

  func allows(_ permission: Permission) -> Bool {
    guard let role else { return true }
    return role.allows(permission) && scopes.allows(permission)
  }

  func require(_ permission: Permission) throws(Rejection) {
    guard allows(permission) else { throw .forbidden(permission) }
  }
}

extension Transition {
  /// The actor's authority in a workspace that exists. To anybody outside, it does not exist.
  func authority(in workspaceID: WorkspaceID) throws -> Authority {
    switch actor {
    case .anonymous:
      throw Rejection.unauthenticated
    case .node:
      throw Rejection.forbidden(.operateCluster)
    case .operator:
      return Authority(userID: nil, role: nil, scopes: .all, makers: [])
    case .user, .session:
      guard let userID = try actingUserID(),
        let membership = try connection.membership(workspaceID, userID)
      else { throw Rejection.notFound(.workspace) }
      return Authority(userID: userID, role: membership.role, scopes: .all, makers: [userID])
    case .apiKey(let keyID):
      guard let key = try connection.apiKey(keyID), key.isActive(at: now) else {
        throw Rejection.unauthenticated
      }
      guard key.workspaceID == workspaceID,
        let membership = try connection.membership(workspaceID, key.userID)
      else { throw Rejection.notFound(.workspace) }
      return Authority(
        userID: key.userID, role: membership.role, scopes: key.scopes,
        makers: key.makers + [key.userID])
    }
  }

  /// The workspace, and the actor's authority in it if that includes `permission`.
  func workspace(
    _ id: WorkspaceID, requiring permission: Permission
  ) throws -> (workspace: Workspace, authority: Authority) {
    guard let workspace = try connection.workspace(id) else {
      throw Rejection.notFound(.workspace)
    }
    let authority = try authority(in: id)
    try authority.require(permission)
    return (workspace, authority)
  }

  var isOperator: Bool {
    if case .operator = actor { true } else { false }
  }

  func requireNodeOrOperator() throws(Rejection) {
    switch actor {
    case .node, .operator: return
    case .anonymous: throw .unauthenticated
    case .user, .session, .apiKey: throw .forbidden(.operateCluster)
    }
  }
}
