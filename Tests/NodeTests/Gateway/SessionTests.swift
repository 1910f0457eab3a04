import CloudAPI
import CloudState
import Crypto
import Foundation
import Testing

@testable import NodeGateway

@Suite struct SessionTests {
  private func refresh(
    _ node: TestGateway, _ token: String?, key: String? = nil
  ) async throws -> TestAnswer {
    var headers = ["Content-Type": "application/json"]
    headers["Idempotency-Key"] = key
    return try await node.call(
      "POST", "/api/v1/auth/refresh", headers: headers,
      body: Array(#"{"refresh_token": "\#(try #require(token))"}"#.utf8))
  }

  private func identify(_ node: TestGateway, _ token: String) async throws -> TestAnswer {
    try await node.call("GET", "/api/v1/auth/me", token: token)
  }

  @Test func tokensAreRenewedAgainAndAgain() async throws {
    try await TestGateway.run { node in
      var tokens = try await node.register("ada").tokens
      for _ in 1...3 {
        let answer = try await refresh(node, tokens.refreshToken)
        #expect(answer.status == 200, "\(answer.text)")
        let renewed = try answer.decode(Tokens.self)
        #expect(renewed.refreshToken != tokens.refreshToken)
        #expect(renewed.expiresIn == AccessTokens.lifetime)
        tokens = renewed
        #expect(try await identify(node, tokens.accessToken).status == 200)
      }
    }
  }

  @Test func reuseEndsTheSessionAtOnce() async throws {
    try await TestGateway.run { node in
      let first = try await node.register("ada").tokens
      let login = try await node.post(
        "/api/v1/auth/login", #"{"email": "ada@example.org", "password": "password-ada"}"#
      ).decode(Tokens.self)
      let second = try await refresh(node, first.refreshToken).decode(Tokens.self)
      let reuse = try await refresh(node, first.refreshToken)
      #expect(try reuse.problem(401, .unauthenticated).detail?.contains("used before") == true)
      _ = try await refresh(node, second.refreshToken).problem(401, .unauthenticated)
      _ = try await identify(node, second.accessToken).problem(401, .unauthenticated)
      #expect(try await identify(node, login.accessToken).status == 200)
    }
  }

  @Test func repetitionUnderAKeyIsNoReuseAndShowsTheSameTokens() async throws {
    try await TestGateway.run { node in
      let first = try await node.register("ada").tokens
      let one = try await refresh(node, first.refreshToken, key: "k")
      let two = try await refresh(node, first.refreshToken, key: "k")
      #expect(one.status == 200, "\(one.text)")
      #expect(two.text == one.text)
      let tokens = try two.decode(Tokens.self)
      #expect(try await identify(node, tokens.accessToken).status == 200)
      #expect(try await refresh(node, tokens.refreshToken).status == 200)
    }
  }

  /// Whoever has seen a request has its key, too.
  @Test func repetitionAfterTheNextRenewalIsReuse() async throws {
    try await TestGateway.run { node in
      let first = try await node.register("ada").tokens
      let second = try await refresh(node, first.refreshToken, key: "k").decode(Tokens.self)
      let third = try await refresh(node, second.refreshToken, key: "l").decode(Tokens.self)
      let late = try await refresh(node, first.refreshToken, key: "k")
      #expect(try late.problem(401, .unauthenticated).detail?.contains("used before") == true)
      _ = try await identify(node, third.accessToken).problem(401, .unauthenticated)
      _ = try await refresh(node, third.refreshToken).problem(401, .unauthenticated)
    }
  }

  @Test func repeatedRegistrationAndLoginShowTheSameTokens() async throws {
    try await TestGateway.run { node in
      let headers = ["Content-Type": "application/json", "Idempotency-Key": "k"]
      let bodies = [
        "register": #"{"email": "ada@example.org", "password": "password-ada"}"#,
        "login": #"{"email":"ada@example.org", "password": "password-ada"}"#,
      ]
      for call in ["register", "login"] {
        var headers = headers
        headers["Idempotency-Key"] = call
        let body = Array(try #require(bodies[call]).utf8)
        let path = "/api/v1/auth/\(call)"
        let one = try await node.call("POST", path, headers: headers, body: body)
        let two = try await node.call("POST", path, headers: headers, body: body)
        #expect(one.status == (call == "login" ? 200 : 201), "\(one.text)")
        #expect(two.text == one.text)
      }
    }
  }

  @Test func madeUpTokensEndNothing() async throws {
    try await TestGateway.run { node in
      let tokens = try await node.register("ada").tokens
      let good = try #require(tokens.refreshToken)
      let parts = good.split(separator: "_").map(String.init)
      let zeros = String(repeating: "0", count: 64)
      for text in [
        "", "clr_", "x", "clr_\(parts[1])_1_\(zeros)", "clr_\(parts[1])_0_\(parts[3])",
        "clr_\(parts[1])_2_\(parts[3])", "clr_\(zeros)_1_\(parts[3])", "clr_\(parts[1])_1_zz",
        "clr_\(parts[1])_1_", good + "0", good + "_1", String(repeating: "a", count: 300),
      ] {
        _ = try await refresh(node, text).problem(401, .unauthenticated)
      }
      _ = try await node.post("/api/v1/auth/refresh", "{}").problem(400, .invalidRequest)
      #expect(try await refresh(node, good).status == 200)
    }
  }

  @Test func logoutEndsThisSessionOrAll() async throws {
    try await TestGateway.run { node in
      let tokens = try await node.register("ada").tokens
      func logIn() async throws -> Tokens {
        try await node.post(
          "/api/v1/auth/login", #"{"email": "ada@example.org", "password": "password-ada"}"#
        ).decode(Tokens.self)
      }
      let (second, third) = (try await logIn(), try await logIn())
      let path = "/api/v1/auth/logout"
      let out = try await node.call("POST", path, token: tokens.accessToken)
      #expect(out.status == 204, "\(out.text)")
      _ = try await identify(node, tokens.accessToken).problem(401, .unauthenticated)
      _ = try await refresh(node, tokens.refreshToken).problem(401, .unauthenticated)
      #expect(try await identify(node, second.accessToken).status == 200)

      let everywhere = try await node.post(
        path, token: second.accessToken, #"{"everywhere": true}"#)
      #expect(everywhere.status == 204, "\(everywhere.text)")
      for token in [second, third] {
        _ = try await identify(node, token.accessToken).problem(401, .unauthenticated)
      }
      _ = try await node.call("POST", path).problem(401, .unauthenticated)
      let admin = try await node.call("POST", path, token: TestGateway.adminToken)
      _ = try admin.problem(403, .forbidden)
    }
  }

  @Test func sessionsAreListedAndEndedByTheirUser() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada").tokens.accessToken
      let eve = try await node.register("eve").tokens.accessToken
      let other = try await node.post(
        "/api/v1/auth/login", #"{"email": "ada@example.org", "password": "password-ada"}"#
      ).decode(Tokens.self).accessToken
      let path = "/api/v1/auth/sessions"
      let list = try await node.call("GET", path, token: ada)
        .decode(CloudAPI.Page<LoginSession>.self)
      #expect(list.items.map(\.isCurrent) == [false, true])
      let id = try #require(list.items.first?.id)
      _ = try await node.call("DELETE", "\(path)/\(id)", token: eve).problem(404, .notFound)
      #expect(try await node.call("DELETE", "\(path)/\(id)", token: ada).status == 204)
      _ = try await identify(node, other).problem(401, .unauthenticated)
      #expect(try await identify(node, ada).status == 200)
    }
  }

  @Test func anAccessTokenNamesItsSession() async throws {
    try await TestGateway.run { node in
      let tokens = try await node.register("ada").tokens
      let refreshed = try #require(tokens.refreshToken).split(separator: "_")[1]
      let payload = try #require(tokens.accessToken.split(separator: ".").dropFirst().first)
      var base64 = payload.replacingOccurrences(of: "-", with: "+")
        .replacingOccurrences(of: "_", with: "/")
      while base64.utf8.count % 4 != 0 { base64.append("=") }
      let claims = try JSONDecoder().decode(
        AccessTokens.Payload.self, from: try #require(Data(base64Encoded: base64)))
      #expect(claims.sid == "ses_\(refreshed)")
      #expect(claims.exp == claims.iat + Int64(AccessTokens.lifetime))
    }
  }
}
