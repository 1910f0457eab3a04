import HTTPTypes
import Testing

@testable import NodeGateway

@Suite struct RouteTableTests {
  static func named(_ id: String) -> NodeGateway.Operation {
    Operation(id, .service, "A thing", answers: .noContent("Done."))
  }

  static let table = RouteTable([
    .query("/", .anyone, named("getRoot")) { _, _ in .noContent },
    .query("/things", .credential, named("listThings")) { _, _ in .noContent },
    .perform(.post, "/things", .credential, named("makeThing")) { _ in .noContent },
    .query("/things/{id}", .credential, named("getThing")) { _, _ in .noContent },
    .query("/things/{id}/parts/{part}", .credential, named("getPart")) { _, _ in .noContent },
  ])

  func found(_ method: HTTPRequest.Method, _ path: String) -> (String, [String: String])? {
    guard case .route(let route, let parameters) = Self.table.match(method, path) else {
      return nil
    }
    return (route.template, parameters)
  }

  @Test func findsPathsAndParameters() throws {
    #expect(try #require(found(.get, "/")).0 == "/")
    #expect(try #require(found(.post, "/things")).0 == "/things")
    let (template, parameters) = try #require(found(.get, "/things/a/parts/b"))
    #expect(template == "/things/{id}/parts/{part}")
    #expect(parameters == ["id": "a", "part": "b"])
  }

  @Test func headIsAnsweredLikeGet() throws {
    #expect(try #require(found(.head, "/things/7")).0 == "/things/{id}")
  }

  @Test(arguments: ["", "//", "/things/", "/thing", "/things/a/parts", "/things/a/parts/", "x"])
  func otherPathsAreNothing(_ path: String) {
    guard case .nothing = Self.table.match(.get, path) else {
      Issue.record("\(path) was found")
      return
    }
  }

  @Test func otherMethodsAreNamed() {
    guard case .otherMethods(let methods, let template) = Self.table.match(.delete, "/things")
    else {
      Issue.record("DELETE was found")
      return
    }
    #expect(methods == [.get, .head, .post])
    #expect(template == "/things")
  }
}
