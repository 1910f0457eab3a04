#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// The keys that verify access tokens: a JSON Web Key Set (RFC 7517 §5).
public struct JSONWebKeySet: Codable, Equatable, Sendable {
  /// The keys, oldest first.
  public var keys: [JSONWebKey]

  /// A set of keys.
  public init(keys: [JSONWebKey]) {
    self.keys = keys
  }
}

/// A public Ed25519 key that verifies access tokens (RFC 8037 §2).
public struct JSONWebKey: Codable, Equatable, Sendable {
  /// The key's name, as tokens have it in their header.
  public var keyID: String
  /// Always `OKP`.
  public var type: String
  /// Always `Ed25519`.
  public var curve: String
  /// Always `EdDSA`.
  public var algorithm: String
  /// Always `sig`.
  public var use: String
  /// The public key, in base 64 for URLs.
  public var x: String

  /// A public key.
  public init(keyID: String, x: String) {
    self.keyID = keyID
    type = "OKP"
    curve = "Ed25519"
    algorithm = "EdDSA"
    use = "sig"
    self.x = x
  }

  enum CodingKeys: String, CodingKey {
    case keyID = "kid"
    case type = "kty"
    case curve = "crv"
    case algorithm = "alg"
    case use, x
  }
}

/// The body of `POST /api/v1/cluster/signing-keys/rotate`.
public struct RotateSigningKeyRequest: Codable, Equatable, Sendable {
  /// Whether all keys before are worth nothing from now on, and so are the tokens that they signed.
  public var revokePrevious: Bool?

  /// A rotation.
  public init(revokePrevious: Bool? = nil) {
    self.revokePrevious = revokePrevious
  }

  enum CodingKeys: String, CodingKey {
    case revokePrevious = "revoke_previous"
  }
}

/// The answer to `POST /api/v1/cluster/signing-keys/rotate`.
public struct RotatedSigningKey: Codable, Equatable, Sendable {
  /// The name of the key that signs from now on.
  public var keyID: String
  /// Since when it signs.
  public var createdAt: Date

  /// A key that was just made.
  public init(keyID: String, createdAt: Date) {
    self.keyID = keyID
    self.createdAt = createdAt
  }

  enum CodingKeys: String, CodingKey {
    case keyID = "kid"
    case createdAt = "created_at"
  }
}
