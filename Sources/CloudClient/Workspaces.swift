import CloudAPI

/// Tenants.
extension CloudClient {
  /// Makes a workspace. Only the admin token may name a plan and an owner.
  public func createWorkspace(
    _ request: CreateWorkspaceRequest
  ) async throws(CloudError) -> Workspace {
    try await post("/api/v1/workspaces", request)
  }

  /// The caller's workspaces; for the admin token, all there are.
  public func workspaces() -> Listing<Workspace> {
    Listing(self, "/api/v1/workspaces")
  }

  /// One workspace.
  public func workspace(_ id: String) async throws(CloudError) -> Workspace {
    try await get(path(ofWorkspace: id))
  }

  /// One workspace as it is now, with a name for just this state of it.
  public func taggedWorkspace(_ id: String) async throws(CloudError) -> Tagged<Workspace> {
    let answer = try await fetch(path(ofWorkspace: id))
    guard let tag = answer.headers.first(name: "ETag") else {
      throw answer.invalid("its answer has no ETag")
    }
    return Tagged(
      value: try answer.decoded(as: Workspace.self), tag: EntityTag(text: tag))
  }

  /// Changes a workspace.
  ///
  /// - Parameter tag: Of the state that is to be changed; another is left as it is and refused
  ///   with `precondition_failed`. Without it, whatever is there is changed.
  public func updateWorkspace(
    _ id: String, _ request: UpdateWorkspaceRequest, ifStill tag: EntityTag? = nil
  ) async throws(CloudError) -> Workspace {
    try await change(.PATCH, path(ofWorkspace: id), request, ifMatch: tag)
      .decoded(as: Workspace.self)
  }

  /// Deletes a workspace with its keys, usage and log, at once.
  ///
  /// - Parameter tag: Of the state that is to be deleted, as for ``updateWorkspace(_:_:ifStill:)``.
  public func deleteWorkspace(
    _ id: String, ifStill tag: EntityTag? = nil
  ) async throws(CloudError) {
    try await change(.DELETE, path(ofWorkspace: id), ifMatch: tag)
  }

  func path(ofWorkspace id: String) -> String { "/api/v1/workspaces/\(id.percentEncoded)" }
}

/// A name for one state of something (RFC 9110 §8.8.3).
public struct EntityTag: Equatable, Sendable {
  /// The tag as it is on the wire, in quotes.
  public var text: String

  /// A tag as it is on the wire.
  public init(text: String) {
    self.text = text
  }
}

/// Something in one of its states.
public struct Tagged<Value: Sendable>: Sendable {
  /// What it was.
  public var value: Value
  /// The name of that state.
  public var tag: EntityTag
}
