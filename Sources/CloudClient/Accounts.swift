import CloudAPI
import Foundation

extension CloudClient {
  /// Makes a user and a workspace that the user owns.
  public func register(_ request: RegisterRequest) async throws(CloudError) -> Registration {
    try await post("/api/v1/auth/register", request)
  }

  /// Exchanges a password for tokens. Make a new client with the access token to use it.
  public func login(email: String, password: String) async throws(CloudError) -> Tokens {
    try await post("/api/v1/auth/login", LoginRequest(email: email, password: password))
  }

  /// Says whom the client's token stands for and what it may do.
  public func authenticate() async throws(CloudError) -> Identity {
    try await get("/api/v1/auth/me")
  }

  /// Makes a workspace. Only the admin token may name a plan and an owner.
  public func createWorkspace(
    _ request: CreateWorkspaceRequest
  ) async throws(CloudError) -> Workspace {
    try await post("/api/v1/workspaces", request)
  }

  /// One page of the caller's workspaces; for the admin token, of all there are.
  public func workspaces(
    limit: Int? = nil, cursor: String? = nil
  ) async throws(CloudError) -> Page<Workspace> {
    try await get("/api/v1/workspaces", page(limit, cursor))
  }

  /// One workspace.
  public func workspace(_ id: String) async throws(CloudError) -> Workspace {
    try await get("/api/v1/workspaces/\(id.percentEncoded)")
  }

  /// Makes an API key. The answer is the only place where its secret is ever shown.
  public func createAPIKey(
    _ request: CreateAPIKeyRequest
  ) async throws(CloudError) -> CreatedAPIKey {
    try await post("/api/v1/api-keys", request)
  }

  /// One page of a workspace's API keys; the admin token must name the workspace.
  public func apiKeys(
    workspaceID: String? = nil, limit: Int? = nil, cursor: String? = nil
  ) async throws(CloudError) -> Page<APIKey> {
    try await get("/api/v1/api-keys", named("workspace_id", workspaceID) + page(limit, cursor))
  }

  /// Takes an API key out of use, at once and on every node.
  public func revokeAPIKey(_ id: String) async throws(CloudError) {
    _ = try await send(
      Call(
        method: .DELETE, path: "/api/v1/api-keys/\(id.percentEncoded)", timeout: timeouts.call))
  }

  /// What a workspace has used in a month (`YYYY-MM`; without one, the current month); the admin
  /// token must name the workspace.
  public func getUsage(
    workspaceID: String? = nil, period: String? = nil
  ) async throws(CloudError) -> Usage {
    try await get("/api/v1/usage", named("workspace_id", workspaceID) + named("period", period))
  }

  /// The plans that a workspace can be on.
  public func plans() async throws(CloudError) -> [Plan] {
    let page: Page<Plan> = try await get("/api/v1/plans")
    return page.items
  }
}

// MARK: Calls in general

extension CloudClient {
  typealias Query = [(name: String, value: String)]

  func named(_ name: String, _ value: String?) -> Query {
    value.map { [(name, $0)] } ?? []
  }

  private func page(_ limit: Int?, _ cursor: String?) -> Query {
    named("limit", limit.map(String.init)) + named("cursor", cursor)
  }

  func get<Value: Decodable>(
    _ path: String, _ query: Query = []
  ) async throws(CloudError) -> Value {
    let call = Call(method: .GET, path: path, query: query, timeout: timeouts.call)
    return try await send(call).decoded(as: Value.self)
  }

  private func post<Value: Decodable>(
    _ path: String, _ request: some Encodable
  ) async throws(CloudError) -> Value {
    let body: Data
    do {
      body = try JSONEncoder.cleanCloud.encode(request)
    } catch {
      preconditionFailure("requests are made of strings, numbers and lists: \(error)")
    }
    let call = Call(
      method: .POST, path: path,
      body: Call.Body(mediaType: "application/json", source: .bytes(body)),
      timeout: timeouts.call)
    return try await send(call).decoded(as: Value.self)
  }
}
