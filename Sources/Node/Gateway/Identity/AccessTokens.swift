import CloudAPI
import CloudState
import Crypto
import Foundation
import JWTKit
import Synchronization

/// Signs and checks access tokens: JSON Web Tokens (RFC 7519) with Ed25519 signatures, by a key
/// that is replicated, so that every node can check what any node signed.
final class AccessTokens: Sendable {
  /// How long a token is good, in seconds. Its session may end sooner: that, and what its user may do, is
  /// looked up at each request.
  static let lifetime = 900
  static let audience = "clean-cloud-api"

  /// The token is none of this cluster's, or has run out.
  enum Refusal: Error {
    case invalid
    case expired
  }

  struct Payload: JWTPayload {
    var sub: String
    var sid: String
    var iss: String
    var aud: String
    var iat: Int64
    var exp: Int64

    /// Nothing beyond the signature: time and names are checked against this node's knowledge.
    func verify(using algorithm: some JWTAlgorithm) {}
  }

  /// The keys of the state, read once and parsed.
  private struct Keys: Sendable {
    var issuer: String
    /// Oldest first.
    var stored: [SigningKey]
    var collection: JWTKeyCollection
    /// Signed by one of these keys; a key that goes takes what it signed along.
    var verified = VerifiedTokens()

    func isKnown(_ id: String) -> Bool { stored.contains { $0.id == id } }

    /// The key that was in force at a time; the oldest there is for a time before all of them.
    func signingKey(at time: Timestamp) -> JWKIdentifier? {
      let key = stored.first { key in key.retiredAt.map { time < $0 } ?? true }
      return key.map { JWKIdentifier(string: $0.id) }
    }
  }

  private let member: any ReplicatedState
  private let source: StateSource
  private let keys = Mutex<Keys?>(nil)

  init(member: any ReplicatedState, source: StateSource) {
    self.member = member
    self.source = source
  }

  /// A token for a session of a user, issued at `time`: always the same for the same, as long as its key
  /// is kept.
  ///
  /// - Parameter time: That of a command that this node has carried out. It signs with the key that was
  ///   in force then, which every node can find: the log has it before the command.
  func issue(
    for session: SessionID, of user: UserID, at time: Timestamp
  ) async throws -> String {
    let keys = try await load()
    guard let key = keys.signingKey(at: time) else { throw Self.noKeys }
    let seconds = time.milliseconds / 1000
    let payload = Payload(
      sub: user.rawValue, sid: session.rawValue, iss: keys.issuer, aud: Self.audience, iat: seconds,
      exp: seconds + Int64(Self.lifetime))
    return try await keys.collection.sign(payload, kid: key)
  }

  /// What a token says that was found genuine.
  struct Token: Sendable {
    var payload: Payload
    /// The key that signed it.
    var keyID: String

    var session: SessionID { SessionID(rawValue: payload.sid) }
    var user: UserID { UserID(rawValue: payload.sub) }
  }

  /// The session, and its user, that a token was issued for. Whether its key still holds the state says.
  ///
  /// - Parameter beforeAsking: Called before the cluster is asked for a key that this node does not know.
  /// - Throws: ``Refusal``, what `beforeAsking` throws, or why the keys could not be read.
  func session(
    of text: String, at now: Timestamp, beforeAsking: () throws -> Void = {}
  ) async throws -> Token {
    let (keys, token) = try await verified(text, beforeAsking)
    guard token.payload.iss == keys.issuer, token.payload.aud == Self.audience else {
      throw Refusal.invalid
    }
    guard now.milliseconds / 1000 < token.payload.exp else { throw Refusal.expired }
    return token
  }

  private func verified(
    _ text: String, _ beforeAsking: () throws -> Void
  ) async throws -> (Keys, Token) {
    var keys = try await currentKeys()
    if let token = keys.verified.token(of: text) { return (keys, token) }
    guard let name = Self.keyID(of: text) else { throw Refusal.invalid }
    // A key that is known needs no second look. One that is not may have come to another node a moment
    // ago.
    if !keys.isKnown(name) {
      try beforeAsking()
      keys = try await load()
      if !keys.isKnown(name) {
        try await member.readBarrier()
        keys = try await load()
      }
    }
    guard keys.isKnown(name),
      let payload = try? await keys.collection.verify(text, as: Payload.self)
    else { throw Refusal.invalid }
    let token = Token(payload: payload, keyID: name)
    keys.verified.insert(token, of: text)
    return (keys, token)
  }

  /// The name of the key that a token says it was signed with: the `kid` of its header (RFC 7515
  /// §4.1.4).
  static func keyID(of token: String) -> String? {
    struct Header: Decodable {
      var kid: String?
    }
    var base64 = String(token.prefix { $0 != "." })
      .replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
    while base64.utf8.count % 4 != 0 { base64.append("=") }
    guard let bytes = Data(base64Encoded: base64) else { return nil }
    return (try? JSONDecoder().decode(Header.self, from: bytes))?.kid
  }

  private func currentKeys() async throws -> Keys {
    if let keys = keys.withLock({ $0 }) { return keys }
    return try await load()
  }

  private static let noKeys = Failure.noLeader("this node has not yet learnt the cluster's keys")

  /// The keys as the state has them now.
  private func load() async throws -> Keys {
    let (identity, stored) = try await source.read { view in
      (try view.clusterIdentity(), try view.signingKeys())
    }
    guard let identity else { throw Self.noKeys }
    // Nothing new: what was verified with the same keys stays so.
    if let keys = keys.withLock({ $0 }), keys.stored == stored { return keys }
    let collection = JWTKeyCollection()
    // In one order: the same token has the same bytes on every node.
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    for key in stored {
      let privateKey = try Curve25519.Signing.PrivateKey(rawRepresentation: key.privateKey)
      await collection.add(
        eddsa: EdDSA.PrivateKey(backing: privateKey), kid: JWKIdentifier(string: key.id),
        serializer: DefaultJWTSerializer(jsonEncoder: encoder))
    }
    let loaded = Keys(issuer: identity.clusterID, stored: stored, collection: collection)
    keys.withLock { $0 = loaded }
    return loaded
  }
}
