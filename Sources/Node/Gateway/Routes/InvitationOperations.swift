import CloudAPI

extension Operation {
  static let listInvitations = Operation(
    "listInvitations", .workspaces, "List open invitations",
    answers: .page(of: Invitation.self, "A part of the list, oldest first."))

  static let createInvitation = Operation(
    "createInvitation", .workspaces, "Invite somebody",
    "It is good for seven days. If the operator has a mailer, the token is mailed to the address and shown "
      + "to nobody; otherwise it is shown this once.",
    body: .json(InviteRequest.self),
    answers: .created(
      CreatedInvitation.self, "The invitation, and its token if it was not mailed."),
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
    "Who has an account accepts as themselves, with an access token. Without one, the account's address must "
      + "be proven to be theirs; if it is not, a token that was mailed proves it, and gives the account a new "
      + "password, which ends all sessions and keys that it had. A new user needs a password.",
    body: .json(AcceptInvitationRequest.self),
    answers: .ok(AcceptedInvitation.self, "The user is a member."),
    errors: [
      ErrorAnswer(.invalidRequest, "The token is not valid, or a password is needed."),
      ErrorAnswer(
        .conflict,
        "The user is a member already; or is not logged in and has not proven the address; or has a "
          + "password that somebody else has chosen."),
      ErrorAnswer(.quotaExceeded, "The workspace has as many members as its plan allows."),
    ])
}
