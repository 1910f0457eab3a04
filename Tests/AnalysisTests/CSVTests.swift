import Testing

@testable import Analysis

@Suite struct CSVTests {
  /// Inputs and the cells they must give, the header first.
  static let conforming: [(String, [[String]])] = [
    ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
    ("a,b\r\n1,2\r\n3,4", [["a", "b"], ["1", "2"], ["3", "4"]]),
    ("a,b\r1,2\r3,4\r", [["a", "b"], ["1", "2"], ["3", "4"]]),
    ("\u{FEFF}a,b\n1,2", [["a", "b"], ["1", "2"]]),
    ("\"a\",\"b\"\n\"x, y\",\"say \"\"hi\"\"\"\n", [["a", "b"], ["x, y", "say \"hi\""]]),
    ("a,b\n\"one\ntwo\r\nthree\",2\n", [["a", "b"], ["one\ntwo\r\nthree", "2"]]),
    ("a,b\n\"\",\"\"\"\"\n", [["a", "b"], ["", "\""]]),
    ("a,b\n,\n1,\n,2\n", [["a", "b"], ["", ""], ["1", ""], ["", "2"]]),
    ("a,b\n1,", [["a", "b"], ["1", ""]]),
    ("\n\r\na,b\n\n1,2\n\r\n\n3,4\n\n", [["a", "b"], ["1", "2"], ["3", "4"]]),
    ("a\n\"\"\nx\n", [["a"], [""], ["x"]]),
    ("a,b\nx\"y,2\n", [["a", "b"], ["x\"y", "2"]]),
    (" a , b\n 1 , 2\n", [["a", "b"], [" 1 ", " 2"]]),
    ("é,日本\n\"ü\",🍷\n", [["é", "日本"], ["ü", "🍷"]]),
  ]

  /// A number whose thousands are set off is one wherever a piece ends, and at the end of the data.
  @Test(arguments: [
    ("1.234,50", ";"), ("1,234.50", ";"), ("1.234.567", ";"), ("0,5", ";"), ("12", ";"),
    ("1'234.50", ","), ("1 234", ","), ("1.234.567", ","), ("12", ","), ("1 234,5", "\t"),
  ])
  func quotingDoesNotDependOnPieces(number: String, separator: String) throws {
    let text = "\"a\"\(separator)\"b\"\n\"x\"\(separator)\(number)"
    for text in [text, text + "\n"] {
      let bytes = Array(text.utf8)
      for cut in bytes.indices {
        let layout = try table(bytes: bytes, cuts: [cut]).layout
        #expect(layout.quoting == .words, "\(text) cut at \(cut)")
        #expect(layout.delimiter == separator)
      }
    }
  }

  @Test(arguments: conforming) func readsWhatIsWritten(text: String, cells: [[String]]) throws {
    let table = try table(text)
    #expect([table.names] + table.cells == cells)
    #expect(table.formatProblemCount == 0)
  }

  @Test(arguments: conforming + [("a,b\n1\n\"x\"y,2,3\r\n\"\"\"\",,\r", [])])
  func cutsBetweenBytesChangeNothing(text: String, cells: [[String]]) throws {
    let bytes = Array(text.utf8)
    let whole = try table(bytes: bytes)
    for first in 0...bytes.count {
      for second in first...bytes.count {
        let parts = try table(bytes: bytes, cuts: [first, second])
        #expect(parts.names == whole.names)
        #expect(parts.cells == whole.cells)
        #expect(parts.formatProblems == whole.formatProblems)
        #expect(parts.layout == whole.layout)
      }
    }
    let single = try table(bytes: bytes, cuts: Array(0..<bytes.count))
    #expect(single.cells == whole.cells)
  }

  @Test func raggedRowsAreMendedAndReportedWithTheirNumber() throws {
    let table = try table("a,b,c\n1,2,3\n4\n5,6,7,8,9\n1,2,3\n")
    #expect(table.cells == [["1", "2", "3"], ["4", "", ""], ["5", "6", "7"], ["1", "2", "3"]])
    #expect(table.columns[1].missingCount == 1)
    #expect(table.formatProblems.map(\.kind) == [.tooFewFields, .tooManyFields])
    #expect(table.formatProblems.map(\.row) == [1, 2])
  }

  /// As spreadsheets write what once stood beside a table.
  @Test func columnsWithoutNameAndValuesAreLeftOut() throws {
    for text in ["a,b,,\n1,2,,\n3,4,,\n", "a,b,,\n1,2\n3,4,,\n", "a,b,,\n1,2,NA\n3,4, ,\n"] {
      let table = try table(text)
      #expect(table.names == ["a", "b"] && table.cells == [["1", "2"], ["3", "4"]])
      #expect(table.formatProblems.map(\.kind) == [.emptyColumn], "\(text)")
      #expect(table.formatProblems[0].row == nil)
      #expect(table.formatProblems[0].message.hasPrefix("Columns 3 to 4 have neither names"))
    }
    let one = try table("a,b,\n1,2,\n")
    #expect(one.names == ["a", "b"] && one.formatProblemCount == 1)
    // A column that has a name stays.
    #expect(try table("a,b\n1,\n").names == ["a", "b"])
    #expect(try table("a,b,\n1\n").formatProblems.map(\.kind) == [.tooFewFields, .emptyColumn])
  }

