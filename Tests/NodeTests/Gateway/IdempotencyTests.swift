import CloudAPI
import CloudState
import Testing

@testable import NodeGateway

@Suite struct IdempotencyTests {
  private func post(
    _ node: TestGateway, _ path: String, token: String? = nil, key: String, _ json: String
  ) async throws -> TestAnswer {
    try await node.call(
      "POST", path, token: token,
      headers: ["Content-Type": "application/json", "Idempotency-Key": key],
      body: Array(json.utf8))
  }

  @Test func repeatedRequestMakesOneKeyAndShowsItAgain() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let body = #"{"name": "ci", "scopes": ["read"], "expires_in_days": 3}"#
      let first = try await post(node, "/api/v1/api-keys", token: token, key: "k1", body)
      let second = try await post(node, "/api/v1/api-keys", token: token, key: "k1", body)
      #expect(first.status == 201, "\(first.text)")
      #expect(second.text == first.text)
      let made = try first.decode(CreatedAPIKey.self)
      let me = try await node.call("GET", "/api/v1/auth/me", token: made.key)
      #expect(me.status == 200)
      let keys = try await node.call("GET", "/api/v1/api-keys", token: token)
        .decode(CloudAPI.Page<CloudAPI.APIKey>.self)
      #expect(keys.items.count == 1)
    }
  }

  @Test func anotherBodyUnderTheSameKeyIsRefused() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let path = "/api/v1/api-keys"
      _ = try await post(node, path, token: token, key: "k", #"{"name": "a", "scopes": ["read"]}"#)
      let other = try await post(
        node, path, token: token, key: "k", #"{"name": "b", "scopes": ["read"]}"#)
      _ = try other.problem(422, .init(rawValue: "idempotency_key_reused"))
    }
  }

  @Test func keysOfDifferentCallersAreDifferent() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada").tokens.accessToken
      let bob = try await node.register("bob").tokens.accessToken
      let body = #"{"name": "a", "scopes": ["read"]}"#
      let first = try await post(node, "/api/v1/api-keys", token: ada, key: "k", body)
        .decode(CreatedAPIKey.self)
      let second = try await post(node, "/api/v1/api-keys", token: bob, key: "k", body)
        .decode(CreatedAPIKey.self)
      #expect(first.key != second.key)
      #expect(first.apiKey.workspaceID != second.apiKey.workspaceID)
    }
  }

  @Test func refusalIsRepeatedToo() async throws {
    try await TestGateway.run { node in
      let body = #"{"email": "ada@example.org", "password": "password-ada"}"#
      let first = try await post(node, "/api/v1/auth/register", key: "k", body)
      #expect(first.status == 201)
      _ = try await post(node, "/api/v1/auth/register", key: "other", body)
        .problem(409, .conflict)
    }
  }

  @Test func repeatedAnalysisIsBilledOnce() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let headers = ["Idempotency-Key": "k"]
      let first = try await node.analyze(AnalyzeTests.csv, token: token, headers: headers)
      let second = try await node.analyze(AnalyzeTests.csv, token: token, headers: headers)
      #expect(first.status == 200, "\(first.text)")
      #expect(second.status == 200, "\(second.text)")
      let usage = try await node.call("GET", "/api/v1/usage", token: token).decode(Usage.self)
      #expect(usage.rows.used == 40)
      #expect(usage.analyses == 1)
      let other = try await node.analyze(
        AnalyzeTests.csv + "9,9,x\n", token: token, headers: headers)
      _ = try other.problem(422, .init(rawValue: "idempotency_key_reused"))
    }
  }

  /// What the first time has used up is no reason to refuse the second.
  @Test func repeatedAnalysisNeedsNoRowsAgain() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let csv = "a,b\n" + (0..<6_000).map { "\($0),\($0 % 7)\n" }.joined()
      for _ in 1...2 {
        let answer = try await node.analyze(csv, token: token, headers: ["Idempotency-Key": "k"])
        #expect(answer.status == 200, "\(answer.text)")
      }
      _ = try await node.analyze(csv, token: token).problem(429, .quotaExceeded)
      _ = try await node.analyze(csv, token: token, headers: ["Idempotency-Key": "other"])
        .problem(429, .quotaExceeded)
      let usage = try await node.call("GET", "/api/v1/usage", token: token).decode(Usage.self)
      #expect(usage.rows.used == 6_000)
    }
  }

  /// Every operation of the document that is a POST, as somebody who may: the same call twice has the same
  /// answer, and another one under the same key is refused.
  @Test func everyPostIsAnsweredAsTheFirstTime() async throws {
    try await TestGateway.run({ options in
      options.rateLimit = nil
      options.anonymousRateLimit = nil
      // There is one; that it takes nothing is no matter of the caller's.
      options.mailer = MailerOptions(url: "http://127.0.0.1:1/", pauses: [])
    }) { node in
      let stage = try await AuthorizationStage(node)
      let posts = node.contract.operations.filter { $0.method == "POST" }
      #expect(posts.count > 15)
      for operation in posts {
        var request = try await stage.request(operation, by: Self.caller(of: operation))
        request.headers["Idempotency-Key"] = "key-of-\(operation.id)"
        let first = try await request.send(to: node)
        #expect((200...299).contains(first.status), "\(operation.id): \(first.text)")
        let second = try await request.send(to: node)
        if operation.id == "logOut" {
          // Whoever has gone can no longer show who they were.
          #expect(second.status == 401, "\(second.text)")
          continue
        }
        #expect(try second.untimed() == first.untimed(), "\(operation.id)")
        #expect(second.headers["content-type"] == first.headers["content-type"])
        for other in Self.others(request) {
          let answer = try await other.send(to: node)
          #expect(
            (try? answer.problem(422, .init(rawValue: "idempotency_key_reused"))) != nil,
            "\(operation.id): \(answer.text)")
        }
      }
      #expect(node.cluster.transferTargets.count == 1)
      // Of what is kept nothing opens anything.
      let kept = node.cluster.recorded.map { String(decoding: $0.body, as: UTF8.self) }
      #expect(Set(node.cluster.recorded).count == 3)
      for secret in ["clk_", "clr_", "clp_", "cli_", "clv_", "eyJ"] {
        #expect(!kept.contains { $0.contains(secret) })
      }
    }
  }

  private static func caller(of operation: DescribedOperation) -> ContractCaller {
    switch (operation.permission, operation.id) {
    case ("anyone", _): ContractCaller(standing: .nobody, proof: .nothing)
    case ("operator", _), (_, "validateAPIKey"), (_, "createWorkspace"):
      ContractCaller(standing: .operator, proof: .adminToken)
    default: ContractCaller(standing: .member(role: "owner"), proof: .accessToken)
    }
  }

  /// Another body, and another target.
  private static func others(
    _ request: AuthorizationStage.Request
  ) -> [AuthorizationStage.Request] {
    var target = request
    // A query that says the same in other words.
    let query = target.path.drop { $0 != "?" }.dropFirst()
    target.path += query.isEmpty ? "?" : "&\(query)"
    guard let text = request.body else { return [target] }
    var body = request
    body.body = text + "\n"
    return [target, body]
  }

  @Test func aRefusalWithoutEffectIsJudgedAnew() async throws {
    try await TestGateway.run { node in
      let path = "/api/v1/cluster/transfer-leader"
      let unknown = #"{"name": "nobody"}"#
      for _ in 1...2 {
        _ = try await post(node, path, token: TestGateway.adminToken, key: "k", unknown)
          .problem(404, .notFound)
      }
      let right = #"{"name": "clean-0"}"#
      for _ in 1...2 {
        let answer = try await post(node, path, token: TestGateway.adminToken, key: "k", right)
        #expect(answer.status == 204)
      }
      #expect(node.cluster.transferTargets.count == 1)
    }
  }

  /// All at once, so that most are proposed before the first is known here.
  @Test func repetitionsAtTheSameTimeShowTheSameSecrets() async throws {
    try await TestGateway.run { node in
      let body = #"{"email": "ada@example.org", "password": "password-ada"}"#
      func all(_ path: String, token: String? = nil, _ body: String) async throws -> Set<String> {
        try await withThrowingTaskGroup(of: String.self) { tasks in
          for _ in 1...6 {
            tasks.addTask { try await self.post(node, path, token: token, key: "k", body).text }
          }
          var answers: Set<String> = []
          for try await answer in tasks { answers.insert(answer) }
          return answers
        }
      }
      let registered = try await all("/api/v1/auth/register", body)
      #expect(registered.count == 1 && registered.first?.hasPrefix("201") == true, "\(registered)")
      let tokens = try await node.post("/api/v1/auth/login", body).decode(Tokens.self)
      let keys = try await all(
        "/api/v1/api-keys", token: tokens.accessToken, #"{"name": "a", "scopes": ["read"]}"#)
      #expect(keys.count == 1 && keys.first?.hasPrefix("201") == true, "\(keys)")
    }
  }

  private func askForReset(_ node: TestGateway) async throws {
    let asked = try await post(
      node, "/api/v1/auth/password-reset", key: "k", #"{"email": "ada@example.org"}"#)
    #expect(asked.status == 202, "\(asked.text)")
  }

  private func mailedToken(_ sink: MailSink) async throws -> String {
    let mail = try #require(try await sink.next("password_reset"))
    return try #require(try mail.field("token"))
  }

  @Test func requestThatWasForgottenYieldsOtherSecrets() async throws {
    let sink = try MailSink()
    try await TestGateway.run({ options in
      options.mailer = MailerOptions(url: sink.url, secret: "s", pauses: [])
    }) { node in
      _ = try await node.register("ada")
      try await self.askForReset(node)
      let first = try await self.mailedToken(sink)
      // Answered alike, and mailed once: the next mail is another's.
      try await self.askForReset(node)
      // A day later, by the state's clock.
      let later = Timestamp.now().adding(
        milliseconds: OutcomeRetention.idempotencyKey.milliseconds + 1)
      let envelope = CommandEnvelope(
        requestID: Random.requestID(), stampedAt: later, actor: .node(name: "clean-0"),
        command: KeepHouse().command)
      _ = try await node.cluster.propose(envelope.encoded(), timeout: .seconds(10))
      try await self.askForReset(node)
      #expect(try await self.mailedToken(sink) != first)
    }
    sink.stop()
  }

  @Test(arguments: ["a b", "ä", String(repeating: "k", count: 256)])
  func keyOfAnotherFormIsRefused(_ key: String) async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let answer = try await post(node, "/api/v1/api-keys", token: token, key: key, "{}")
      let problem = try answer.problem(400, .invalidRequest)
      #expect(problem.errors?.first?.field == "Idempotency-Key")
    }
  }
}

