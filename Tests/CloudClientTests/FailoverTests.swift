import CloudClient
import Foundation
import Testing

@Suite struct FailoverTests {
  static let identity = #"{"kind":"admin","permissions":["read"]}"#
  static let workspace =
    #"{"created_at":"2026-01-31T09:30:00Z","id":"ws_1","name":"Lab","plan":"free"}"#

  static func problem(_ status: Int, _ code: String) -> String {
    #"{"type":"about:blank","title":"T","status":\#(status),"code":"\#(code)","detail":"D"}"#
  }

  /// So long that no machine is too busy for a test.
  static let patience = Timeouts(connect: .seconds(600), call: .seconds(600))

  /// Calls with a client of these endpoints and closes it.
  static func calling<Value>(
    _ endpoints: [String], token: String? = nil, timeouts: Timeouts = patience,
    retries: RetryPolicy = .never, _ body: (CloudClient) async throws -> Value
  ) async throws -> Value {
    let client = try CloudClient(
      endpoints: endpoints, token: token, timeouts: timeouts, retries: retries)
    do {
      let value = try await body(client)
      await client.shutdown()
      return value
    } catch {
      await client.shutdown()
      throw error
    }
  }

  @Test func callMovesOnFromADeadNodeAndStaysWithTheLivingOne() async throws {
    let dead = try DeadEndpoint()
    try await TestServer.run { _, _ in
      .answer(200, [:], Self.identity)
    } _: { server in
      try await Self.calling([dead.url, server.url], token: "clk_1") { client in
        for _ in 1...2 {
          let identity = try await client.authenticate()
          #expect(identity.kind == .admin)
        }
      }
      #expect(server.requests.map(\.uri) == ["/api/v1/auth/me", "/api/v1/auth/me"])
      #expect(server.requests.first?.headers.first(name: "Authorization") == "Bearer clk_1")
    }
  }

  @Test func writeMovesOnFromANodeThatRefusesTheConnection() async throws {
    let dead = try DeadEndpoint()
    try await TestServer.run { _, _ in
      .answer(201, [:], Self.workspace)
    } _: { server in
      let workspace = try await Self.calling([dead.url, server.url]) {
        try await $0.createWorkspace(CreateWorkspaceRequest(name: "Lab"))
      }
      #expect(workspace.id == "ws_1")
      #expect(server.requests.map(\.body) == [Data(#"{"name":"Lab"}"#.utf8)])
    }
  }

