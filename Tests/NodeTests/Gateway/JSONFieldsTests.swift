import Foundation
import Testing

@testable import NodeGateway

@Suite struct JSONFieldsTests {
  @Test func collectsEverythingThatIsWrong() throws {
    var fields = try JSONFields(
      body: Array(
        #"{"a": 1, "n": 99, "list": ["x", 2], "inner": {"b": true, "c": 0}, "z": 0}"#.utf8))
    _ = fields.requiredString("a")
    _ = fields.requiredString("missing")
    _ = fields.integer("n", in: 1...10)
    _ = fields.strings("list")
    _ = fields.object("inner") { $0.string("b") }
    let failure = #expect(throws: Failure.self) { try fields.finish() }
    #expect(
      failure?.problem.errors?.map(\.field) == [
        "a", "missing", "n", "list", "inner.b", "inner.c", "z",
      ])
    #expect(failure?.problem.status == 400)
  }

  @Test func nullIsAbsent() throws {
    var fields = try JSONFields(body: Array(#"{"a": null}"#.utf8))
    #expect(fields.string("a") == nil)
    try fields.finish()
  }

  @Test(arguments: [
    "", "{", "[]", "7", "\"x\"", "{\"a\":1}}", "\u{0}", "{\"a\":\"\\ud800\"}",
    String(repeating: "[", count: 10_000),
    "{\"a\":" + String(repeating: "{\"a\":", count: 5_000) + "1",
  ])
  func whatIsNoObjectIsRefused(_ text: String) {
    #expect(throws: Failure.self) { try JSONFields(body: Array(text.utf8)) }
  }

  @Test func bytesThatAreNoTextAreRefused() {
    #expect(throws: Failure.self) { try JSONFields(body: [0x7b, 0x22, 0xff, 0xfe, 0x22]) }
  }

  @Test func nestingIsBoundedBeforeItIsDecoded() throws {
    func nested(_ depth: Int, _ open: String, _ close: String) -> [UInt8] {
      // The outermost level is the body's object.
      let text =
        #"{"a": "# + String(repeating: open, count: depth - 1) + "0"
        + String(repeating: close, count: depth - 1) + "}"
      return Array(text.utf8)
    }
    for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
      _ = try JSONFields(body: nested(JSONStructure.maxDepth, open, close))
      let failure = #expect(throws: Failure.self) {
        try JSONFields(body: nested(JSONStructure.maxDepth + 1, open, close))
      }
      #expect(failure?.problem.detail?.contains("32") == true)
      #expect(failure?.problem.status == 400)
    }
    // Brackets within strings are text.
    _ = try JSONFields(body: Array(#"{"a": "\"\#(String(repeating: "[{", count: 50))"}"#.utf8))
  }

  @Test(arguments: [
    (#"{"a": 1, "b": 2, "a": 1}"#, "a"), (#"{"a": 1, "\u0061": 2}"#, "a"),
    (#"{"x": {"k": 1, "k": 2}}"#, "x.k"), (#"{"list": [{"k": 1}, {"k": 2, "k": 3}]}"#, "list.k"),
    (#"{"a": null, "a": 1}"#, "a"), (#"{"": 1, "": 2}"#, ""),
  ])
  func keysThatAreThereTwiceAreNamed(_ text: String, _ field: String) {
    let failure = #expect(throws: Failure.self) { try JSONFields(body: Array(text.utf8)) }
    #expect(failure?.problem.errors?.map(\.field) == [field])
  }

  @Test(arguments: [
    #"{"a": {"k": 1}, "b": {"k": 1}}"#, #"{"a": "a", "b": ["a", "a"]}"#,
    #"{"a": [{"k": 1}, {"k": 2}], "k": 1}"#, #"{"a\"": 1, "a": 2}"#, #"{"a": "x,\"a\":1"}"#,
  ])
  func keysOfDifferentObjectsMayBeEqual(_ text: String) throws {
    _ = try JSONFields(body: Array(text.utf8))
  }

  @Test func otherEncodingsAreRefused() {
    let text = #"{"a": 1}"#
    for encoding: String.Encoding in [.utf16, .utf16LittleEndian, .utf16BigEndian, .utf32] {
      let bytes = Array(text.data(using: encoding) ?? Data())
      #expect(bytes.count > text.utf8.count)
      #expect(throws: Failure.self) { try JSONFields(body: bytes) }
    }
  }
}
