import CloudState

/// Who may call a route. There is no route without one.
enum Access: Sendable {
  /// Anybody.
  case anyone
  /// Anybody; who shows a credential comes as whom it stands for, so it must hold.
  case visitor
  /// Anybody with a credential that holds; what they may do, the handler or the command says.
  case credential
  /// A user who logged in: whoever shows an access token.
  case user
  /// Whoever has the permission in the workspace that the call is about.
  ///
  /// `orAboutOneself`: or whoever is the user that the path names, and has logged in.
  case permission(CloudState.Permission, in: WorkspaceSource, orAboutOneself: Bool = false)
  /// The bearer of an admin token.
  case `operator`

  /// Where a call says which workspace it is about.
  enum WorkspaceSource: Sendable {
    /// In the query as `workspace_id`; without it the credential decides.
    case query
    /// In the JSON body as `workspace_id`; without it the credential decides.
    case body
    /// In the path.
    case path
    /// The workspace of the API key that the path names.
    case apiKeyInPath
  }
}

extension Access {
  /// Whether the body says which workspace a call is about.
  var isInBody: Bool { if case .permission(_, in: .body, _) = self { true } else { false } }

  /// The answer to somebody who shows nothing.
  static var credentialMissing: Failure {
    .unauthenticated(
      "send an access token, an API key or the admin token as Authorization: Bearer …")
  }

  /// Whether `caller` may, as the state stands.
  ///
  /// - Parameter named: The workspace that the body names.
  /// - Returns: The workspace, where the access is about one.
  /// - Throws: ``Failure``.
  func check(
    _ caller: Caller, _ request: APIRequest, named: String?, in view: borrowing StateView
  ) throws -> WorkspaceAccess? {
    switch self {
    case .anyone, .visitor: return nil
    case .credential, .user, .permission, .operator: break
    }
    if case .nobody = caller { throw Self.credentialMissing }
    switch self {
    case .anyone, .visitor, .credential:
      return nil
    case .user:
      guard case .user = caller else {
        throw Failure.forbidden("this is about a login, and needs an access token")
      }
      return nil
    case .operator:
      guard case .operator = caller else {
        throw Failure.forbidden(.operateCluster, "this needs the admin token")
      }
      return nil
    case .permission(let permission, let source, let orAboutOneself):
      let access = try workspace(source, caller, request, named: named, in: view)
      if orAboutOneself, case .user(let user, in: _) = caller,
        user.id.rawValue == request.parameters["user_id"]
      {
        return access
      }
      guard access.allows(permission) else {
        throw Failure.forbidden(permission, in: access.workspace.id)
      }
      return access
    }
  }

  private func workspace(
    _ source: WorkspaceSource, _ caller: Caller, _ request: APIRequest, named: String?,
    in view: borrowing StateView
  ) throws -> WorkspaceAccess {
    let missing = Failure.notFound(source.noun)
    let id: WorkspaceID
    switch source {
    case .path:
      id = WorkspaceID(rawValue: request.parameters["id"] ?? "")
    case .apiKeyInPath:
      let keyID = APIKeyID(rawValue: request.parameters["id"] ?? "")
      guard let key = try view.apiKey(keyID) else { throw missing }
      id = key.workspaceID
    case .query, .body:
      if let name = source == .body ? named : request.query("workspace_id") {
        id = WorkspaceID(rawValue: name)
      } else if let usual = try caller.defaultWorkspace(in: view) {
        id = usual
      } else if case .operator = caller {
        throw Failure.invalid("workspace_id", "is missing; the admin token has no workspace")
      } else {
        throw missing
      }
    }
    guard let access = try caller.access(to: id, in: view) else {
      throw try Failure.noWorkspace(id, source.noun, in: view)
    }
    return access
  }
}

extension Access.WorkspaceSource {
  fileprivate var noun: String {
    switch self {
    case .query, .body, .path: "workspace"
    case .apiKeyInPath: "API key"
    }
  }
}

extension Failure {
  /// To somebody who is not in a workspace, whether or not there is one.
  ///
  /// - Parameter noun: What they asked for.
  static func noWorkspace(
    _ id: WorkspaceID, _ noun: String = "workspace", in view: borrowing StateView
  ) throws -> Failure {
    try view.workspace(id) == nil ? .notFound(noun) : .foreign(noun)
  }
}
