import CloudAPI
import CloudState
import Crypto
import Foundation
import Testing

@testable import NodeGateway

@Suite struct SigningKeyTests {
  private func rotate(_ node: TestGateway, key: String? = nil) async throws -> RotatedSigningKey {
    var headers: [String: String] = [:]
    headers["Idempotency-Key"] = key
    let answer = try await node.call(
      "POST", "/api/v1/cluster/signing-keys/rotate", token: TestGateway.adminToken,
      headers: headers)
    #expect(answer.status == 201, "\(answer.text)")
    return try answer.decode(RotatedSigningKey.self)
  }

  /// The public keys by name, read without the types that made them.
  private func published(
    _ node: TestGateway
  ) async throws -> [String: Curve25519.Signing.PublicKey] {
    let answer = try await node.call("GET", "/.well-known/jwks.json")
    let object = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
    let keys = try #require(object?["keys"] as? [[String: String]])
    var found: [String: Curve25519.Signing.PublicKey] = [:]
    for key in keys {
      #expect(Set(key.keys) == ["kid", "kty", "crv", "alg", "use", "x"])
      #expect(key["kty"] == "OKP" && key["crv"] == "Ed25519" && key["alg"] == "EdDSA")
      found[try #require(key["kid"])] = try Curve25519.Signing.PublicKey(
        rawRepresentation: try #require(Self.bytes(key["x"] ?? "")))
    }
    return found
  }

  private static func bytes(_ base64URL: some StringProtocol) -> Data? {
    var text = base64URL.replacingOccurrences(of: "-", with: "+")
      .replacingOccurrences(of: "_", with: "/")
    while text.utf8.count % 4 != 0 { text.append("=") }
    return Data(base64Encoded: text)
  }

  @Test func publishedKeysVerifyTokens() async throws {
    try await TestGateway.run { node in
      let before = try await node.register("ada").tokens.accessToken
      let rotated = try await rotate(node)
      let after = try await node.register("bob").tokens.accessToken
      let keys = try await published(node)
      #expect(Set(keys.keys) == [node.signingKey.id, rotated.keyID])
      for (token, kid) in [(before, node.signingKey.id), (after, rotated.keyID)] {
        #expect(AccessTokens.keyID(of: token) == kid)
        let parts = token.split(separator: ".")
        let signature = try #require(Self.bytes(parts[2]))
        let signed = Data("\(parts[0]).\(parts[1])".utf8)
        for (name, key) in keys {
          #expect(key.isValidSignature(signature, for: signed) == (name == kid))
        }
        #expect(try await node.call("GET", "/api/v1/auth/me", token: token).status == 200)
      }
    }
  }

  @Test func rotationIsTheOperatorsAndRepeatable() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      _ = try await node.call("POST", "/api/v1/cluster/signing-keys/rotate", token: token)
        .problem(403, .forbidden)
      let first = try await rotate(node, key: "k")
      #expect(try await rotate(node, key: "k") == first)
      #expect(try await published(node).count == 2)
    }
  }

  @Test func revokingEndsTheTokensOfKeysBeforeAndNoSession() async throws {
    try await TestGateway.run { node in
      let path = "/api/v1/cluster/signing-keys/rotate"
      let ada = try await node.register("ada")
      let old = ada.tokens.accessToken
      let key = try await node.key(#""read""#, token: old).key
      let rotated = try await rotate(node)
      let newer = try await node.register("bob").tokens.accessToken
      #expect(try await node.call("GET", "/api/v1/auth/me", token: old).status == 200)

      let wrong = try await node.post(
        path, token: TestGateway.adminToken, #"{"revoke_previous": 1}"#)
      #expect(try wrong.problem(400, .invalidRequest).errors?.map(\.field) == ["revoke_previous"])
      let answer = try await node.post(
        path, token: TestGateway.adminToken, #"{"revoke_previous": true}"#)
      #expect(answer.status == 201, "\(answer.text)")
      let new = try answer.decode(RotatedSigningKey.self).keyID
      #expect(Set(try await published(node).keys) == [new])
      #expect(new != rotated.keyID)

      for token in [old, newer] {
        for (method, path) in [
          ("GET", "/api/v1/auth/me"), ("GET", "/api/v1/auth/me?consistency=stale"),
          ("GET", "/api/v1/usage"), ("POST", "/api/v1/auth/logout"), ("POST", "/api/v1/workspaces"),
        ] {
          _ = try await node.call(method, path, token: token).problem(401, .unauthenticated)
        }
      }
      // A key of the API is no token, and the session goes on.
      #expect(try await node.call("GET", "/api/v1/auth/me", token: key).status == 200)
      let refreshed = try await node.post(
        "/api/v1/auth/refresh",
        #"{"refresh_token": "\#(try #require(ada.tokens.refreshToken))"}"#)
      #expect(refreshed.status == 200, "\(refreshed.text)")
      let token = try refreshed.decode(Tokens.self).accessToken
      #expect(AccessTokens.keyID(of: token) == new)
      #expect(try await node.call("GET", "/api/v1/auth/me", token: token).status == 200)
    }
  }

  @Test func anUnknownKeyIsLookedForInTheCluster() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      _ = try await node.call("GET", "/api/v1/auth/me", token: token)
      let header = Data(#"{"alg":"EdDSA","kid":"sk_unknown"}"#.utf8).base64URL
      let parts = token.split(separator: ".")
      let before = node.cluster.barriers
      let answer = try await node.call(
        "GET", "/api/v1/auth/me", token: "\(header).\(parts[1]).\(parts[2])")
      _ = try answer.problem(401, .unauthenticated)
      #expect(node.cluster.barriers > before)
    }
  }
}
