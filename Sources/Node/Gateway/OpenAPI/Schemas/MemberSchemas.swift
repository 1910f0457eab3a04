import CloudAPI
import CloudState

extension CloudAPI.Member: WireType {
  static let schema = Schema.object(
    "WorkspaceMember", "A user's place in a workspace.",
    [
      .required("user_id", .identifier(UserKind.self), "The user's ID."),
      .required("email", .email, "The address that the user logs in with."),
      .optional("name", .title, "The user's name for people; absent if there is none."),
      .required("role", .role, "What the user may do there."),
      .required("created_at", .time, "Since when."),
    ])

  static var example: CloudAPI.Member {
    CloudAPI.Member(
      userID: Example.user, email: "ada@example.org", name: "Ada", role: .analyst,
      createdAt: Example.time)
  }
}

extension AddMemberRequest: WireType {
  static let schema = Schema.request(
    "AddMemberRequest", "A user to add. One who has registered is added as is.",
    [
      .required("email", .email, "Whom to add."),
      .required("role", .role, "As what; only owners add owners."),
      .optional("name", .titleOrEmpty, "The name of a new user."),
      .optional(
        "password", .text(Passwords.length.lowerBound...Passwords.length.upperBound),
        "The password of a new user. Without it they cannot log in by password yet."),
    ])

  static var example: AddMemberRequest {
    AddMemberRequest(
      email: "grace@example.org", role: .analyst, name: "Grace", password: "correct horse")
  }
}

extension ChangeRoleRequest: WireType {
  static let schema = Schema.request(
    "ChangeRoleRequest", "What a member shall be.",
    [.required("role", .role, "As what from now on; only owners make owners or unmake them.")])

  static var example: ChangeRoleRequest { ChangeRoleRequest(role: .admin) }
}

extension PermissionCheck: WireType {
  static let schema = Schema.object(
    "PermissionCheck", "Whether the caller may.", [.required("allowed", .boolean, "It may.")])

  static var example: PermissionCheck { PermissionCheck(allowed: true) }
}
