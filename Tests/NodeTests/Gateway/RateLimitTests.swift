import CloudAPI
import Foundation
import Testing

@testable import NodeGateway

@Suite struct RateLimitTests {
  /// So slow that no test lives to see the next call.
  static func limit(_ burst: Int) -> RateLimit {
    RateLimit(burst: burst, interval: .seconds(3_600))
  }

  @Test func aKeyMayCallSoOftenAndIsToldHowOften() async throws {
    try await TestGateway.run(freeCalls: nil, { $0.rateLimit = Self.limit(3) }) { node in
      let user = try await node.register("ada").tokens.accessToken
      let key = try await node.key(#""read""#, token: user).key
      for left in [2, 1, 0] {
        let answer = try await node.call("GET", "/api/v1/usage", token: key)
        #expect(answer.status == 200)
        #expect(answer.headers["ratelimit-policy"] == #""burst";q=3;w=10800"#)
        let text = try #require(answer.headers["ratelimit"])
        #expect(text.hasPrefix(#""burst";r=\#(left);t="#), "\(text)")
      }
      let answer = try await node.call("GET", "/api/v1/usage", token: key)
      _ = try answer.problem(429, .rateLimited)
      let wait = try #require(answer.headers["retry-after"].flatMap { Int($0) })
      #expect((1...3_600).contains(wait))
      #expect(answer.headers["ratelimit"]?.hasPrefix(#""burst";r=0;"#) == true)
      // Everybody has a limit of their own, and operators have none.
      #expect(try await node.call("GET", "/api/v1/usage", token: user).status == 200)
      for _ in 0..<5 {
        let cluster = try await node.call("GET", "/api/v1/cluster", token: TestGateway.adminToken)
        #expect(cluster.status == 200)
        #expect(cluster.headers["ratelimit"] == nil)
      }
    }
  }

  @Test func aCallCountsOnceWhateverBecomesOfIt() async throws {
    try await TestGateway.run({ $0.rateLimit = Self.limit(20) }) { node in
      let token = try await node.register("ada").tokens.accessToken
      var left = 19
      for (method, path, status) in [
        ("GET", "/api/v1/usage", 200), ("GET", "/api/v1/workspaces/ws_1", 404),
        ("GET", "/api/v1/cluster", 403), ("POST", "/api/v1/api-keys", 400),
        ("DELETE", "/api/v1/api-keys/key_1", 404), ("POST", "/api/v1/analyze", 415),
      ] {
        let answer = try await node.call(method, path, token: token)
        #expect(answer.status == status, "\(answer.text)")
        #expect(answer.headers["ratelimit"]?.hasPrefix("\"burst\";r=\(left);") == true, "\(path)")
        left -= 1
      }
    }
  }

  @Test func whoIsOutOfCallsAsksNothingOfTheCluster() async throws {
    try await TestGateway.run({ $0.rateLimit = Self.limit(2) }) { node in
      let user = try await node.register("ada").tokens.accessToken
      let key = try await node.key(#""read""#, token: user).key
      for credential in [key, user] {
        while try await node.call("GET", "/api/v1/usage", token: credential).status == 200 {}
        let before = node.cluster.barriers
        _ = try await node.call("GET", "/api/v1/usage", token: credential)
          .problem(429, .rateLimited)
        #expect(node.cluster.barriers == before)
      }
    }
  }

  @Test func tokensOfUnknownKeysAreCountedByAddress() async throws {
    try await TestGateway.run({ $0.anonymousRateLimit = Self.limit(2) }) { node in
      func token(_ keyID: String) -> String {
        let header = Data(#"{"alg":"EdDSA","kid":"\(keyID)","typ":"JWT"}"#.utf8)
        return [header, Data("{}".utf8), Data("x".utf8)].map {
          $0.base64EncodedString().trimmingCharacters(in: ["="])
        }.joined(separator: ".")
      }
      for name in ["one", "two"] {
        _ = try await node.call("GET", "/api/v1/usage", token: token(name))
          .problem(401, .unauthenticated)
      }
      _ = try await node.call("GET", "/api/v1/usage", token: token("three"))
        .problem(429, .rateLimited)
    }
  }

  @Test func strangersAreCountedByAddress() async throws {
    try await TestGateway.run({
      $0.anonymousRateLimit = Self.limit(4)
      $0.trustedProxies = [AddressRange("127.0.0.0/8")!]
    }) { node in
      func call(_ path: String, _ address: String, token: String? = nil) async throws -> TestAnswer
      {
        try await node.call(
          "GET", path, token: token, headers: ["X-Forwarded-For": address])
      }
      // Open calls, and those that need a credential, with none and with a wrong one.
      #expect(try await call("/api/v1/plans", "192.0.2.1").status == 200)
      #expect(try await call("/api/v1/usage", "192.0.2.1").status == 401)
      #expect(try await call("/api/v1/usage", "192.0.2.1", token: "guess").status == 401)
      #expect(try await call("/api/v1/usage", "192.0.2.1", token: "guess2").status == 401)
      for path in ["/api/v1/plans", "/api/v1/usage"] {
        let refused = try await call(path, "192.0.2.1", token: "guess3")
        _ = try refused.problem(429, .rateLimited)
        #expect(refused.headers["retry-after"] != nil)
        #expect(refused.headers["ratelimit"] == nil)
      }
      #expect(try await call("/api/v1/plans", "192.0.2.2").status == 200)
      // Who is known is not held back by a bad neighbour, and probes are never.
      #expect(
        try await call("/api/v1/cluster", "192.0.2.1", token: TestGateway.adminToken).status == 200)
      for path in ["/livez", "/readyz", "/metrics"] {
        #expect(try await call(path, "192.0.2.1").status == 200)
      }
    }
  }

  @Test func callsOfWhatIsNotThereAreCountedByAddress() async throws {
    try await TestGateway.run({
      $0.anonymousRateLimit = Self.limit(3)
      $0.crossOrigins = [.any]
    }) { node in
      let preflight = ["Origin": "https://a.example", "Access-Control-Request-Method": "POST"]
      func calls() async throws -> [TestAnswer] {
        [
          try await node.call("GET", "/nope", token: TestGateway.adminToken),
          try await node.call("PUT", "/api/v1/workspaces"),
          try await node.call("OPTIONS", "/api/v1/api-keys", headers: preflight),
        ]
      }
      #expect(try await calls().map(\.status) == [404, 405, 204])
      for answer in try await calls() { _ = try answer.problem(429, .rateLimited) }
    }
  }

  @Test func withoutLimitsNothingIsToldOfThem() async throws {
    try await TestGateway.run(
      freeCalls: nil,
      {
        $0.rateLimit = nil
        $0.anonymousRateLimit = nil
      }
    ) { node in
      let token = try await node.register("ada").tokens.accessToken
      let answer = try await node.call("GET", "/api/v1/usage", token: token)
      #expect(answer.status == 200)
      #expect(answer.headers["ratelimit"] == nil)
      #expect(answer.headers["ratelimit-policy"] == nil)
    }
  }
}
