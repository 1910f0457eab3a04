import CloudClient
import Foundation
import Testing

@testable import clean_ctl

/// What later commands make of a login.
@Suite struct LoginTests {
  private static let now = Date(timeIntervalSince1970: 1_769_851_800)
  private static let renewed =
    #"{"access_token":"new","refresh_token":"r2","token_type":"bearer","expires_in":900}"#

  /// A login whose access token runs out in so many seconds, and the service that it was made at.
  private func withLogin(
    expiringIn seconds: TimeInterval, _ answer: TestServer.Reply,
    _ body: (CredentialStore, CloudClient, TestServer) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = CredentialStore(file: folder.appendingPathComponent("credentials.json"))
    try store.save(
      Credentials(
        email: "ada@example.com", accessToken: "old", refreshToken: "r1", refreshKey: "k1",
        expiresAt: Self.now.addingTimeInterval(seconds)))
    try await TestServer.run { _, _ in
      answer
    } _: { server in
      try await FailoverTests.calling([server.url]) { try await body(store, $0, server) }
    }
  }

  @Test func tokenThatHoldsIsUsed() async throws {
    try await withLogin(expiringIn: 31, .hangUp) { store, client, server in
      let token = try await store.accessToken(client, at: Self.now)
      #expect(token == "old")
      #expect(server.requests.isEmpty)
    }
  }

  @Test func tokenThatHasRunOutIsRenewedUnderTheKeyThatWasKeptForIt() async throws {
    try await withLogin(expiringIn: 29, .answer(200, [:], Self.renewed)) { store, client, server in
      #expect(try await store.accessToken(client, at: Self.now) == "new")
      #expect(server.requests.map(\.uri) == ["/api/v1/auth/refresh"])
      #expect(server.requests.map(\.body) == [Data(#"{"refresh_token":"r1"}"#.utf8)])
      #expect(server.requests.map(\.idempotencyKey) == ["k1"])
      let kept = try #require(try store.load())
      #expect(kept.accessToken == "new" && kept.refreshToken == "r2")
      #expect(kept.email == "ada@example.com")
      #expect(kept.refreshKey != nil && kept.refreshKey != "k1", "the next token has another")
      #expect(kept.expiresAt == Self.now.addingTimeInterval(900))
      #expect(try await store.accessToken(client, at: Self.now) == "new")
      #expect(server.requests.count == 1)
    }
  }

  @Test func loginThatHasEndedSaysHowToLogInAgain() async throws {
    let refusal = FailoverTests.problem(401, "unauthenticated")
    try await withLogin(expiringIn: 0, .answer(401, [:], refusal)) { store, client, _ in
      let error = await #expect(throws: CommandFailure.self) {
        try await store.accessToken(client, at: Self.now)
      }
      #expect(error?.status == .refused)
      #expect(error?.message.contains("clean-ctl login ada@example.com") == true)
      let kept = try store.load()
      #expect(kept?.refreshToken == "r1")
    }
  }

  @Test func nobodyIsLoggedInAfterwards() async throws {
    try await withLogin(expiringIn: 60, .hangUp) { store, client, _ in
      store.clear()
      let token = try await store.accessToken(client, at: Self.now)
      #expect(token == nil)
    }
  }
}
