import CloudAPI
import CloudState
import Crypto
import Foundation

/// The keys that sign access tokens: rotated by operators, and published for whoever checks tokens.
struct SigningKeyRoutes: Sendable {
  let proposer: Proposer

  var routes: [Route] {
    [
      .perform(
        .post, "/api/v1/cluster/signing-keys/rotate", .operator, .rotateSigningKey, rotate),
      .perform(.get, "/.well-known/jwks.json", .anyone, .getSigningKeys, show),
    ]
  }

  private func rotate(_ call: Call) async throws -> Answer {
    var revokesPrevious = false
    if !call.body.isEmpty {
      var fields = try call.fields()
      revokesPrevious = fields.boolean("revoke_previous") ?? false
      try fields.finish()
    }
    let key = ClusterSecrets.signingKey(from: call.seed)
    let since = try await proposer.propose(
      RotateSigningKey(
        id: key.id, privateKey: key.privateKey, revokesPrevious: revokesPrevious),
      in: call.commands)
    return try .json(
      CloudAPI.RotatedSigningKey(keyID: key.id, createdAt: since.date), status: .created)
  }

  /// Behind a barrier: who has met a new key finds it here.
  private func show(_ call: Call) async throws -> Answer {
    let keys = try await call.replica.readBehindBarrier { view in try view.signingKeys() }
    return try .json(JSONWebKeySet(keys: keys.map(JSONWebKey.init)))
  }
}

extension JSONWebKey {
  /// The public part.
  init(_ key: CloudState.SigningKey) throws {
    let privateKey = try Curve25519.Signing.PrivateKey(rawRepresentation: key.privateKey)
    self.init(keyID: key.id, x: privateKey.publicKey.rawRepresentation.base64URL)
  }
}

extension Data {
  /// Base 64 for URLs, without padding (RFC 4648 §5, RFC 7515 §2).
  var base64URL: String {
    base64EncodedString().replacingOccurrences(of: "+", with: "-")
      .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
  }
}
