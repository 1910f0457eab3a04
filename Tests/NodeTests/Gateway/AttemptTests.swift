import CloudAPI
import CloudState
import NodeRuntime
import Testing

@testable import NodeGateway

/// What strangers may try, and how often.
@Suite struct AttemptTests {
  /// A node behind a proxy that says where its clients are. The state's clock is an hour ahead, where it
  /// stands still: however slow the machine is, no attempt comes back meanwhile.
  private func run(
    _ change: @escaping (inout GatewayOptions) -> Void = { _ in },
    _ body: @escaping @Sendable (TestGateway) async throws -> Void
  ) async throws {
    // Time stands still: what may be tried again after a while is not, however long a test takes.
    let start = ClusterClock.machineTime()
    try await TestGateway.run(
      clock: ClusterClock { start },
      { options in
        options.anonymousRateLimit = nil
        options.trustedProxies = [AddressRange("127.0.0.1")].compactMap { $0 }
        change(&options)
      }, body)
  }

  private func post(
    _ node: TestGateway, _ path: String, from address: String, _ json: String
  ) async throws -> TestAnswer {
    try await node.call(
      "POST", path, headers: ["Content-Type": "application/json", "X-Forwarded-For": address],
      body: Array(json.utf8))
  }

  private func logIn(
    _ node: TestGateway, _ name: String = "ada", _ password: String = "password-ada",
    from address: String
  ) async throws -> TestAnswer {
    try await post(
      node, "/api/v1/auth/login", from: address,
      #"{"email": "\#(name)@example.org", "password": "\#(password)"}"#)
  }

  private func register(
    _ node: TestGateway, _ name: String, from address: String
  ) async throws -> TestAnswer {
    try await post(
      node, "/api/v1/auth/register", from: address,
      #"{"email": "\#(name)@example.org", "password": "password-\#(name)"}"#)
  }

  /// Tries as often as one network may, and finds the next attempt refused, though not from elsewhere.
  private func exhaust(
    _ node: TestGateway, _ path: String, _ attempt: Attempt, _ json: String, status: Int
  ) async throws {
    for _ in 0..<attempt.networkLimit.burst {
      let answer = try await post(node, path, from: "203.0.113.9", json)
      #expect(answer.status == status, "\(answer.text)")
    }
    let refused = try await post(node, path, from: "203.0.113.9", json)
    _ = try refused.problem(429, .rateLimited)
    #expect(try #require(refused.headers["retry-after"].flatMap(Int64.init)) > 0)
    #expect(try await post(node, path, from: "203.0.113.10", json).status == status)
  }

  @Test func strangersLockNobodyOut() async throws {
    try await run { node in
      #expect(try await register(node, "ada", from: "192.0.2.1").status == 201)
      for number in 0..<AttemptLimit.account.burst {
        _ = try await logIn(node, "ada", "wrong", from: "203.0.113.\(number)")
          .problem(401, .unauthenticated)
      }
      _ = try await logIn(node, from: "203.0.113.99").problem(429, .rateLimited)
      #expect(try await logIn(node, from: "192.0.2.1").status == 200)
    }
  }

  @Test func registrationsAreLimitedBeforeAnythingIsTold() async throws {
    try await run { node in
      #expect(try await register(node, "ada", from: "192.0.2.1").status == 201)
      let taken = #"{"email": "ada@example.org", "password": "password-eve"}"#
      try await exhaust(node, "/api/v1/auth/register", .registration, taken, status: 409)
      // A free address is answered alike, and logging in is another thing.
      _ = try await register(node, "eve", from: "203.0.113.9").problem(429, .rateLimited)
      #expect(try await logIn(node, from: "203.0.113.9").status == 200)
    }
  }

  @Test func whoGoesOnCostsTheClusterNothing() async throws {
    try await run { node in
      let taken = #"{"email": "ada@example.org", "password": "password-eve"}"#
      for _ in 0..<Attempt.registration.networkLimit.burst {
        _ = try await post(node, "/api/v1/auth/register", from: "203.0.113.9", taken)
      }
      node.cluster.fail(with: .noLeader)
      _ = try await post(node, "/api/v1/auth/register", from: "203.0.113.9", taken)
        .problem(429, .rateLimited)
    }
  }

  @Test func resetsAreLimited() async throws {
    let sink = try MailSink(answering: [])
    try await run({ $0.mailer = MailerOptions(url: sink.url, secret: "s", pauses: []) }) { node in
      try await exhaust(
        node, "/api/v1/auth/password-reset", .resetRequest, #"{"email": "no@example.org"}"#,
        status: 202)
      let token = "clp_" + String(repeating: "0", count: 64)
      try await exhaust(
        node, "/api/v1/auth/password-reset/confirm", .resetConfirmation,
        #"{"token": "\#(token)", "password": "password-new"}"#, status: 400)
    }
  }

  @Test func acceptancesAreLimited() async throws {
    try await run { node in
      let token = "cli_" + String(repeating: "0", count: 64)
      try await exhaust(
        node, "/api/v1/invitations/accept", .acceptance,
        #"{"token": "\#(token)", "password": "password-new"}"#, status: 400)
    }
  }

  @Test func refreshTokensThatAreNoneAreLimitedAndGoodOnesAreNot() async throws {
    try await run { node in
      let tokens = try await register(node, "ada", from: "203.0.113.9").decode(Registration.self)
        .tokens
      let good = try #require(tokens.refreshToken)
      let bad = good.dropLast(4) + "0000"
      try await exhaust(
        node, "/api/v1/auth/refresh", .refresh, #"{"refresh_token": "\#(bad)"}"#, status: 401)
      let renewed = try await post(
        node, "/api/v1/auth/refresh", from: "203.0.113.9", #"{"refresh_token": "\#(good)"}"#)
      #expect(renewed.status == 200, "\(renewed.text)")
    }
  }

  // MARK: What is told of them

  private func audit(
    _ node: TestGateway, _ path: String, _ token: String
  ) async throws -> [AuditEntry] {
    try await node.call("GET", path, token: token).decode(CloudAPI.Page<AuditEntry>.self).items
  }

  @Test func failedAttemptsAreToldToThoseWhomTheyConcern() async throws {
    try await run { node in
      let ada = try await register(node, "ada", from: "192.0.2.1").decode(Registration.self)
      let eve = try await register(node, "eve", from: "192.0.2.2").decode(Registration.self)
      for _ in 0..<AttemptLimit.account.burst {
        _ = try await logIn(node, "ada", "wrong", from: "203.0.113.9")
          .problem(401, .unauthenticated)
      }
      for _ in 1...3 {
        _ = try await logIn(node, "ada", "wrong", from: "203.0.113.9").problem(429, .rateLimited)
      }
      _ = try await register(node, "ada", from: "203.0.113.9").problem(409, .conflict)
      // A password in the wrong field.
      for _ in 1...2 {
        _ = try await logIn(node, "hunter2", "x", from: "203.0.113.9")
          .problem(401, .unauthenticated)
      }
      try await node.upkeep.tellDenials()

      let own = try await audit(node, "/api/v1/auth/audit", ada.tokens.accessToken)
      #expect(
        own.map(\.action).sorted() == ["account.lock", "session.open", "user.register"])
      #expect(own.allSatisfy { $0.outcome == "denied" && $0.actorKind == "anonymous" })
      #expect(own.allSatisfy { $0.userID == ada.user.id && $0.address == "203.0.113.9" })
      let tries = try #require(own.first { $0.action == "session.open" })
      #expect(tries.target == "\(ada.user.id) times=\(AttemptLimit.account.burst)")
      let lock = try #require(own.first { $0.action == "account.lock" })
      #expect(lock.target == "\(ada.user.id) times=3")

      let workspace = try await audit(node, "/api/v1/audit", ada.tokens.accessToken)
      #expect(workspace.map(\.action) == ["account.lock", "user.register"])
      #expect(try await audit(node, "/api/v1/auth/audit", eve.tokens.accessToken).isEmpty)
      #expect(
        try await audit(node, "/api/v1/audit", eve.tokens.accessToken).map(\.action)
          == ["user.register"])

      let all = try await audit(node, "/api/v1/cluster/audit", TestGateway.adminToken)
      let nobody = all.filter { $0.outcome == "denied" && $0.userID == nil }
      #expect(nobody.map(\.target) == ["times=2"])
      #expect(nobody.map(\.address) == ["203.0.113.9"])
      let text = try await node.call(
        "GET", "/api/v1/cluster/audit", token: TestGateway.adminToken
      ).text
      #expect(!text.contains("hunter2") && text.contains("account.lock"))
    }
  }

  @Test func loginsAreToldToTheUserAndTheWorkspace() async throws {
    try await run { node in
      let ada = try await register(node, "ada", from: "192.0.2.1").decode(Registration.self)
      _ = try await logIn(node, from: "198.51.100.3")
      for path in ["/api/v1/auth/audit", "/api/v1/audit"] {
        let newest = try #require(
          try await audit(node, path, ada.tokens.accessToken).first)
        #expect(newest.action == "session.open" && newest.outcome == "done")
        #expect(newest.userID == ada.user.id && newest.address == "198.51.100.3")
      }
    }
  }

  @Test func strangersDoNotFillTheLog() {
    let attempts = Denials.ofAttempts()
    let start = Timestamp.now()
    func note(_ user: String?, from network: String) {
      attempts.note(
        Denial(
          actor: .anonymous, userID: user.map(UserID.init(rawValue:)), workspaceID: nil,
          action: "session.open", target: "", at: start, origin: .unknown), from: network)
    }
    // One account from everywhere, many accounts, and one network that knows none.
    for number in 0..<100 { note("usr_a", from: "n\(number)") }
    for _ in 0..<100 { note(nil, from: "n1") }
    for number in 0..<2_000 { note("usr_\(number)", from: "n2") }
    var told: [Denial] = []
    while true {
      let (taken, _) = attempts.take(at: start)
      guard !taken.isEmpty else { break }
      #expect(
        taken.count * (1 + StateLimits.toldWorkspaces) <= StateLimits.denialsAtOnce)
      told += taken
    }
    #expect(told.count == attempts.inAll)
    #expect(told.count { $0.userID == UserID(rawValue: "usr_a") } == Denials.perPlace)
    #expect(told.filter { $0.userID == nil }.map(\.times) == [100])
  }
}
