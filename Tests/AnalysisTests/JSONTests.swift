import Testing

@testable import Analysis

@Suite struct JSONTests {
  @Test func keysBecomeColumnsInTheOrderTheyAreSeen() throws {
    let table = try table(
      """
      {"b": 1, "a": "x"}

      {"a": "y", "c": true, "b": null}
      {"c": false}
      """, .ndjson)
    #expect(table.names == ["b", "a", "c"])
    #expect(table.cells == [["1", "x", ""], ["null", "y", "true"], ["", "", "false"]])
    #expect(table.columns.map(\.missingCount) == [2, 1, 1])
  }

  @Test func numbersKeepEveryDigitAndNestedValuesTheirText() throws {
    let table = try table(
      #"{"n": 12345678901234567890.123, "o": {"k": [1, 2]}, "s": "q\"\u00e9\ud83c\udf77\n"}"#,
      .ndjson)
    #expect(table.cells == [["12345678901234567890.123", #"{"k": [1, 2]}"#, "q\"é🍷\n"]])
  }

  @Test func nestedValuesAreComparedByWhatTheySay() throws {
    let texts = [
      #"{"a": 1, "b": ["x", {}]}"#, #"{"b":["x",{ }],"a":1}"#, #"{"a": 1, "b": ["\u0078", {}]}"#,
      #"{"a": 1, "b": [{}, "x"]}"#, #"{"a": "1", "b": ["x", {}]}"#, #"{"a": 1.0, "b": ["x", {}]}"#,
    ]
    let rows = texts.map { "{\"o\": \($0)}" }.joined(separator: "\n")
    let column = try table(rows, .ndjson).columns[0]
    #expect(column.levels().levelOfRow == [1, 1, 1, 2, 3, 4] && column.distinctCount == 4)
    // Cells keep their spelling.
    #expect((0..<6).map(column.text) == texts)
    let result = try #require(
      try Analyzer(options: AnalysisOptions(detectors: [.exactDuplicates]))
        .analyze(table(rows, .ndjson))[.exactDuplicates])
    #expect(result.flagged.map(\.row) == [1, 2])
  }

  @Test(
    arguments: [
      (#"[ 1 , "a b" ]"#, #"[1,"a b"]"#),
      (#"{"b":{"d":1,"c":[]},"a":null}"#, #"{"a":null,"b":{"c":[],"d":1}}"#),
      (#"["\"]\\"]"#, #"["\"]\\"]"#), (#"{"a":2,"a":1}"#, #"{"a":2,"a":1}"#),
      ("[\"\\u000a\"]", #"["\n"]"#),
      ("[1,]", nil), ("[INST] a", nil), ("{} {}", nil), ("{},\"b\":[]", nil), ("[1", nil),
      ("1", nil), ("", nil),
    ] as [(String, String?)])
  func arraysAndObjectsHaveOneForm(text: String, form: String?) {
    #expect(
      JSONCanonical.form(Array(text.utf8)[...]).map { String(decoding: $0, as: UTF8.self) } == form)
  }

  @Test func comparingNestedValuesCanBeStopped() throws {
    var reader = DatasetReader(format: .ndjson)
    try reader.append(Array((0..<200).map { "{\"o\": [\($0)]}\n" }.joined().utf8))
    var asked = 0
    #expect(throws: AnalysisCancelled.self) {
      try reader.finish {
        asked += 1
        return asked > 5
      }
    }
    #expect(asked == 6)
  }

  @Test func theLastOfDuplicateKeysCountsAndIsReported() throws {
    let table = try table("{\"a\": 1, \"b\": 2, \"a\": 3}\n{\"a\": 4}\n", .ndjson)
    #expect(table.cells == [["3", "2"], ["4", ""]])
    #expect(table.formatProblems.map(\.kind) == [.duplicateKey])
    #expect(table.columns[0].distinctCount == 2)
  }

  @Test(arguments: [
    "[1]", "1", "{", "{\"a\" 1}", "{\"a\": }", "{\"a\": 1,}", "{\"a\": 01}", "{\"a\": 1.}",
    "{\"a\": +1}", "{\"a\": NaN}", "{\"a\": 1} x", "{a: 1}", "{\"a\": \"\\x\"}",
    "{\"a\": \"\\ud800\"}", "{\"a\": \"\t\"}", "{\"a\": [1, 2}", "{\"a\": tru}", "{\"a\": 1e}",
    "{\"a\": \"x", "{\"a\": 1 \"b\": 2}", "{'a': 1}", "{\"a\": [1,]}",
  ])
  func aBadLineIsNamedByItsNumber(line: String) throws {
    let error = try #require(readingError("{\"a\": 1}\n\n\(line)\n", .ndjson))
    #expect(error.kind == .invalidJSON)
    #expect(error.row == 1)
    #expect(error.message.hasPrefix("Line 3"))
    #expect(readingError("[{\"a\": 1}, \(line)]", .json) != nil)
  }

  @Test func nestingIsBounded() throws {
    func nested(_ depth: Int) -> String {
      "{\"a\": " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
    }
    #expect(readingError(nested(64), .ndjson) == nil)
    #expect(readingError(nested(65), .ndjson)?.kind == .invalidJSON)
    #expect(readingError(nested(100_000), .ndjson)?.kind == .invalidJSON)
  }

  @Test func anArrayOfObjectsReadsLikeLines() throws {
    let lines = try table("{\"a\": \"]},{\", \"b\": [{}]}\n{\"b\": 2}\n", .ndjson)
    let array = try table(" [ {\"a\": \"]},{\", \"b\": [{}]} ,\n{\"b\": 2} ] ", .json)
    #expect(array.names == lines.names)
    #expect(array.cells == lines.cells)
  }

  @Test(arguments: [
    ("", DatasetError.Kind.empty), ("[]", .empty), ("[{}]", .empty), ("{\"a\": 1}", .invalidJSON),
    ("[{\"a\": 1}", .invalidJSON), ("[{\"a\": 1},]", .invalidJSON),
    ("[{\"a\": 1}] 2", .invalidJSON),
    ("[{\"a\": 1} {\"a\": 2}]", .invalidJSON), ("[{\"a\": 1", .invalidJSON), ("[1]", .invalidJSON),
  ])
  func arraysThatAreNoneAreRefused(text: String, kind: DatasetError.Kind) {
    #expect(readingError(text, .json)?.kind == kind)
  }

  @Test(arguments: [DatasetFormat.ndjson, .json])
  func cutsBetweenBytesChangeNothing(format: DatasetFormat) throws {
    let first = #"{"a": "x\"é\\", "b": [1, "]"]}"#
    let second = #"{"c": "\ud83c\udf77", "a": null}"#
    let text = format == .json ? "\u{FEFF}[\(first),\r\n\(second)]" : "\(first)\r\n\(second)"
    let bytes = Array(text.utf8)
    let whole = try table(bytes: bytes, format)
    #expect(whole.cells == [["x\"é\\", "[1, \"]\"]", ""], ["null", "", "🍷"]])
    for first in 0...bytes.count {
      for second in first...bytes.count {
        #expect(try table(bytes: bytes, format, cuts: [first, second]).cells == whole.cells)
      }
    }
  }

  @Test func limitsAreKept() {
    let text = "{\"a\": 1}\n{\"a\": 2}\n"
    func kind(_ limits: DatasetLimits) -> DatasetError.Kind? {
      readingError(text, .ndjson, limits: limits)?.kind
    }
    #expect(kind(DatasetLimits(maxRows: 2, maxColumns: 1, maxLineBytes: 8, maxCells: 2)) == nil)
    #expect(kind(DatasetLimits(maxRows: 1)) == .tooManyRows)
    #expect(kind(DatasetLimits(maxColumns: 0)) == .tooManyColumns)
    #expect(kind(DatasetLimits(maxLineBytes: 7)) == .lineTooLong)
    #expect(kind(DatasetLimits(maxCells: 1)) == .tooManyCells)
  }

  @Test func sparseKeysCannotBlowUpMemory() throws {
    let rows = (0..<2_000).map { "{\"k\($0)\": 1}" }.joined(separator: "\n")
    let error = readingError(rows, .ndjson, limits: DatasetLimits(maxCells: 100_000))
    #expect(error?.kind == .tooManyCells)
  }

  /// Whoever sent a million rows wants to know which one it is.
  @Test func whatPassesALimitIsNamed() throws {
    func place(_ text: String, _ limits: DatasetLimits = DatasetLimits()) -> (Int?, String?)? {
      readingError(text, .ndjson, limits: limits).map { ($0.row, $0.column) }
    }
    let first = "{\"a\": 1}\n"
    for (text, limits, column) in [
      (first + "{\"a\": \"xxxxx\"}", DatasetLimits(maxFieldBytes: 4), "a"),
      (first + "{\"a\": 1, \"xxxxx\": 2}", DatasetLimits(maxFieldBytes: 4), "#2"),
      (first + "{\"a\": 1, \"b\": 2}", DatasetLimits(maxColumns: 1), "b"),
      (first + "{\"a\": 1, \" a\": 2}", DatasetLimits(), "a"),
      (first + "{\"a\": 1, \"\": 2}", DatasetLimits(), "#2"),
      (first + "{\"a\": 1, \"b\": \(String(repeating: "[", count: 65))", DatasetLimits(), "b"),
      (first + "{\"a\": 1, \"b\": tru}", DatasetLimits(), "b"),
    ] {
      let found = try #require(place(text, limits), "\(text)")
      #expect(found.0 == 1, "\(text)")
      #expect(found.1 == column, "\(text)")
    }
    #expect(place(first + "{\"a\" 1}")?.1 == nil)
    let deep = readingError("{\"a\": \(String(repeating: "[", count: 65))", .ndjson)
    #expect(deep?.message.contains("64 levels") == true)
  }
}
