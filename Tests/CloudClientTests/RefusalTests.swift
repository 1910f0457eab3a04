import CloudClient
import Foundation
import Synchronization
import Testing

@Suite struct RefusalTests {
  /// Remembers how long the client wanted to wait, and does not.
  final class Waits: Sendable {
    let durations = Mutex<[Duration]>([])

    func policy(repeats: Int = 5) -> RetryPolicy {
      RetryPolicy(repeats: repeats) { duration in
        self.durations.withLock { $0.append(duration) }
      }
    }
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
        try await FailoverTests.calling([server.url]) { try await $0.apiKeys() }
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
    let waits = Waits()
    let body = problem(status, code)
    try await TestServer.run { _, index in
      index < 2
        ? .answer(status, ["Retry-After": "\(index + 1)"], body)
        : .answer(201, [:], FailoverTests.workspace)
    } _: { server in
      let workspace = try await FailoverTests.calling([server.url], retries: waits.policy()) {
        try await $0.createWorkspace(CreateWorkspaceRequest(name: "Lab"))
      }
      #expect(workspace.id == "ws_1")
      #expect(waits.durations.withLock { $0 } == [.seconds(1), .seconds(2)])
    }
  }

  @Test func writeThatAVanishedLeaderMayHaveTakenIsNotRepeated() async throws {
    let waits = Waits()
    let body = problem(503, "no_leader")
    try await TestServer.run { _, _ in
      .answer(503, ["Retry-After": "1"], body)
    } _: { server in
      await #expect(throws: CloudError.self) {
        try await FailoverTests.calling([server.url, server.url], retries: waits.policy()) {
          try await $0.createWorkspace(CreateWorkspaceRequest(name: "Lab"))
        }
      }
      #expect(server.requests.count == 1)
      #expect(waits.durations.withLock { $0 }.isEmpty)
    }
  }

  @Test func readAsksAnotherNodeBeforeItWaits() async throws {
    let waits = Waits()
    let body = problem(503, "no_leader")
    try await TestServer.run { _, _ in
      .answer(503, ["Retry-After": "1"], body)
    } _: { leaderless in
      try await TestServer.run { _, _ in
        .answer(200, [:], FailoverTests.identity)
      } _: { server in
        let identity = try await FailoverTests.calling(
          [leaderless.url, server.url], retries: waits.policy()
        ) { try await $0.authenticate() }
        #expect(identity.kind == .admin)
        #expect(waits.durations.withLock { $0 }.isEmpty)
      }
    }
  }

  @Test func usedUpQuotaIsNotWaitedFor() async throws {
    let waits = Waits()
    let body = problem(429, "quota_exceeded")
    try await TestServer.run { _, _ in
      .answer(429, ["Retry-After": "1"], body)
    } _: { server in
      await #expect(throws: CloudError.self) {
        try await FailoverTests.calling([server.url], retries: waits.policy()) {
          try await $0.authenticate()
        }
      }
      #expect(server.requests.count == 1)
    }
  }

  @Test(arguments: [("31", 1), ("0", 4)])
  func patienceAndRepeatsAreBounded(_ retryAfter: String, _ requests: Int) async throws {
    let waits = Waits()
    let body = problem(503, "overloaded")
    try await TestServer.run { _, _ in
      .answer(503, ["Retry-After": retryAfter], body)
    } _: { server in
      await #expect(throws: CloudError.self) {
        try await FailoverTests.calling([server.url], retries: waits.policy(repeats: 3)) {
          try await $0.authenticate()
        }
      }
      #expect(server.requests.count == requests)
    }
  }
}
