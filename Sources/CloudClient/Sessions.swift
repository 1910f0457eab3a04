import CloudAPI

/// Logging in and out.
extension CloudClient {
  /// Makes a user and a workspace that the user owns.
  public func register(_ request: RegisterRequest) async throws(CloudError) -> Registration {
    try await post("/api/v1/auth/register", request)
  }

  /// Exchanges a password for tokens; ``with(token:)`` makes a client that uses them.
  public func login(email: String, password: String) async throws(CloudError) -> Tokens {
    try await post("/api/v1/auth/login", LoginRequest(email: email, password: password))
  }

  /// Logs in and returns this client with the user's access token, which is good for 15 minutes.
  public func authenticate(
    email: String, password: String
  ) async throws(CloudError) -> CloudClient {
    with(token: try await login(email: email, password: password).accessToken)
  }

  /// Exchanges a refresh token, which is good once, for new tokens.
  ///
  /// A refresh token that comes again ends the session, unless it comes under the same
  /// idempotency key: keep one of your own (``with(idempotencyKey:)``) where the answer must not
  /// be lost with the process.
  public func refresh(_ refreshToken: String) async throws(CloudError) -> Tokens {
    try await post("/api/v1/auth/refresh", RefreshRequest(refreshToken: refreshToken))
  }

  /// Ends the session of the client's access token, or all sessions of its user.
  public func logout(everywhere: Bool = false) async throws(CloudError) {
    try await perform("/api/v1/auth/logout", LogoutRequest(everywhere: everywhere))
  }

  /// Where the user is logged in, the session that was renewed last first.
  public func sessions() async throws(CloudError) -> [LoginSession] {
    let page: Page<LoginSession> = try await get("/api/v1/auth/sessions")
    return page.items
  }

  /// Ends one of the user's own sessions.
  public func endSession(_ id: String) async throws(CloudError) {
    try await change(.DELETE, "/api/v1/auth/sessions/\(id.percentEncoded)")
  }

  /// What happened to the user's own account, newest first: logins, attempts that failed, and the like.
  public func ownAudit() -> Listing<AuditEntry> {
    Listing(self, "/api/v1/auth/audit")
  }

  /// Says whom the client's token stands for and what it may do.
  ///
  /// - Parameter workspaceID: Where; without it, in the workspace that the token works in.
  public func authenticate(in workspaceID: String? = nil) async throws(CloudError) -> Identity {
    try await get("/api/v1/auth/me", named("workspace_id", workspaceID))
  }

  /// Whether the client's token allows something.
  ///
  /// - Parameter workspaceID: Where; without it, in the workspace that the token works in.
  public func checkPermission(
    _ permission: Permission, in workspaceID: String? = nil
  ) async throws(CloudError) -> Bool {
    let check: PermissionCheck = try await get(
      "/api/v1/permissions/check",
      named("permission", permission.rawValue) + named("workspace_id", workspaceID))
    return check.allowed
  }
}
