import CloudAPI
import CloudState
import Foundation
import Testing

@testable import NodeGateway

@Suite struct DocumentTests {
  @Test func everyRouteIsDescribedAndNothingElse() async throws {
    try await TestGateway.run { node in
      let described = node.contract.operations.map { "\($0.method) \($0.template)" }
      let routes = node.routes.map { "\($0.method.rawValue) \($0.template)" }
      #expect(described.sorted() == routes.sorted())
    }
  }

  @Test func operationsHaveNamesOfTheirOwn() async throws {
    try await TestGateway.run { node in
      let ids = node.contract.operations.map(\.id)
      #expect(Set(ids).count == ids.count)
      for id in ids { #expect(id.wholeMatch(of: /[a-z]+([A-Z]+[a-z]*)*/) != nil, "\(id)") }
      let permissions = Set(
        ["anyone", "visitor", "credential", "user", "operator"]
          + CloudState.Permission.allCases.map(\.rawValue))
      for operation in node.contract.operations {
        #expect(permissions.contains(operation.permission), "\(operation.id)")
        #expect(operation.description["summary"]?.string?.hasSuffix(".") == false)
        #expect(operation.description["tags"]?.strings.count == 1)
      }
    }
  }

  @Test func everyReferenceResolves() async throws {
    try await TestGateway.run { node in
      let document = node.contract.document
      let references = Self.references(in: document)
      #expect(!references.isEmpty)
      for reference in references {
        #expect(document.resolve(reference) != nil, "\(reference)")
      }
    }
  }

  /// The examples are made of the types that are really sent, so this holds the schemas to them: each
  /// property that is sent is described, and each that is described can be sent.
  @Test func examplesHaveWhatTheirSchemasDescribe() async throws {
    try await TestGateway.run { node in
      let document = node.contract.document
      let check = SchemaCheck(document: document)
      var shown: Set<String> = []
      for (schema, example, place) in Self.examples(in: document) {
        let flaws = check.flaws(of: example, by: schema)
        #expect(flaws.isEmpty, "\(place): \(flaws)")
        shown.formUnion(check.properties(of: example, by: schema))
      }
      // Problems are made by hand, and have only those of their fields that apply.
      let components = (document["components"]?["schemas"]?.members ?? [])
        .filter { !$0.key.hasSuffix("Problem") || $0.key == "DiskProblem" }
      #expect(components.count > 20)
      for (name, schema) in components {
        for (property, _) in schema["properties"]?.members ?? [] {
          #expect(shown.contains("\(name).\(property)"), "\(name).\(property) is in no example")
        }
      }
    }
  }

  @Test func theSameRoutesGiveTheSameBytes() async throws {
    try await TestGateway.run { node in
      let first = try await node.call("GET", "/openapi.json")
      #expect(first.headers["content-type"] == "application/json")
      #expect(APIDocument.bytes(of: node.routes, version: "0.1.0") == first.body)
      #expect(APIDocument.bytes(of: node.routes, version: "0.1.0") == first.body)
    }
  }

  @Test func jsonIsEscapedAndKeepsItsOrder() {
    let json: OrderedJSON = [
      "b": "a \"quote\", a \\, a\nline, \u{1} and ü", "a": [.bool(true), .integer(UInt64.max)],
    ]
    #expect(
      String(decoding: json.bytes, as: UTF8.self)
        == #"{"b":"a \"quote\", a \\, a\nline, \u0001 and ü","a":[true,18446744073709551615]}"#)
  }

  // MARK: Walking the document

  private static func references(in value: JSONValue) -> [JSONValue] {
    let own = value["$ref"].map { [$0] } ?? []
    return own + (value.members.map(\.value) + value.elements).flatMap(references)
  }

  /// All examples with their schemas and places.
  private static func examples(
    in value: JSONValue, at place: String = ""
  ) -> [(schema: JSONValue, example: JSONValue, place: String)] {
    var found: [(schema: JSONValue, example: JSONValue, place: String)] = []
    if let schema = value["schema"], let example = value["example"] {
      found.append((schema, example, place))
    }
    for (name, member) in value.members where name != "example" {
      found += examples(in: member, at: "\(place)/\(name)")
    }
    for (index, element) in value.elements.enumerated() {
      found += examples(in: element, at: "\(place)/\(index)")
    }
    return found
  }
}
