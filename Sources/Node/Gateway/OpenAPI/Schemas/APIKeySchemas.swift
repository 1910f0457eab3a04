import CloudAPI
import CloudState

extension CloudAPI.APIKey: WireType {
  static let properties: [Schema.Property] = [
    .required("id", .identifier(APIKeyKind.self), "The key's ID, which is no secret."),
    .required("name", .title, "The key's name for people."),
    .required("workspace_id", .identifier(WorkspaceKind.self), "The workspace it works in."),
    .required("user_id", .identifier(UserKind.self), "The user it acts for."),
    .required("scopes", .list(of: .scope, least: 1), "What it was made for."),
    .required(
      "prefix", .text(pattern: "^clk_"),
      "The first characters of the secret, by which a person recognizes the key."),
    .required("created_at", .time, "When it was made."),
    .optional("expires_at", .time, "When it runs out; absent when it does not."),
    .optional(
      "last_used_at", .time, "When it was last used, to the minute or so; absent when it never was."
    ),
    .optional(
      "replaced_by", .identifier(APIKeyKind.self),
      "The key that took its place; absent when it was not rotated."),
  ]

  static let schema = Schema.object("APIKey", "A key, all but its secret.", properties)

  static var example: CloudAPI.APIKey {
    CloudAPI.APIKey(
      id: Example.key, name: "Nightly checks", workspaceID: Example.workspace,
      userID: Example.user, scopes: [.analyze, .read], prefix: "clk_9e107d9d",
      createdAt: Example.time, expiresAt: Example.time.addingTimeInterval(30 * 86_400),
      lastUsedAt: Example.time.addingTimeInterval(7_200), replacedBy: Example.otherKey)
  }
}

extension CreatedAPIKey: WireType {
  static let schema = Schema.object(
    "CreatedAPIKey", "A key that was just made.",
    CloudAPI.APIKey.properties + [
      .required(
        "key", .text(pattern: "^clk_[0-9a-f]+_[0-9a-f]+$"),
        "The secret. It is shown this once; the service keeps a hash of it only.")
    ])

  static var example: CreatedAPIKey {
    CreatedAPIKey(apiKey: .example, key: Example.secret)
  }
}

extension CreateAPIKeyRequest: WireType {
  static let schema = Schema.request(
    "CreateAPIKeyRequest", "A key to make.",
    [
      .optional(
        "workspace_id", .identifier(WorkspaceKind.self),
        "The workspace it shall work in. Without it: the API key's own, or the user's oldest. The "
          + "admin token has none and must name one."),
      .optional(
        "user_id", .identifier(UserKind.self),
        "The member it shall act for. Without it: the caller, or for the admin token an owner."),
      .required("name", .title, "The key's name for people."),
      .required("scopes", .list(of: .scope, least: 1), "What it shall be good for."),
      .optional(
        "expires_in_days", .integer(1...APIKeyRoutes.longestLifeInDays),
        "After how many days it runs out; without it, never."),
    ])

  static var example: CreateAPIKeyRequest {
    CreateAPIKeyRequest(
      workspaceID: Example.workspace, userID: Example.user, name: "Nightly checks",
      scopes: [.analyze, .read], expiresInDays: 30)
  }
}

extension RotateAPIKeyRequest: WireType {
  static let schema = Schema.request(
    "RotateAPIKeyRequest", "How a key is handed over.",
    [
      .optional(
        "overlap_hours", .integer(0...APIKeyRoutes.longestOverlap),
        "For how many hours the old key goes on; \(APIKeyRoutes.usualOverlap) without it.")
    ])

  static var example: RotateAPIKeyRequest { RotateAPIKeyRequest(overlapHours: 48) }
}

extension ValidateAPIKeyRequest: WireType {
  static let schema = Schema.request(
    "ValidateAPIKeyRequest", "A key to look at.", [.required("key", .text, "The whole key.")])

  static var example: ValidateAPIKeyRequest { ValidateAPIKeyRequest(key: Example.secret) }
}

extension APIKeyValidation: WireType {
  static let schema = Schema.object(
    "APIKeyValidation", "What a key is worth.",
    [
      .required("valid", .boolean, "Whether it can be used now. If not, nothing else is said."),
      .optional("workspace_id", .identifier(WorkspaceKind.self), "The workspace it works in."),
      .optional("user_id", .identifier(UserKind.self), "The user it acts for."),
      .optional("scopes", .list(of: .scope, least: 1), "What it was made for."),
      .optional("role", .role, "The user's role in the workspace."),
      .optional("expires_at", .time, "When it runs out; absent when it does not."),
    ])

  static var example: APIKeyValidation {
    APIKeyValidation(
      valid: true, workspaceID: Example.workspace, userID: Example.user,
      scopes: [.analyze, .read], role: .analyst,
      expiresAt: Example.time.addingTimeInterval(30 * 86_400))
  }
}
