import CloudAPI
import CloudState

extension Schema {
  /// A name for people.
  static let title = Schema.text(
    1...StateLimits.nameLength, pattern: #"^[^\u0000-\u001f\u007f]*$"#)

  /// The same, or the empty string.
  static let titleOrEmpty = Schema.text(
    0...StateLimits.nameLength, pattern: #"^[^\u0000-\u001f\u007f]*$"#)

  static let email = Schema.text(
    pattern: "^[!#-?A-~]{1,64}@[A-Za-z0-9.-]{1,253}$")

  /// The name of a plan; an operator may define others than the three that are always there.
  static let planName = Schema.text(pattern: "^[0-9A-Za-z_-]{1,64}$")

  static let role = Schema.word(CloudState.Role.allCases.map(\.rawValue))

  static let scope = Schema.word(Scopes.all.names)

  static let permission = Schema.word(CloudState.Permission.allCases.map(\.rawValue))
}

extension CloudAPI.User: WireType {
  static let schema = Schema.object(
    "User", "A person who can log in.",
    [
      .required("id", .identifier(UserKind.self), "The user's ID."),
      .required("email", .email, "The address that the user logs in with."),
      .optional("name", .title, "The user's name for people; absent if there is none."),
      .required("created_at", .time, "When the user was made."),
      .required(
        "email_verified", .boolean, "Whether it is proven that the address is the user's."),
      .required(
        "must_change_password", .boolean,
        "Whether somebody else has chosen the user's password; they join no further workspace with it."
      ),
    ])

  static var example: CloudAPI.User {
    CloudAPI.User(
      id: Example.user, email: "ada@example.org", name: "Ada", createdAt: Example.time,
      emailVerified: true, mustChangePassword: false)
  }
}