@Suite struct RequestSeedTests {
  private let secret = [UInt8](repeating: 7, count: 32)

  @Test func sameKeyYieldsTheSame() {
    let one = RequestSeed("k", of: "usr_1", secret: secret)
    let two = RequestSeed("k", of: "usr_1", secret: secret)
    #expect(one.bytes(40, for: "a") == two.bytes(40, for: "a"))
    #expect(one.requestID(for: "a") == two.requestID(for: "a"))
    let id: UserID = one.identifier()
    #expect(id == two.identifier())
  }

  /// The state forgets a key after a day. Whoever used it first must not know what it yields to others.
  @Test func secretsDependOnTheWholeRequestAndNamesOnTheKey() {
    var seeds = [[UInt8]("mine".utf8), [UInt8]("mine".utf8), [UInt8]("theirs".utf8)].map { body in
      var seed = RequestSeed("k", of: "anonymous", secret: secret)
      seed.bind(to: seed.fingerprint(of: [body]))
      return seed
    }
    let (mine, again, theirs) = (seeds.removeFirst(), seeds.removeFirst(), seeds.removeFirst())
    #expect(mine.bytes(32, for: "a") == again.bytes(32, for: "a"))
    #expect(mine.bytes(32, for: "a") != theirs.bytes(32, for: "a"))
    #expect(mine.requestID(for: "") == theirs.requestID(for: ""))
  }

