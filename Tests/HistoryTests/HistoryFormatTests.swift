import Testing

@testable import History

@Suite struct HistoryFormatTests {
  @Test func linesAreReadAsTheyAreWritten() throws {
    var history: [ClientOperation] = []
    for seed in 1...50 as ClosedRange<UInt64> {
      var random = RandomHistory(seed: seed)
      history += random.register(operations: 8, times: 1_000_000_000_000, values: 1...9, wrong: 5)
    }
    history.append(
      ClientOperation(
        client: "a \"quoted\"\n\u{1}\u{7F}é\\", name: "odd/name", key: .null,
        input: .object([
          "b": .array([.number(1.5), .number(-2e-9), .bool(true), .null]), "a": .object([:]),
        ]),
        output: .integer(.min), called: -5, returned: .max))
    let text = HistoryFormat.encode(history)
    #expect(try HistoryFormat.decode(Array(text.utf8), file: "h") == history)
    #expect(HistoryFormat.encode(try HistoryFormat.decode(Array(text.utf8), file: "h")) == text)
  }

  @Test func lineHasItsFieldsInOrder() {
    #expect(
      HistoryFormat.encode([write(1, 10, nil, by: 3, key: 7), read(1, 20, 30)]) == """
        {"client":3,"op":"write","key":7,"input":1,"output":null,"call_ns":10,"return_ns":null}
        {"client":1,"op":"read","key":"x","input":null,"output":1,"call_ns":20,"return_ns":30}

        """)
  }

  @Test func othersMayOrderAddAndLeaveOutFields() throws {
    let line = #"{ "return_ns" : 3, "call_ns":1.0, "op":"read", "client":"c", "host":{"a":[1]} }"#
    let expected = ClientOperation(client: "c", name: "read", called: 1, returned: 3)
    #expect(try HistoryFormat.decode(Array(line.utf8), file: "h") == [expected])
  }

  struct Mistake: Sendable, CustomTestStringConvertible {
    var line: String
    var answer: String
    var testDescription: String { answer }

    init(_ line: String, _ answer: String) {
      self.line = line
      self.answer = answer
    }
  }

  private static let sound = #"{"client":1,"op":"read","call_ns":1,"return_ns":2}"#

  @Test(arguments: [
    Mistake("", "the line is not JSON"),
    Mistake("{\"client\":1", "the line is not JSON"),
    Mistake("[1]", "the line is not a JSON object"),
    Mistake(#"{"client":1,"call_ns":1,"return_ns":2}"#, "op is missing"),
    Mistake(#"{"op":"read","call_ns":1,"return_ns":2}"#, "client is missing"),
    Mistake(#"{"client":1,"op":5,"call_ns":1,"return_ns":2}"#, "op is not text"),
    Mistake(#"{"client":1,"op":"read","return_ns":2}"#, "call_ns is missing"),
    Mistake(
      #"{"client":1,"op":"read","call_ns":"1","return_ns":2}"#, "call_ns is not a whole number"),
    Mistake(
      #"{"client":1,"op":"read","call_ns":null,"return_ns":2}"#, "call_ns is not a whole number"),
    Mistake(
      #"{"client":1,"op":"read","call_ns":1}"#,
      "return_ns is missing (null says that no answer came)"),
    Mistake(
      #"{"client":1,"op":"read","call_ns":9,"return_ns":2}"#, "return_ns 2 is before call_ns 9"),
    Mistake(
      #"{"client":1,"op":"read","input":[1e30],"call_ns":1,"return_ns":2}"#,
      "input.Index 0: the number 1e+30 may have lost digits; write it as text"),
  ])
  func mistakeIsNamedWithItsLine(_ mistake: Mistake) {
    let text = Self.sound + "\n" + mistake.line + "\n" + Self.sound + "\n"
    #expect(throws: HistoryFormat.Problem(file: "h.jsonl", line: 2, text: mistake.answer)) {
      try HistoryFormat.decode(Array(text.utf8), file: "h.jsonl")
    }
  }

  @Test func problemNamesFileAndLine() {
    let problem = HistoryFormat.Problem(file: "h.jsonl", line: 2, text: "op is missing")
    #expect("\(problem)" == "h.jsonl:2: op is missing")
  }
}
