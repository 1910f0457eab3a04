import Testing

@testable import Analysis

/// A plan of given actions for a dataset of these columns and rows.
func plan(
  _ format: DatasetFormat = .csv, encoding: DatasetEncoding = .utf8, delimiter: String = ",",
  columns: [String], rows: Int, textColumns: [String] = [],
  flagColumn: String? = nil, _ actions: [FixAction]
) -> FixPlan {
  FixPlan(
    strategy: .moderate,
    dataset: FixPlan.Dataset(
      sha256: nil,
      layout: DatasetLayout(
        format: format, encoding: encoding, delimiter: format == .csv ? delimiter : nil,
        textColumns: textColumns),
      rows: rows, columns: columns),
    flagColumn: flagColumn, actions: actions)
}

extension FixPlan {
  func apply(to text: String) throws(FixError) -> String {
    String(decoding: try apply(to: Array(text.utf8)) as [UInt8], as: UTF8.self)
  }

  /// Applies the plan to bytes that come in pieces.
  func apply(to bytes: [UInt8], cuts: [Int]) throws(FixError) -> [UInt8] {
    var writer = try FixWriter(self)
    var output: [UInt8] = []
    var start = 0
    for cut in cuts + [bytes.count] {
      try writer.append(Array(bytes[start..<cut]), to: &output)
      start = cut
    }
    try writer.finish(&output)
    return output
  }
}

private func set(_ row: Int, _ column: String, _ from: String?, _ to: String) -> FixAction {
  FixAction(.replace, row: row, column: column, from: from, to: to, reason: "test")
}

private func drop(_ row: Int) -> FixAction { FixAction(.remove, row: row, reason: "test") }

@Suite struct FixWriterTests {
  @Test func whatNoActionNamesIsCopied() throws {
    let texts: [(DatasetFormat, Int, String)] = [
      (.csv, 2, "\u{FEFF}a,\"b\"\r\n 1.50 ,\"x\"\"y\nz\"\r\n\r\n2,\"\"tail"),
      (.csv, 1, "a,b\r1,2\r"),
      (.ndjson, 2, "{\"b\" : 1.0,\"a\":\"\\u0041\"}\r\n  \n {\"a\":[1, {}]} \n\n"),
      (.json, 2, " [\n  {\"a\": 1},\t{\"a\": \"]}\\\"\"}\n] \n"),
      (.json, 0, "[ ]"),
    ]
    for (format, rows, text) in texts {
      let plan = plan(format, columns: ["a", "b"], rows: rows, [])
      #expect(try plan.apply(to: text) == text)
    }
  }

  @Test func aCellKeepsItsQuotesAndGetsThemWhereItMust() throws {
    let text = "a,b\n1,\"x\"\n2,y\n3,z\n"
    let fixed = try plan(
      columns: ["a", "b"], rows: 3,
      [set(0, "b", "x", "w"), set(1, "b", "y", "say \"hi\", now"), set(2, "a", "3", "3\n4")]
    ).apply(to: text)
    #expect(fixed == "a,b\n1,\"w\"\n2,\"say \"\"hi\"\", now\"\n\"3\n4\",z\n")
  }

