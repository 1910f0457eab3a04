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
}