  @Test func everyDeadEndpointIsNamedWithItsReason() async throws {
    let one = try DeadEndpoint()
    let two = try DeadEndpoint()
    await #expect(
      throws: CloudError.unreachable([
        EndpointFailure(endpoint: one.url, reason: "connection refused"),
        EndpointFailure(endpoint: two.url, reason: "connection refused"),
      ])
    ) {
      try await Self.calling([one.url, two.url]) { try await $0.authenticate() }
    }
  }

  @Test func writeWhoseAnswerIsLostIsSentToTheNextNodeUnderItsKey() async throws {
    try await TestServer.run { _, _ in
      .hangUp
    } _: { first in
      try await TestServer.run { _, _ in
        .answer(201, [:], Self.workspace)
      } _: { second in
        try await Self.calling([first.url, second.url]) { client in
          for _ in 1...2 {
            _ = try await client.createWorkspace(CreateWorkspaceRequest(name: "Lab"))
          }
        }
        let lost = try #require(first.requests.first?.idempotencyKey)
        let keys = second.requests.compactMap(\.idempotencyKey)
        #expect(first.requests.count == 1)
        #expect(keys.first == lost)
        #expect(Set(keys).count == 2, "another call has another key")
      }
    }
  }

  @Test func callersOwnKeyIsSent() async throws {
    try await TestServer.run { _, _ in
      .answer(201, [:], Self.workspace)
    } _: { server in
      _ = try await Self.calling([server.url]) {
        try await $0.with(idempotencyKey: "k").createWorkspace(CreateWorkspaceRequest(name: "Lab"))
      }
      #expect(server.requests.map(\.idempotencyKey) == ["k"])
    }
  }

  @Test func staleReadAsksForWhatWasSeenBefore() async throws {
    let indices = ["7", "9", "8", "8"]
    try await TestServer.run { _, index in
      .answer(200, ["Clean-Index": indices[index]], Self.workspace)
    } _: { server in
      try await Self.calling([server.url]) { client in
        _ = try await client.readingStale().workspace("ws_1")
        _ = try await client.createWorkspace(CreateWorkspaceRequest(name: "Lab"))
        _ = try await client.readingStale().with(token: "clk_1").workspace("ws_1")
        _ = try await client.workspace("ws_1")
        let path = "/api/v1/workspaces/ws_1"
        #expect(
          server.requests.map(\.uri) == [
            path + "?consistency=stale", "/api/v1/workspaces", path + "?consistency=stale", path,
          ])
        let asked = server.requests.map { $0.headers.first(name: "Clean-Min-Index") }
        #expect(asked == [nil, nil, "9", nil])
      }
    }
  }

  @Test func writeWithoutAnyAnswerIsInDoubt() async throws {
    let dead = try DeadEndpoint()
    try await TestServer.run { _, _ in
      .hangUp
    } _: { server in
      let clock = TestClock()
      let retries = RetryPolicy(repeats: 2, spread: 0, clock: clock)
      await #expect(
        throws: CloudError.outcomeUnknown(
          EndpointFailure(endpoint: server.url, reason: "the connection was closed"))
      ) {
        try await Self.calling([dead.url, server.url], retries: retries) {
          try await $0.createWorkspace(CreateWorkspaceRequest(name: "Lab"))
        }
      }
      #expect(server.requests.count == 3)
      #expect(clock.waits == [.milliseconds(100), .milliseconds(200)])
    }
  }

  @Test func revocationWhoseAnswerIsLostIsMadeOnTheNextNode() async throws {
    try await TestServer.run { _, _ in
      .hangUp
    } _: { first in
      try await TestServer.run { _, _ in
        .answer(204)
      } _: { second in
        try await Self.calling([first.url, second.url]) { try await $0.revokeAPIKey("key_1") }
        #expect(second.requests.map(\.method) == ["DELETE"])
      }
    }
  }

  /// What is not there the second time was deleted the first time, or was never there.
  @Test func deletionThatFindsNothingAfterALostAnswerIsInDoubt() async throws {
    let body = Self.problem(404, "not_found")
    try await TestServer.run { _, _ in
      .hangUp
    } _: { first in
      try await TestServer.run { _, _ in
        .answer(404, [:], body)
      } _: { second in
        try await Self.calling([first.url, second.url]) { client in
          await #expect(
            throws: CloudError.outcomeUnknown(
              EndpointFailure(endpoint: first.url, reason: "the connection was closed"))
          ) { try await client.revokeAPIKey("key_1") }
          let error = await #expect(throws: CloudError.self) {
            try await client.revokeAPIKey("key_2")
          }
          #expect(error?.code == .notFound, "of this one no answer was lost")
        }
      }
    }
  }

  @Test(arguments: [(409, true), (401, false), (404, false)])
  func refusalAfterALostAnswerIsBelievedIfItIsReplayed(
    _ status: Int, _ isBelieved: Bool
  ) async throws {
    let body = Self.problem(status, "some_code")
    try await TestServer.run { _, _ in
      .hangUp
    } _: { first in
      try await TestServer.run { _, _ in
        .answer(status, [:], body)
      } _: { second in
        let error = await #expect(throws: CloudError.self) {
          try await Self.calling([first.url, second.url]) {
            try await $0.createWorkspace(CreateWorkspaceRequest(name: "Lab"))
          }
        }
        #expect((error?.problem?.status == status) == isBelieved)
      }
    }
  }

  /// The cluster does it anew each time.
  @Test func changeOfTheLeaderWhoseAnswerIsLostIsNotSentAgain() async throws {
    try await TestServer.run { _, _ in
      .hangUp
    } _: { first in
      try await TestServer.run { _, _ in
        .answer(204)
      } _: { second in
        await #expect(throws: CloudError.self) {
          try await Self.calling([first.url, second.url], retries: RetryPolicy()) {
            try await $0.transferLeadership(to: "n2")
          }
        }
        #expect(first.requests.map(\.body) == [Data(#"{"name":"n2"}"#.utf8)])
        #expect(second.requests.isEmpty)
      }
    }
  }

  @Test func unreachableClusterIsTriedAgainAfterPauses() async throws {
    let dead = try DeadEndpoint()
    let clock = TestClock()
    let error = await #expect(throws: CloudError.self) {
      try await Self.calling([dead.url], retries: RetryPolicy(spread: 0, clock: clock)) {
        try await $0.authenticate()
      }
    }
    guard case .unreachable = error else {
      Issue.record("not unreachable: \(String(describing: error))")
      return
    }
    #expect(clock.waits == [100, 200, 400, 800, 1_600].map { .milliseconds($0) })
  }

  @Test func readWhoseAnswerIsLostIsAskedOfTheNextNode() async throws {
    try await TestServer.run { _, _ in
      .hangUp
    } _: { first in
      try await TestServer.run { _, _ in
        .answer(200, [:], Self.workspace)
      } _: { second in
        let workspace = try await Self.calling([first.url, second.url]) {
          try await $0.workspace("ws_1")
        }
        #expect(workspace.name == "Lab")
      }
    }
  }

  @Test func nodeThatKeepsSilentCountsAsNotAnswering() async throws {
    try await TestServer.run { _, _ in
      .silence
    } _: { mute in
      try await TestServer.run { _, _ in
        .answer(200, [:], Self.workspace)
      } _: { server in
        let timeouts = Timeouts(call: .milliseconds(300))
        let workspace = try await Self.calling([mute.url, server.url], timeouts: timeouts) {
          try await $0.workspace("ws_1")
        }
        #expect(workspace.name == "Lab")
        #expect(mute.requests.count == 1)
      }
    }
  }

  @Test func cancelledCallSaysSo() async throws {
    let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
    try await TestServer.run { _, _ in
      arrival.finish()
      return .silence
    } _: { mute in
      let call = Task { try await Self.calling([mute.url]) { try await $0.authenticate() } }
      for await _ in arrivals {}
      call.cancel()
      await #expect(throws: CloudError.cancelled) { try await call.value }
    }
  }

  @Test func readinessAsksEveryEndpoint() async throws {
    let dead = try DeadEndpoint()
    try await TestServer.run { _, _ in
      .answer(200, [:], "{}")
    } _: { ready in
      try await TestServer.run { _, _ in
        .answer(503, [:], Self.problem(503, "no_leader"))
      } _: { waiting in
        let nodes = try await Self.calling([ready.url, waiting.url, dead.url]) {
          await $0.readiness()
        }
        #expect(nodes.map(\.endpoint) == [ready.url, waiting.url, dead.url])
        #expect(nodes.map(\.ready) == [true, false, false])
        #expect(nodes.map(\.answered) == [true, true, false])
        #expect(nodes.map(\.reason) == [nil, "D", "connection refused"])
        #expect(ready.requests.map(\.uri) == ["/readyz"])
      }
    }
  }
}
