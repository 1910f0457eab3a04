import Testing

@testable import Analysis

@Suite struct PackedMomentTests {
  private func scan(_ text: String) -> (cell: PackedCell, length: Int)? {
    Array(text.utf8).withUnsafeBufferPointer { bytes in
      bytes.baseAddress.flatMap { PackedCell.scan($0, bytes.count) }
    }
  }

  private func padded(_ number: Int, _ digits: Int) -> String {
    String(repeating: "0", count: digits - "\(number)".count) + "\(number)"
  }

  /// A day, and what may follow it in the forms that are packed.
  private func moment(_ generator: inout SeededGenerator) -> (day: String, times: [String]) {
    let year = [1_900, 1_969, 1_970, 2_000, 2_099][generator.next(below: 5)]
    let day = CivilDay.daysSince1970(year: year, month: 1, day: 1) ?? 0
    let date = CivilDay.date(daysSince1970: day + generator.next(below: 365))
    func two(_ bound: Int) -> String {
      padded([0, bound - 1, generator.next(below: bound)][generator.next(below: 3)], 2)
    }
    let minute = "\(two(24)):\(two(60))"
    let second = "\(minute):\(two(60))"
    let precise = [3, 6].map { digits in
      let bound = digits == 3 ? 1_000 : 1_000_000
      return "\(second).\(padded(generator.next(below: bound), digits))"
    }
    let times = [minute, second] + precise
    return (
      "\(date.year)-\(padded(date.month, 2))-\(padded(date.day, 2))",
      [""] + times.map { " " + $0 } + times.map { "T" + $0 } + times.map { "T\($0)Z" }
        + times[1...].map { " \($0)+00:00" }
    )
  }

  @Test func everySpellingIsGivenBack() throws {
    var generator = SeededGenerator(seed: 1)
    var forms: Set<Int> = []
    for _ in 0..<2_000 {
      let (day, times) = moment(&generator)
      for (form, time) in times.enumerated() {
        let text = day + time
        let (cell, length) = try #require(scan(text + ",x"))
        #expect(cell.isMoment && !cell.isDecimal && !cell.isSpelling && length == text.utf8.count)
        #expect(String(decoding: cell.text, as: UTF8.self) == text)
        let written = try #require(WrittenDate(Array(text.utf8)[...])?.seconds(.monthFirst))
        #expect(cell.secondsOfMoment.bitPattern == written.bitPattern, "\(text)")
        #expect(PackedCell.momentKey(at: written) == cell.momentKey, "\(text)")
        #expect(scan(text)?.cell == cell)
        forms.insert(form)
      }
    }
    #expect(forms.count == 16)
  }

  @Test(arguments: [
    "1899-12-31", "2100-01-01", "2024-02-30", "2023-02-29", "2024-00-10", "2024-13-01", "2024-3-01",
    "2024-03-1", "2024-03", "20240301", "2024/03/01", "01-03-2024", "2024-03-01Z", "2024-03-01T14",
    "2024-03-01T24:00", "2024-03-01T14:60", "2024-03-01 14:05:60", "2024-03-01 14:05:09.25",
    "2024-03-01T14:05:09.1234567", "2024-03-01T14:05:09.", "2024-03-01 14:05Z",
    "2024-03-01 14:05:09Z",
    "2024-03-01T14:05:09+00:00", "2024-03-01 14:05:09+01:00", "2024-03-01 14:05+00:00",
    "2024-03-01t14:05", "2024-03-01  14:05", "2024-03-01 1:05", "2024-03-01x", " 2024-03-01",
    "-2024-03-01", "2024-03-01 14:05:09 ", "2024-03-01 14:05:0", "2024-03-01 14:05:",
  ])
  func otherMomentsAreNot(text: String) {
    for rest in ["", ",2024-03-01 14:05:09"] {
      let found = scan(text + rest)
      #expect(found?.cell.isMoment != true || found?.length != text.utf8.count)
    }
  }

  /// Two words beside dates are strays, though alone they would be no and yes.
  @Test func straysAreNotTheColumn() throws {
    let dates = (0..<100).map { "2024-03-01 10:\(10 + $0 % 50)" }
    for strays in [["yes", "no"], ["0", "1"], ["1.5", "2.5"], ["7", "8"]] {
      let read = try table(columnText(strays + dates))
      #expect(read.columns[0].type == .dateTime)
      #expect(read.columns[0].number(0).isNaN && read.columns[0].text(1) == strays[1])
      #expect(read.formatProblems.map(\.kind) == [.notADate, .notADate])
      #expect(try table(columnText(strays + dates.prefix(10))).columns[0].type == .category)
    }
  }

  /// Packed or not, a column is the same. A space behind a value keeps it from being packed, and is no part of
  /// what it says.
  @Test func columnsAreTheSameAsOfWords() throws {
    let others = [
      "x", "", "NA", "unknown", "7", "1.5", "01.03.2024", "03/01/2024",
      "2024-03-01 00:00:00.0000005",
      "yes", "no", "2024-03-01T00:00", "1850-03-01", "none",
    ]
    var types: Set<String> = []
    for seed in 0..<400 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let rows = [3, 19, 60, 200][generator.next(below: 4)]
      let form = generator.next(below: 16)
      let repeats = 1 + generator.next(below: 3)
      let share = 2 + generator.next(below: 60)
      var known: [String] = ["2024-03-01"]
      let values = (0..<rows).map { _ in
        if generator.next(below: share) == 0 {
          return others[generator.next(below: others.count)]
        }
        if generator.next(below: repeats) > 0 { return known[generator.next(below: known.count)] }
        let (day, times) = moment(&generator)
        known.append(day + times[generator.next(below: 9) == 0 ? 0 : form])
        return known[known.count - 1]
      }
      let packed = try table(columnText(values)).columns[0]
      let words = try table(columnText(values.map { $0 + " " })).columns[0]
      #expect(values.indices.map { packed.text($0) } == values, "seed \(seed)")
      #expect(packed.type == words.type && packed.note == words.note, "seed \(seed)")
      #expect(packed.missingCount == words.missingCount)
      #expect(packed.distinctCount == words.distinctCount, "seed \(seed)")
      #expect(
        packed.numericValues().map(\.bitPattern) == words.numericValues().map(\.bitPattern),
        "seed \(seed)")
      #expect(values.indices.allSatisfy { packed.isMissing($0) == words.isMissing($0) })
      #expect(packed.rowsWithoutValue() == words.rowsWithoutValue())
      #expect(packed.rowsWithoutNumber() == words.rowsWithoutNumber())
      // Levels are numbered by the order of words where there are some; which cells share one is the same.
      func partition(_ column: Column) -> [Int] {
        let levels = column.levels()
        return levels.levelOfRow.map { $0 == 0 ? -1 : Int(levels.firstRow[Int($0)]) }
      }
      #expect(partition(packed) == partition(words), "seed \(seed)")
      types.insert("\(packed.type)")
    }
    #expect(types.isSuperset(of: ["dateTime", "text", "category"]))
  }
}