  @Test func columnsWithoutNameAreCalledByTheirPlace() throws {
    let beside = try table("a,b,,\n1,2,,\n3,4,see above,\n")
    #expect(beside.names == ["a", "b", "Unnamed: 2"])
    #expect(beside.cells == [["1", "2", ""], ["3", "4", "see above"]])
    #expect(beside.formatProblems.map(\.kind) == [.unnamedColumn, .emptyColumn])
    #expect(beside.formatProblems[0].column == "Unnamed: 2")
    let between = try table("a,,c\n1,2,3\n")
    #expect(between.names == ["a", "Unnamed: 1", "c"])
    #expect(between.formatProblems.map(\.kind) == [.unnamedColumn])
  }

  @Test func textAfterAQuoteIsKeptAndReported() throws {
    let table = try table("a,b\n\"x\"y,2\n")
    #expect(table.cells == [["xy", "2"]])
    #expect(table.formatProblems.map(\.kind) == [.textAfterQuote])
    #expect(table.formatProblems.first?.column == "a")
  }

  @Test func problemsBeyondTheBoundAreCountedOnly() throws {
    let table = try table("a,b\n" + String(repeating: "1\n", count: 1_500))
    #expect(table.formatProblemCount == 1_500)
    #expect(table.formatProblems.count == 1_000)
  }

  @Test(
    arguments: [
      ("", DatasetError.Kind.empty, nil, nil),
      ("\n\n", .empty, nil, nil),
      ("\u{FEFF}", .empty, nil, nil),
      ("a,b\n", .noRows, nil, nil),
      ("a,b", .noRows, nil, nil),
      (",,\n1,2,3\n", .emptyColumnName, nil, "#1"),
      ("\"\"\n1\n", .emptyColumnName, nil, "#1"),
      ("a,b, a\n1,2,3\n", .duplicateColumnName, nil, "a"),
      ("a,b\n1,2\n3,\"x\n4,5\n", .unterminatedQuote, 1, "b"),
      ("a,\"b\n", .unterminatedQuote, nil, "#2"),
      ("a,b\n1,x\0y\n", .binaryContent, 0, "b"),
    ] as [(String, DatasetError.Kind, Int?, String?)])
  func malformedInputIsNamed(
    text: String, kind: DatasetError.Kind, row: Int?, column: String?
  ) throws {
    let error = try #require(readingError(text))
    #expect(error.kind == kind)
    #expect(error.row == row)
    #expect(error.column == column)
    #expect(!error.isTooLarge)
  }

  @Test func invalidUTF8IsLocated() throws {
    let bytes = Array("a,b\n1,2\n3,x".utf8) + [0xC3, 0x28] + Array("\n".utf8)
    let error = try #require(readingError(bytes: bytes))
    #expect(error.kind == .invalidEncoding)
    #expect((error.row, error.column) == (1, "b"))
    #expect(error.message.contains("byte 2 of the value (0xC3)"))
    #expect(error.message.contains("windows-1252"))
  }

  @Test(
    arguments: [
      [0x1F, 0x8B, 8, 0, 0], [0x28, 0xB5, 0x2F, 0xFD, 0], [0x50, 0x4B, 3, 4, 0],
      [0xFF, 0xFE, 0x61, 0], [0xFE, 0xFF, 0, 0x61],
    ] as [[UInt8]])
  func otherKindsOfFilesAreRecognised(bytes: [UInt8]) {
    #expect(readingError(bytes: bytes)?.kind == .binaryContent)
  }

  @Test func limitsAreKept() {
    func kind(_ text: String, _ limits: DatasetLimits) -> DatasetError.Kind? {
      let error = readingError(text, limits: limits)
      #expect(error == nil || error?.isTooLarge == true)
      return error?.kind
    }
    #expect(kind("a,b\n1,2\n", DatasetLimits(maxBytes: 8)) == nil)
    #expect(kind("a,b\n1,2\n", DatasetLimits(maxBytes: 7)) == .tooManyBytes)
    #expect(kind("a\n1\n2\n\n", DatasetLimits(maxRows: 2)) == nil)
    #expect(kind("a\n1\n2\n3", DatasetLimits(maxRows: 2)) == .tooManyRows)
    #expect(kind("a,b\n1,2,3\n", DatasetLimits(maxColumns: 2)) == nil)
    #expect(kind("a,b,c\n1,2,3\n", DatasetLimits(maxColumns: 2)) == .tooManyColumns)
    let unnamed = readingError("a,b,,\n1,2,3\n", limits: DatasetLimits(maxColumns: 2))
    #expect(unnamed?.column == "#3")
    #expect(kind("a\nxxxx\n", DatasetLimits(maxFieldBytes: 4)) == nil)
    #expect(kind("a\nxxxxx\n", DatasetLimits(maxFieldBytes: 4)) == .fieldTooLong)
    #expect(kind("a\n\"xxxxx\"\n", DatasetLimits(maxFieldBytes: 4)) == .fieldTooLong)
    #expect(kind("a,b\n1,2\n1,2\n", DatasetLimits(maxCells: 3)) == .tooManyCells)
  }
}
