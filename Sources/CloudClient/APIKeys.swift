import CloudAPI

/// Credentials for programs.
extension CloudClient {
  /// Makes an API key. The answer is the only place where its secret is ever shown.
  public func createAPIKey(
    _ request: CreateAPIKeyRequest
  ) async throws(CloudError) -> CreatedAPIKey {
    try await post("/api/v1/api-keys", request)
  }

  /// A workspace's API keys, without their secrets; the admin token must name the workspace.
  public func apiKeys(workspaceID: String? = nil) -> Listing<APIKey> {
    Listing(self, "/api/v1/api-keys", named("workspace_id", workspaceID))
  }

  /// Takes an API key out of use, at once and on every node.
  public func revokeAPIKey(_ id: String) async throws(CloudError) {
    try await change(.DELETE, path(ofKey: id))
  }

  /// Puts a new key in a key's place.
  ///
  /// - Parameter overlapHours: For how long the old one goes on; without it, 24 hours.
  public func rotateAPIKey(
    _ id: String, overlapHours: Int? = nil
  ) async throws(CloudError) -> CreatedAPIKey {
    try await post(path(ofKey: id) + "/rotate", RotateAPIKeyRequest(overlapHours: overlapHours))
  }

  /// Says what a key is worth. The client's token must be that key itself, or the admin token.
  public func validateAPIKey(_ key: String) async throws(CloudError) -> APIKeyValidation {
    try await post("/api/v1/api-keys/validate", ValidateAPIKeyRequest(key: key))
  }

  private func path(ofKey id: String) -> String { "/api/v1/api-keys/\(id.percentEncoded)" }
}
