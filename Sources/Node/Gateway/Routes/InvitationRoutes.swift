import CloudAPI
import CloudState

/// Invitations into a workspace: made and taken back by who manages its users, accepted by who was sent
/// the token.
struct InvitationRoutes: Sendable {
  let proposer: Proposer
  let passwords: Passwords
  let attempts: Attempts
  let mailer: Mailer

  var routes: [Route] {
    [
      .query(
        "/api/v1/workspaces/{id}/invitations", .permission(.manageUsers, in: .path),
        .listInvitations, Self.list),
      .perform(
        .post, "/api/v1/workspaces/{id}/invitations", .permission(.manageUsers, in: .path),
        .createInvitation, invite),
      .perform(
        .delete, "/api/v1/workspaces/{id}/invitations/{invitation_id}",
        .permission(.manageUsers, in: .path), .revokeInvitation, revoke),
      .perform(.post, "/api/v1/invitations/accept", .visitor, .acceptInvitation, accept),
    ]
  }

  private static func list(_ view: borrowing StateView, _ call: Call) throws -> Answer {
    let page = try view.invitations(
      of: call.requireWorkspace().workspace.id, at: call.replica.now(),
      after: call.request.pageCursor,
      limit: call.request.pageLimit)
    return try .page(page, CloudAPI.Invitation.init)
  }

  private func invite(_ call: Call) async throws -> Answer {
    let workspace = try call.requireWorkspace().workspace
    let request = try InviteRequest(call.fields())
    let role = try CloudState.Role(named: request.role)
    let token = OneTimeToken(.invitation, from: call.seed)
    let made = try await proposer.propose(
      Invite(
        id: call.seed.identifier(), workspaceID: workspace.id, email: request.email, role: role,
        tokenHash: token.hash, isMailed: mailer.isThere), in: call.commands)
    mailer.send(
      MailMessage(
        kind: .invitation, to: made.email, token: token.text, expiresAt: made.expiresAt.date,
        workspaceName: workspace.name))
    return try .json(
      CreatedInvitation(
        invitation: CloudAPI.Invitation(made), token: made.isMailed ? nil : token.text),
      status: .created)
  }

  private func revoke(_ call: Call) async throws -> Answer {
    let command = RevokeInvitation(
      workspaceID: try call.requireWorkspace().workspace.id,
      id: InvitationID(rawValue: call.request.parameters["invitation_id"] ?? ""))
    _ = try await proposer.propose(command, in: call.commands)
    return .noContent
  }

  private func accept(_ call: Call) async throws -> Answer {
    let request = try AcceptInvitationRequest(call.fields())
    let refused = Failure.invalid("token", "is not valid, was used, or has run out")
    func refusal() -> Failure {
      attempts.noteFailure(of: Attempt.acceptance.action, in: call)
      return refused
    }
    guard let token = OneTimeToken(.invitation, request.token) else { throw refused }
    try await attempts.count(.acceptance, in: call)
    // Behind the attempt the state is as new as it must be.
    let found = try await call.replica.state.read { view in
      try view.invitation(tokenHash: token.hash).map { invitation in
        (invitation: invitation, user: try view.user(email: invitation.email))
      }
    }
    // A repetition finds the invitation accepted: what came of the first the state knows.
    guard found != nil || call.isRepeatable else { throw refusal() }
    var hash: String?
    if let found, Self.takesPassword(found.invitation, of: found.user, in: call),
      let password = request.password
    {
      hash = try await passwords.hash(password, for: ClientPresence(call.request.channel))
    }
    let accept = AcceptInvitation(
      tokenHash: token.hash, userID: call.seed.identifier(), name: request.name ?? "",
      passwordHash: hash)
    do {
      let made = try await proposer.propose(accept, in: call.commands)
      return try .json(
        AcceptedInvitation(
          user: CloudAPI.User(made.member.user),
          workspaceID: made.member.membership.workspaceID.rawValue,
          role: CloudAPI.Role(made.member.membership.role)))
    } catch Rejection.notFound(.invitation) {
      throw refusal()
    }
  }
}

extension InvitationRoutes {
  /// Whether a password would be looked at, as the state stands: hashing one is dear.
  private static func takesPassword(
    _ invitation: CloudState.Invitation, of user: CloudState.User?, in call: Call
  ) -> Bool {
    guard let user else { return true }
    if case .user(let caller, in: _) = call.caller, caller.id == user.id { return false }
    return invitation.isMailed && user.emailVerifiedAt == nil
  }
}

extension InviteRequest {
  fileprivate init(_ fields: consuming JSONFields) throws(Failure) {
    self.init(email: fields.email("email"), role: fields.role("role"))
    try fields.finish()
  }
}

extension AcceptInvitationRequest {
  fileprivate init(_ fields: consuming JSONFields) throws(Failure) {
    self.init(
      token: fields.requiredString("token"), name: fields.name("name", mayBeEmpty: true),
      password: fields.newPassword("password"))
    try fields.finish()
  }
}

extension CloudAPI.Invitation {
  init(_ invitation: CloudState.Invitation) {
    self.init(
      id: invitation.id.rawValue, workspaceID: invitation.workspaceID.rawValue,
      email: invitation.email, role: CloudAPI.Role(invitation.role),
      invitedBy: invitation.invitedBy?.rawValue, mailed: invitation.isMailed,
      createdAt: invitation.createdAt.date, expiresAt: invitation.expiresAt.date)
  }
}
