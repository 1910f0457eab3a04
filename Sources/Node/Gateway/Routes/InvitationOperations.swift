import CloudAPI

extension Operation {
  static let listInvitations = Operation(
    "listInvitations", .workspaces, "List open invitations",
    answers: .page(of: Invitation.self, "A part of the list, oldest first."))

  static let createInvitation = Operation(
    "createInvitation", .workspaces, "Invite somebody",
    "It is good for seven days. The token is shown this once, and mailed if the operator has a mailer.",
    body: .json(InviteRequest.self),
    answers: .created(CreatedInvitation.self, "The invitation, and its token."),
    errors: [
      ErrorAnswer(
        .conflict,
        "The address is a member's, or has an open invitation, or there are 200 open ones.")
    ])

  static let revokeInvitation = Operation(
    "revokeInvitation", .workspaces, "Take an invitation back",
    answers: .noContent("Its token is worth nothing from now on."))

  static let acceptInvitation = Operation(
    "acceptInvitation", .workspaces, "Accept an invitation",
    "A user who is known needs the token alone and keeps their password; a new one needs a password.",
    body: .json(AcceptInvitationRequest.self),
    answers: .ok(AcceptedInvitation.self, "The user is a member."),
    errors: [
      ErrorAnswer(.invalidRequest, "The token is not valid, or a new user has sent no password."),
      ErrorAnswer(.conflict, "The user is a member already."),
      ErrorAnswer(.quotaExceeded, "The workspace has as many members as its plan allows."),
    ])
}
