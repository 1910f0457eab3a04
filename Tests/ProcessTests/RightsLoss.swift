import Foundation
import Testing

/// The ways in which somebody who could read something no longer can.
enum RightsLoss: CaseIterable {
  case keyDeleted, userOfKeyRemoved, demoted, loggedOut, passwordChanged, passwordReset
  case workspaceDeleted

  /// Somebody who may read, until they lose the right to.
  struct Reader {
    var token: String
    var path: String
    /// What the answer is afterwards.
    var refusal: Int
    /// Takes the right away, and expects that to be acknowledged.
    var lose: () async throws -> Void

    /// The same read by one node's state alone.
    var stalePath: String { path + (path.contains("?") ? "&" : "?") + "consistency=stale" }
  }

  private static let password = "correct horse battery"

  /// - Parameter node: Where the right is given and taken away.
  func prepare(_ tenant: Tenant, on node: NodeProcess) async throws -> Reader {
    let workspace = node.url + "/api/v1/workspaces/" + tenant.workspaceID
    let usage = "/api/v1/usage?workspace_id=" + tenant.workspaceID
    switch self {
    case .keyDeleted:
      let made = try await tenant.createKey("key", on: node)
      let id = try made.text("id")
      return Reader(token: try made.text("key"), path: "/api/v1/usage", refusal: 401) {
        let answer = try await HTTP.send(
          "DELETE", node.url + "/api/v1/api-keys/" + id, token: tenant.accessToken)
        #expect(answer.status == 204)
      }
    case .userOfKeyRemoved:
      let member = try await addMember(to: tenant, as: "analyst", on: node)
      let made = try await HTTP.post(
        node.url + "/api/v1/api-keys", token: tenant.accessToken,
        [
          "workspace_id": tenant.workspaceID, "user_id": member.id, "name": "key",
          "scopes": ["read"],
        ])
      return Reader(token: try made.text("key"), path: "/api/v1/usage", refusal: 401) {
        let answer = try await HTTP.send(
          "DELETE", workspace + "/users/" + member.id, token: tenant.accessToken)
        #expect(answer.status == 204)
      }
    case .demoted:
      let member = try await addMember(to: tenant, as: "admin", on: node)
      return Reader(
        token: try await logIn(member.email, on: node),
        path: "/api/v1/audit?workspace_id=" + tenant.workspaceID, refusal: 403
      ) {
        let answer = try await HTTP.send(
          "PATCH", workspace + "/users/" + member.id, token: tenant.accessToken,
          type: "application/json", body: Data(#"{"role": "viewer"}"#.utf8))
        #expect(answer.status == 200)
      }
    case .loggedOut:
      let token = try await logIn(tenant.email, on: node)
      return Reader(token: token, path: usage, refusal: 401) {
        let answer = try await HTTP.send("POST", node.url + "/api/v1/auth/logout", token: token)
        #expect(answer.status == 204)
      }
    case .passwordChanged:
      return Reader(token: try await logIn(tenant.email, on: node), path: usage, refusal: 401) {
        let answer = try await HTTP.post(
          node.url + "/api/v1/auth/password", token: tenant.accessToken,
          ["current_password": Self.password, "new_password": "another horse battery"])
        #expect(answer.status == 204)
      }
    case .passwordReset:
      let user = try await HTTP.get(node.url + "/api/v1/auth/me", token: tenant.accessToken)
      let id = try #require((try user.json["user"] as? [String: Any])?["id"] as? String)
      let reset = try await HTTP.post(
        node.url + "/api/v1/users/\(id)/password-reset", token: try node.adminToken, [:])
      let token = try reset.text("token")
      return Reader(token: tenant.accessToken, path: usage, refusal: 401) {
        let answer = try await HTTP.post(
          node.url + "/api/v1/auth/password-reset/confirm",
          ["token": token, "password": "another horse battery"])
        #expect(answer.status == 204)
      }
    case .workspaceDeleted:
      return Reader(token: tenant.accessToken, path: usage, refusal: 404) {
        let answer = try await HTTP.send("DELETE", workspace, token: tenant.accessToken)
        #expect(answer.status == 204)
      }
    }
  }

  private func addMember(
    to tenant: Tenant, as role: String, on node: NodeProcess
  ) async throws -> (id: String, email: String) {
    let email = "member-\(UUID().uuidString.lowercased())@example.com"
    let answer = try await HTTP.post(
      node.url + "/api/v1/workspaces/\(tenant.workspaceID)/users", token: tenant.accessToken,
      ["email": email, "role": role, "password": Self.password])
    #expect(answer.status == 201)
    return (try answer.text("user_id"), email)
  }

  private func logIn(_ email: String, on node: NodeProcess) async throws -> String {
    try await HTTP.post(
      node.url + "/api/v1/auth/login", ["email": email, "password": Self.password]
    ).text("access_token")
  }
}
