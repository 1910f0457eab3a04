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
}
