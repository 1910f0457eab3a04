import CloudAPI

extension JSONWebKey: WireType {
  static let schema = Schema.object(
    "JSONWebKey", "A public key that verifies access tokens (RFC 8037).",
    [
      .required("kid", .text, "The key's name, as tokens have it in their header."),
      .required("kty", .word("OKP"), "The kind of key."),
      .required("crv", .word("Ed25519"), "The curve."),
      .required("alg", .word("EdDSA"), "How tokens are signed."),
      .required("use", .word("sig"), "What the key is for."),
      .required("x", .text(pattern: #"^[\w-]{43}$"#), "The public key."),
    ])

  static var example: JSONWebKey {
    JSONWebKey(keyID: Example.signingKey, x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
  }
}

extension JSONWebKeySet: WireType {
  static let schema = Schema.object(
    "JSONWebKeySet", "The keys that verify access tokens (RFC 7517).",
    [.required("keys", .list(of: JSONWebKey.schema), "The keys, oldest first.")])

  static var example: JSONWebKeySet { JSONWebKeySet(keys: [.example]) }
}

extension RotateSigningKeyRequest: WireType {
  static let schema = Schema.request(
    "RotateSigningKeyRequest", "What becomes of the keys before.",
    [
      .optional(
        "revoke_previous", .boolean,
        "Whether they are worth nothing from now on, and so are the access tokens that they signed; "
          + "false without it.")
    ])

  static var example: RotateSigningKeyRequest { RotateSigningKeyRequest(revokePrevious: true) }
}

extension RotatedSigningKey: WireType {
  static let schema = Schema.object(
    "RotatedSigningKey", "The key that signs access tokens from now on.",
    [
      .required("kid", .text, "Its name."),
      .required("created_at", .time, "Since when it signs."),
    ])

  static var example: RotatedSigningKey {
    RotatedSigningKey(keyID: Example.signingKey, createdAt: Example.time)
  }
}
