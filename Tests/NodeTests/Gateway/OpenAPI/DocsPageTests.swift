import Testing

@testable import NodeGateway

@Suite struct DocsPageTests {
  @Test func thePageNeedsNothingFromElsewhereAndNothingInline() async throws {
    try await TestGateway.run { node in
      let page = try await node.call("GET", "/docs")
      #expect(page.status == 200)
      #expect(page.headers["content-type"] == "text/html; charset=utf-8")
      let policy = try #require(page.headers["content-security-policy"])
      #expect(policy.contains("default-src 'none'"))
      #expect(!policy.contains("unsafe"))
      #expect(!page.text.contains("<style"))
      #expect(page.text.firstMatch(of: #/\s(style|on\w+)=/#) == nil)
      #expect(page.text.firstMatch(of: /<script(?! src="\/)/) == nil)

      let paths = page.text.matches(of: /(?:href|src)="(\/[^"]*)"/).map { String($0.output.1) }
      #expect(paths.count >= 3)
      for path in paths + ["/openapi.json"] {
        let part = try await node.call("GET", path)
        #expect(part.status == 200, "\(path)")
        #expect(part.headers["x-content-type-options"] == "nosniff")
      }
      for path in paths where path.hasPrefix("/docs/") {
        let part = try await node.call("GET", path).text
        #expect(part.firstMatch(of: /https?:\/\//) == nil, "\(path)")
      }
    }
  }

  /// What is answered is shown as text: the script never makes markup of a string.
  @Test func theScriptShowsTextOnly() {
    for way in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
      #expect(!DocsPage.script.contains(way))
    }
  }
}
