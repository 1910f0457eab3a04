import CloudAPI
import CloudState
import Crypto
import Foundation
import JWTKit
import Testing

@testable import NodeGateway

@Suite struct AuthTests {
  @Test func aUserRegistersLogsInAndIsKnown() async throws {
    try await TestGateway.run { node in
      let made = try await node.post(
        "/api/v1/auth/register",
        #"{"email": " Ada@Example.org ", "password": "lovelace!", "name": "Ada"}"#)
      #expect(made.status == 201)
      let registration = try made.decode(Registration.self)
      #expect(registration.user.email == "ada@example.org")
      #expect(registration.workspace.plan == "free")
      #expect(registration.workspace.role == .owner)
      #expect(registration.workspace.name == "Ada's workspace")
      #expect(registration.tokens.tokenType == "bearer")
      #expect(made.headers["cache-control"] == "no-store")
      #expect(made.headers["clean-index"] == node.cluster.appliedIndex.description)

      let login = try await node.post(
        "/api/v1/auth/login", #"{"email": "ADA@example.org", "password": "lovelace!"}"#)
      #expect(login.status == 200)
      let token = try login.decode(Tokens.self).accessToken
      let me = try await node.call("GET", "/api/v1/auth/me", token: token).decode(Identity.self)
      #expect(me.kind == .user)
      #expect(me.user?.id == registration.user.id)
      #expect(me.workspace?.id == registration.workspace.id)
      #expect(me.role == .owner)
      #expect(me.permissions.contains(.deleteWorkspace))
    }
  }

  @Test func whatCannotBeRegisteredIsNamed() async throws {
    try await TestGateway.run { node in
      let answer = try await node.post(
        "/api/v1/auth/register", #"{"email": "nobody", "password": "short", "colour": "red"}"#)
      let problem = try answer.problem(400, .invalidRequest)
      #expect(problem.errors?.map(\.field) == ["email", "password", "colour"])

      let long = String(repeating: "a", count: 1025)
      let tooLong = try await node.post(
        "/api/v1/auth/register", #"{"email": "a@b.org", "password": "\#(long)"}"#)
      #expect(try tooLong.problem(400, .invalidRequest).errors?.map(\.field) == ["password"])

      _ = try await node.register("ada")
      let again = try await node.post(
        "/api/v1/auth/register", #"{"email": "ADA@example.org", "password": "12345678"}"#)
      _ = try again.problem(409, .conflict)
    }
  }

  @Test func aTakenAddressIsToldToNobodyWhoIsNotCounted() async throws {
    try await TestGateway.run { node in
      _ = try await node.register("ada")
      let again = #"{"email": "ADA@example.org", "password": "12345678"}"#
      node.cluster.fail(with: .noLeader)
      _ = try await node.post("/api/v1/auth/register", again).problem(503, .noLeader)
      node.cluster.fail(with: nil)
      _ = try await node.post("/api/v1/auth/register", again).problem(409, .conflict)
    }
  }

  @Test func nothingIsHashedForAClientThatHasGone() async throws {
    let passwords = try Passwords()
    let gone = ClientPresence(isConnected: { false })
    await #expect(throws: ClientGone.self) { try await passwords.hash("12345678", for: gone) }
    await #expect(throws: ClientGone.self) {
      try await passwords.check("12345678", against: nil, for: gone)
    }
  }

  @Test func aTokenNamesItsKey() {
    func token(_ header: String) -> String {
      Data(header.utf8).base64EncodedString().replacingOccurrences(of: "=", with: "")
        .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
        + ".e30.AA"
    }
    #expect(AccessTokens.keyID(of: token(#"{"alg":"EdDSA","kid":"sk_1?>~"}"#)) == "sk_1?>~")
    for other in [token(#"{"alg":"EdDSA"}"#), token("[]"), token(#"{"kid":1}"#), "eyJ", "", "§.§"] {
      #expect(AccessTokens.keyID(of: other) == nil)
    }
  }

  @Test func wrongPasswordsAndUnknownUsersAreTheSame() async throws {
    try await TestGateway.run { node in
      _ = try await node.register("ada")
      let wrong = try await node.post(
        "/api/v1/auth/login", #"{"email": "ada@example.org", "password": "not hers"}"#)
      let unknown = try await node.post(
        "/api/v1/auth/login", #"{"email": "eve@example.org", "password": "not hers"}"#)
      let problems = [
        try wrong.problem(401, .unauthenticated), try unknown.problem(401, .unauthenticated),
      ]
      #expect(problems[0].detail == problems[1].detail)
      #expect(wrong.headers["www-authenticate"] == "Bearer")
    }
  }

  @Test func credentialsThatDoNotHoldAreRefused() async throws {
    try await TestGateway.run { node in
      for token in [
        "x", "clk_", "clk_00_11", "clk_\(String(repeating: "0", count: 32))_00", "a.b.c",
        "operator-token-of-a-tesu", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c3JfMSJ9.",
        String(repeating: "a", count: 5000),
      ] {
        let answer = try await node.call("GET", "/api/v1/auth/me", token: token)
        _ = try answer.problem(401, .unauthenticated)
      }
      _ = try await node.call("GET", "/api/v1/auth/me").problem(401, .unauthenticated)
      _ = try await node.call("GET", "/api/v1/auth/me", headers: ["Authorization": "Basic eDp5"])
        .problem(401, .unauthenticated)
      _ = try await node.call(
        "GET", "/api/v1/auth/me", token: TestGateway.adminToken, headers: ["X-API-Key": "clk_1_2"]
      ).problem(400, .invalidRequest)
    }
  }

  @Test func onlyTokensOfThisClusterAndTimeHold() async throws {
    try await TestGateway.run { node in
      let registration = try await node.register("ada")
      let parts = try #require(registration.tokens.refreshToken).split(separator: "_")
      let seconds = Int64(Date().timeIntervalSince1970)
      let good = AccessTokens.Payload(
        sub: registration.user.id, sid: "ses_\(parts[1])", iss: TestGateway.clusterID,
        aud: AccessTokens.audience, iat: seconds,
        exp: seconds + 60)
      func status(
        _ change: (inout AccessTokens.Payload) -> Void, key: [UInt8]? = nil, kid: String? = nil
      ) async throws -> Int {
        var payload = good
        change(&payload)
        let privateKey = try Curve25519.Signing.PrivateKey(
          rawRepresentation: key ?? node.signingKey.privateKey)
        let keys = JWTKeyCollection()
        let id = JWKIdentifier(string: kid ?? node.signingKey.id)
        await keys.add(eddsa: EdDSA.PrivateKey(backing: privateKey), kid: id)
        let token = try await keys.sign(payload, kid: id)
        return try await node.call("GET", "/api/v1/auth/me", token: token).status
      }
      #expect(try await status { _ in } == 200)
      #expect(try await status { $0.exp = seconds - 1 } == 401)
      #expect(try await status { $0.iss = "another" } == 401)
      #expect(try await status { $0.aud = "another" } == 401)
      #expect(try await status { $0.sub = "usr_0" } == 401)
      #expect(try await status { $0.sid = "ses_0" } == 401)
      let foreign = ClusterSecrets.makeSigningKey()
      #expect(try await status({ _ in }, key: foreign.privateKey) == 401)
      #expect(try await status({ _ in }, key: foreign.privateKey, kid: foreign.id) == 401)
    }
  }

  @Test func theAdminTokenIsAnOperator() async throws {
    try await TestGateway.run { node in
      let answer = try await node.call("GET", "/api/v1/auth/me", token: TestGateway.adminToken)
      let me = try answer.decode(Identity.self)
      #expect(me.kind == .admin)
      #expect(me.workspace == nil)
      #expect(me.permissions.contains(CloudAPI.Permission(rawValue: "operate_cluster")))
    }
  }
}
