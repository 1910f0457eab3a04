import CloudState

/// Who calls, as the state knows them.
enum Caller: Sendable {
  case nobody
  case user(CloudState.User, in: SessionID)
  case apiKey(CloudState.APIKey, of: CloudState.User)
  case `operator`(name: String)

  /// - Parameter members: The cluster's members, as this node knows them: of one that was removed the
  ///   operator's token holds nowhere. Behind a read barrier a node has heard of each removal that was
  ///   acknowledged, since it holds from the moment at which it stands in a node's log.
  /// - Throws: ``Failure`` if the credential is worth nothing.
  init(
    _ credential: Credential, in view: borrowing StateView, at now: Timestamp,
    members: () -> Set<UInt64>
  ) throws {
    switch credential {
    case .none:
      self = .nobody
    case .session(let id, let userID, let keyID):
      // Nodes keep keys at hand, and what they have signed; what is revoked the state says.
      guard try view.hasSigningKey(keyID) else { throw Failure(AccessTokens.Refusal.invalid) }
      // The token may be good for minutes yet; its session decides.
      guard let session = try view.session(id), session.userID == userID,
        session.isActive(at: max(now, view.position.clock)), let user = try view.user(userID)
      else {
        throw Failure.unauthenticated("the session of this access token has ended; log in again")
      }
      self = .user(user, in: id)
    case .apiKey(let secret):
      // One answer for all that can be wrong: it tells nothing about keys that exist.
      guard let key = try view.apiKey(secret.id), key.secretHash.matches(secret.hash),
        key.isActive(at: max(now, view.position.clock)), let user = try view.user(key.userID),
        try view.membership(key.workspaceID, user.id) != nil,
        try view.workspace(key.workspaceID) != nil
      else { throw Failure.unauthenticated("the API key is not valid") }
      self = .apiKey(key, of: user)
    case .adminToken(let hash):
      // All are compared, each in constant time: a lookup by hash could be timed.
      var name: String?
      let members = members()
      for token in try view.adminTokens()
      where token.hash.matches(hash) && members.contains(token.memberID) {
        name = name ?? token.memberName
      }
      guard let name else { throw Failure.unauthenticated("the credential is not valid") }
      self = .operator(name: name)
    }
  }

  /// The user who calls, or for whom the key acts.
  var user: CloudState.User? {
    switch self {
    case .nobody, .operator: nil
    case .user(let user, _), .apiKey(_, let user): user
    }
  }

  /// On whose behalf commands are proposed.
  var actor: Actor {
    switch self {
    case .nobody: .anonymous
    case .user(_, let session): .session(session)
    case .apiKey(let key, _): .apiKey(key.id)
    case .operator(let name): .operator(name: name)
    }
  }

  /// A short name for the log; no secret.
  var logName: String {
    switch self {
    case .nobody: "anonymous"
    case .user(let user, _): user.id.rawValue
    case .apiKey(let key, _): key.id.rawValue
    case .operator(let name): "operator:\(name)"
    }
  }
}

/// A workspace and what the caller may do in it.
struct WorkspaceAccess: Sendable {
  var workspace: CloudState.Workspace
  /// Nothing for an operator, who may do everything.
  var role: CloudState.Role?
  /// Narrower than all for an API key.
  var scopes: Scopes

  func allows(_ permission: CloudState.Permission) -> Bool {
    guard let role else { return true }
    return role.allows(permission) && scopes.allows(permission)
  }

  var permissions: [CloudState.Permission] {
    CloudState.Permission.allCases.filter(allows)
  }
}

extension Caller {
  /// The caller's access to a workspace; nothing to anybody outside, as if it did not exist.
  func access(
    to id: WorkspaceID, in view: borrowing StateView
  ) throws -> WorkspaceAccess? {
    guard let workspace = try view.workspace(id) else { return nil }
    switch self {
    case .nobody:
      return nil
    case .operator:
      return WorkspaceAccess(workspace: workspace, role: nil, scopes: .all)
    case .user(let user, _):
      return try view.membership(id, user.id).map {
        WorkspaceAccess(workspace: workspace, role: $0.role, scopes: .all)
      }
    case .apiKey(let key, _):
      guard key.workspaceID == id else { return nil }
      return try view.membership(id, key.userID).map {
        WorkspaceAccess(workspace: workspace, role: $0.role, scopes: key.scopes)
      }
    }
  }

  /// The workspace of a call that names none: the key's own, or the user's oldest. An operator has
  /// none.
  func defaultWorkspace(in view: borrowing StateView) throws -> WorkspaceID? {
    switch self {
    case .nobody, .operator: nil
    case .apiKey(let key, _): key.workspaceID
    case .user(let user, _):
      try view.workspaces(of: user.id, limit: 1).items.first?.workspace.id
    }
  }
}
