import Foundation
import Testing

@testable import NodeGateway

@Suite struct SchemaTests {
  private static let color = Schema.object(
    "Color", "A color.",
    [
      .required("name", .word("red", "blue"), "Its name."),
      .optional("depth", .integer(1...8), "Its depth."),
    ])

  private func text(_ schema: Schema) -> String {
    var registry = SchemaRegistry()
    return String(decoding: registry.render(schema).bytes, as: UTF8.self)
  }

  @Test func whatHasANameStandsAmongTheComponentsOnce() {
    var registry = SchemaRegistry()
    let pair = Schema.object([
      .required("first", Self.color, "One."), .required("second", Self.color.orNull, "Another."),
    ])
    let rendered = String(decoding: registry.render(pair).bytes, as: UTF8.self)
    #expect(rendered.contains(##""first":{"$ref":"#/components/schemas/Color","##))
    #expect(
      rendered.contains(##""anyOf":[{"$ref":"#/components/schemas/Color"},{"type":"null"}]"##))
    let components = String(decoding: registry.components.bytes, as: UTF8.self)
    #expect(components.hasPrefix(#"{"Color":{"type":"object","properties":{"name":"#))
    #expect(components.components(separatedBy: "\"Color\"").count == 2)
  }

  @Test func requestsRefuseWhatTheyDoNotKnowAndTakeNullForNothing() {
    let request = Schema.request(
      nil, nil,
      [
        .required("name", .text(1...200), "A name."), .optional("kind", .word("a", "b"), "A kind."),
      ])
    let rendered = text(request)
    #expect(
      rendered.contains(#""name":{"type":"string","minLength":1,"maxLength":200,"description""#))
    #expect(rendered.contains(#""kind":{"type":["string","null"],"enum":["a","b",null],"#))
    #expect(rendered.contains(#""required":["name"],"additionalProperties":false"#))
  }

  /// What judges all answers is judged here.
  @Test(arguments: [
    (#"{"name": "red"}"#, nil),
    (#"{"name": "red", "depth": 8}"#, nil),
    (#"{"depth": 8}"#, ".name is missing"),
    (#"{"name": "green"}"#, "is none of"),
    (#"{"name": 1}"#, "is no [\"string\"]"),
    (#"{"name": "red", "depth": 9}"#, ".depth: 9.0 is too large"),
    (#"{"name": "red", "depth": 0}"#, ".depth: 0.0 is too small"),
    (#"{"name": "red", "depth": 1.5}"#, "is no [\"integer\"]"),
    (#"{"name": "red", "depth": null}"#, "is no [\"integer\"]"),
    (#"{"name": "red", "shade": 1}"#, ".shade is not described"),
    ("[]", "is no [\"object\"]"),
  ])
  func flawsAreFound(_ json: String, _ flaw: String?) throws {
    var registry = SchemaRegistry()
    let reference = try JSONDecoder().decode(
      JSONValue.self, from: Data(registry.render(Self.color).bytes))
    let components = try JSONDecoder().decode(
      JSONValue.self, from: Data(registry.components.bytes))
    let check = SchemaCheck(document: .object(["components": .object(["schemas": components])]))
    let value = try JSONDecoder().decode(JSONValue.self, from: Data(json.utf8))
    let flaws = check.flaws(of: value, by: reference)
    if let flaw {
      #expect(flaws.count == 1 && flaws[0].contains(flaw), "\(flaws)")
    } else {
      #expect(flaws.isEmpty, "\(flaws)")
    }
  }

  @Test(arguments: [
    (Schema.text(2...3), #""a""#), (.text(2...3), #""abcd""#), (.text(pattern: "^a+$"), #""ab""#),
    (.time, #""yesterday""#), (.list(of: .count, least: 1), "[]"), (.list(of: .count), "[1, -1]"),
    (.oneOf([.number, .text]), "true"), (.oneOf([.number, .count]), "1"),
    (.dictionary(of: .boolean), #"{"a": 1}"#),
  ])
  func valuesThatDoNotConformAreFound(_ schema: Schema, _ json: String) throws {
    var registry = SchemaRegistry()
    let rendered = try JSONDecoder().decode(
      JSONValue.self, from: Data(registry.render(schema).bytes))
    let value = try JSONDecoder().decode(JSONValue.self, from: Data(json.utf8))
    #expect(!SchemaCheck(document: .null).flaws(of: value, by: rendered).isEmpty)
  }
}
