import CloudAPI

extension Operation {
  static let rotateSigningKey = Operation(
    "rotateSigningKey", .cluster, "Sign access tokens with a new key",
    "The key before verifies what it signed until that has run out. If it is no longer to be trusted, "
      + "`revoke_previous` makes it and all before it worthless: from the answer on no node takes a token "
      + "that they signed. Sessions go on, and get new tokens by their refresh token.",
    body: .json(RotateSigningKeyRequest.self, isRequired: false),
    answers: .created(RotatedSigningKey.self, "The new key."),
    errors: [ErrorAnswer(.conflict, "There are 16 keys that may still verify tokens.")])

  static let getSigningKeys = Operation(
    "getSigningKeys", .service, "The keys that verify access tokens",
    "A JSON Web Key Set (RFC 7517), for programs that check access tokens by themselves. That a token's "
      + "session has ended they do not see.",
    answers: .ok(JSONWebKeySet.self, "The public keys."))
}
