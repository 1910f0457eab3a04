import CloudAPI
import Testing

@testable import NodeGateway

@Suite struct MemberTests {
  /// A workspace on the professional plan, and its owner's token.
  private func team(
    _ node: TestGateway
  ) async throws -> (owner: Registration, token: String, path: String) {
    let ada = try await node.register("ada")
    let path = "/api/v1/workspaces/\(ada.workspace.id)"
    let changed = try await node.patch(
      path, token: TestGateway.adminToken, #"{"plan": "professional"}"#)
    #expect(changed.status == 200, "\(changed.text)")
    return (ada, ada.tokens.accessToken, path)
  }

  @Test func areAddedListedChangedAndRemoved() async throws {
    try await TestGateway.run { node in
      let (ada, token, path) = try await team(node)
      let bob = try await node.registerProven("bob")
      let made = try await node.post(
        path + "/users", token: token, #"{"email": "Bob@example.org", "role": "analyst"}"#)
      #expect(made.status == 201, "\(made.text)")
      let member = try made.decode(Member.self)
      #expect(member.userID == bob.user.id)
      #expect(member.role == .analyst)

      let list = try await node.call("GET", path + "/users", token: token)
        .decode(Page<Member>.self)
      #expect(Set(list.items.map(\.userID)) == [ada.user.id, bob.user.id])

      let one = path + "/users/" + bob.user.id
      let changed = try await node.patch(one, token: token, #"{"role": "admin"}"#)
      #expect(try changed.decode(Member.self).role == .admin)
      #expect(try await node.call("DELETE", one, token: token).status == 204)
      _ = try await node.call("GET", path, token: bob.tokens.accessToken).problem(404, .notFound)
    }
  }

  @Test func newUserLogsInWithThePasswordGiven() async throws {
    try await TestGateway.run { node in
      let (_, token, path) = try await team(node)
      let made = try await node.post(
        path + "/users", token: token,
        #"{"email": "cyd@example.org", "role": "viewer", "password": "password-cyd"}"#)
      #expect(made.status == 201, "\(made.text)")
      let login = try await node.post(
        "/api/v1/auth/login", #"{"email": "cyd@example.org", "password": "password-cyd"}"#)
      #expect(login.status == 200, "\(login.text)")
      let cyd = try login.decode(Tokens.self).accessToken
      func mustChangePassword() async throws -> Bool? {
        try await node.call("GET", "/api/v1/auth/me", token: cyd).decode(Identity.self).user?
          .mustChangePassword
      }
      #expect(try await mustChangePassword() == true)
      let changed = try await node.post(
        "/api/v1/auth/password", token: cyd,
        #"{"current_password": "password-cyd", "new_password": "password of cyd"}"#)
      #expect(changed.status == 204, "\(changed.text)")
      #expect(try await mustChangePassword() == false)
    }
  }

  @Test func rolesAreRespectedAndTheLastOwnerStays() async throws {
    try await TestGateway.run { node in
      let (ada, token, path) = try await team(node)
      let bob = try await node.registerProven("bob")
      _ = try await node.post(
        path + "/users", token: token, #"{"email": "bob@example.org", "role": "admin"}"#)
      let admin = bob.tokens.accessToken
      let owner = path + "/users/" + ada.user.id
      _ = try await node.call("DELETE", owner, token: admin).problem(403, .forbidden)
      _ = try await node.patch(owner, token: token, #"{"role": "viewer"}"#).problem(409, .conflict)
      let odd = try await node.patch(owner, token: token, #"{"role": "king"}"#)
      #expect(try odd.problem(400, .invalidRequest).errors?.first?.field == "role")
      _ = try await node.patch(
        path + "/users/" + bob.user.id, token: token, #"{"role": "viewer"}"#)
      _ = try await node.call("GET", path + "/users", token: admin).problem(403, .forbidden)
    }
  }

  @Test func leaveByThemselvesButNotAsKeys() async throws {
    try await TestGateway.run { node in
      let (owner, token, path) = try await team(node)
      let bob = try await node.registerProven("bob")
      _ = try await node.post(
        path + "/users", token: token, #"{"email": "bob@example.org", "role": "viewer"}"#)
      let (ada, me) = (path + "/users/" + owner.user.id, path + "/users/" + bob.user.id)
      _ = try await node.call("DELETE", ada, token: token).problem(409, .conflict)
      _ = try await node.call("DELETE", ada, token: bob.tokens.accessToken)
        .problem(403, .forbidden)
      let key = try await node.key(
        #""read", "manage""#, token: token, workspace: owner.workspace.id, user: bob.user.id)
      _ = try await node.call("DELETE", me, token: key.key).problem(403, .forbidden)
      #expect(try await node.call("DELETE", me, token: bob.tokens.accessToken).status == 204)
      _ = try await node.call("GET", path, token: key.key).problem(401, .unauthenticated)
    }
  }

  @Test func usersAreSeenByThoseWhoShareAWorkspace() async throws {
    try await TestGateway.run { node in
      let (ada, token, path) = try await team(node)
      let bob = try await node.registerProven("bob")
      let user = "/api/v1/users/" + bob.user.id
      _ = try await node.call("GET", user, token: token).problem(404, .notFound)
      _ = try await node.post(
        path + "/users", token: token, #"{"email": "bob@example.org", "role": "viewer"}"#)
      #expect(try await node.call("GET", user, token: token).decode(User.self).id == bob.user.id)
      let seen = try await node.call(
        "GET", "/api/v1/users/" + ada.user.id, token: bob.tokens.accessToken)
      #expect(seen.status == 200)
    }
  }
}

@Suite struct WorkspaceChangeTests {
  @Test func settingsMergeAndNullGoesBackToThePlan() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada")
      let (token, path) = (ada.tokens.accessToken, "/api/v1/workspaces/\(ada.workspace.id)")
      _ = try await node.patch(
        path, token: token, #"{"settings": {"max_rows": 500, "retention_days": 3}}"#)
      let changed = try await node.patch(
        path, token: token, #"{"name": "Lab", "settings": {"max_rows": null}}"#
      ).decode(Workspace.self)
      #expect(changed.name == "Lab")
      #expect(changed.settings == WorkspaceSettings(retentionDays: 3))
      _ = try await node.patch(path, token: token, #"{"settings": {"max_rows": 10001}}"#)
        .problem(403, .forbidden)
      _ = try await node.patch(path, token: token, #"{"plan": "enterprise"}"#)
        .problem(403, .forbidden)
      let odd = try await node.patch(path, token: token, #"{"settings": {"max_rows": -1}}"#)
      #expect(
        try odd.problem(400, .invalidRequest).errors?.first?.field == "settings.max_rows")
    }
  }

  @Test func onlyWhatWasSeenIsChangedWithIfMatch() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada")
      let (token, path) = (ada.tokens.accessToken, "/api/v1/workspaces/\(ada.workspace.id)")
      let seen = try #require(try await node.call("GET", path, token: token).headers["etag"])
      let first = try await node.patch(
        path, token: token, #"{"name": "One"}"#, headers: ["If-Match": seen])
      #expect(first.status == 200, "\(first.text)")
      _ = try await node.patch(
        path, token: token, #"{"name": "Two"}"#, headers: ["If-Match": seen]
      ).problem(412, .init(rawValue: "precondition_failed"))
      _ = try await node.call("DELETE", path, token: token, headers: ["If-Match": seen])
        .problem(412, .init(rawValue: "precondition_failed"))
      let now = try await node.call("GET", path, token: token)
      #expect(try now.decode(Workspace.self).name == "One")
      let tag = try #require(now.headers["etag"])
      #expect(
        try await node.call("DELETE", path, token: token, headers: ["If-Match": tag]).status == 204)
    }
  }

  @Test func deletedWorkspaceTakesItsKeysAlong() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada")
      let (token, path) = (ada.tokens.accessToken, "/api/v1/workspaces/\(ada.workspace.id)")
      let key = try await node.key(#""read""#, token: token)
      _ = try await node.call("DELETE", path, token: key.key).problem(403, .forbidden)
      #expect(try await node.call("DELETE", path, token: token).status == 204)
      _ = try await node.call("GET", path, token: token).problem(404, .notFound)
      _ = try await node.call("GET", "/api/v1/usage", token: key.key)
        .problem(401, .unauthenticated)
      let me = try await node.call("GET", "/api/v1/auth/me", token: token)
      #expect(try me.decode(Identity.self).workspace == nil)
    }
  }
}

@Suite struct KeyLifeTests {
  @Test func rotatedKeyWorksBesideTheNewOne() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let old = try await node.key(#""read""#, token: token)
      let answer = try await node.post(
        "/api/v1/api-keys/\(old.apiKey.id)/rotate", token: token, #"{"overlap_hours": 1}"#)
      #expect(answer.status == 201, "\(answer.text)")
      let new = try answer.decode(CreatedAPIKey.self)
      for key in [old.key, new.key] {
        #expect(try await node.call("GET", "/api/v1/usage", token: key).status == 200)
      }
      let list = try await node.call("GET", "/api/v1/api-keys", token: token)
        .decode(Page<APIKey>.self)
      let listed = try #require(list.items.first { $0.id == old.apiKey.id })
      #expect(listed.replacedBy == new.apiKey.id)
      #expect(listed.expiresAt != nil)
      let again = try await node.call(
        "POST", "/api/v1/api-keys/\(old.apiKey.id)/rotate", token: token)
      _ = try again.problem(409, .conflict)
    }
  }

  @Test func keyWithoutOverlapEndsAtOnce() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let old = try await node.key(#""read""#, token: token)
      _ = try await node.post(
        "/api/v1/api-keys/\(old.apiKey.id)/rotate", token: token, #"{"overlap_hours": 0}"#)
      _ = try await node.call("GET", "/api/v1/usage", token: old.key)
        .problem(401, .unauthenticated)
    }
  }

  @Test func keyIsValidatedByItselfAndByOperators() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada")
      let token = ada.tokens.accessToken
      let key = try await node.key(#""read", "analyze""#, token: token)
      let path = "/api/v1/api-keys/validate"
      for credential in [key.key, TestGateway.adminToken] {
        let answer = try await node.post(path, token: credential, #"{"key": "\#(key.key)"}"#)
        let found = try answer.decode(APIKeyValidation.self)
        #expect(found.valid)
        #expect(found.workspaceID == ada.workspace.id)
        #expect(found.scopes == [.analyze, .read])
        #expect(found.role == .owner)
      }
      _ = try await node.post(path, token: token, #"{"key": "\#(key.key)"}"#)
        .problem(403, .forbidden)
      for text in ["nonsense", key.key + "0"] {
        let answer = try await node.post(
          path, token: TestGateway.adminToken, #"{"key": "\#(text)"}"#)
        #expect(try answer.decode(APIKeyValidation.self) == APIKeyValidation(valid: false))
      }
      _ = try await node.call(
        "DELETE", "/api/v1/api-keys/\(key.apiKey.id)", token: token)
      let revoked = try await node.post(
        path, token: TestGateway.adminToken, #"{"key": "\#(key.key)"}"#)
      #expect(try revoked.decode(APIKeyValidation.self) == APIKeyValidation(valid: false))
    }
  }
}

@Suite struct AuditRouteTests {
  @Test func showsWhoDidWhatFromWhere() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada")
      let token = ada.tokens.accessToken
      let key = try await node.call(
        "POST", "/api/v1/api-keys", token: token,
        headers: ["Content-Type": "application/json", "X-Request-Id": "my-request"],
        body: Array(#"{"name": "k", "scopes": ["read", "manage"]}"#.utf8)
      ).decode(CreatedAPIKey.self)
      let page = try await node.call("GET", "/api/v1/audit?limit=1", token: key.key)
        .decode(Page<AuditEntry>.self)
      let entry = try #require(page.items.first)
      #expect(entry.action == "key.create")
      #expect(entry.target == key.apiKey.id)
      #expect(entry.userID == ada.user.id)
      #expect(entry.address == "127.0.0.1")
      #expect(entry.requestID == "my-request")
      #expect(entry.outcome == "done")

      let lines = try await node.call(
        "GET", "/api/v1/audit?limit=1&format=ndjson", token: token)
      #expect(lines.headers["content-type"] == "application/x-ndjson")
      #expect(lines.body.split(separator: UInt8(ascii: "\n")).count == 1)
      let link = try #require(lines.headers["link"])
      let next = try #require(link.split(separator: ">").first).dropFirst()
      let rest = try await node.call("GET", String(next), token: token)
      #expect(String(decoding: rest.body, as: UTF8.self).contains("user.register"))

      let all = try await node.call(
        "GET", "/api/v1/cluster/audit", token: TestGateway.adminToken)
      #expect(
        try all.decode(Page<AuditEntry>.self).items.contains { $0.action == "cluster.initialize" })
      _ = try await node.call("GET", "/api/v1/cluster/audit", token: token)
        .problem(403, .forbidden)
    }
  }
}

@Suite struct PermissionRouteTests {
  @Test func saysWhatACredentialMayDo() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let key = try await node.key(#""read""#, token: token)
      func check(_ permission: String, _ credential: String) async throws -> Bool {
        try await node.call(
          "GET", "/api/v1/permissions/check?permission=\(permission)", token: credential
        ).decode(PermissionCheck.self).allowed
      }
      #expect(try await check("analyze", token))
      #expect(try await check("delete_workspace", token))
      #expect(try await !check("operate_cluster", token))
      #expect(try await check("read", key.key))
      #expect(try await !check("analyze", key.key))
      #expect(try await check("operate_cluster", TestGateway.adminToken))
      let odd = try await node.call(
        "GET", "/api/v1/permissions/check?permission=fly", token: token)
      #expect(try odd.problem(400, .invalidRequest).errors?.first?.field == "permission")
    }
  }
}
