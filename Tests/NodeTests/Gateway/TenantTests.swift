import CloudAPI
import NodeRuntime
import Testing

import struct CloudState.AttemptLimit
import enum CloudState.StateLimits

@testable import NodeGateway

@Suite struct WorkspaceTests {
  @Test func areMadeListedAndShownToTheirMembersAlone() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada")
      let eve = try await node.register("eve")
      let token = ada.tokens.accessToken
      let made = try await node.post(
        "/api/v1/workspaces", token: token,
        #"{"name": "Lab", "settings": {"retention_days": 3}}"#)
      #expect(made.status == 201)
      let lab = try made.decode(Workspace.self)
      #expect(lab.settings?.retentionDays == 3)

      let list = try await node.call("GET", "/api/v1/workspaces?limit=1", token: token)
        .decode(Page<Workspace>.self)
      #expect(list.items.map(\.id) == [ada.workspace.id])
      let cursor = try #require(list.nextCursor)
      let rest = try await node.call(
        "GET", "/api/v1/workspaces?cursor=\(cursor)", token: token
      ).decode(Page<Workspace>.self)
      #expect(rest.items == [lab])
      #expect(rest.nextCursor == nil)

      let path = "/api/v1/workspaces/\(lab.id)"
      #expect(try await node.call("GET", path, token: token).decode(Workspace.self) == lab)
      let foreign = try await node.call("GET", path, token: eve.tokens.accessToken)
      _ = try foreign.problem(404, .notFound)
      _ = try await node.call("GET", "/api/v1/workspaces/ws_0", token: token)
        .problem(404, .notFound)
      _ = try await node.call("GET", path).problem(401, .unauthenticated)
    }
  }

  @Test func usersMakeFiveOfTheFreePlanAndTenADay() async throws {
    // Time stands still, so that nothing comes back.
    let start = ClusterClock.machineTime()
    try await TestGateway.run(clock: ClusterClock { start }) { node in
      let ada = try await node.register("ada")
      let token = ada.tokens.accessToken
      func make(_ token: String = token, _ owner: String = "") async throws -> TestAnswer {
        try await node.post("/api/v1/workspaces", token: token, #"{"name": "Lab"\#(owner)}"#)
      }
      var made = [ada.workspace.id]
      for _ in 1..<StateLimits.freeWorkspaces {
        made.append(try await make().decode(Workspace.self).id)
      }
      let full = try await make().problem(409, .conflict)
      #expect(full.detail?.contains("delete one") == true)
      #expect(full.detail?.contains("ask the operator") == true)
      for _ in StateLimits.freeWorkspaces..<AttemptLimit.workspaces.burst + 1 {
        let path = "/api/v1/workspaces/\(made.removeLast())"
        #expect(try await node.call("DELETE", path, token: token).status == 204)
        made.append(try await make().decode(Workspace.self).id)
      }
      let path = "/api/v1/workspaces/\(made.removeLast())"
      #expect(try await node.call("DELETE", path, token: token).status == 204)
      let refused = try await make()
      _ = try refused.problem(429, .rateLimited)
      let wait = try #require(refused.headers["retry-after"].flatMap(Int64.init))
      #expect((1...AttemptLimit.workspaces.interval / 1_000).contains(wait))
    }
  }

  @Test func onlyOperatorsChooseOwnerAndPlan() async throws {
    try await TestGateway.run { node in
      let ada = try await node.registerProven("ada")
      let asked = #"{"name": "Lab", "plan": "professional", "owner_email": "ada@example.org"}"#
      let refused = try await node.post(
        "/api/v1/workspaces", token: ada.tokens.accessToken, asked)
      _ = try refused.problem(403, .forbidden)
      let made = try await node.post("/api/v1/workspaces", token: TestGateway.adminToken, asked)
      #expect(made.status == 201)
      #expect(try made.decode(Workspace.self).plan == "professional")

      let ownerless = try await node.post(
        "/api/v1/workspaces", token: TestGateway.adminToken, #"{"name": "Lab"}"#)
      #expect(try ownerless.problem(400, .invalidRequest).errors?.first?.field == "owner_email")
      let planless = try await node.post(
        "/api/v1/workspaces", token: TestGateway.adminToken,
        #"{"name": "Lab", "plan": "gold", "owner_email": "ada@example.org"}"#)
      #expect(try planless.problem(400, .invalidRequest).errors?.first?.field == "plan")
      let all = try await node.call("GET", "/api/v1/workspaces", token: TestGateway.adminToken)
      #expect(try all.decode(Page<Workspace>.self).items.count == 2)
    }
  }

  @Test func anUnknownOwnerIsMadeAndComesInByAReset() async throws {
    try await TestGateway.run { node in
      let asked = #"{"name": "Lab", "plan": "professional", "owner_email": "Bob@example.org"}"#
      var answers: [String] = []
      for _ in 1...2 {
        let made = try await node.call(
          "POST", "/api/v1/workspaces", token: TestGateway.adminToken,
          headers: ["Content-Type": "application/json", "Idempotency-Key": "k"],
          body: Array(asked.utf8))
        #expect(made.status == 201, "\(made.text)")
        answers.append(made.text)
      }
      #expect(answers[0] == answers[1])
      let all = try await node.call("GET", "/api/v1/workspaces", token: TestGateway.adminToken)
        .decode(Page<Workspace>.self).items
      #expect(all.map(\.name) == ["Lab"])
      let owner = try #require(
        try await node.call(
          "GET", "/api/v1/workspaces/\(all[0].id)/users", token: TestGateway.adminToken
        ).decode(Page<Member>.self).items.first)
      #expect(owner.email == "bob@example.org")
      #expect(owner.role == .owner)

      // No password is theirs, the empty one neither.
      for password in ["", "password-bob"] {
        _ = try await node.post(
          "/api/v1/auth/login", #"{"email": "bob@example.org", "password": "\#(password)"}"#
        ).problem(401, .unauthenticated)
      }
      let reset = try await node.call(
        "POST", "/api/v1/users/\(owner.userID)/password-reset", token: TestGateway.adminToken
      ).decode(CreatedPasswordReset.self)
      let confirmed = try await node.post(
        "/api/v1/auth/password-reset/confirm",
        #"{"token": "\#(reset.token)", "password": "password-bob"}"#)
      #expect(confirmed.status == 204, "\(confirmed.text)")
      let login = try await node.post(
        "/api/v1/auth/login", #"{"email": "bob@example.org", "password": "password-bob"}"#)
      #expect(login.status == 200, "\(login.text)")
    }
  }

  @Test(arguments: ["limit=0", "limit=x", "limit=1001", "cursor=x"])
  func listsRefuseOddBounds(_ query: String) async throws {
    try await TestGateway.run { node in
      let answer = try await node.call(
        "GET", "/api/v1/workspaces?\(query)", token: TestGateway.adminToken)
      _ = try answer.problem(400, .invalidRequest)
    }
  }
}

@Suite struct APIKeyTests {
  @Test func aKeyActsWithinItsScopesUntilItIsRevoked() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada")
      let token = ada.tokens.accessToken
      let created = try await node.key(#""read""#, token: token)
      #expect(created.key.hasPrefix("clk_"))
      #expect(created.apiKey.workspaceID == ada.workspace.id)
      #expect(created.apiKey.userID == ada.user.id)
      #expect(created.key.hasPrefix(try #require(created.apiKey.prefix)))

      let me = try await node.call("GET", "/api/v1/auth/me", token: created.key)
        .decode(Identity.self)
      #expect(me.kind == .apiKey)
      #expect(me.keyID == created.apiKey.id)
      #expect(me.permissions == [.read])
      let header = try await node.call(
        "GET", "/api/v1/usage", headers: ["X-API-Key": created.key])
      #expect(header.status == 200)

      let list = try await node.call("GET", "/api/v1/api-keys", token: token)
      #expect(!list.text.contains(created.key))
      #expect(try list.decode(Page<APIKey>.self).items == [created.apiKey])
      let forbidden = try await node.call("GET", "/api/v1/api-keys", token: created.key)
      #expect(try forbidden.problem(403, .forbidden).permission == .manageKeys)

      let path = "/api/v1/api-keys/\(created.apiKey.id)"
      let revoked = try await node.call("DELETE", path, token: token)
      #expect(revoked.status == 204)
      #expect(revoked.body.isEmpty)
      _ = try await node.call("GET", "/api/v1/usage", token: created.key)
        .problem(401, .unauthenticated)
      let empty = try await node.call("GET", "/api/v1/api-keys", token: token)
      #expect(try empty.decode(Page<APIKey>.self).items.isEmpty)
      // Revoking again is no error: the key is as revoked as the caller wants it.
      #expect(try await node.call("DELETE", path, token: token).status == 204)
    }
  }

  @Test func anothersKeysDoNotExist() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada")
      let eve = try await node.register("eve").tokens.accessToken
      let key = try await node.key(#""read""#, token: ada.tokens.accessToken)
      let path = "/api/v1/api-keys/\(key.apiKey.id)"
      _ = try await node.call("DELETE", path, token: eve).problem(404, .notFound)
      _ = try await node.call("DELETE", "/api/v1/api-keys/key_0", token: eve)
        .problem(404, .notFound)
      #expect(try await node.call("GET", "/api/v1/auth/me", token: key.key).status == 200)

      let other = "?workspace_id=\(ada.workspace.id)"
      for path in ["/api/v1/api-keys", "/api/v1/usage", "/api/v1/auth/me"] {
        _ = try await node.call("GET", path + other, token: eve).problem(404, .notFound)
      }
      let planted = try await node.post(
        "/api/v1/api-keys", token: eve,
        #"{"name": "x", "scopes": ["read"], "workspace_id": "\#(ada.workspace.id)"}"#)
      _ = try planted.problem(404, .notFound)
    }
  }

  @Test func aKeyCannotMakeAKeyThatMayMore() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let manager = try await node.key(#""manage""#, token: token)
      let more = try await node.post(
        "/api/v1/api-keys", token: manager.key, #"{"name": "x", "scopes": ["manage", "read"]}"#)
      _ = try more.problem(403, .forbidden)
      _ = try await node.key(#""manage""#, token: manager.key)
    }
  }

  @Test(arguments: [
    (#"{"scopes": ["read"]}"#, "name"), (#"{"name": "x"}"#, "scopes"),
    (#"{"name": "x", "scopes": []}"#, "scopes"), (#"{"name": "x", "scopes": ["fly"]}"#, "scopes"),
    (#"{"name": "x", "scopes": "read"}"#, "scopes"),
    (#"{"name": "", "scopes": ["read"]}"#, "name"),
    (#"{"name": "x", "scopes": ["read"], "expires_in_days": 0}"#, "expires_in_days"),
    (#"{"name": "x", "scopes": ["read"], "workspace_id": 7}"#, "workspace_id"),
  ])
  func whatIsWrongWithAKeyIsNamed(_ body: String, _ field: String) async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let answer = try await node.post("/api/v1/api-keys", token: token, body)
      #expect(try answer.problem(400, .invalidRequest).errors?.map(\.field) == [field])
    }
  }

  @Test func theAdminTokenNamesTheWorkspaceAndMakesKeysForItsOwner() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada")
      let nameless = try await node.post(
        "/api/v1/api-keys", token: TestGateway.adminToken, #"{"name": "x", "scopes": ["read"]}"#)
      #expect(try nameless.problem(400, .invalidRequest).errors?.first?.field == "workspace_id")
      let key = try await node.key(
        #""read""#, token: TestGateway.adminToken, workspace: ada.workspace.id)
      #expect(key.apiKey.userID == ada.user.id)
    }
  }
}

@Suite struct UsageTests {
  @Test func countsRowsOfTheMonth() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      #expect(try await node.analyze("a,b\n1,2\n3,4\n", token: token).status == 200)
      let usage = try await node.call("GET", "/api/v1/usage", token: token).decode(Usage.self)
      #expect(usage.rows.used == 2)
      #expect(usage.rows.reserved == 0)
      #expect(usage.rows.limit == 10_000)
      #expect(usage.users.used == 1)
      #expect(usage.analyses == 1)
      let past = try await node.call("GET", "/api/v1/usage?period=2020-02", token: token)
      #expect(try past.decode(Usage.self).rows.used == 0)
      _ = try await node.call("GET", "/api/v1/usage?period=2020-13", token: token)
        .problem(400, .invalidRequest)
    }
  }

  @Test func plansAreForAnyone() async throws {
    try await TestGateway.run { node in
      let plans = try await node.call("GET", "/api/v1/plans").decode(Page<Plan>.self).items
      #expect(plans.map(\.name) == ["free", "professional", "enterprise"])
      #expect(plans.map(\.rowsPerMonth) == [10_000, 1_000_000, nil])
      // Whoever reads them sees what an operator has just changed on another node.
      let before = node.cluster.barriers
      _ = try await node.call("GET", "/api/v1/plans")
      #expect(node.cluster.barriers > before)
      _ = try await node.call("GET", "/api/v1/plans?consistency=stale")
    }
  }
}

/// What people read who are refused.
@Suite struct RefusalWordsTests {
  @Test func limitOfOneIsSingularAndNeverResetsByItself() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada")
      let refused = try await node.post(
        "/api/v1/workspaces/\(ada.workspace.id)/users", token: ada.tokens.accessToken,
        #"{"email": "bob@example.org", "role": "viewer"}"#)
      let problem = try refused.problem(429, .quotaExceeded)
      #expect(problem.detail == "the workspace may have 1 user; there are: 1")
      #expect(problem.metric == "users" && problem.limit == 1 && problem.used == 1)
      #expect(refused.text.contains(#""resets_at":null"#))
      #expect(refused.headers["retry-after"] == "3600")
      // A password would not be looked at, so none is hashed.
      let withPassword = try await node.post(
        "/api/v1/workspaces/\(ada.workspace.id)/users", token: ada.tokens.accessToken,
        #"{"email": "bob@example.org", "role": "viewer", "password": "password-bob"}"#)
      #expect(try withPassword.problem(429, .quotaExceeded).detail == problem.detail)
      for metric in ["users", "datasets"] {
        let check = try await node.post(
          "/api/v1/quotas/check", token: ada.tokens.accessToken, #"{"metric": "\#(metric)"}"#)
        #expect(check.text.contains(#""resets_at":null"#), "\(check.text)")
      }
      for metric in ["rows", "api_calls"] {
        let check = try await node.post(
          "/api/v1/quotas/check", token: ada.tokens.accessToken, #"{"metric": "\#(metric)"}"#)
        #expect(try check.decode(QuotaCheck.self).resetsAt != nil)
      }
    }
  }

  @Test func ownerIsToldWhoSetsPlans() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada")
      let refused = try await node.patch(
        "/api/v1/workspaces/\(ada.workspace.id)", token: ada.tokens.accessToken,
        #"{"plan": "enterprise"}"#)
      let problem = try refused.problem(403, .forbidden)
      #expect(problem.detail?.contains("only the operator") == true)
      #expect(problem.permission?.rawValue == "operate_cluster")
    }
  }
}
