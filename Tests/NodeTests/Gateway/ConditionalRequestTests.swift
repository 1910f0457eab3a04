import CloudAPI
import HTTPTypes
import Testing

@testable import NodeGateway

@Suite struct ConditionalRequestTests {
  @Test func whoHasTheAnswerIsNotSentItAgain() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let path = "/api/v1/api-keys"
      let first = try await node.call("GET", path, token: token)
      let tag = try #require(first.headers["etag"])
      #expect(first.status == 200)
      #expect(tag.hasPrefix("\"") && tag.hasSuffix("\"") && tag.count > 20)
      #expect(first.headers["cache-control"] == "private, no-cache")

      for condition in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
        for method in ["GET", "HEAD"] {
          let again = try await node.call(
            method, path, token: token, headers: ["If-None-Match": condition])
          #expect(again.status == 304, "\(condition)")
          #expect(again.body.isEmpty)
          #expect(again.headers["etag"] == tag)
          #expect(again.headers["cache-control"] == "private, no-cache")
          #expect(again.headers["content-length"] == nil)
          #expect(again.headers["transfer-encoding"] == nil)
          #expect(again.headers["content-type"] == nil)
          #expect(again.headers["clean-index"] != nil)
        }
      }
      for condition in ["\"other\"", "", tag.replacing("\"", with: ""), "\"\(tag)"] {
        let other = try await node.call(
          "GET", path, token: token, headers: ["If-None-Match": condition])
        #expect(other.status == 200, "\(condition)")
      }

      _ = try await node.key(#""read""#, token: token)
      let changed = try await node.call(
        "GET", path, token: token, headers: ["If-None-Match": tag])
      #expect(changed.status == 200)
      #expect(changed.headers["etag"] != tag)
    }
  }

  @Test func headHasTheTagOfGet() async throws {
    try await TestGateway.run { node in
      let get = try await node.call("GET", "/api/v1/plans")
      let head = try await node.call("HEAD", "/api/v1/plans")
      #expect(get.headers["etag"] != nil)
      #expect(head.headers["etag"] == get.headers["etag"])
    }
  }

  @Test func rightsAreCheckedBeforeTheCondition() async throws {
    try await TestGateway.run { node in
      for token in [nil, "wrong"] {
        let answer = try await node.call(
          "GET", "/api/v1/usage", token: token, headers: ["If-None-Match": "*"])
        _ = try answer.problem(401, .unauthenticated)
        #expect(answer.headers["etag"] == nil)
        #expect(answer.headers["cache-control"] == "no-store")
      }
    }
  }

  @Test func whatChangesAllTheTimeHasNoTag() async throws {
    try await TestGateway.run { node in
      for path in ["/livez", "/readyz", "/metrics", "/api/v1/cluster"] {
        let answer = try await node.call(
          "GET", path, token: TestGateway.adminToken, headers: ["If-None-Match": "*"])
        #expect(answer.status == 200)
        #expect(answer.headers["etag"] == nil)
        #expect(answer.headers["cache-control"] == "no-store")
      }
    }
  }

  @Test func changesHaveNoTag() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let answer = try await node.call(
        "POST", "/api/v1/workspaces", token: token,
        headers: ["Content-Type": "application/json", "If-None-Match": "\"x\""],
        body: Array(#"{"name": "Lab"}"#.utf8))
      #expect(answer.status == 201)
      #expect(answer.headers["etag"] == nil)
    }
  }

  @Test func listsOfTagsAreRead() throws {
    func condition(_ lines: String...) -> EntityTagCondition? {
      var headers = HTTPFields()
      for line in lines { headers.append(HTTPField(name: .ifNoneMatch, value: line)) }
      return EntityTagCondition(headers, .ifNoneMatch)
    }
    func texts(_ condition: EntityTagCondition?) -> [String]? {
      if case .oneOf(let tags) = condition { tags.map(\.description) } else { nil }
    }
    #expect(condition() == nil)
    #expect(condition(" * ") == .any)
    #expect(texts(condition("\"a\"")) == ["\"a\""])
    #expect(texts(condition("\"a,b\" ,, W/\"\"", "\"c\"")) == ["\"a,b\"", "W/\"\"", "\"c\""])
    #expect(texts(condition("\"a\", b, \"c\"")) == ["\"a\""])
    #expect(texts(condition("w/\"a\"")) == [])
    #expect(texts(condition("\"a")) == [])
  }
}
