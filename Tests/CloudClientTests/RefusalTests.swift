import CloudClient
import Foundation
import Testing

@Suite struct RefusalTests {
  private func policy(_ clock: TestClock, repeats: Int = 5) -> RetryPolicy {
    RetryPolicy(repeats: repeats, spread: 0, clock: clock)
  }

  private func problem(_ status: Int, _ code: String) -> String {
    FailoverTests.problem(status, code)
  }

  @Test func refusalIsTypedAndCarriesTheRequestsID() async throws {
    let headers = ["X-Request-ID": "req_7", "Content-Type": Problem.mediaType]
    let body = problem(403, "forbidden")
    try await TestServer.run { _, _ in
      .answer(403, headers, body)
    } _: { server in
      let error = await #expect(throws: CloudError.self) {
        try await FailoverTests.calling([server.url]) { try await $0.apiKeys().page() }
      }
      guard case .refused(let problem) = error else {
        Issue.record("not a refusal: \(String(describing: error))")
        return
      }
      #expect(problem.code == .forbidden)
      #expect(problem.requestID == "req_7")
      #expect(error?.description == "D [forbidden, req_7]")
    }
  }

  @Test func otherServersAreNotMistakenForANode() async throws {
    try await TestServer.run { _, _ in
      .answer(502, ["Content-Type": "text/html", "X-Request-ID": "req_8"], "<h1>Bad Gateway</h1>")
    } _: { server in
      await #expect(
        throws: CloudError.invalidResponse(
          EndpointFailure(
            endpoint: server.url,
            reason: "status 502 with text/html, not application/problem+json"),
          requestID: "req_8")
      ) {
        try await FailoverTests.calling([server.url]) { try await $0.authenticate() }
      }
    }
  }

  @Test func redirectIsNotFollowed() async throws {
    try await TestServer.run { _, _ in
      .answer(200, [:], FailoverTests.identity)
    } _: { elsewhere in
      let target = elsewhere.url
      try await TestServer.run { _, _ in
        .answer(302, ["Location": target])
      } _: { server in
        await #expect(throws: CloudError.self) {
          try await FailoverTests.calling([server.url], token: "clk_1") {
            try await $0.authenticate()
          }
        }
        #expect(elsewhere.requests.isEmpty)
      }
    }
  }

  @Test(arguments: [(429, "rate_limited"), (503, "overloaded")])
  func writeWaitsAsLongAsItIsTold(_ status: Int, _ code: String) async throws {
    let clock = TestClock()
    let body = problem(status, code)
    try await TestServer.run { _, index in
      index < 2
        ? .answer(status, ["Retry-After": "\(index + 1)"], body)
        : .answer(201, [:], FailoverTests.workspace)
    } _: { server in
      let workspace = try await FailoverTests.calling([server.url], retries: policy(clock)) {
        try await $0.createWorkspace(CreateWorkspaceRequest(name: "Lab"))
      }
      #expect(workspace.id == "ws_1")
      #expect(clock.waits == [.seconds(1), .seconds(2)])
    }
  }

  @Test func writeThatAVanishedLeaderMayHaveTakenIsRepeatedUnderItsKey() async throws {
    let clock = TestClock()
    let body = problem(503, "no_leader")
    try await TestServer.run { _, index in
      index < 3
        ? .answer(503, ["Retry-After": "1"], body) : .answer(201, [:], FailoverTests.workspace)
    } _: { server in
      _ = try await FailoverTests.calling([server.url, server.url], retries: policy(clock)) {
        try await $0.createWorkspace(CreateWorkspaceRequest(name: "Lab"))
      }
      #expect(server.requests.count == 4)
      #expect(Set(server.requests.map(\.idempotencyKey)).count == 1)
      #expect(clock.waits == [.seconds(1)])
    }
  }

  @Test func clusterWithoutALeaderIsGivenUpWithItsOwnWords() async throws {
    let clock = TestClock()
    let body = problem(503, "no_leader")
    try await TestServer.run { _, _ in
      .answer(503, ["Retry-After": "1"], body)
    } _: { server in
      let error = await #expect(throws: CloudError.self) {
        try await FailoverTests.calling([server.url], retries: policy(clock, repeats: 2)) {
          try await $0.revokeAPIKey("key_1")
        }
      }
      #expect(error?.code == .noLeader)
      #expect(server.requests.count == 3)
    }
  }

  @Test func readAsksAnotherNodeBeforeItWaits() async throws {
    let clock = TestClock()
    let body = problem(503, "no_leader")
    try await TestServer.run { _, _ in
      .answer(503, ["Retry-After": "1"], body)
    } _: { leaderless in
      try await TestServer.run { _, _ in
        .answer(200, [:], FailoverTests.identity)
      } _: { server in
        let identity = try await FailoverTests.calling(
          [leaderless.url, server.url], retries: policy(clock)
        ) { try await $0.authenticate() }
        #expect(identity.kind == .admin)
        #expect(clock.waits.isEmpty)
      }
    }
  }

  @Test func usedUpQuotaIsNotWaitedFor() async throws {
    let clock = TestClock()
    let body = problem(429, "quota_exceeded")
    try await TestServer.run { _, _ in
      .answer(429, ["Retry-After": "1"], body)
    } _: { server in
      await #expect(throws: CloudError.self) {
        try await FailoverTests.calling([server.url], retries: policy(clock)) {
          try await $0.authenticate()
        }
      }
      #expect(server.requests.count == 1)
    }
  }

  @Test func noWaitLeadsBeyondTheDeadline() async throws {
    let clock = TestClock()
    let body = problem(503, "overloaded")
    try await TestServer.run { _, index in
      .answer(503, ["Retry-After": index == 0 ? "20" : "11"], body)
    } _: { server in
      let error = await #expect(throws: CloudError.self) {
        try await FailoverTests.calling([server.url], retries: policy(clock)) {
          try await $0.authenticate()
        }
      }
      #expect(error?.code == .overloaded)
      #expect(server.requests.count == 2)
      #expect(clock.waits == [.seconds(20)])
    }
  }

  @Test func serviceThatNamesNoTimeIsNotAskedOverAndOver() async throws {
    let clock = TestClock()
    let body = problem(503, "overloaded")
    try await TestServer.run { _, _ in
      .answer(503, ["Retry-After": "0"], body)
    } _: { server in
      await #expect(throws: CloudError.self) {
        try await FailoverTests.calling([server.url], retries: policy(clock, repeats: 3)) {
          try await $0.authenticate()
        }
      }
      #expect(server.requests.count == 4)
      #expect(clock.waits == [.milliseconds(100), .milliseconds(200), .milliseconds(400)])
    }
  }

  @Test func proxyWithoutANodeBehindItIsAskedAgain() async throws {
    let clock = TestClock()
    try await TestServer.run { _, index in
      index == 0
        ? .answer(502, ["Content-Type": "text/html"], "<h1>Bad Gateway</h1>")
        : .answer(201, [:], FailoverTests.workspace)
    } _: { server in
      let workspace = try await FailoverTests.calling([server.url], retries: policy(clock)) {
        try await $0.createWorkspace(CreateWorkspaceRequest(name: "Lab"))
      }
      #expect(workspace.id == "ws_1")
    }
  }

  @Test(arguments: [400, 401, 403, 404, 409, 412, 413, 415, 422, 500])
  func otherRefusalsAreFinal(_ status: Int) async throws {
    let clock = TestClock()
    let body = problem(status, "some_code")
    try await TestServer.run { _, _ in
      .answer(status, ["Retry-After": "1"], body)
    } _: { server in
      let error = await #expect(throws: CloudError.self) {
        try await FailoverTests.calling([server.url, server.url], retries: policy(clock)) {
          try await $0.createWorkspace(CreateWorkspaceRequest(name: "Lab"))
        }
      }
      #expect(error?.problem?.status == status)
      #expect(server.requests.count == 1)
      #expect(clock.waits.isEmpty)
    }
  }
}
