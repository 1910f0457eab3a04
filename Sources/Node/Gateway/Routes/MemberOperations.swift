import CloudAPI

extension Operation {
  static let listMembers = Operation(
    "listMembers", .workspaces, "List members",
    answers: .page(of: Member.self, "A part of the list."))

  static let addMember = Operation(
    "addMember", .workspaces, "Add a member",
    "A user who has proven that the address is theirs is added as is; if it is nobody's, a user is made. "
      + "Anybody may have registered with an address that is not proven: invite it instead.",
    body: .json(AddMemberRequest.self),
    answers: .created(Member.self, "The member."),
    errors: [
      ErrorAnswer(
        .conflict,
        "The user is a member already, or has not proven that the address is theirs."),
      ErrorAnswer(.quotaExceeded, "The workspace has as many members as it may have."),
    ])

  static let changeRole = Operation(
    "changeRole", .workspaces, "Change a member's role",
    "From the answer on, the new role holds on every node.",
    body: .json(ChangeRoleRequest.self),
    answers: .ok(Member.self, "The member as it now is."),
    errors: [ErrorAnswer(.conflict, "The workspace would have no owner left.")])

  static let removeMember = Operation(
    "removeMember", .workspaces, "Remove a member, or leave",
    "The user's keys for the workspace are revoked. From the answer on, neither user nor keys have any "
      + "right there, on every node. Who has logged in may remove themselves, whatever their role.",
    answers: .noContent("The user is no longer a member."),
    errors: [ErrorAnswer(.conflict, "The workspace would have no owner left.")])

  static let getUser = Operation(
    "getUser", .workspaces, "Show a user",
    "Users see those with whom they share a workspace; a key needs the scope `read`.",
    answers: .ok(User.self, "The user."),
    errors: [
      ErrorAnswer(.forbidden, "The key lacks the scope `read`."),
      ErrorAnswer(.notFound, "There is no such user, or no workspace shared with them."),
    ])

  static let checkPermission = Operation(
    "checkPermission", .auth, "Ask whether the caller may",
    parameters: [
      .required(
        .query("permission", .permission, "Which permission.", example: .string("analyze"))),
      .workspace,
    ],
    answers: .ok(PermissionCheck.self, "Whether it may."),
    errors: [ErrorAnswer(.notFound, "The workspace does not exist, or is another tenant's.")])
}

extension Parameter {
  /// The same, which a caller cannot leave out.
  static func required(_ parameter: Parameter) -> Parameter {
    var parameter = parameter
    parameter.isRequired = true
    return parameter
  }
}
