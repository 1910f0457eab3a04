import CloudAPI
import CloudState
import Foundation
import Testing

@testable import NodeGateway

/// API calls against the day's limit, through a server.
@Suite struct CallQuotaTests {
  private static let usage = "/api/v1/usage"

  private static func midnight() -> Date { Day(containing: .now()).end.date }

  /// Far enough from midnight that a test is over before.
  private static func waitForTheDay() async throws {
    while Midnight.isNear { try await Task.sleep(for: .seconds(1)) }
  }

  @Test func asManyCallsAsThePlanHasAndNotOneMore() async throws {
    try await Self.waitForTheDay()
    try await TestGateway.run(freeCalls: 100) { node in
      let token = try await node.register("ada").tokens.accessToken
      let answers = try await withThrowingTaskGroup(of: TestAnswer.self) { tasks in
        for _ in 0..<32 { tasks.addTask { try await node.call("GET", Self.usage, token: token) } }
        var answers: [TestAnswer] = []
        while let answer = try await tasks.next() {
          answers.append(answer)
          if answers.count + 32 <= 150 {
            tasks.addTask { try await node.call("GET", Self.usage, token: token) }
          }
        }
        return answers
      }
      #expect(answers.count == 150)
      #expect(answers.filter { $0.status == 200 }.count == 100)
      for answer in answers where answer.status != 200 {
        let problem = try answer.problem(429, .quotaExceeded)
        #expect(problem.metric == "api_calls")
        #expect(problem.limit == 100)
        #expect(problem.used == 100)
        #expect(problem.resetsAt == Self.midnight())
        #expect(answer.headers["ratelimit"]?.contains(#""calls";r=0;t="#) == true)
        #expect(Int(answer.headers["retry-after"] ?? "").map { $0 >= 1 } == true)
      }
    }
  }

  @Test func headersCountDown() async throws {
    try await Self.waitForTheDay()
    try await TestGateway.run(freeCalls: 3) { node in
      let token = try await node.register("ada").tokens.accessToken
      for left in [2, 1, 0] {
        let answer = try await node.call("GET", Self.usage, token: token)
        #expect(answer.status == 200)
        #expect(answer.headers["ratelimit-policy"]?.hasSuffix(#", "calls";q=3;w=86400"#) == true)
        #expect(answer.headers["ratelimit"]?.contains(#""calls";r=\#(left);t="#) == true)
      }
    }
  }

  @Test func refusedCallsDoNotCount() async throws {
    try await Self.waitForTheDay()
    try await TestGateway.run(freeCalls: 2) { node in
      let ada = try await node.register("ada")
      let token = ada.tokens.accessToken
      let key = try await node.key("\"analyze\"", token: token).key
      // The key itself took one of the two. These are refused before, or after they were let in.
      for _ in 0..<3 {
        _ = try await node.call("GET", Self.usage, token: key).problem(403, .forbidden)
        _ = try await node.call("GET", Self.usage + "?workspace_id=ws_none", token: token)
          .problem(404, .notFound)
        _ = try await node.call("DELETE", "/api/v1/api-keys/key_none", token: token)
          .problem(404, .notFound)
        _ = try await node.post(
          "/api/v1/api-keys", token: token,
          #"{"name": "k", "scopes": ["read"], "user_id": "usr_none"}"#
        ).problem(404, .notFound)
      }
      let usage = try await node.call("GET", Self.usage, token: token)
      #expect(usage.status == 200)
      #expect(try usage.decode(Usage.self).apiCalls?.used == 2)
      _ = try await node.call("GET", Self.usage, token: token).problem(429, .quotaExceeded)
      // What is about no workspace goes on, and so do operators.
      #expect(try await node.call("GET", "/api/v1/auth/me", token: token).status == 200)
      let place = "?workspace_id=\(ada.workspace.id)"
      let answer = try await node.call("GET", Self.usage + place, token: TestGateway.adminToken)
      #expect(answer.status == 200)
      #expect(answer.headers["ratelimit"] == nil)
    }
  }

