import Foundation
import Testing

@testable import Analysis

@Suite struct PackedNumberTests {
  private func scan(
    _ text: String, takesGroups: Bool? = nil, takesCommas: Bool = false
  ) -> (cell: PackedCell, length: Int)? {
    Array(text.utf8).withUnsafeBufferPointer { bytes in
      bytes.baseAddress.flatMap {
        PackedCell.scan(
          $0, bytes.count, takesGroups: takesGroups ?? takesCommas, takesCommas: takesCommas)
      }
    }
  }

  /// Digits that are likely to be hard: of any length, with runs of zeros and nines.
  private func digits(_ generator: inout SeededGenerator, _ count: Int) -> String {
    (0..<count).map { _ in
      switch generator.next(below: 4) {
      case 0: "0"
      case 1: "9"
      default: String(generator.next(below: 10))
      }
    }.joined()
  }

  @Test func everySpellingIsGivenBack() {
    var generator = SeededGenerator(seed: 3)
    var packed = 0
    for _ in 0..<20_000 {
      var whole = digits(&generator, 1 + generator.next(below: 17))
      while whole.count > 1, whole.hasPrefix("0") { whole.removeFirst() }
      let fraction = generator.next(below: 17)
      let text =
        (generator.next(below: 2) == 0 ? "-" : "") + whole
        + (fraction > 0 ? "." + digits(&generator, fraction) : "")
      guard let (cell, length) = scan(text), length == text.utf8.count else { continue }
      packed += 1
      #expect(String(decoding: cell.text, as: UTF8.self) == text)
      #expect(cell.value == strtod(text, nil) && cell.isNegative == text.hasPrefix("-"), "\(text)")
    }
    #expect(packed > 10_000)
  }

