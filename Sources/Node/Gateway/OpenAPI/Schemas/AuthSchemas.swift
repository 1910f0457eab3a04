import CloudAPI
import CloudState

extension RegisterRequest: WireType {
  static let schema = Schema.request(
    "RegisterRequest", "Who registers.",
    [
      .required("email", .email, "The address to log in with; letter case does not count."),
      .required("password", .text(Passwords.length), "The password."),
      .optional("name", .titleOrEmpty, "The user's name for people."),
      .optional(
        "workspace_name", .title, "The name of the workspace that is made with the user."),
    ])

  static var example: RegisterRequest {
    RegisterRequest(
      email: "ada@example.org", password: "a long password", name: "Ada",
      workspaceName: "Analytical engines")
  }
}

extension LoginRequest: WireType {
  static let schema = Schema.request(
    "LoginRequest", "Who logs in.",
    [
      .required("email", .text, "The address that the user registered with."),
      .required("password", .text(0...Passwords.length.upperBound), "The password."),
    ])

  static var example: LoginRequest {
    LoginRequest(email: "ada@example.org", password: "a long password")
  }
}

extension Tokens: WireType {
  static let properties: [Schema.Property] = [
    .required(
      "access_token", .text(pattern: #"^[\w-]+\.[\w-]+\.[\w-]+$"#),
      "What calls are made with, as `Authorization: Bearer …`."),
    .required(
      "refresh_token", .text(pattern: "^clr_[0-9a-f]+_[0-9]+_[0-9a-f]+$"),
      "What renews both tokens, once."),
    .required("token_type", .word("bearer"), "How the access token is sent."),
    .required("expires_in", .count, "Seconds until the access token runs out."),
  ]

  static let schema = Schema.object(
    "Tokens", "Credentials of a user who has proven who they are.", properties)

  static var example: Tokens {
    Tokens(accessToken: Example.token, refreshToken: Example.refreshToken, expiresIn: 900)
  }
}

extension Registration: WireType {
  static let schema = Schema.object(
    "Registration", "A new user with a workspace, and tokens to go on with.",
    [
      .required("user", User.schema, "The user that was made."),
      .required(
        "workspace", Workspace.schema, "The workspace that was made, with the user as its owner."),
    ] + Tokens.properties)

  static var example: Registration {
    Registration(user: .example, workspace: .example, tokens: .example)
  }
}

extension Identity: WireType {
  static let schema = Schema.object(
    "Identity", "Who a credential stands for, and what it may do.",
    [
      .required("kind", .word("user", "api_key", "admin"), "What kind of credential was sent."),
      .optional("user", User.schema, "The user behind it; absent for the admin token."),
      .optional(
        "workspace", Workspace.schema,
        "The workspace it works in; absent for the admin token unless one is named."),
      .optional("role", .role, "The user's role in that workspace."),
      .optional(
        "scopes", .list(of: .scope), "The scopes of the API key; absent for other credentials."),
      .optional(
        "key_id", .identifier(APIKeyKind.self),
        "The ID of the API key; absent for other credentials."),
      .required(
        "permissions", .list(of: .permission), "What it may do there, all things considered."),
    ])

  static var example: Identity {
    Identity(
      kind: .apiKey, user: .example, workspace: .example, role: .analyst,
      scopes: [.analyze, .read], keyID: Example.key, permissions: [.read, .analyze])
  }
}