  @Test func saltChangesSecretsAndNoNames() throws {
    let plain = RequestSeed("k", of: "anonymous", secret: secret)
    let seeds = try [UInt8](arrayLiteral: 1, 1, 2).map { byte in
      var seed = plain
      seed.mix(in: try #require(RequestSalt(repeatElement(byte, count: 16))))
      return seed
    }
    #expect(seeds[0].bytes(32, for: "a") == seeds[1].bytes(32, for: "a"))
    #expect(seeds[0].bytes(32, for: "a") != seeds[2].bytes(32, for: "a"))
    #expect(seeds[0].bytes(32, for: "a") != plain.bytes(32, for: "a"))
    let ids: [UserID] = seeds.map { $0.identifier() }
    #expect(Set(ids).count == 1)
    #expect(Set(seeds.map { $0.requestID(for: "") }).count == 1)
    #expect(
      OneTimeToken(.passwordReset, from: seeds[0]).text
        != OneTimeToken(.passwordReset, from: seeds[2]).text)
  }

  @Test func everythingElseYieldsSomethingElse() {
    let seeds = [
      RequestSeed("k", of: "usr_1", secret: secret), RequestSeed("l", of: "usr_1", secret: secret),
      RequestSeed("k", of: "usr_2", secret: secret),
      RequestSeed("k", of: "usr_1", secret: secret + [1]), RequestSeed(), RequestSeed(),
    ]
    var seen: Set<[UInt8]> = []
    for seed in seeds {
      seen.insert(seed.bytes(16, for: "a"))
      seen.insert(seed.bytes(16, for: "b"))
      seen.insert(seed.requestID(for: "a").bytes)
      seen.insert(seed.fingerprint(of: [[1], [2]]).bytes)
      seen.insert(seed.fingerprint(of: [[1, 2], []]).bytes)
    }
    #expect(seen.count == 5 * seeds.count)
  }
}

extension TestAnswer {
  /// Status and body but for how long an analysis took, which runs anew each time.
  fileprivate func untimed() throws -> [JSONValue] {
    guard !body.isEmpty, case .object(var members) = try decode(JSONValue.self),
      members["timings"] != nil
    else { return [.string(text)] }
    members["timings"] = nil
    return [.integer(status), .object(members)]
  }
}