  @Test func marksAreKnownByTheirFirstBytes() {
    let first = Set(MarkSpelling.allCases.compactMap(\.bytes.first))
    for byte in UInt8.min...UInt8.max {
      #expect(MarkSpelling.mayBegin(byte, takesCommas: true) == first.contains(byte))
      #expect(
        MarkSpelling.mayBegin(byte, takesCommas: false)
          == (first.contains(byte) && byte != UInt8(ascii: ",")))
    }
    for spelling in MarkSpelling.allCases {
      #expect(MarkSpelling(spelling.bytes[...]) == spelling)
      #expect(spelling.length == spelling.bytes.count)
    }
  }

  /// Thousands set off by one mark, and a fraction after the other.
  @Test func everyGroupingIsGivenBack() throws {
    var generator = SeededGenerator(seed: 7)
    var packed = 0
    for step in 0..<8_000 {
      let spelling = MarkSpelling.allCases[step % MarkSpelling.allCases.count]
      let hasComma =
        spelling == .point || (spelling != .comma && generator.next(below: 2) == 0)
      let groups = 1 + generator.next(below: 5)
      var whole =
        String(1 + generator.next(below: 9)) + digits(&generator, generator.next(below: 3))
      let mark = String(decoding: spelling.bytes, as: UTF8.self)
      for _ in 0..<groups { whole += mark + digits(&generator, 3) }
      let places = generator.next(below: 7)
      let text =
        (generator.next(below: 2) == 0 ? "-" : "") + whole
        + (places > 0 ? (hasComma ? "," : ".") + digits(&generator, places) : "")
      let number = try #require(WrittenNumber(Array(text.utf8)[...]))
      for rest in ["", ";2026-11-28"] {
        guard let (cell, length) = scan(text + rest, takesCommas: true),
          length == text.utf8.count
        else { continue }
        packed += 1
        #expect(String(decoding: cell.text, as: UTF8.self) == text)
        #expect(cell.grouping == (number.isOpen ? nil : spelling))
        #expect(cell.grouping?.mark == number.grouping)
        #expect(cell.grouping?.isNoBreakSpace ?? false == number.hasNoBreakSpace)
        #expect(cell.fractionMark == number.fractionMark)
        #expect(cell.isOpen == number.isOpen && !number.mayBeAddress)
        let plain = try #require(scan(String(decoding: number.plain(), as: UTF8.self)))
        #expect(number.isOpen || (cell.key == plain.cell.key && cell.value == plain.cell.value))
        #expect(cell.digitCount == number.wholeDigits)
        guard cell.isOpen else { continue }
        let thousands = cell.asThousands
        #expect(thousands.text == cell.text && thousands.isOpenGroup && !thousands.isOpen)
        #expect(thousands.grouping?.mark == cell.fractionMark && thousands.fractionMark == nil)
        #expect(thousands.value == (1_000 * cell.value).rounded())
      }
    }
    #expect(packed > 9_000)
  }

  @Test(arguments: [
    "10.100.200.100", "1.234.567.890.123.456.789", "1.234.5", "1.23.456", "0.123.456", "1234.567,8",
    "1.234,", "1.234.",
    "1.234.56,7",
    "1.234.567.89", "1.234,567.8", "1,234,567,8.9", "1.234,5678901", "1.234 567",
    "1 234'567", "1 23", "1 2345", "0 123", "1234 567", "1  234", "1 234 ", "1\u{A0}234 567", "1'",
    "1 kg",
    "1 234,", "1 234.5,6", "1\u{2013}234", "1\u{A0}", "1 234.567.8",
  ])
  func otherGroupingsAreNot(text: String) {
    #expect(scan(text, takesCommas: true)?.length != text.utf8.count)
    #expect(scan(text + ";1", takesCommas: true)?.length != text.utf8.count)
  }

  /// What follows a value decides how it is scanned, and must not change what it is.
  @Test func whatFollowsMakesNoDifference() {
    var generator = SeededGenerator(seed: 5)
    let characters = Array("0123456789009.,,-x '\u{A0}\u{202F}")
    var packed = 0
    for _ in 0..<50_000 {
      let text = String(
        (0..<1 + generator.next(below: 12)).map { _ in
          characters[generator.next(below: characters.count)]
        })
      let takesCommas = generator.next(below: 2) == 0
      let alone = scan(text, takesCommas: takesCommas)
      let followed = scan(text + ";2026-11-28;a", takesCommas: takesCommas)
      #expect(alone?.cell == followed?.cell && alone?.length == followed?.length, "\(text)")
      if alone != nil { packed += 1 }
    }
    #expect(packed > 10_000)
  }

  @Test(arguments: [
    "0", "-0", "0.0", "-0.00", "7", "10", "0.05", "-12.50", "3.1415926535897931",
    "144115188075855871", "0.000000000000000001",
  ])
  func decimalsArePacked(text: String) throws {
    let (cell, length) = try #require(scan(text + ",rest of the line"))
    #expect(length == text.utf8.count)
    #expect(cell.isDecimal)
    #expect(String(decoding: cell.text, as: UTF8.self) == text)
  }

  @Test func commasAreKept() throws {
    for text in ["0,5", "-12,50", "1,234", "99999999999999999", "9,9999999999999999"] {
      let (cell, length) = try #require(scan(text, takesCommas: true))
      let (plain, _) = try #require(scan(text.replacingOccurrences(of: ",", with: ".")))
      #expect(length == text.utf8.count && String(decoding: cell.text, as: UTF8.self) == text)
      #expect(cell.value == plain.value && cell.key == plain.key && cell.isOpen == plain.isOpen)
      #expect(cell.digitCount == text.drop { $0 == "-" }.prefix { $0 != "," }.count)
    }
    #expect(scan("0,5")?.length == 1)
    #expect(scan("7,x", takesCommas: true) == nil)
  }

  @Test(arguments: [
    "", "-", ".5", "+1", "3.14159265358979312", "5.", "00", "01", "-01.5", "x1",
    "144115188075855872",
    "12345678901234567890", "0.0000000000000000001", "--1",
  ])
  func whatIsWrittenOtherwiseIsNot(text: String) {
    #expect(scan(text)?.length != text.utf8.count || text.isEmpty)
    #expect(!text.isEmpty || scan(text) == nil)
  }

  @Test(arguments: [";", "\t", ","])
  func anyColumnWithMarksKeepsItsSpellings(separator: String) throws {
    let words = [
      "1", "-2,50", "1,5", "1.5", "1.234", "1,234", "1.234,5", "1,234.5", "12.345.678", "1,234,567",
      "10.100.200.100", "-1.234.567,25", "1234", " 4 ", "NA", "", "x", "1 234", "1'234.5",
      "1\u{A0}234,5",
      "49 170 123", "1\u{2019}234",
    ]
    for seed in 0..<200 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let usual = generator.next(below: words.count)
      let others = 2 + generator.next(below: 30)
      let values = (0..<60).map { _ in
        words[generator.next(below: others) == 0 ? generator.next(below: words.count) : usual]
      }
      let isQuoted = generator.next(below: 2) == 0
      let lines = values.map {
        (isQuoted || $0.contains(separator) ? "\"\($0)\"" : $0) + separator + "0\n"
      }
      let text = "a\(separator)b\n" + lines.joined()
      let column = try table(text).columns[0]
      let bytes = Array(text.utf8)
      let inPieces = try table(bytes: bytes, cuts: Array(bytes.indices)).columns[0]
      #expect(inPieces.type == column.type && inPieces.note == column.note, "seed \(seed)")
      #expect(inPieces.distinctCount == column.distinctCount && inPieces.marks == column.marks)
      #expect((0..<60).map { column.text($0) } == values, "seed \(seed)")
      let numbers = column.numericValues()
      for row in 0..<60 where column.type.isNumeric {
        let parsed = column.marks.parse(Array(values[row].utf8)[...])?.value ?? .nan
        let number = column.isMissing(row) ? .nan : parsed
        #expect(numbers[row] == number || (numbers[row].isNaN && number.isNaN), "seed \(seed)")
        #expect(numbers[row].bitPattern == column.number(row).bitPattern)
      }
    }
  }

  @Test func anyColumnKeepsItsSpellings() throws {
    let words = [
      "1", "-2.50", "007", "+3", " 4 ", "1e3", "NA", "", "x", "0.1", "inf", "9".repeated(30), "-0",
    ]
    for seed in 0..<50 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let usual = generator.next(below: words.count)
      let values = (0..<60).map { _ in
        words[generator.next(below: 3) == 0 ? generator.next(below: words.count) : usual]
      }
      let column = try table(columnText(values)).columns[0]
      #expect((0..<60).map { column.text($0) } == values, "seed \(seed)")
      let numbers = column.numericValues()
      for row in 0..<60 where column.type.isNumeric {
        let number = column.isMissing(row) ? nil : Double(values[row].trimmingCharacters(in: [" "]))
        #expect(number == nil ? numbers[row].isNaN : numbers[row] == number, "seed \(seed)")
        #expect(numbers[row].bitPattern == column.number(row).bitPattern)
      }
      #expect(column.rowsWithoutValue() == (0..<60).filter(column.isMissing))
      #expect(column.rowsWithoutNumber() == (0..<60).filter { numbers[$0].isNaN })
    }
  }

  @Test func valuesOfOneNumberAreOneLevel() throws {
    let spellings = [
      "1", "1.0", "1.000", "1e0", "+1", "10e-1", "0.1e1", "100", "1e2", "-0", "0", "0.0", "1e40",
      "10e39", "1e-40", "inf", "INF", "-inf", "12345678901234567890123", "12345678901234567890124",
      "0.30000000000000004", "0.3000000000000000444", "0.3",
    ]
    let levels = try table(columnText(spellings)).columns[0].levels()
    #expect(
      levels.levelOfRow == [
        1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 6, 6, 7, 8, 9, 10, 11, 12,
      ])
    #expect(levels.counts == [0, 7, 2, 3, 2, 1, 2, 1, 1, 1, 1, 1, 1])
    #expect(levels.firstRow[1...] == [0, 7, 9, 12, 14, 15, 17, 18, 19, 20, 21, 22])
  }

  @Test func manyValuesAreAllCounted() throws {
    let values = (0..<50_000).map { "\($0 * 7919 % 30_011).5" }
    let column = try table(columnText(values)).columns[0]
    #expect(column.distinctCount == 30_011)
    #expect(column.levels().valueCount == 30_011)
    #expect(Set(column.numericValues()).count == 30_011)
  }
}

