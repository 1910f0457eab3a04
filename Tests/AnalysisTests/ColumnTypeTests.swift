import Foundation
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

  private func semicolons(_ values: [String]) throws -> Column {
    try table("x;z\n" + values.map { "\($0);a\n" }.joined()).columns[0]
  }

  @Test func marksOfThousandsAreReadWhereSemicolonsSeparateValues() throws {
    let column = try semicolons(["1.234,50", "12,5", "1.234.567", "7", "1.234", "-0,25", "NA"])
    #expect(column.type == .real)
    #expect((0..<6).map(column.number) == [1_234.5, 12.5, 1_234_567, 7, 1_234, -0.25])
    #expect(column.note == "A comma stands before the fraction, and points set thousands off.")
    let spaces = try semicolons(["1\u{A0}234,5", "1\u{202F}234", "999", "12 345,0"])
    #expect((0..<4).map(spaces.number) == [1_234.5, 1_234, 999, 12_345])
    let whole = try semicolons(["1.234.567", "1.234", "12.345", "999"])
    #expect(whole.type == .integer && whole.number(1) == 1_234)
    let swiss = try semicolons(["1'234.50", "3.25", "12\u{2019}345.00"])
    #expect((0..<3).map(swiss.number) == [1_234.5, 3.25, 12_345])
    #expect(swiss.note == "Apostrophes set thousands off.")
    let english = try semicolons(["1,234.50", "3.25", "1,234"])
    #expect((0..<3).map(english.number) == [1_234.5, 3.25, 1_234])
    // A few fractions among whole numbers, and a stray.
    let few = try semicolons((0..<100).map { $0 == 7 ? "3,5" : $0 == 8 ? "none yet" : "\($0)" })
    #expect(few.type == .real && few.number(7) == 3.5 && few.number(8).isNaN)
  }

  @Test func marksThatContradictEachOtherAreNotRead() throws {
    for values in [["1.234,50", "1,234.50"], ["3,5", "3.5", "1.234,5"], ["1 234,5", "1.234,5"]] {
      #expect(try !semicolons(values).type.isNumeric, "\(values)")
    }
    #expect(try !semicolons((0..<30).map { "777 \(100 + $0) \(900 - $0)" }).type.isNumeric)
    #expect(try !semicolons((0..<30).map { "10.100.200.\(100 + $0)" }).type.isNumeric)
    // Nothing tells that these are thousands; the note says so.
    let points = try semicolons(["1.234", "12.345", "999"])
    #expect(points.number(0) == 1.234)
    #expect(points.note?.contains("Each point stands before three digits") == true)
    let commas = try semicolons(["1,234", "12,345"])
    #expect(commas.number(0) == 1.234)
    #expect(commas.note?.contains("Each comma stands before three digits") == true)
    #expect(try semicolons(["1.234", "12.3"]).note == nil)
    // Where other marks separate values, columns show by themselves that they are numbers.
    #expect(try table(columnText(["1.234", "12.345"])).columns[0].note == nil)
  }

  /// Thousands that are certain are read in any file, and so are commas before fractions beside them; lists of
  /// numbers are none.
  @Test(arguments: [",", "\t", "|"])
  func certainMarksAreReadInAnyFile(separator: String) throws {
    func column(_ values: [String]) throws -> Column {
      let lines = values.map { "\"\($0)\"\(separator)a\n" }
      return try table("x\(separator)z\n" + lines.joined()).columns[0]
    }
    let english = try column(["1,234.50", "3.25", "1,234", "NA"])
    #expect(english.type == .real && english.note == "Commas set thousands off.")
    #expect((0..<3).map(english.number) == [1_234.5, 3.25, 1_234])
    let whole = try column(["12,000", "567", "1,234,567"])
    #expect(whole.type == .integer && whole.numericValues() == [12_000, 567, 1_234_567])
    #expect(try column(["12,000", "567", "1,234"]).numericValues() == [12_000, 567, 1_234])
    let german = try column(["1.234,50", "3,25", "999,00"])
    #expect(german.numericValues() == [1_234.5, 3.25, 999])
    #expect(german.note == "A comma stands before the fraction, and points set thousands off.")
    let french = try column(["1\u{202F}234,5", "12 345", "0,5"])
    #expect(french.numericValues() == [1_234.5, 12_345, 0.5])
    for values in [
      ["1,2", "3,5", "2"], ["0,5", "1,5", "12,25"], ["101,205", "301,107,210", "101"],
      ["12,988", "1,250"], ["12,988", "4711", "343"], ["1,234.5", "3,5"], ["1,234.5", "1.234,5"],
    ] {
      #expect(try !column(values).type.isNumeric, "\(values)")
    }
    let json = #"[{"x": "1,234.50"}, {"x": "3.25"}, {"x": "1,234"}]"#
    #expect(try table(json, .json).columns[0].type == .category)
  }

  /// Every number comes back from every way of writing it, if the column tells which.
  @Test(arguments: [
    (NumberMark.comma, NumberMark?.some(.point)), (.comma, .space), (.comma, nil), (.point, .comma),
    (.point, .apostrophe), (.point, .space),
  ])
  func numbersComeBackFromEveryWriting(fraction: NumberMark, grouping: NumberMark?) throws {
    let mark = [NumberMark.comma: ",", .point: ".", .space: "\u{202F}", .apostrophe: "'"]
    for seed in 0..<20 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      var plain: [String] = []
      var written: [String] = []
      for _ in 0..<40 {
        let digits = String(generator.next(below: Int.max) >> generator.next(below: 55))
        let decimals = String(
          format: "%0\(1 + generator.next(below: 6))d", generator.next(below: 1_000))
        let sign = generator.next(below: 4) == 0 ? "-" : ""
        let hasFraction = generator.next(below: 3) > 0
        var grouped = ""
        for (offset, digit) in digits.enumerated() {
          if offset > 0, (digits.count - offset) % 3 == 0 {
            grouped += grouping.flatMap { mark[$0] } ?? ""
          }
          grouped.append(digit)
        }
        plain.append(sign + digits + (hasFraction ? ".\(decimals)" : ""))
        written.append(sign + grouped + (hasFraction ? (mark[fraction] ?? "") + decimals : ""))
      }
      let column = try semicolons(written)
      #expect(column.type == .real, "seed \(seed)")
      for row in 0..<40 { #expect(column.number(row) == Double(plain[row]), "\(written[row])") }
    }
  }

  /// A point before three digits stays what it is whatever else is in a column of plain numbers.
  @Test func plainNumbersAreNeverReadOtherwise() throws {
    for seed in 0..<40 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let values =
        (0..<60).map { _ in
          String(
            format: "%.\(generator.next(below: 5))f",
            Double(generator.next(below: 10_000_000)) / 1_000)
        } + ["0.5"]
      for column in [try semicolons(values), try table(columnText(values)).columns[0]] {
        for (row, value) in values.enumerated() { #expect(column.number(row) == Double(value)) }
      }
    }
  }

  @Test func datesThatContradictEachOtherAreSaidSo() throws {
    let values = ["13/02/2024", "02/13/2024", "05/04/2024"]
    let column = try table(columnText(values)).columns[0]
    #expect(!column.type.isOrdered && column.note?.contains("contradict each other") == true)
    let few = try table(
      columnText((0..<60).map { $0 == 9 ? "2/28/2024" : "\($0 % 28 + 1)/1/2024" }))
    #expect(few.columns[0].type == .dateTime)
    #expect(few.columns[0].note?.contains("what may be either was read day first") == true)
    let many = (0..<60).map {
      "\($0 % 2 == 0 ? "\($0 % 28 + 1)/\($0 % 12 + 1)" : "1/\($0 % 28 + 1)")/20\(20 + $0 / 15)"
    }
    #expect(try type(many) != .identifier)
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
    for amount in ["7.%d,50", "7 %d.5", "7\u{A0}%d.5"] {
      let values = (0..<60).map { #"{"x": "\#(String(format: amount, 130 + 13 * $0))"}"# }
      #expect(try table(values.joined(separator: "\n"), .ndjson).columns[0].type == .text)
    }
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

  /// However they are written, and wherever a piece of the file ends.
  @Test func rowNumbersAreIdentifiersInAnyWriting() throws {
    for thousand in ["1'0", "1 0", "1\u{202F}0", "+10", "\"1,0%d\"", "\"10%d\"", "10%d "] {
      let lines = (980..<1_020).map { number in
        let end = String(format: "%02d", number % 100)
        let written = thousand.contains("%d") ? thousand.replacing("%d", with: end) : thousand + end
        return (number < 1_000 ? "\(number)" : written) + ",\(number % 7)\n"
      }
      let bytes = Array("n,v\n\(lines.joined())".utf8)
      for cuts in [[], Array(bytes.indices), [bytes.count - 40]] {
        let column = try table(bytes: bytes, cuts: cuts).columns[0]
        #expect(column.type == .identifier && column.number(39) == 1_019, "\(thousand)")
      }
    }
  }

  /// Times are none, whatever else the column has and in whatever order.
  @Test func mixturesOfTimesAreNoIdentifiers() throws {
    let values = (0..<2_400).map {
      $0 % 12 == 5 ? "A\(10_000 + $0)" : "2024-03-01T10:20:30.\(100_000 + $0)"
    }
    #expect(try type(values) == .text)
    #expect(try type(values.sorted()) == .text)
    #expect(try type(values.map { String($0.reversed()) }) == .identifier)
  }

  @Test func aFirstColumnWithoutANameHoldsRowNumbers() throws {
    let lines = (0..<30).map { "\($0),\($0 % 4)" }.joined(separator: "\n")
    let column = try table(",x\n\(lines)\n").columns[0]
    #expect(column.name == "Unnamed: 0")
    #expect(column.type == .identifier && column.numbersRows)
    #expect(try !table("id,x\n\(lines)\n").columns[0].numbersRows)
  }

  private func column(_ values: [String]) throws -> Column {
    try table("a;b\n" + values.map { "\($0);x\n" }.joined()).columns[0]
  }

  /// A stray with other marks leaves a column of numbers what it is.
  @Test func aStrayWithOtherMarksIsOne() throws {
    let columns: [(written: (Int) -> String, stray: String, first: Double)] = [
      ({ "\($0 % 90 + 10),\(100 + $0 % 800).\(10 + $0 % 80)" }, "1.234,50", 10_100.1),
      ({ "\($0 % 90 + 10).\(100 + $0 % 800),\(10 + $0 % 80)" }, "12.50", 10_100.1),
      ({ "\($0 % 90 + 10)'\(100 + $0 % 800).\(10 + $0 % 80)" }, "1 234.50", 10_100.1),
      ({ "\($0 % 90 + 10),\(10 + $0 % 80)" }, "7.5", 10.1),
    ]
    for (written, stray, first) in columns {
      let column = try column((0..<200).map { $0 == 150 ? stray : written($0) })
      #expect(column.type == .real, "\(stray)")
      #expect(column.number(0) == first)
      #expect(column.number(150).isNaN)
    }
  }

  /// What a column leaves open, the fractions of others decide.
  @Test func otherColumnsTellWhatMarksMean() throws {
    func column(_ values: [String], beside fraction: String) throws -> Column {
      try table("a;b;c\n" + values.map { "\($0);\(fraction);x\n" }.joined()).columns[0]
    }
    let commas = ["12,988", "343", "1,250"]
    let points = ["12.988", "343", "1.250"]
    let thousands = [12_988, 343, 1_250.0]
    let fractions = [12.988, 343, 1.25]
    let american = try column(commas, beside: "0.5")
    #expect(american.numericValues() == thousands && american.type == .integer)
    #expect(
      american.note == "Commas set thousands off. Each comma stands before three digits, and other "
        + "columns have points before fractions.")
    let european = try column(points, beside: "0,5")
    #expect(european.numericValues() == thousands && european.type == .integer)
    #expect(european.text(0) == "12.988")
    #expect(try column(commas, beside: "1'234.5").numericValues() == thousands)
    #expect(try column(points, beside: "1 234,5").numericValues() == thousands)
    #expect(try column(commas, beside: "0,5").numericValues() == fractions)
    #expect(try column(points, beside: "0.5").numericValues() == fractions)
    // Nothing tells, or one column one thing and one another.
    #expect(try column(commas, beside: "x").numericValues() == fractions)
    #expect(try column(points, beside: "x").numericValues() == fractions)
    let mixed = try table("a;b;c\n" + points.map { "\($0);0,5;0.5\n" }.joined())
    #expect(mixed.columns[0].numericValues() == fractions)
    // One number among texts is no proof.
    let texts = ["a text", "12,5", "another"]
    let beside = try table(
      "a;b\n" + zip(points, texts).map { "\($0);\($1)\n" }.joined())
    #expect(beside.columns[0].numericValues() == fractions)
    // Whoever sets thousands off would have done so here.
    #expect(try column(points + ["4711"], beside: "0,5").numericValues() == fractions + [4_711])
    #expect(try !column(commas + ["4711"], beside: "0.5").type.isNumeric)
    // A column with thousands set off tells it, too.
    #expect(try column(points, beside: "1.234,50").numericValues() == thousands)
    #expect(try column(commas, beside: "1,234.50").numericValues() == thousands)
    #expect(try column(points, beside: "1,234.50").numericValues() == fractions)
  }

  /// Numbers of both kinds may each be open: nothing is said of either, whichever comes last.
  @Test func notesDoNotDependOnTheOrderOfRows() throws {
    let values = ["1.234", "1,234", "2.345", "2,345"]
    let notes = try [values, values.reversed()].map { values in
      try table("a;b\n" + values.map { "\($0);0,5\n" }.joined()).columns[0].note
    }
    #expect(notes[0] == notes[1] && notes[0]?.contains("Each") == false)
  }

  @Test func rowNumbersMayHaveThousandsSetOff() throws {
    let rows = (1_001...1_030).map { "1.\("\($0)".dropFirst());0,5\n" }.joined()
    let column = try table("n;b\n" + rows).columns[0]
    #expect(column.type == .identifier && column.number(29) == 1_030)
  }

  @Test func groupsOfFourBytesAreNoAddressesAmongNumbers() throws {
    let numbers = (0..<40).map { "1.\(100 + $0).200,50" }
    let column = try column(numbers + ["1.100.200.100"])
    #expect(column.number(40) == 1_100_200_100)
    #expect(try !self.column((0..<40).map { "10.100.200.\(100 + $0)" }).type.isNumeric)
  }

  /// A typing error does not make 12.345 twelve thousand.
  @Test func oneCellDoesNotDecideWhatOthersLeaveOpen() throws {
    let open = (0..<200).map { "\(10 + $0 % 80).\(100 + $0 * 3)" }
    #expect(try column(open + ["1.234.567"]).number(0) == 10.1)
    #expect(try column(open + ["1.234.567", "2.345.678"]).number(0) == 10_100)
  }

  @Test func groupsOfAsManyDigitsEachAreNoNumbers() throws {
    let columns: [(Int) -> String] = [
      { "612.345.\(100 + $0)" }, { "1.234.\(100 + $0)" }, { "732 829 \(100 + $0)" },
      { $0 == 7 ? "732829107" : "732 829 \(100 + $0)" },
    ]
    for written in columns {
      let values = (0..<100).map(written)
      #expect(try !column(values).type.isNumeric, "\(values[0])")
      let options = AnalysisOptions(detectors: [.inconsistentFormats])
      let report = try Analyzer(options: options).analyze(
        table("a,b\n" + values.map { "\($0),x\n" }.joined()))
      #expect(report[.inconsistentFormats]?.flaggedCount == 0, "\(values[0])")
    }
  }

  @Test func madeUpNamesAreNotThoseOfOthers() throws {
    #expect(try table(",Unnamed: 0,a\n1,2,3\n").names == ["Unnamed: 0.1", "Unnamed: 0", "a"])
    #expect(try table("Unnamed: 1,,x\n1,2,3\n").names == ["Unnamed: 1", "Unnamed: 1.1", "x"])
  }
}
