import Foundation
import Testing

extension ProcessTests {
  /// Tokens are the same on every node, and so is what they are worth.
  @Suite struct TokenTests {
    private static let rotation = "/api/v1/cluster/signing-keys/rotate"

    let folder: TemporaryFolder
    let nodes: [NodeProcess]

    init() throws {
      folder = try TemporaryFolder()
      nodes = NodeProcess.cluster(of: 3, in: folder)
    }

    private func form() async throws -> Tenant {
      for node in nodes.reversed() { try node.start() }
      for node in nodes { try await node.waitUntilReady() }
      return try await Tenant.make(on: nodes[0])
    }

    private func post(
      _ path: String, on node: NodeProcess, key: String, _ json: [String: String]
    ) async throws -> HTTP.Answer {
      // A repetition is the same bytes, which a dictionary alone does not make: its order is random.
      try await HTTP.send(
        "POST", node.url + path, type: "application/json",
        body: JSONSerialization.data(withJSONObject: json, options: .sortedKeys),
        headers: ["Idempotency-Key": key])
    }

    private func logIn(_ tenant: Tenant, on node: NodeProcess) async throws -> String {
      let answer = try await HTTP.post(
        node.url + "/api/v1/auth/login",
        ["email": tenant.email, "password": "correct horse battery"])
      #expect(answer.status == 200)
      return try answer.text("access_token")
    }

    private func status(
      _ token: String, on node: NodeProcess, _ path: String = "/api/v1/auth/me"
    ) async throws -> Int {
      try await HTTP.get(node.url + path, token: token).status
    }

    /// What happens while the last node stands still.
    private func withoutLast(_ body: () async throws -> Void) async throws {
      nodes[2].pause()
      defer { nodes[2].resume() }
      // If it led, another does after a while.
      try await eventually("the others go on without it") {
        try await HTTP.get(nodes[0].url + "/readyz").status == 200
      }
      try await body()
    }

    @Test func repetitionsOnOtherNodesGetTheSameTokens() async throws {
      let tenant = try await form()
      let login = ["email": tenant.email, "password": "correct horse battery"]
      let first = try await post("/api/v1/auth/login", on: nodes[0], key: "login", login)
      #expect(first.status == 200)
      let refresh = ["refresh_token": try first.text("refresh_token")]
      let renewed = try await post("/api/v1/auth/refresh", on: nodes[1], key: "refresh", refresh)
      #expect(renewed.status == 200)
      for node in nodes {
        let again = try await post("/api/v1/auth/login", on: node, key: "login", login)
        #expect(again.status == 200, "\(again)")
        let once = try await post("/api/v1/auth/refresh", on: node, key: "refresh", refresh)
        #expect(once.status == 200, "\(once)")
        for field in ["access_token", "refresh_token"] {
          #expect(try again.text(field) == first.text(field))
          #expect(try once.text(field) == renewed.text(field))
        }
        // It is the answer to a lost one and no copy: the session goes on.
        #expect(try await status(renewed.text("access_token"), on: node) == 200)
        var other = login
        other["password"] = "something else"
        #expect(
          try await post("/api/v1/auth/login", on: node, key: "login", other).status == 422)
      }
    }

    @Test func aNodeThatLagsLearnsOfANewKeyInsteadOfRefusingIt() async throws {
      let tenant = try await form()
      #expect(try await status(tenant.accessToken, on: nodes[2]) == 200)
      var token = ""
      try await withoutLast {
        let rotated = try await HTTP.post(
          nodes[0].url + Self.rotation, token: try nodes[0].adminToken, [:])
        #expect(rotated.status == 201)
        token = try await logIn(tenant, on: nodes[0])
      }
      // It may not be able to ask yet, but never says that the token is worth nothing.
      #expect([200, 503].contains(try await status(token, on: nodes[2])))
      try await eventually("the node has caught up") {
        let status = try await status(token, on: nodes[2])
        #expect(status != 401)
        return status == 200
      }
    }

    @Test func tokensOfARevokedKeyAreRefusedOnANodeThatLags() async throws {
      let tenant = try await form()
      let old = tenant.accessToken
      for node in nodes { #expect(try await status(old, on: node) == 200) }
      try await withoutLast {
        let revoked = try await HTTP.post(
          nodes[0].url + Self.rotation, token: try nodes[0].adminToken,
          ["revoke_previous": true])
        #expect(revoked.status == 201)
        #expect(try await status(old, on: nodes[0]) == 401)
        #expect(try await status(old, on: nodes[1], "/api/v1/auth/me?consistency=stale") == 401)
      }
      // What it would have the others do is refused where it is done.
      let made = try await tenant.createKey("late", on: nodes[2])
      #expect([401, 503].contains(made.status), "\(made.status)")
      for path in ["/api/v1/auth/me?consistency=stale", "/api/v1/auth/me"] {
        #expect([401, 503].contains(try await status(old, on: nodes[2], path)))
      }
      let new = try await logIn(tenant, on: nodes[1])
      #expect(try await status(new, on: nodes[0]) == 200)
      let renamed = Tenant(
        email: tenant.email, accessToken: new, workspaceID: tenant.workspaceID)
      #expect(try await renamed.keyNames(on: nodes[0]).isEmpty)
    }
  }
}
