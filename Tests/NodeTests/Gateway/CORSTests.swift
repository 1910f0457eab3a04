import CloudAPI
import Testing

@testable import NodeGateway

@Suite struct CORSTests {
  static let page = "https://app.example.com"
  static let preflight = [
    "Origin": page, "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type",
  ]

  static func allow(_ origins: String...) -> (inout GatewayOptions) -> Void {
    { $0.crossOrigins = origins.map { CrossOrigin($0)! } }
  }

  @Test func aBrowserThatAsksIsAnsweredWithoutCredentials() async throws {
    try await TestGateway.run(Self.allow(Self.page)) { node in
      // Asking needs nothing of the cluster either.
      node.cluster.fail(with: .noLeader)
      let answer = try await node.call("OPTIONS", "/api/v1/api-keys", headers: Self.preflight)
      #expect(answer.status == 204, "\(answer.text)")
      #expect(answer.headers["access-control-allow-origin"] == Self.page)
      #expect(answer.headers["access-control-allow-methods"] == "GET, HEAD, POST")
      let headers = try #require(answer.headers["access-control-allow-headers"])
      for name in ["Authorization", "Content-Type", "Idempotency-Key", "X-API-Key"] {
        #expect(headers.contains(name))
      }
      #expect(answer.headers["access-control-max-age"] == "600")
      #expect(answer.headers["vary"] == "Origin")
      #expect(answer.headers["access-control-allow-credentials"] == nil)
    }
  }

  @Test func answersAndErrorsAreShownToPagesOfTheList() async throws {
    try await TestGateway.run(Self.allow("https://other.example", Self.page)) { node in
      for path in ["/api/v1/plans", "/api/v1/usage", "/nope"] {
        let answer = try await node.call("GET", path, headers: ["Origin": Self.page])
        #expect(answer.headers["access-control-allow-origin"] == Self.page)
        #expect(answer.headers["vary"] == "Origin")
        let exposed = try #require(answer.headers["access-control-expose-headers"])
        for name in [
          "Clean-Index", "ETag", "Location", "RateLimit", "Retry-After", "X-Request-Id",
        ] {
          #expect(exposed.contains(name))
        }
      }
    }
  }

  @Test func otherPagesAreToldNothing() async throws {
    try await TestGateway.run(Self.allow(Self.page)) { node in
      for origin in [
        "https://app.example.com.evil.example", "http://app.example.com",
        "https://app.example.com:8443", "null", "*",
      ] {
        let answer = try await node.call("GET", "/api/v1/plans", headers: ["Origin": origin])
        #expect(answer.status == 200)
        #expect(answer.headers["access-control-allow-origin"] == nil)
        #expect(answer.headers["vary"] == "Origin")
        let asked = try await node.call(
          "OPTIONS", "/api/v1/plans", headers: Self.preflight.merging(["Origin": origin]) { $1 })
        #expect(asked.status == 405)
        #expect(asked.headers["access-control-allow-methods"] == nil)
      }
    }
  }

  @Test func anyPageMayCallIfTheOperatorSaysSo() async throws {
    try await TestGateway.run(Self.allow("*")) { node in
      let answer = try await node.call("GET", "/api/v1/plans", headers: ["Origin": Self.page])
      #expect(answer.headers["access-control-allow-origin"] == "*")
      #expect(answer.headers["vary"] == nil)
      #expect(answer.headers["access-control-allow-credentials"] == nil)
      let asked = try await node.call("OPTIONS", "/api/v1/plans", headers: Self.preflight)
      #expect(asked.status == 204)
      #expect(asked.headers["access-control-allow-origin"] == "*")
    }
  }

  @Test func withoutAListNoPageMayCall() async throws {
    try await TestGateway.run { node in
      let answer = try await node.call("GET", "/api/v1/plans", headers: ["Origin": Self.page])
      #expect(answer.headers["access-control-allow-origin"] == nil)
      #expect(answer.headers["vary"] == nil)
      let asked = try await node.call("OPTIONS", "/api/v1/plans", headers: Self.preflight)
      _ = try asked.problem(405, .init(rawValue: "method_not_allowed"))
    }
  }

  @Test func originsAreReadAsBrowsersWriteThem() {
    #expect(CrossOrigin("*") == .any)
    #expect(CrossOrigin("https://App.Example.com:443") == .origin("https://app.example.com"))
    #expect(CrossOrigin("http://localhost:3000") == .origin("http://localhost:3000"))
    #expect(CrossOrigin("http://[::1]:80") == .origin("http://[::1]"))
    #expect(CrossOrigin("https://a.example:80") == .origin("https://a.example:80"))
    for wrong in [
      "", "null", "a.example", "https://", "https://a.example/", "https://*.example",
      "https://u@a.example", "://a", "https://a b",
    ] {
      #expect(CrossOrigin(wrong) == nil, "\(wrong)")
    }
  }
}

@Suite struct SecurityHeaderTests {
  @Test func everyAnswerHasThem() async throws {
    try await TestGateway.run { node in
      for answer in [
        try await node.call("GET", "/api/v1/plans"), try await node.call("GET", "/metrics"),
        try await node.call("GET", "/nope"), try await node.call("GET", "/api/v1/usage"),
        try TestAnswer(reading: await node.exchange(Array("no HTTP\r\n\r\n".utf8))),
      ] {
        #expect(answer.headers["x-content-type-options"] == "nosniff")
        #expect(answer.headers["x-frame-options"] == "DENY")
        #expect(answer.headers["referrer-policy"] == "no-referrer")
        #expect(answer.headers["cross-origin-resource-policy"] == "same-origin")
        #expect(
          answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'")
      }
    }
  }

  @Test func pagesMayLoadWhatTheNodeServes() {
    var page = Answer(status: .ok, mediaType: "text/html; charset=utf-8").response(isHead: false)
    SecurityHeaders.add(to: &page.headers)
    let policy = page.headers[.contentSecurityPolicy]
    #expect(policy?.hasPrefix("default-src 'self';") == true)
    #expect(policy?.contains("script-src") == false)
    #expect(page.headers[.crossOriginOpenerPolicy] == "same-origin")
  }

  @Test func aHandlersOwnPolicyStays() {
    var answer = Answer(status: .ok, mediaType: "text/html")
    answer.headers[.contentSecurityPolicy] = "sandbox"
    var response = answer.response(isHead: false)
    SecurityHeaders.add(to: &response.headers)
    #expect(response.headers[.contentSecurityPolicy] == "sandbox")
  }
}
