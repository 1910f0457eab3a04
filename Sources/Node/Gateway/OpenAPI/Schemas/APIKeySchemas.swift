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
  ]

  static let schema = Schema.object("APIKey", "A key, all but its secret.", properties)

  static var example: CloudAPI.APIKey {
    CloudAPI.APIKey(
      id: Example.key, name: "Nightly checks", workspaceID: Example.workspace,
      userID: Example.user, scopes: [.analyze, .read], prefix: "clk_9e107d9d",
      createdAt: Example.time, expiresAt: Example.time.addingTimeInterval(30 * 86_400))
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