  @Test func rightsCanBeTakenAwayAndTheRestAskedForAtTheLimit() async throws {
    try await Self.waitForTheDay()
    try await TestGateway.run(freeCalls: 1) { node in
      let ada = try await node.register("ada")
      let token = ada.tokens.accessToken
      let key = try await node.key("\"read\"", token: token)
      _ = try await node.call("GET", Self.usage, token: token).problem(429, .quotaExceeded)
      let asked = try await node.post(
        "/api/v1/quotas/check", token: token, #"{"metric": "api_calls"}"#)
      #expect(try asked.decode(QuotaCheck.self).allowed == false)
      let path = "/api/v1/api-keys/\(key.apiKey.id)"
      #expect(try await node.call("DELETE", path, token: token).status == 204)
      _ = try await node.call("GET", Self.usage, token: key.key).problem(401, .unauthenticated)
    }
  }

  @Test func anotherLimitHoldsAtOnce() async throws {
    try await Self.waitForTheDay()
    try await TestGateway.run(freeCalls: 1) { node in
      let token = try await node.register("ada").tokens.accessToken
      #expect(try await node.call("GET", Self.usage, token: token).status == 200)
      _ = try await node.call("GET", Self.usage, token: token).problem(429, .quotaExceeded)
      try await node.defineFreePlan(calls: 2)
      #expect(try await node.call("GET", Self.usage, token: token).status == 200)
      _ = try await node.call("GET", Self.usage, token: token).problem(429, .quotaExceeded)
      try await node.defineFreePlan(calls: nil)
      let answer = try await node.call("GET", Self.usage, token: token)
      #expect(answer.status == 200)
      #expect(answer.headers["ratelimit"]?.contains("calls") == false)
      try await node.defineFreePlan(calls: 1)
      _ = try await node.call("GET", Self.usage, token: token).problem(429, .quotaExceeded)
    }
  }

  @Test func callsThatCannotBeCountedAreNotMade() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      node.cluster.fail(with: .noLeader)
      let path = Self.usage + "?consistency=stale"
      _ = try await node.call("GET", path, token: token).problem(503, .noLeader)
      node.cluster.fail(with: nil)
      #expect(try await node.call("GET", path, token: token).status == 200)
    }
  }

  @Test func leaseWhoseAnswerWasLostIsUsedAndNotLost() async throws {
    try await Self.waitForTheDay()
    try await TestGateway.run(freeCalls: 2) { node in
      let token = try await node.register("ada").tokens.accessToken
      node.cluster.loseLease()
      let first = try await node.call("GET", Self.usage, token: token)
      // A call that begins to wait only when the answer is lost already does not hear of it, and asks again.
      let isCounted = first.status == 200
      if !isCounted { _ = try first.problem(503, .noLeader) }
      for _ in 0..<(isCounted ? 1 : 2) {
        #expect(try await node.call("GET", Self.usage, token: token).status == 200)
      }
      _ = try await node.call("GET", Self.usage, token: token).problem(429, .quotaExceeded)
    }
  }

  @Test func whatIsLeftOfALeaseComesBack() async throws {
    try await Self.waitForTheDay()
    try await TestGateway.run(freeCalls: nil) { node in
      let ada = try await node.register("ada")
      let token = ada.tokens.accessToken
      // Calls without a pause make the next lease larger than what is made of it.
      var usage = Usage.Meter(used: 0, limit: nil)
      var calls = 0
      repeat {
        calls += 1
        usage = try #require(
          try await node.call("GET", Self.usage, token: token).decode(Usage.self).apiCalls)
        #expect(usage.used == calls)
      } while usage.reserved == 0
      // Asked by the operator, who is not counted.
      let place = "?workspace_id=\(ada.workspace.id)"
      while usage.reserved != 0 {
        usage = try #require(
          try await node.call(
            "GET", Self.usage + place, token: TestGateway.adminToken
          ).decode(Usage.self).apiCalls)
        try await Task.sleep(for: .milliseconds(50))
      }
      #expect(usage.used == calls)
    }
  }

  // MARK: Asking

  @Test func usageShowsAllThatIsCounted() async throws {
    try await TestGateway.run(freeCalls: 100) { node in
      let token = try await node.register("ada").tokens.accessToken
      let usage = try await node.call("GET", Self.usage, token: token).decode(Usage.self)
      #expect(usage.apiCalls?.limit == 100)
      #expect(usage.apiCalls.map { $0.used + ($0.reserved ?? 0) } == 1)
      #expect(usage.datasets == Usage.Meter(used: 0, limit: 10))
    }
  }

  @Test func quotasCanBeAskedFor() async throws {
    try await Self.waitForTheDay()
    try await TestGateway.run(freeCalls: 10) { node in
      let token = try await node.register("ada").tokens.accessToken
      _ = try await node.analyze("a,b\n1,2\n3,4\n", token: token)
      func ask(_ json: String) async throws -> QuotaCheck {
        let answer = try await node.post("/api/v1/quotas/check", token: token, json)
        #expect(answer.status == 200, "\(answer.text)")
        return try answer.decode(QuotaCheck.self)
      }
      let month = Month(containing: .now()).end.date
      for (count, isAllowed) in [(9_998, true), (9_999, false)] {
        let rows = try await ask(#"{"metric": "rows", "count": \#(count)}"#)
        #expect(
          rows
            == QuotaCheck(
              allowed: isAllowed, used: 2, limit: 10_000, remaining: 9_998, resetsAt: month))
      }
      // The analysis alone: asking uses nothing.
      #expect(
        try await ask(#"{"metric": "api_calls"}"#)
          == QuotaCheck(allowed: true, used: 1, limit: 10, remaining: 9, resetsAt: Self.midnight()))
      #expect(
        try await ask(#"{"metric": "users", "count": 1}"#)
          == QuotaCheck(allowed: false, used: 1, limit: 1, remaining: 0))
      #expect(
        try await ask(#"{"metric": "datasets", "count": 10}"#)
          == QuotaCheck(allowed: true, used: 0, limit: 10, remaining: 10))
      for body in [
        "{}", #"{"metric": "cats"}"#, #"{"metric": "rows", "count": 0}"#, #"{"metric": 1}"#,
      ] {
        _ = try await node.post("/api/v1/quotas/check", token: token, body)
          .problem(400, .invalidRequest)
      }
    }
  }

  @Test func ledgerShowsWhatWasBilled() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      var analyses: [String] = []
      for rows in 1...3 {
        let body = "a,b\n" + String(repeating: "1,2\n", count: rows)
        let report = try await node.analyze(body, token: token).decode(Report.self)
        analyses.append(report.id)
      }
      let path = "/api/v1/usage/ledger?limit=2"
      let first = try await node.call("GET", path, token: token).decode(
        CloudAPI.Page<CloudAPI.LedgerRecord>.self)
      #expect(first.items.map(\.analysisID) == Array(analyses.prefix(2)))
      #expect(first.items.map(\.rows) == [1, 2])
      let cursor = try #require(first.nextCursor)
      let rest = try await node.call("GET", path + "&cursor=\(cursor)", token: token).decode(
        CloudAPI.Page<CloudAPI.LedgerRecord>.self)
      #expect(rest.items.map(\.analysisID) == Array(analyses.suffix(1)))
      #expect(rest.nextCursor == nil)
      let before = try await node.call("GET", path + "&period=2020-01", token: token).decode(
        CloudAPI.Page<CloudAPI.LedgerRecord>.self)
      #expect(before.items.isEmpty)
    }
  }

  @Test func operatorDefinesPlans() async throws {
    try await TestGateway.run { node in
      let headers = ["Content-Type": "application/json"]
      func put(_ name: String, _ json: String, token: String) async throws -> TestAnswer {
        try await node.call(
          "PUT", "/api/v1/plans/\(name)", token: token, headers: headers, body: Array(json.utf8))
      }
      let team = #"{"api_calls_per_day": 2000, "retention_days": 30, "features": ["all"]}"#
      let answer = try await put("team", team, token: TestGateway.adminToken)
      #expect(answer.status == 200, "\(answer.text)")
      let plan = CloudAPI.Plan(
        name: "team", rowsPerMonth: nil, apiCallsPerDay: 2_000, maxUsers: nil,
        pricePerMonthCents: nil, features: ["all"])
      #expect(try answer.decode(CloudAPI.Plan.self) == plan)
      let plans = try await node.call("GET", "/api/v1/plans").decode(
        CloudAPI.Page<CloudAPI.Plan>.self)
      #expect(plans.items.contains(plan))
      let token = try await node.register("ada").tokens.accessToken
      _ = try await put("team", team, token: token).problem(403, .forbidden)
      for body in [
        "{}", #"{"retention_days": 0, "features": ["all"]}"#,
        #"{"retention_days": 1, "features": []}"#, #"{"retention_days": 1, "features": ["some"]}"#,
        #"{"retention_days": 1, "features": ["all"], "max_users": 0}"#,
      ] {
        _ = try await put("team", body, token: TestGateway.adminToken)
          .problem(400, .invalidRequest)
      }
      _ = try await put("te.am", team, token: TestGateway.adminToken).problem(400, .invalidRequest)
    }
  }

  private struct Report: Decodable {
    var id: String
  }
}

private enum Midnight {
  /// Less than half a minute ahead.
  static var isNear: Bool {
    Day(containing: .now()).end.milliseconds - Timestamp.now().milliseconds < 30_000
  }
}

extension TestGateway {
  fileprivate func defineFreePlan(calls: Int64?) async throws {
    let limit = calls.map { "\($0)" } ?? "null"
    let answer = try await call(
      "PUT", "/api/v1/plans/free", token: Self.adminToken,
      headers: ["Content-Type": "application/json"],
      body: Array(
        #"{"api_calls_per_day": \#(limit), "retention_days": 7, "features": ["basic_analysis"]}"#
          .utf8))
    #expect(answer.status == 200, "\(answer.text)")
  }
}
