import CloudAPI
import Testing

@testable import NodeGateway

@Suite struct AccessLogTests {
  @Test func aRequestLeavesALineThatTellsWhoDidWhat() async throws {
    let log = RecordedLog()
    try await TestGateway.run(
      { $0.trustedProxies = [AddressRange("127.0.0.1")!] }, logger: log.logger(.info)
    ) {
      node in
      let ada = try await node.register("ada")
      let headers = [
        "X-Request-Id": "trace-1", "X-Forwarded-For": "192.0.2.7",
        "User-Agent": "test/1 \(String(repeating: "x", count: 1_000))",
      ]
      for (path, token, status, caller, code) in [
        ("/api/v1/workspaces/\(ada.workspace.id)", ada.tokens.accessToken, 200, ada.user.id, nil),
        // Who is refused is known, too.
        ("/api/v1/workspaces/ws_1", ada.tokens.accessToken, 404, ada.user.id, "not_found"),
        ("/api/v1/workspaces/ws_1", "guess", 401, nil, "unauthenticated"),
      ] {
        let answer = try await node.call("GET", path, token: token, headers: headers)
        #expect(answer.status == status)
        let line = try #require(log.requests.last)
        #expect(line.level == .info)
        let metadata = line.metadata
        #expect(metadata["request_id"] == "trace-1")
        #expect(metadata["address"] == "192.0.2.7")
        #expect(metadata["method"] == "GET")
        #expect(metadata["path"] == path)
        #expect(metadata["route"] == "/api/v1/workspaces/{id}")
        #expect(metadata["status"] == "\(status)")
        #expect(metadata["bytes"] == "\(answer.body.count)")
        #expect(metadata["duration_ms"] != nil)
        #expect(metadata["user_agent"]?.hasPrefix("test/1 ") == true)
        #expect(metadata["user_agent"]?.utf8.count == 128)
        #expect(metadata["caller"] == caller)
        #expect(metadata["code"] == code)
      }
    }
  }

  /// What is made while it is sent is counted when it has been.
  @Test func streamedAnswersAreCounted() async throws {
    let log = RecordedLog()
    try await TestGateway.run(logger: log.logger(.info)) { node in
      let token = try await node.register("ada").tokens.accessToken
      let csv = "a\n" + String(repeating: "1\n", count: 3_000)
      for format in ["csv", "ndjson"] {
        let answer = try await node.analyze(
          csv, query: "?detectors=exact_duplicates&format=\(format)", token: token)
        #expect(answer.body.count > 100_000)
        let line = try #require(log.requests.last)
        #expect(line.metadata["path"] == "/api/v1/analyze")
        #expect(line.metadata["bytes"] == "\(answer.body.count)")
      }
    }
  }

  @Test func whoCallsTooOftenIsNamed() async throws {
    let log = RecordedLog()
    try await TestGateway.run(
      { $0.rateLimit = RateLimit(burst: 1, interval: .seconds(3_600)) }, logger: log.logger(.info)
    ) { node in
      let ada = try await node.register("ada")
      let key = try await node.key(#""read""#, token: ada.tokens.accessToken)
      _ = try await node.call("GET", "/api/v1/usage", token: key.key)
      for (token, name) in [(key.key, key.apiKey.id), (ada.tokens.accessToken, ada.user.id)] {
        _ = try await node.call("GET", "/api/v1/usage", token: token).problem(429, .rateLimited)
        #expect(log.requests.last?.metadata["caller"] == name)
      }
    }
  }

  /// Whatever a client sends where, nothing of it that is secret gets into the log.
  @Test func noSecretGetsIntoTheLog() async throws {
    let log = RecordedLog()
    let mailer = MailerOptions(url: "http://127.0.0.1:1/", secret: "secret-of-the-mailer")
    try await TestGateway.run({ $0.mailer = mailer }, logger: log.logger(.trace)) { node in
      let ada = try await node.register("ada")
      let key = try await node.key(#""read""#, token: ada.tokens.accessToken).key
      for (secret, path) in [
        (key, "/api/v1/usage?token=\(key)"), (key, "/api/v1/api-keys/\(key)"), (key, "/\(key)/x"),
        (ada.tokens.accessToken, "/api/v1/workspaces/\(ada.tokens.accessToken)"),
        ("password-ada", "/api/v1/usage?password=password-ada"),
        (TestGateway.adminToken, "/api/v1/cluster?admin_token=\(TestGateway.adminToken)"),
      ] {
        for token in [key, ada.tokens.accessToken, TestGateway.adminToken] {
          _ = try await node.call("GET", path, token: token)
          _ = try await node.call("GET", path, headers: ["X-API-Key": secret])
        }
      }
      let refresh = try #require(ada.tokens.refreshToken)
      _ = try await node.call("GET", "/api/v1/sessions/\(refresh)?refresh_token=\(refresh)")
      let renewal = try await node.post(
        "/api/v1/auth/refresh", #"{"refresh_token": "\#(refresh)"}"#)
      #expect(renewal.status == 200)
      _ = try await node.post("/api/v1/auth/refresh", #"{"refresh_token": "\#(refresh)"}"#)
      _ = try await node.post(
        "/api/v1/auth/login", #"{"email": "ada@example.org", "password": "password-eve"}"#)
      #expect(log.requests.count > 36)
      let text = log.lines.map { "\($0)" }.joined(separator: "\n")
      for secret in [
        key, ada.tokens.accessToken, refresh, TestGateway.adminToken, "password-ada",
        "password-eve", "secret-of-the-mailer",
      ] {
        #expect(!text.contains(secret.suffix(20)), "\(secret)")
      }
    }
  }

  @Test func pathsAreCutAndBlottedOut() {
    #expect(AccessLog.shown("/api/v1/api-keys/key_1") == "/api/v1/api-keys/key_1")
    #expect(AccessLog.shown("/x/clk_ab_cd/eyJa.b.c/clr_1/y/") == "/x/***/***/***/y/")
    #expect(AccessLog.shown("/clp_1/cli_1/clv_1/cla_1") == "/***/***/***/***")
    #expect(AccessLog.shown("/" + String(repeating: "a", count: 1_000)).utf8.count == 256)
  }

  @Test func probesAreNoNews() async throws {
    let log = RecordedLog()
    try await TestGateway.run(logger: log.logger(.info)) { node in
      for path in ["/livez", "/readyz", "/metrics"] {
        let answer = try await node.call("GET", path)
        #expect(answer.status == 200)
      }
      #expect(log.requests.isEmpty)
      node.cluster.fail(with: .noLeader)
      let unready = try await node.call("GET", "/readyz")
      #expect(unready.status == 503)
      #expect(log.requests.map(\.level) == [.warning])
    }
  }
}