  @Test func aValueIsComparedAsItIsRead() throws {
    let text = "a,b\n\"x\"\"y\nz\"tail,1\n"
    #expect(
      try plan(columns: ["a", "b"], rows: 1, [set(0, "a", "x\"y\nztail", "q")]).apply(to: text)
        == "a,b\n\"q\",1\n")
  }

  @Test func anEmptyOnlyCellDoesNotBecomeABlankLine() throws {
    #expect(
      try plan(columns: ["a"], rows: 2, [set(0, "a", "1", "")]).apply(to: "a\n1\n2\n")
        == "a\n\"\"\n2\n")
  }

  @Test func aShortRowIsPaddedUpToTheCellAndALongOneKeepsItsSurplus() throws {
    let fixed = try plan(
      columns: ["a", "b", "c"], rows: 2, [set(0, "c", "", "9"), set(1, "b", "2", "8")]
    ).apply(to: "a,b,c\n1\n1,2,3,4,5\n")
    #expect(fixed == "a,b,c\n1,,9\n1,8,3,4,5\n")
  }

  @Test func aRowGoesWithItsLineEnd() throws {
    let columns = ["a"]
    func fixed(_ text: String, _ rows: Int, _ dropped: [Int]) throws -> String {
      try plan(columns: columns, rows: rows, dropped.map(drop)).apply(to: text)
    }
    #expect(try fixed("a\r\n1\r\n2\r\n3\r\n", 3, [1]) == "a\r\n1\r\n3\r\n")
    #expect(try fixed("a\n1\n2\n3\n", 3, [2]) == "a\n1\n2\n")
    // The last line had no end, and has none.
    #expect(try fixed("a\n1\n2\n3", 3, [2]) == "a\n1\n2")
    #expect(try fixed("a\n1\n2\n3", 3, [0]) == "a\n2\n3")
    #expect(try fixed("a\n1\n2", 2, [0, 1]) == "a")
    #expect(try fixed("a\n1\n\n2\n", 2, [0]) == "a\n\n2\n")
    #expect(try fixed("a\r1\r2\r", 2, [0]) == "a\r2\r")
  }

  @Test func linesOfJSONGoWithTheirEnds() throws {
    func fixed(_ text: String, _ dropped: [Int]) throws -> String {
      try plan(.ndjson, columns: ["a"], rows: 3, dropped.map(drop)).apply(to: text)
    }
    let lines = "{\"a\":1}\n {\"a\":2}\r\n{\"a\":3}"
    #expect(try fixed(lines, [1]) == "{\"a\":1}\n{\"a\":3}")
    #expect(try fixed(lines, [2]) == "{\"a\":1}\n {\"a\":2}")
    #expect(try fixed(lines + "\n", [2]) == "{\"a\":1}\n {\"a\":2}\r\n")
  }

  @Test func elementsGoWithOneComma() throws {
    func fixed(_ dropped: [Int]) throws -> String {
      try plan(.json, columns: ["a"], rows: 3, dropped.map(drop))
        .apply(to: "[\n  {\"a\":1},\n  {\"a\":2},\n  {\"a\":3}\n]\n")
    }
    #expect(try fixed([0]) == "[\n  {\"a\":2},\n  {\"a\":3}\n]\n")
    #expect(try fixed([1]) == "[\n  {\"a\":1},\n  {\"a\":3}\n]\n")
    #expect(try fixed([2]) == "[\n  {\"a\":1},\n  {\"a\":2}\n]\n")
    #expect(try fixed([0, 2]) == "[\n  {\"a\":2}\n]\n")
    #expect(try fixed([0, 1, 2]) == "[\n]\n")
  }

  @Test func aValueOfJSONKeepsItsType() throws {
    let text = "{\"a\": 1, \"b\":\"x\", \"c\" : null}\n{\"a\": true, \"b\": null}\n"
    let fixed = try plan(
      .ndjson, columns: ["a", "b", "c"], rows: 2, textColumns: ["b"],
      [
        set(0, "a", "1", "2.50"), set(0, "b", "x", "7\"\n"), set(0, "c", "null", "3"),
        set(1, "a", "true", "not bare"), set(1, "b", "null", "12"), set(1, "c", "", "4"),
      ]
    ).apply(to: text)
    #expect(
      fixed
        == "{\"a\": 2.50, \"b\":\"7\\\"\\n\", \"c\" : 3}\n"
        + "{\"a\": \"not bare\", \"b\": \"12\", \"c\": 4}\n")
  }

  /// An empty string among numbers is a missing number.
  @Test func aMissingStringHasNoType() throws {
    let text = "{\"a\": \"\", \"b\": \"N/A\"}\n{\"a\": 1, \"b\": \"x\"}\n"
    let plan = plan(
      .ndjson, columns: ["a", "b"], rows: 2, textColumns: ["b"],
      [set(0, "a", "", "2"), set(0, "b", "N/A", "3")])
    #expect(
      try plan.apply(to: text) == "{\"a\": 2, \"b\": \"3\"}\n{\"a\": 1, \"b\": \"x\"}\n")
  }

  @Test func keysMayBeEscapedRepeatedOrNested() throws {
    let text = "{\"\\u0061\":1,\"n\":{\"a\":5},\"a\":2}\n"
    let fixed = try plan(.ndjson, columns: ["a", "n"], rows: 1, [set(0, "a", "2", "3")])
      .apply(to: text)
    #expect(fixed == "{\"\\u0061\":1,\"n\":{\"a\":5},\"a\":3}\n")
    #expect(
      try plan(.ndjson, columns: ["a"], rows: 1, [set(0, "a", "", "3")]).apply(to: "{}\n")
        == "{\"a\":3}\n")
  }

  @Test func nestedValuesAreReplacedWhole() throws {
    #expect(
      try plan(.json, columns: ["a"], rows: 1, [set(0, "a", "[1, {\"b\": 2}]", "[2]")])
        .apply(to: "[{\"a\": [1, {\"b\": 2}]}]") == "[{\"a\": [2]}]")
  }

  @Test func aFlagColumnIsAppendedOnRequest() throws {
    let flag = FixAction(.flag, row: 1, reason: "test", detector: .outliers)
    let other = FixAction(.flag, row: 1, reason: "test", detector: .labelErrors)
    #expect(
      try plan(columns: ["a", "b"], rows: 3, flagColumn: "flags", [other, flag])
        .apply(to: "a,b\n1,2\n3\n5,6,7\n")
        == "a,b,flags\n1,2,\n3,,outliers;label_errors\n5,6,,7\n")
    #expect(
      try plan(.ndjson, columns: ["a"], rows: 2, flagColumn: "flags", [flag])
        .apply(to: "{\"a\":1}\n{ \"a\": 2 }\n")
        == "{\"a\":1}\n{ \"a\": 2, \"flags\": \"outliers\" }\n")
    // Without one, a flag changes nothing.
    #expect(try plan(columns: ["a"], rows: 2, [flag]).apply(to: "a\n1\n2") == "a\n1\n2")
  }

  @Test func otherDelimitersAndEncodingsStay() throws {
    #expect(
      try plan(
        delimiter: ";", columns: ["a", "b"], rows: 2,
        [set(0, "b", "x", "1,5"), set(1, "a", "3", "4;5")]
      ).apply(to: "a;b\n1;x\n3;4\n") == "a;b\n1;1,5\n\"4;5\";4\n")
    let latin1: [UInt8] = Array("a,b\n".utf8) + [0xE9, 0x2C, 0xFC, 0x0A, 0x31, 0x2C, 0xE8]
    let fixed: [UInt8] = try plan(
      encoding: .latin1, columns: ["a", "b"], rows: 2,
      [set(0, "a", "é", "ß"), set(1, "a", "1", "é")]
    ).apply(to: latin1)
    #expect(fixed == Array("a,b\n".utf8) + [0xDF, 0x2C, 0xFC, 0x0A, 0xE9, 0x2C, 0xE8])
    let euro: [UInt8] = try plan(
      .json, encoding: .windows1252, columns: ["é"], rows: 1, [set(0, "é", "x", "€")]
    ).apply(to: Array("[{\"".utf8) + [0xE9] + Array("\":\"x\"}]".utf8))
    #expect(euro == Array("[{\"".utf8) + [0xE9] + Array("\":\"".utf8) + [0x80] + Array("\"}]".utf8))
    let error = #expect(throws: FixError.self) {
      _ =
        try plan(encoding: .latin1, columns: ["a", "b"], rows: 2, [set(0, "a", nil, "€")])
        .apply(to: latin1) as [UInt8]
    }
    #expect(error?.kind == .notRepresentable)
  }

  @Test func aPlanForOtherDataIsRefused() throws {
    func refusal(_ plan: FixPlan, _ text: String = "a,b\n1,2\n3,4\n") -> FixError? {
      do throws(FixError) {
        _ = try plan.apply(to: text)
        return nil
      } catch {
        return error
      }
    }
    let columns = ["a", "b"]
    let differs = refusal(plan(columns: columns, rows: 2, [set(1, "b", "5", "6")]))
    #expect(differs?.kind == .valueDiffers && differs?.row == 1 && differs?.column == "b")
    #expect(refusal(plan(columns: columns, rows: 1, []))?.kind == .otherDataset)
    #expect(refusal(plan(columns: columns, rows: 3, []))?.kind == .otherDataset)
    #expect(refusal(plan(columns: columns, rows: 2, [drop(2)]))?.kind == .rowOutOfRange)
    #expect(refusal(plan(columns: columns, rows: 2, [drop(-1)]))?.kind == .rowOutOfRange)
    #expect(
      refusal(plan(columns: columns, rows: 2, [set(0, "z", nil, "1")]))?.kind == .unknownColumn)
    #expect(
      refusal(plan(columns: columns, rows: 2, [set(0, "a", "1", "x"), set(0, "a", "1", "y")]))?.kind
        == .conflictingActions)
    #expect(
      refusal(
        plan(
          columns: columns, rows: 2, [FixAction(.impute, row: 0, column: "a", reason: "test")]))?
        .kind == .incompleteAction)
    #expect(
      refusal(plan(columns: columns, rows: 2, flagColumn: "a", []))?.kind == .flagColumnExists)
    var newer = plan(columns: columns, rows: 2, [])
    newer.version = 2
    #expect(refusal(newer)?.kind == .unknownVersion)
    for text in ["", "{", "[1]", "[{}", "[{} {}]", "[{}]]"] {
      #expect(
        refusal(plan(.json, columns: columns, rows: 1, []), text)?.kind == .malformedDataset)
    }
  }

  /// A key is added as the dataset writes it, or it would be another column.
  @Test func aKeyKeepsTheSpaceAroundIt() throws {
    for (format, text, fixed) in [
      (
        DatasetFormat.ndjson, "{\" a\\t\": 1, \"b\": 2}\n{\"b\": 3}\n{\" a\\t\": 4}\n",
        "{\" a\\t\": 5, \"b\": 2}\n{\"b\": 3,\" a\\t\": 6}\n{\" a\\t\": 4}\n"
      ),
      (.json, "[{\" a\": 1},{},{\" a\": 4}]", "[{\" a\": 5},{\" a\":6},{\" a\": 4}]"),
    ] {
      let read = try table(text, format)
      #expect(read.names.first == "a")
      var plan = FixPlan(
        strategy: .moderate, dataset: FixPlan.Dataset(read, sha256: nil),
        actions: [set(0, "a", "1", "5"), set(1, "a", "", "6")])
      plan = try FixPlan(log: try plan.json())
      #expect(try plan.apply(to: text) == fixed)
      #expect(try table(fixed, format).names == read.names)
    }
  }

  @Test func anAppendedColumnNeedsANameOfItsOwn() {
    for name in ["a", " a", "", " \t"] {
      let plan = plan(columns: ["a"], rows: 1, flagColumn: name, [])
      #expect(refusal(plan, "a\n1\n")?.kind == .flagColumnExists)
    }
  }

  private func refusal(_ plan: FixPlan, _ text: String) -> FixError? {
    do throws(FixError) {
      _ = try plan.apply(to: text)
      return nil
    } catch {
      return error
    }
  }
}
