import CloudAPI

extension Operation {
  static let listAPIKeys = Operation(
    "listAPIKeys", .keys, "List API keys",
    "The keys that are not revoked, oldest first, without their secrets.",
    answers: .page(of: APIKey.self, "A part of the list."))

  static let createAPIKey = Operation(
    "createAPIKey", .keys, "Make an API key",
    "The secret is in the answer, this once.",
    body: .json(CreateAPIKeyRequest.self),
    answers: .created(CreatedAPIKey.self, "The key and its secret."),
    errors: [
      ErrorAnswer(.notFound, "The workspace or the member does not exist."),
      ErrorAnswer(.conflict, "The workspace has as many keys as it can have."),
    ])

  static let revokeAPIKey = Operation(
    "revokeAPIKey", .keys, "Revoke an API key",
    "From the answer on, the key is refused on every node.",
    answers: .noContent("The key is revoked."))

  static let rotateAPIKey = Operation(
    "rotateAPIKey", .keys, "Put a new key in a key's place",
    "The new one has the same user, scopes, name and end; the old one goes on for a while.",
    body: .json(RotateAPIKeyRequest.self, isRequired: false),
    answers: .created(CreatedAPIKey.self, "The new key and its secret."),
    errors: [
      ErrorAnswer(
        .conflict,
        "The key was revoked, has run out or was rotated before, or the workspace has too many.")
    ])

  static let validateAPIKey = Operation(
    "validateAPIKey", .keys, "Say what a key is worth",
    "With that key itself as the credential, or with the admin token.",
    body: .json(ValidateAPIKeyRequest.self),
    answers: .ok(APIKeyValidation.self, "Whether the key holds, and for what."),
    errors: [ErrorAnswer(.forbidden, "The credential is another one.")])
}
