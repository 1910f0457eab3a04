import Testing

@testable import Analysis

@Suite struct ColumnTypeTests {
  private func type(_ values: [String]) throws -> ColumnType {
    try table(columnText(values)).columns[0].type
  }

  @Test func typesFollowFromAllValues() throws {
    #expect(try type(["1", "-2", "+3", " 4 ", "NA"]) == .integer)
    #expect(try type(["1", "2.5", ".5", "3."]) == .real)
    #expect(try type(["1e3", "2E-2"]) == .real)
    #expect(try type(["1", "2", "x"]) == .category)
    #expect(try type(["TRUE", "false", "?"]) == .boolean)
    #expect(try type(["0", "1", "1"]) == .boolean)
    #expect(try type(["1", "1"]) == .integer)
    #expect(try type(["NA", "", "null", "None", "N/A", "nan", "-"]) == .empty)
    #expect(try type(["0x10", "1_000"]) == .category)
    #expect(try type((0..<30).map { "user-\($0)" }) == .identifier)
    #expect(try type((100..<130).map(String.init)) == .identifier)
    #expect(try type((0..<30).map { "\($0 * $0)" }) == .integer)
    #expect(try type((0..<30).map { "a sentence with number \($0)" }) == .text)
    #expect(try type((0..<60).map { "level \($0 % 3)" }) == .category)
  }

  /// As numbers they would lose a zero.
  @Test func digitsOfOneLengthThatBeginWithZeroAreCodes() throws {
    #expect(try type(["01", "06", "36", "NA"]) == .category)
    #expect(try type((0..<80).map { "0\(1_000 + $0 % 45 * 13)" }) == .text)
    // Zeros alone, numbers of several lengths, and fractions are numbers.
    #expect(try type(["0", "1", "6"]) == .integer)
    #expect(try type(["007", "12", "5"]) == .integer)
    #expect(try type(["0.5", "0.7"]) == .real)
    #expect(try type(["-01", "-02"]) == .integer)
    // One code that has lost its zero is a stray.
    #expect(try type((0..<40).map { $0 == 7 ? "501" : "0\(500 + $0 % 9)" }) == .category)
  }

  @Test(arguments: [
    ("id", true), ("user_id", true), ("orderId", true), ("Order ID", true), ("userid", true),
    ("CUSTOMERID", true), ("paid", false), ("acid", false), ("grid", false), ("said", false),
    ("covid", false), ("height", false),
  ])
  func identifiersAreKnownByTheirNames(name: String, isIdentifier: Bool) {
    #expect(IdentifierEvidence.isIdentifierName(name) == isIdentifier)
  }

  @Test func missingValuesAreCounted() throws {
    let column = try table(
      columnText(["1", "NA", "n/a", " ", "NULL", "none", "?", "NaN", "#N/A", "2"])
    )
    .columns[0]
    #expect(column.missingCount == 8)
    #expect(column.distinctCount == 2)
    #expect(column.number(9) == 2)
    #expect(column.number(1).isNaN)
  }

  @Test func strayWordsAmongNumbersAreReported() throws {
    let values = (0..<40).map { $0 == 7 ? "oops" : "\($0 * 3 % 17)" }
    let table = try table(columnText(values))
    #expect(table.columns[0].type == .integer)
    #expect(table.formatProblems.map(\.kind) == [.notANumber])
    #expect(table.formatProblems.map(\.row) == [7])
  }

  @Test func numbersAreExact() throws {
    for text in [
      "0.1", "1e22", "1e23", "123456789012345678", "5e-324", "1.7976931348623157e308", "-0.3",
      "0.000001", "9007199254740993", "3.141592653589793",
    ] {
      #expect(NumberParser.parse(Array(text.utf8)[...])?.value == Double(text))
    }
    for text in ["", ".", "-", "e5", "1e", "1e+", "1.2.3", "--1", "1 2", "１", "0x1p3"] {
      #expect(NumberParser.parse(Array(text.utf8)[...]) == nil)
    }
    #expect(NumberParser.parse(Array("-Infinity".utf8)[...])?.value == -.infinity)
  }

  @Test func spellingsOfOneNumberAreOneValue() throws {
    let column = try table(columnText(["1", "1.0", "1e0", "-0", "0", "NA", ""])).columns[0]
    #expect(column.levels().levelOfRow == [1, 1, 1, 2, 2, 0, 0])
    #expect(column.distinctCount == 2)
    let long = try table(columnText(["9007199254740993", "9007199254740992"])).columns[0]
    #expect(long.levels().valueCount == 2)
  }

  @Test func wordsForMissingNumbersAreMissing() throws {
    // SAS and Stata write a point.
    let points = try table(columnText((0..<60).map { $0 % 3 == 0 ? "." : "\($0 * 7 % 41)" }))
      .columns[0]
    #expect(points.type == .integer && points.missingCount == 20)
    #expect(points.note == "\".\" is taken for a missing value.")
    let dates = try table(columnText((1..<29).map { $0 % 9 == 0 ? "unknown" : "2024-02-\($0)" }))
    #expect(dates.columns[0].type == .dateTime && dates.columns[0].missingCount == 3)
    // Beside words they are values, which missing_values doubts.
    let words = try table(columnText(["red", "blue", "unknown", "."])).columns[0]
    #expect(words.type == .category && words.missingCount == 0)
    let answers = try table(columnText(["yes", "no", "unknown"])).columns[0]
    #expect(answers.type == .category && answers.missingCount == 0)
    // MySQL's NULL.
    #expect(try table(columnText(["\\N", "2", "\\N"])).columns[0].missingCount == 2)
  }

  @Test func codesThatHardlyRepeatAreIdentifiers() throws {
    let codes = (0..<200).map { "S\(100_000 + ($0 == 150 ? 7 : $0) * 13)" }
    let column = try table(columnText(codes)).columns[0]
    #expect(column.type == .identifier)
    #expect(column.note?.contains("1 value repeats an earlier one.") == true)
    // Amounts and times differ as much, and are none.
    #expect(try type((0..<60).map { "$\(1_000 + $0 * 17).50" }) == .text)
    #expect(try type((0..<60).map { "2:\(10 + $0 % 50):\(10 + $0 * 7 % 50).\($0)" }) == .text)
  }

  @Test func namesOfNumbersTellIdentifiersIfNearlyAllDiffer() throws {
    func type(_ name: String, _ rows: Int) throws -> ColumnType {
      let lines = (0..<rows).map { "\($0 * 7_919 % 100_003),a" }.joined(separator: "\n")
      return try table("\(name),z\n\(lines)\n").columns[0].type
    }
    #expect(try type("PID", 50) == .identifier)
    #expect(try type("license_number", 200) == .identifier)
    #expect(try type("license_number", 50) == .integer)
    #expect(try type("number_of_rooms", 200) == .integer)
  }

  @Test func aFirstColumnWithoutANameHoldsRowNumbers() throws {
    let lines = (0..<30).map { "\($0),\($0 % 4)" }.joined(separator: "\n")
    let column = try table(",x\n\(lines)\n").columns[0]
    #expect(column.name == "Unnamed: 0")
    #expect(column.type == .identifier && column.numbersRows)
    #expect(try !table("id,x\n\(lines)\n").columns[0].numbersRows)
  }
}
