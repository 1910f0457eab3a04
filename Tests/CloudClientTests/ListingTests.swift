import CloudClient
import Foundation
import Testing

@Suite struct ListingTests {
  private static func page(_ names: [String], next: String?) -> String {
    let items = names.map {
      #"{"created_at":"2026-01-31T09:30:00Z","id":"ws_\#($0)","name":"\#($0)","plan":"free"}"#
    }
    let cursor = next.map { #","next_cursor":"\#($0)""# } ?? ""
    return #"{"items":[\#(items.joined(separator: ","))]\#(cursor)}"#
  }

  @Test func isWalkedOverPageByPage() async throws {
    let pages = [
      Self.page(["a", "b"], next: "x+y"), Self.page([], next: "z"), Self.page(["c"], next: nil),
    ]
    try await TestServer.run { _, index in
      .answer(200, [:], pages[index])
    } _: { server in
      let names = try await FailoverTests.calling([server.url]) { client in
        var names: [String] = []
        for try await workspace in client.workspaces() { names.append(workspace.name) }
        return names
      }
      #expect(names == ["a", "b", "c"])
      #expect(
        server.requests.map(\.uri) == [
          "/api/v1/workspaces?limit=1000", "/api/v1/workspaces?limit=1000&cursor=x%2By",
          "/api/v1/workspaces?limit=1000&cursor=z",
        ])
    }
  }

  @Test func nothingIsFetchedThatIsNotAskedFor() async throws {
    try await TestServer.run { _, _ in
      .answer(200, [:], Self.page(["a", "b"], next: "c"))
    } _: { server in
      try await FailoverTests.calling([server.url]) { client in
        let list = client.workspaces()
        #expect(server.requests.isEmpty)
        for try await _ in list { break }
        #expect(server.requests.count == 1)
        let page = try await list.page(limit: 2, after: "c")
        #expect(page.nextCursor == "c")
        #expect(server.requests.last?.uri == "/api/v1/workspaces?limit=2&cursor=c")
      }
    }
  }

  @Test func listThatLeadsInACircleIsAnError() async throws {
    try await TestServer.run { _, _ in
      .answer(200, [:], Self.page(["a"], next: "x"))
    } _: { server in
      await #expect(
        throws: CloudError.invalidResponse(
          EndpointFailure(endpoint: server.url, reason: "its list leads in a circle"),
          requestID: nil)
      ) {
        try await FailoverTests.calling([server.url]) { try await $0.workspaces().all() }
      }
    }
  }
}
