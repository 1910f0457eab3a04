import CloudState
import HTTPTypes

/// What a caller shows to say who they are. That it is well formed says nothing yet; what it is
/// worth the state says.
enum Credential: Sendable {
  case none
  /// An access token whose signature and time are good: a user's session.
  case session(SessionID, of: UserID, signedWith: String)
  case apiKey(APIKeySecret)
  /// Anything else: perhaps an operator's token.
  case adminToken(SecretHash)

  /// - Parameter beforeAsking: Called before the cluster is asked for a key that this node does not know.
  /// - Throws: ``Failure`` or ``AccessTokens/Refusal`` if there is one that cannot hold, or what
  ///   `beforeAsking` throws.
  init(
    _ headers: HTTPFields, tokens: AccessTokens, at now: Timestamp,
    beforeAsking: () throws -> Void
  ) async throws {
    guard let text = try Self.text(in: headers) else {
      self = .none
      return
    }
    if text.hasPrefix(APIKeySecret.prefix) {
      guard let key = APIKeySecret(text) else {
        throw Failure.unauthenticated("the API key is not valid")
      }
      self = .apiKey(key)
    } else if text.hasPrefix(Self.tokenPrefix) {
      let token = try await tokens.session(of: text, at: now, beforeAsking: beforeAsking)
      self = .session(token.session, of: token.user, signedWith: token.keyID)
    } else {
      self = .adminToken(ClusterSecrets.hash(of: text))
    }
  }

  /// The key that signed it.
  var signingKeyID: String? {
    if case .session(_, of: _, let key) = self { key } else { nil }
  }

  /// How the JSON object begins that begins every JSON Web Token, in base64: `{"`.
  private static let tokenPrefix = "eyJ"

  private static func text(in headers: HTTPFields) throws -> String? {
    let key = headers[.apiKey]
    guard let authorization = headers[.authorization] else { return key }
    guard key == nil else {
      throw Failure.malformed("send either Authorization or X-API-Key, not both")
    }
    let parts = authorization.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else {
      throw Failure.unauthenticated("Authorization must be: Bearer, a space and a credential")
    }
    let token = String(parts[1]).trimmingSpaces()
    guard !token.isEmpty, token.utf8.count <= 4096 else {
      throw Failure.unauthenticated("the credential is not valid")
    }
    return token
  }
}