/// The nearest double is that of the C library for every spelling.
@Suite struct DecimalRoundingTests {
  private func expectNearest(_ text: String) {
    let parsed = NumberParser.parse(Array(text.utf8)[...])
    #expect(parsed?.value.bitPattern == strtod(text, nil).bitPattern, "\(text)")
  }

  @Test func randomNumbersRoundAsTheLibraryRoundsThem() {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<60_000 {
      let mantissa = generator.next() >> UInt64(generator.next(below: 64))
      expectNearest("\(mantissa)e\(generator.next(below: 120) - 60)")
      let double = Double(bitPattern: generator.next())
      if double.isFinite { expectNearest("\(double)") }
    }
  }

  /// The middle of two doubles, and its neighbours.
  @Test func tiesGoToTheEvenNeighbour() {
    var generator = SeededGenerator(seed: 12)
    for _ in 0..<20_000 {
      let odd = (generator.next() >> 10) | 1 << 53 | 1
      for offset in -1...1 { expectNearest("\(odd &+ UInt64(bitPattern: Int64(offset)))") }
      let shift = generator.next(below: 10)
      let middle = UInt128(odd) << UInt128(shift)
      for offset in [-1, 0, 1] as [Int128] { expectNearest("\(Int128(middle) + offset)") }
      // The same as a fraction: a power of two is a power of ten over one of five.
      var scaled = UInt128((generator.next() >> 40) | 1 << 24 | 1)
      let places = 1 + generator.next(below: 4)
      for _ in 0..<places { scaled *= 5 }
      expectNearest("\(scaled)e-\(places)")
    }
  }

  @Test func theEdgesAreKept() {
    for text in [
      "9007199254740992", "9007199254740993", "9007199254740994", "9007199254740995",
      "18446744073709551615", "18446744073709551615e-54", "18446744073709551615e54", "1e54",
      "1e-54", "1e55", "1e-55", "1e308", "1.8e308", "4.9e-324", "2e-324", "0e99999", "0.1e-400",
      "0", "-0", "-0.0e5", "3e23", "8.5e22", "1e23", "123456789012345678901234567890",
      "0.00000000000000000000000000000000000000000000000000000000000000000000000000000001",
    ] {
      expectNearest(text)
    }
  }
}

extension String {
  fileprivate func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}
