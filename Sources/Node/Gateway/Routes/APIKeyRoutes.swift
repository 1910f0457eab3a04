import CloudAPI
import CloudState

/// API keys of a workspace.
struct APIKeyRoutes: Sendable {
  let state: StateSource
  let proposer: Proposer

  static let longestLifeInDays = 3_650

  var routes: [Route] {
    [
      .query("/api/v1/api-keys", .permission(.manageKeys, in: .query), .listAPIKeys, Self.list),
      .perform(
        .post, "/api/v1/api-keys", .permission(.manageKeys, in: .body), .createAPIKey, create),
      .perform(
        .delete, "/api/v1/api-keys/{id}", .permission(.manageKeys, in: .apiKeyInPath),
        .revokeAPIKey, revoke),
      .perform(
        .post, "/api/v1/api-keys/{id}/rotate", .permission(.manageKeys, in: .apiKeyInPath),
        .rotateAPIKey, rotate),
      .perform(
        .post, "/api/v1/api-keys/validate", .credential, .validateAPIKey, judgedBy: .node,
        validate),
    ]
  }

  /// Keys that can still be used; revoked ones are history.
  private static func list(_ view: borrowing StateView, _ call: Call) throws -> Answer {
    let page = try view.apiKeys(
      of: try call.requireWorkspace().workspace.id, after: try call.request.pageCursor,
      limit: try call.request.pageLimit)
    return try .json(
      CloudAPI.Page(
        items: page.items.map(CloudAPI.APIKey.init), nextCursor: page.next?.description))
  }

  private func create(_ call: Call) async throws -> Answer {
    let workspace = try call.requireWorkspace().workspace
    let request = try CreateAPIKeyRequest(call.fields(), longestLife: Self.longestLifeInDays)
    guard let scopes = Scopes(names: request.scopes.map(\.rawValue)), !scopes.isEmpty else {
      throw Failure.invalid("scopes", "must be one or more of \(Scopes.all.names)")
    }
    let secret = APIKeySecret(from: call.seed)
    let made = try await proposer.propose(
      CloudState.CreateAPIKey(
        id: secret.id, workspaceID: workspace.id,
        userID: try await holder(named: request.userID, call, in: workspace.id),
        name: request.name, scopes: scopes, secretHash: secret.hash,
        expiresAt: request.expiresInDays.map {
          proposer.now().adding(milliseconds: Int64($0) * 86_400_000)
        }),
      in: call.commands)
    return try .json(
      CreatedAPIKey(apiKey: CloudAPI.APIKey(made), key: secret.text), status: .created)
  }

  /// Whom the key shall act for: the user named, the caller, or for an operator the owner.
  private func holder(
    named name: String?, _ call: Call, in workspaceID: WorkspaceID
  ) async throws -> UserID {
    if let name { return UserID(rawValue: name) }
    if let user = call.caller.user { return user.id }
    return try await state.read { view in
      guard let owner = try view.owner(of: workspaceID) else { throw Failure.notFound("workspace") }
      return owner
    }
  }

  private func revoke(_ call: Call) async throws -> Answer {
    let command = RevokeAPIKey(
      workspaceID: try call.requireWorkspace().workspace.id,
      id: APIKeyID(rawValue: call.request.parameters["id"] ?? ""))
    _ = try await proposer.propose(command, in: call.commands)
    return .noContent
  }
}

extension APIKeyRoutes {
  /// Hours.
  static let usualOverlap = 24
  static let longestOverlap = Int(StateLimits.keyOverlap / 3_600_000)

  private func rotate(_ call: Call) async throws -> Answer {
    var hours: Int?
    if !call.body.isEmpty {
      var fields = try call.fields()
      hours = fields.integer("overlap_hours", in: 0...Self.longestOverlap)
      try fields.finish()
    }
    let secret = APIKeySecret(from: call.seed)
    let keys = try await proposer.propose(
      RotateAPIKey(
        workspaceID: try call.requireWorkspace().workspace.id,
        id: APIKeyID(rawValue: call.request.parameters["id"] ?? ""), newID: secret.id,
        secretHash: secret.hash, overlap: Int64(hours ?? Self.usualOverlap) * 3_600_000),
      in: call.commands)
    return try .json(
      CreatedAPIKey(apiKey: CloudAPI.APIKey(keys.new), key: secret.text), status: .created)
  }

  /// Whoever has a key may ask about it with it, and operators about any: others must not learn which
  /// keys there are.
  private func validate(_ call: Call) async throws -> Answer {
    var fields = try call.fields()
    let text = fields.requiredString("key")
    try fields.finish()
    let secret = APIKeySecret(text)
    switch call.caller {
    case .operator: break
    case .apiKey(let key, _) where key.id == secret?.id: break
    default:
      throw Failure.forbidden(
        .operateCluster, "a key is validated with that key itself or with the admin token")
    }
    guard let secret else { return try .json(APIKeyValidation(valid: false)) }
    return try await call.replica.readBehindBarrier { view in
      guard
        let caller = try? Caller(
          .apiKey(secret), in: view, at: call.replica.now(), members: { [] }),
        case .apiKey(let key, _) = caller,
        let access = try caller.access(to: key.workspaceID, in: view)
      else { return try .json(APIKeyValidation(valid: false)) }
      return try .json(
        APIKeyValidation(
          valid: true, workspaceID: key.workspaceID.rawValue, userID: key.userID.rawValue,
          scopes: key.scopes.names.map(Scope.init(rawValue:)),
          role: access.role.map(CloudAPI.Role.init), expiresAt: key.expiresAt?.date))
    }
  }
}

extension CreateAPIKeyRequest {
  fileprivate init(_ fields: consuming JSONFields, longestLife: Int) throws(Failure) {
    let scopes = fields.strings("scopes")
    if scopes == nil && fields.errors.allSatisfy({ $0.field != "scopes" }) {
      fields.reject("scopes", "is missing")
    }
    self.init(
      workspaceID: fields.string("workspace_id"), userID: fields.string("user_id"),
      name: fields.requiredName("name"), scopes: (scopes ?? []).map(Scope.init(rawValue:)),
      expiresInDays: fields.integer("expires_in_days", in: 1...longestLife))
    try fields.finish()
  }
}
