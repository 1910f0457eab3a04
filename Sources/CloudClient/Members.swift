import CloudAPI

/// The people of a workspace.
extension CloudClient {
  /// Adds a member to a workspace. A user with this address who has proven that it is theirs is added as
  /// is; if the address is nobody's, a user is made, who sets a password by a reset if the request has none.
  /// Users who have proven nothing are invited instead, and accept when they are logged in.
  public func createUser(
    _ request: AddMemberRequest, in workspaceID: String
  ) async throws(CloudError) -> Member {
    try await post(path(ofWorkspace: workspaceID) + "/users", request)
  }

  /// The members of a workspace.
  public func users(in workspaceID: String) -> Listing<Member> {
    Listing(self, path(ofWorkspace: workspaceID) + "/users")
  }

  /// One user with whom the caller shares a workspace.
  public func getUser(_ id: String) async throws(CloudError) -> User {
    try await get("/api/v1/users/\(id.percentEncoded)")
  }

  /// Gives a member another role, which holds on every node from the answer on.
  public func changeRole(
    of userID: String, in workspaceID: String, to role: Role
  ) async throws(CloudError) -> Member {
    try await change(.PATCH, path(of: userID, in: workspaceID), ChangeRoleRequest(role: role))
      .decoded(as: Member.self)
  }

  /// Removes a member, whose keys for the workspace are revoked; or leaves, if it is the caller.
  public func removeUser(_ userID: String, from workspaceID: String) async throws(CloudError) {
    try await change(.DELETE, path(of: userID, in: workspaceID))
  }

  private func path(of userID: String, in workspaceID: String) -> String {
    path(ofWorkspace: workspaceID) + "/users/\(userID.percentEncoded)"
  }
}

/// Invitations of people into a workspace.
extension CloudClient {
  /// Invites somebody. If the operator has a mailer, the token is mailed to them; otherwise the answer is the
  /// only place where it is ever shown, and it is for you to hand it over.
  public func invite(
    _ email: String, as role: Role, to workspaceID: String
  ) async throws(CloudError) -> CreatedInvitation {
    try await post(
      path(ofWorkspace: workspaceID) + "/invitations", InviteRequest(email: email, role: role))
  }

  /// The open invitations into a workspace, oldest first.
  public func invitations(to workspaceID: String) -> Listing<Invitation> {
    Listing(self, path(ofWorkspace: workspaceID) + "/invitations")
  }

  /// Takes an invitation back.
  public func revokeInvitation(
    _ id: String, to workspaceID: String
  ) async throws(CloudError) {
    try await change(
      .DELETE, path(ofWorkspace: workspaceID) + "/invitations/\(id.percentEncoded)")
  }

  /// Accepts an invitation. Who has an account accepts it as themselves (``with(token:)``); without that, the
  /// account's address must be proven to be theirs, or the token mailed and a new password sent. Who has none
  /// sends a password.
  public func acceptInvitation(
    _ request: AcceptInvitationRequest
  ) async throws(CloudError) -> AcceptedInvitation {
    try await post("/api/v1/invitations/accept", request)
  }
}
