import CloudAPI
import Raft
import Testing

@testable import NodeGateway

@Suite struct GatekeeperTests {
  /// Before anything that a stranger should not be able to cause: without a majority, a read barrier
  /// and a wait would be answered with 503.
  @Test func whoShowsNothingIsRefusedAtOnce() async throws {
    try await TestGateway.run { node in
      node.cluster.fail(with: .noLeader)
      let ahead = ["Clean-Min-Index": "1000000"]
      for (method, path) in [
        ("GET", "/api/v1/auth/me"), ("GET", "/api/v1/usage"), ("POST", "/api/v1/workspaces"),
        ("POST", "/api/v1/api-keys"), ("DELETE", "/api/v1/api-keys/key_1"),
        ("POST", "/api/v1/analyze"), ("POST", "/api/v1/cluster/transfer-leader"),
      ] {
        _ = try await node.call(method, path, headers: ahead).problem(401, .unauthenticated)
      }
    }
  }

  /// What no command follows nobody judges after this node: without the cluster it refuses.
  @Test func whatChangesNothingIsRefusedWhereRightsCannotBeKnown() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let key = try await node.key(#""read""#, token: token).key
      node.cluster.fail(with: .noLeader)
      for (path, token, body) in [
        ("/api/v1/cluster/transfer-leader", TestGateway.adminToken, "{}"),
        ("/api/v1/quotas/check", token, #"{"metric": "rows"}"#),
        ("/api/v1/api-keys/validate", key, #"{"key": "\#(key)"}"#),
      ] {
        _ = try await node.post(path, token: token, body).problem(503, .noLeader)
      }
      let cluster = try await node.call("GET", "/api/v1/cluster", token: TestGateway.adminToken)
      #expect(cluster.status == 200)
      node.cluster.fail(with: nil)
      let before = node.cluster.barriers
      for _ in 1...2 {
        let moved = try await node.post(
          "/api/v1/cluster/transfer-leader", token: TestGateway.adminToken, "{}")
        #expect(moved.status == 204)
      }
      #expect(node.cluster.barriers > before)
    }
  }

  /// No command follows that would ask once more.
  @Test func rightsThatEndWhileABodyComesAreGone() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let key = try await node.key(#""read""#, token: token)
      let slow = try await SlowUpload.begin(
        at: node, "/api/v1/api-keys/validate", token: key.key, body: #"{"key": "\#(key.key)"}"#)
      let revoked = try await node.call("DELETE", "/api/v1/api-keys/\(key.apiKey.id)", token: token)
      #expect(revoked.status == 204)
      let answer = try #require(try await slow.answers().first)
      #expect([401, 408].contains(answer.status), "\(answer.text)")
    }
  }

  @Test func aStrangersIndexIsNotWaitedFor() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let ahead = ["Clean-Min-Index": "1000000"]
      let unknownKey = "clk_\(String(repeating: "0", count: 32))_00"
      for path in ["/api/v1/usage", "/api/v1/usage?consistency=stale"] {
        _ = try await node.call("GET", path, token: unknownKey, headers: ahead)
          .problem(401, .unauthenticated)
        // Somebody known waits, here in vain.
        _ = try await node.call("GET", path, token: token, headers: ahead)
          .problem(503, .overloaded)
      }
      _ = try await node.call(
        "POST", "/api/v1/workspaces", token: unknownKey, headers: ahead
      ).problem(401, .unauthenticated)
    }
  }

  @Test(arguments: ["/api/v1/workspaces", "/api/v1/api-keys"])
  func aStrangersBodyIsNotRead(_ path: String) async throws {
    try await TestGateway.run { node in
      for credential in [
        "", "X-API-Key: clk_\(String(repeating: "0", count: 32))_00\r\n",
        "Authorization: Bearer not-the-admin-token\r\n",
      ] {
        // Only the head is sent: the answer cannot depend on the body.
        let head =
          "POST \(path) HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
          + "\(credential)Content-Length: 500\r\nConnection: close\r\n\r\n"
        _ = try TestAnswer(reading: await node.exchange(Array(head.utf8)))
          .problem(401, .unauthenticated)
      }
    }
  }

  @Test func whatIsOpenToAnybodyIgnoresCredentials() async throws {
    try await TestGateway.run { node in
      _ = try await node.register("ada")
      for headers in [
        ["Authorization": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c3JfMSJ9."],
        ["Authorization": "Basic eDp5"], ["X-API-Key": "clk_1_2"],
      ] {
        #expect(try await node.call("GET", "/api/v1/plans", headers: headers).status == 200)
        let login = try await node.call(
          "POST", "/api/v1/auth/login",
          headers: headers.merging(["Content-Type": "application/json"]) { $1 },
          body: Array(#"{"email": "ada@example.org", "password": "password-ada"}"#.utf8))
        #expect(login.status == 200, "\(login.text)")
      }
    }
  }
}
