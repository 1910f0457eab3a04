import Foundation
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Requests as `curl` would make them.
enum HTTP {
  struct Answer {
    var status: Int
    var headers: [String: String]
    var body: Data

    var json: [String: Any] {
      get throws { try #require(JSONSerialization.jsonObject(with: body) as? [String: Any]) }
    }

    func text(_ field: String) throws -> String { try #require(try json[field] as? String) }
  }

  static func get(_ url: String, token: String? = nil) async throws -> Answer {
    try await send("GET", url, token: token)
  }

  static func post(_ url: String, token: String? = nil, _ json: [String: Any]) async throws
    -> Answer
  {
    try await send(
      "POST", url, token: token, type: "application/json",
      body: JSONSerialization.data(withJSONObject: json))
  }

  static func send(
    _ method: String, _ url: String, token: String? = nil, type: String? = nil, body: Data? = nil,
    headers: [String: String] = [:]
  ) async throws -> Answer {
    var request = URLRequest(url: try #require(URL(string: url)))
    request.httpMethod = method
    request.timeoutInterval = 60
    request.httpBody = body
    if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
    if let type { request.setValue(type, forHTTPHeaderField: "Content-Type") }
    for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
    let (data, response) = try await URLSession.shared.data(for: request)
    let answer = try #require(response as? HTTPURLResponse)
    var headers: [String: String] = [:]
    for (name, value) in answer.allHeaderFields {
      headers["\(name)".lowercased()] = "\(value)"
    }
    return Answer(status: answer.statusCode, headers: headers, body: data)
  }
}

/// A user with a workspace.
struct Tenant {
  var email: String
  var accessToken: String
  var workspaceID: String

  /// Registers on one node.
  static func make(on node: NodeProcess, plan: String = "professional") async throws -> Tenant {
    let email = "user-\(UUID().uuidString.lowercased())@example.com"
    let registration = try await HTTP.post(
      node.url + "/api/v1/auth/register",
      ["email": email, "password": "correct horse battery", "name": "Test"])
    #expect(registration.status == 201)
    let workspace = try #require(
      (try registration.json["workspace"] as? [String: Any])?["id"] as? String)
    let changed = try await HTTP.send(
      "PATCH", node.url + "/api/v1/workspaces/" + workspace, token: try node.adminToken,
      type: "application/json", body: JSONSerialization.data(withJSONObject: ["plan": plan]))
    #expect(changed.status == 200)
    return Tenant(
      email: email, accessToken: try registration.text("access_token"), workspaceID: workspace)
  }

  func createKey(_ name: String, on node: NodeProcess) async throws -> HTTP.Answer {
    try await HTTP.post(
      node.url + "/api/v1/api-keys", token: accessToken,
      ["workspace_id": workspaceID, "name": name, "scopes": ["analyze", "read"]])
  }

  /// The names of all keys of the workspace, as this node answers.
  func keyNames(on node: NodeProcess) async throws -> Set<String> {
    var names: Set<String> = []
    var cursor = ""
    repeat {
      let page = try await HTTP.get(
        node.url + "/api/v1/api-keys?workspace_id=\(workspaceID)&limit=100\(cursor)",
        token: accessToken)
      #expect(page.status == 200)
      let items = try #require(try page.json["items"] as? [[String: Any]])
      names.formUnion(items.compactMap { $0["name"] as? String })
      cursor = (try page.json["next_cursor"] as? String).map { "&cursor=\($0)" } ?? ""
    } while !cursor.isEmpty
    return names
  }
}
