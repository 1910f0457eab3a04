import CloudAPI
import CloudState

extension CloudAPI.Invitation: WireType {
  static let properties: [Schema.Property] = [
    .required("id", .identifier(InvitationKind.self), "The invitation's ID."),
    .required("workspace_id", .identifier(WorkspaceKind.self), "The workspace."),
    .required("email", .email, "Who is invited."),
    .required("role", .role, "As what."),
    .optional(
      "invited_by", .identifier(UserKind.self),
      "The user who invites; absent if an operator does."),
    .required(
      "mailed", .boolean,
      "Whether the token was mailed to the address, and is known to nobody else."),
    .required("created_at", .time, "When it was made."),
    .required("expires_at", .time, "When it runs out."),
  ]

  static let schema = Schema.object(
    "Invitation", "An open invitation into a workspace.", properties)

  static var example: CloudAPI.Invitation {
    CloudAPI.Invitation(
      id: Example.invitation, workspaceID: Example.workspace, email: "grace@example.org",
      role: .analyst, invitedBy: Example.user, mailed: false, createdAt: Example.time,
      expiresAt: Example.time.addingTimeInterval(604_800))
  }
}

extension InviteRequest: WireType {
  static let schema = Schema.request(
    "InviteRequest", "Who is invited.",
    [
      .required("email", .email, "The address."),
      .required("role", .role, "As what; not above one's own role."),
    ])

  static var example: InviteRequest { InviteRequest(email: "grace@example.org", role: .analyst) }
}

extension CreatedInvitation: WireType {
  static let schema = Schema.object(
    "CreatedInvitation", "A new invitation, and its token.",
    CloudAPI.Invitation.properties + [
      .optional(
        "token", .text(pattern: "^cli_[0-9a-f]{64}$"),
        "The token, this once; hand it to whom you invite. Absent if it was mailed.")
    ])

  static var example: CreatedInvitation {
    CreatedInvitation(invitation: .example, token: Example.invitationToken)
  }
}

extension AcceptInvitationRequest: WireType {
  static let schema = Schema.request(
    "AcceptInvitationRequest", "Who accepts an invitation.",
    [
      .required("token", .text, "The invitation's token."),
      .optional("name", .titleOrEmpty, "The name of a user who is new."),
      .optional(
        "password", .text(Passwords.length),
        "The password of a user who is new, or takes over an account that was never proven to be "
          + "theirs with a token that was mailed; others keep theirs."),
    ])

  static var example: AcceptInvitationRequest {
    AcceptInvitationRequest(
      token: Example.invitationToken, name: "Grace", password: "a long password")
  }
}

extension AcceptedInvitation: WireType {
  static let schema = Schema.object(
    "AcceptedInvitation", "A membership that came of an invitation.",
    [
      .required("user", CloudAPI.User.schema, "Who is a member now."),
      .required("workspace_id", .identifier(WorkspaceKind.self), "Where."),
      .required("role", .role, "As what."),
    ])

  static var example: AcceptedInvitation {
    AcceptedInvitation(user: .example, workspaceID: Example.workspace, role: .analyst)
  }
}
