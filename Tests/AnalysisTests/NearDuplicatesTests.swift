import Foundation
import Testing

@testable import Analysis

@Suite struct NearDuplicatesTests {
  private func result(
    _ text: String, _ parameters: [String: ParameterValue] = [:], label: String? = nil
  ) throws -> DetectorResult {
    let options = AnalysisOptions(
      labelColumn: label, detectors: [.nearDuplicates], parameters: [.nearDuplicates: parameters])
    return try #require(try Analyzer(options: options).analyze(table(text))[.nearDuplicates])
  }

  private func details(_ result: DetectorResult) throws -> NearDuplicatesDetails {
    try #require(result.details as? NearDuplicatesDetails)
  }

  /// Rows of numbers and a category, without a header.
  private func rows(
    _ count: Int, width: Int = 6, _ generator: inout SeededGenerator
  ) -> [[Double]] {
    (0..<count).map { _ in
      let common = normal(&generator)
      return (0..<width).map { Double($0) * common + 3 * normal(&generator) }
    }
  }

  private func csv(_ rows: [[Double]], suffix: (Int) -> String = { _ in "" }) -> String {
    let header = (0..<(rows.first?.count ?? 0)).map { "x\($0)" }.joined(separator: ",")
    let lines = rows.enumerated().map { row, values in
      values.map { "\($0)" }.joined(separator: ",") + suffix(row)
    }
    return header + (suffix(0).isEmpty ? "" : ",c,label") + "\n" + lines.joined(separator: "\n")
      + "\n"
  }

  // MARK: Numbers

  @Test(arguments: [1, 2, 3] as [UInt64]) func noisyCopiesAreFoundAndNothingElse(seed: UInt64)
    throws
  {
    var generator = SeededGenerator(seed: seed)
    var data = rows(2_000, &generator)
    for row in 0..<100 { data.append(data[row].map { $0 + 0.03 * normal(&generator) }) }
    for row in 100..<150 { data.append(data[row]) }
    let result = try result(csv(data))
    #expect(Set(result.flagged.map(\.row)) == Set(2_000..<2_100))
    #expect(result.flagged.allSatisfy { $0.duplicateOf == $0.row - 2_000 })
    #expect(result.flagged.allSatisfy { $0.score > 0.9 && $0.score < 1 })
    #expect(try details(result).groupCount == 100)
  }

  @Test func cleanDataOfManyShapesYieldNone() throws {
    var generator = SeededGenerator(seed: 5)
    let shapes: [(inout SeededGenerator) -> Double] = [
      { normal(&$0) }, { exp(normal(&$0)) }, { Double($0.next(below: 4)) },
      { Double($0.next(below: 100)) }, { $0.next(below: 5) == 0 ? normal(&$0) : 0 },
    ]
    for (index, shape) in shapes.enumerated() {
      for width in [1, 3, 10] {
        let data = (0..<600).map { _ in (0..<width).map { _ in shape(&generator) } }
        // Where most values are zero, rows differ in one number alone, and some of them by little.
        let allowed = index == 4 ? 20 : 1
        #expect(
          try result(csv(data)).flaggedCount <= allowed, "shape \(index), width \(width)")
      }
    }
  }

  @Test func aDenseRegionIsNotFullOfDuplicates() throws {
    var generator = SeededGenerator(seed: 6)
    var data = rows(1_500, &generator)
    // A third of the rows lies in a cluster a hundred times narrower.
    data += rows(700, &generator).map { $0.map { 40 + $0 / 100 } }
    #expect(try result(csv(data)).flaggedCount == 0)
  }

  @Test func categoriesMustAgreeButForTheirSpelling() throws {
    var generator = SeededGenerator(seed: 7)
    var data = rows(300, &generator)
    for row in 0..<4 { data.append(data[row].map { $0 + 0.001 }) }
    let categories = [300: "NEW YORK", 301: "Boston", 302: " new-york ", 303: "NA"]
    let result = try result(csv(data) { ",\(categories[$0] ?? "New York"),a" })
    #expect(result.flagged.map(\.row).sorted() == [300, 302])
  }

  @Test func theMostCompleteRowIsKept() throws {
    var generator = SeededGenerator(seed: 8)
    var data = rows(300, &generator)
    data.append(data[7].map { $0 + 0.001 })
    // The label and the name have no part in the distance, but in completeness.
    let text = csv(data) { ",\($0 % 2 == 0 ? "u" : "u"),\($0 == 7 ? "NA" : "yes")" }
    let flagged = try result(text, label: "label").flagged
    #expect(flagged.map(\.row) == [7])
    #expect(flagged.first?.duplicateOf == 300)
  }

  @Test func contradictingLabelsAreListed() throws {
    var generator = SeededGenerator(seed: 9)
    var data = rows(300, &generator)
    for row in 0..<3 { data.append(data[row].map { $0 + 0.001 }) }
    let result = try result(csv(data) { ",u,\($0 == 301 ? "no" : "yes")" }, label: "label")
    #expect(result.flaggedCount == 3)
    let details = try details(result)
    #expect(details.conflictCount == 1)
    #expect(details.conflicts.first?.rows == [1, 301])
    #expect(details.conflicts.first?.labels == ["no", "yes"])
  }

  @Test func aCopyUnderANewNameIsFound() throws {
    var generator = SeededGenerator(seed: 10)
    var data = rows(300, &generator)
    data.append(data[12])
    let lines = csv(data).split(separator: "\n").enumerated().map { line, text in
      line == 0 ? "name,\(text)" : "user-\(line),\(text)"
    }
    let flagged = try result(lines.joined(separator: "\n")).flagged
    #expect(flagged.map(\.row) == [300])
    #expect(flagged.first?.duplicateOf == 12)
    #expect(flagged.first?.reason.contains("name (user-301 and user-13)") == true)
  }

  /// Columns may be too coarse to tell each pair, and the copies too many for chance all the same.
  @Test func copiesUnderNewNamesAreFoundInCoarseColumns() throws {
    var generator = SeededGenerator(seed: 31)
    let rows = (0..<240).map { _ in
      [
        (normal(&generator) * 0.5 + 3).shown(2), "\(400 + 10 * generator.next(below: 40))",
        "\(generator.next(below: 3))", "\(generator.next(below: 40))",
        ["a", "b"][generator.next(below: 2)],
      ].joined(separator: ",")
    }
    func flagged(_ rows: [String]) throws -> Set<Int> {
      let lines = rows.enumerated().map { "R\(7_919 * ($0 + 1) % 99_991),\($1)\n" }
      return Set(try result("record,a,b,c,d,e\n" + lines.joined()).flagged.map(\.row))
    }
    #expect(try flagged(rows).isEmpty)
    #expect(try flagged(rows + rows.prefix(20)) == Set(240..<260))
    // Where a good part of the rows differ in their names alone, the names tell them apart.
    #expect(try flagged(rows + rows.prefix(80)).isEmpty)
  }

  @Test func wideTablesAreSpreadOverFewCoordinates() throws {
    var generator = SeededGenerator(seed: 11)
    var data = (0..<400).map { _ in (0..<300).map { _ in normal(&generator) } }
    for row in 0..<20 { data.append(data[row].map { $0 + 0.01 * normal(&generator) }) }
    #expect(try result(csv(data)).flagged.map(\.row).sorted() == Array(400..<420))
  }

  @Test func manyCopiesOfOneRowAreOneGroup() throws {
    var generator = SeededGenerator(seed: 12)
    var data = rows(500, &generator)
    for _ in 0..<20 { data.append(data[3].map { $0 + 0.01 * normal(&generator) }) }
    let details = try details(try result(csv(data)))
    #expect(details.groups.map(\.keep) == [3])
    #expect(details.groups.first?.duplicates == Array(500..<520))
  }

  // MARK: Texts

  private let sentences = [
    "The committee will meet on Thursday to discuss the new budget",
    "A quick brown fox jumps over the lazy dog near the river bank",
    "Please return the borrowed books to the library before Friday noon",
    "Rain is expected in the northern valleys throughout the weekend",
    "Our train leaves from platform nine at a quarter past seven",
    "She planted three rows of tomatoes behind the old stone barn",
  ]

  private func textTable(_ texts: [String]) -> String {
    // Enough other texts for the column to be one of texts.
    let filler = (0..<30).map {
      "filler text number \($0 * 7_919) about topic \($0 * 104_729 % 1_000)"
    }
    return "text\n" + (texts + filler).map { "\"\($0)\"\n" }.joined()
  }

  @Test func caseSpacesAndPunctuationDoNotMatterInTexts() throws {
    let copy = "the  committee will meet on THURSDAY, to discuss the new budget!"
    let flagged = try result(textTable(sentences + [copy])).flagged.filter { $0.row <= 6 }
    #expect(flagged.map(\.row) == [6])
    #expect(flagged.first?.duplicateOf == 0)
    #expect(flagged.first?.score == 1)
  }

  @Test func quotesOfAnotherProgramDoNotMatterInTexts() throws {
    let texts = ["“Don’t go — it’s late,” he said…", "'Don't go - it's late,' he said..."]
    let flagged = try result(textTable(sentences + texts)).flagged.filter { $0.row <= 7 }
    #expect(flagged.map(\.row) == [7])
    #expect(flagged.first?.score == 1)
  }

  @Test func similarTextsAreFoundAndOthersAreNot() throws {
    let near = "A quick brown fox jumped over the lazy dog near the river bank"
    let far = "The committee will never meet again to discuss that old house"
    let flagged = try result(textTable(sentences + [near, far])).flagged.filter { $0.row <= 7 }
    #expect(flagged.map(\.row) == [6])
    #expect(flagged.first?.duplicateOf == 1)
    let score = try #require(flagged.first?.score)
    #expect(score > 0.8 && score < 1)
    let strict = try result(
      textTable(sentences + [near]), ["text_similarity": .number(0.99)]
    ).flagged
    #expect(!strict.contains { $0.row == 6 })
  }

  /// A number with letters for digits.
  private func letters(_ number: Int) -> String {
    String(String(number).map { Character(Unicode.Scalar(UInt8($0.asciiValue! + 49))) })
  }

  /// Templates that are filled in name different things by numbers.
  @Test func textsThatDifferInNumbersAreNotTheSame() throws {
    var generator = SeededGenerator(seed: 8)
    var lines = (0..<300).map { row in
      let city = ["Rome", "Madrid", "Paris"][generator.next(below: 3)]
      let day = 10 + generator.next(below: 18)
      return "Order #\(10_000 + row * 37) was shipped on 2024-05-\(day) to \(city) via DHL express."
    }
    #expect(try result("message\n" + lines.joined(separator: "\n")).flaggedCount == 0)
    // The same order in other words, with the date in another form, and without it.
    lines.append(lines[5].replacingOccurrences(of: "was shipped", with: "has been shipped"))
    lines.append(lines[6].replacingOccurrences(of: "2024-05-", with: "2024/05/"))
    lines.append(lines[7].replacingOccurrences(of: " via DHL", with: " by DHL"))
    let flagged = try result("message\n" + lines.joined(separator: "\n")).flagged
    #expect(flagged.map(\.row).sorted() == [300, 301, 302])
    #expect(flagged.allSatisfy { $0.duplicateOf == $0.row - 295 })
  }

  @Test func numbersOfTextsAreWordsWithDigits() {
    func numbers(_ text: String) -> TextNumbers {
      TextNumbers(NormalizedText.bytes(of: Array(text.utf8)))
    }
    func contradict(_ first: String, _ second: String) -> Bool {
      numbers(first).contradict(numbers(second), share: 0.7)
    }
    #expect(contradict("order 17 of May", "order 18 of May"))
    #expect(contradict("type AB12 is sold", "type AB13 is sold"))
    #expect(contradict("编号28981的订单", "编号82403的订单"))
    #expect(!contradict("on 2024-05-24, 12 345 items", "on 2024/05/24, 12,345 items"))
    #expect(!contradict("no number", "number 5"))
    #expect(!contradict("1 a 2 b 3 c 4", "1 a 2 b 3 c 5"))
  }

  @Test func recordsDescribedInTheSameWordsAreNotTheSame() throws {
    var generator = SeededGenerator(seed: 4)
    var lines = (0..<200).map { row in
      let income = 50 + 10 * normal(&generator)
      return "\(income),\(18 + generator.next(below: 60)),\(generator.next(below: 9)),"
        + "The customer would like to be called back about the loan \(letters(row))."
    }
    #expect(
      try result("income,age,region,note\n" + lines.joined(separator: "\n")).flaggedCount == 0)
    // One that is entered twice, the second time with haste.
    lines.append(lines[7].replacingOccurrences(of: "loan h.", with: "LOAN H"))
    let found = try result("income,age,region,note\n" + lines.joined(separator: "\n"))
    #expect(found.flagged.map(\.row) == [200])
    #expect(found.flagged.first?.duplicateOf == 7)
    let unasked = try result(
      "income,age,region,note\n" + lines.joined(separator: "\n"), ["agreeing_columns": .number(0)])
    #expect(unasked.flaggedCount > 100)
  }

  @Test func chainsOfSmallChangesDoNotMakeAGroup() throws {
    var words = (0..<24).map { "word\($0 * $0 * 37 + 11)" }
    var texts = [words.joined(separator: " ")]
    for step in 0..<20 {
      words[step] = "other\(step * step * 53 + 7)"
      texts.append(words.joined(separator: " "))
    }
    let details = try details(try result(textTable(texts)))
    let chain = details.groups.filter { $0.keep < texts.count }
    #expect(chain.count >= 3)
    for group in chain {
      let kept = ShingleSet(NormalizedText.bytes(of: Array(texts[group.keep].utf8)))
      for row in group.duplicates {
        let other = ShingleSet(NormalizedText.bytes(of: Array(texts[row].utf8)))
        #expect(kept.similarity(to: other) >= 0.7)
      }
    }
  }

  @Test func theTreeFindsAllPairsWithinTheRadius() throws {
    var generator = SeededGenerator(seed: 14)
    let data = (0..<600).map { row in
      (0..<5).map { _ in row % 10 == 0 ? 0 : (normal(&generator) * 4).rounded() / 4 }
    }
    let subject = AnalysisSubject(
      table: try table(csv(data)), label: nil, options: AnalysisOptions())
    let checkpoint = Checkpoint(report: { _ in }, isCancelled: { false })
    let coordinates = try RowCoordinates(
      subject, subject.learnableColumns,
      shape: RowCoordinates.Shape(isSymmetric: false, bound: 1e6, withCategories: false),
      checkpoint)
    // Rows that are all zero would fill each other's lists.
    let rows = (0..<600).filter { $0 % 10 != 0 }.map { UInt32($0) }
    let join = try RadiusJoin(
      coordinates, blocks: [Array(rows[..<200]), Array(rows[200...])], checkpoint)
    let radius = 0.6
    let found = try #require(try join.pairs(within: radius, rowCount: 600, checkpoint))
    var expected: Set<[UInt32]> = []
    for block in [rows[..<200], rows[200...]] {
      for first in block {
        for second in block where second > first {
          let square = coordinates.squaredDistance(Int(first), Int(second), within: .infinity)
          if square <= Float(radius * radius) { expected.insert([first, second]) }
        }
      }
    }
    #expect(expected.count > 30)
    #expect(Set(found.pairs.map { [$0.first, $0.second] }) == expected)
    #expect(found.pairs.count == expected.count)
  }

  @Test func groupsFormAroundRowsThatStay() {
    let pairs = [(0, 1), (1, 2), (2, 3), (5, 4)].map {
      NearPair(first: UInt32($0.0), second: UInt32($0.1), similarity: 0.9)
    }
    let groups = DuplicateGroup.form(pairs) { $0 == 4 ? 2 : 0 }
    #expect(groups.map(\.keep) == [0, 2, 5])
    #expect(groups.map { $0.members.map(\.row) } == [[1], [3], [4]])
  }

  // MARK: Edges

  @Test(arguments: [
    "a\n1\n", "a,b\n1,2\n1,3\n", "a,b\nNA,NA\nNA,\n", "a\n" + String(repeating: "5\n", count: 50),
    "a,b\n" + (0..<40).map { "\($0 % 2 == 0 ? "1e308" : "-1e308"),\($0 % 3)\n" }.joined(),
    "a,b\n" + (0..<40).map { "\($0 % 2 == 0 ? "inf" : "\($0)"),\($0 % 3)\n" }.joined(),
  ]) func oddTablesAreSurvived(text: String) throws {
    #expect(try result(text).flaggedCount == 0)
  }

  @Test func moreCopiesNeverRaiseTheScore() throws {
    var generator = SeededGenerator(seed: 15)
    let data = rows(800, &generator)
    var last = Double.infinity
    for copies in [0, 10, 50, 100, 200, 400] {
      var noise = SeededGenerator(seed: 16)
      let more = data[..<copies].map { $0.map { $0 + 0.01 * normal(&noise) } }
      let report = try report(csv(data + more), [.nearDuplicates])
      let found = try #require(report[.nearDuplicates]?.flaggedCount)
      #expect(abs(found - copies) <= copies / 100)
      let score = try #require(report.qualityScore)
      #expect(score <= last)
      last = score
    }
  }

  @Test func itStopsWhenItIsToldTo() throws {
    var generator = SeededGenerator(seed: 17)
    let table = try table(csv(rows(3_000, &generator)))
    let options = AnalysisOptions(detectors: [.nearDuplicates])
    for calls in [1, 5, 10] {
      var left = calls
      #expect(throws: AnalysisCancelled.self) {
        try Analyzer(options: options).analyze(
          table,
          isCancelled: {
            left -= 1
            return left < 0
          })
      }
    }
  }

  // MARK: All but one

  /// Rows of numbers and categories, fine enough that no two agree by chance.
  private func records(_ count: Int, _ generator: inout SeededGenerator) -> [[String]] {
    (0..<count).map { _ in
      (0..<8).map { _ in "\(generator.next(below: 500))" }
        + (0..<4).map { _ in ["red", "green", "blue", "grey"][generator.next(below: 4)] }
    }
  }

  private func csv(_ records: [[String]]) -> String {
    let header = records[0].indices.map { "x\($0)" }.joined(separator: ",")
    return header + "\n" + records.map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
  }

  @Test func copiesWithAChangedCategoryOrADroppedValueAreFound() throws {
    var generator = SeededGenerator(seed: 8)
    var data = records(600, &generator)
    #expect(try result(csv(data)).flagged.isEmpty)
    for row in 0..<20 {
      var copy = data[row]
      copy[8 + row % 4] = copy[8 + row % 4] == "red" ? "blue" : "red"
      data.append(copy)
    }
    for row in 20..<40 {
      var copy = data[row]
      copy[row % 12] = ""
      data.append(copy)
    }
    let result = try result(csv(data))
    #expect(Set(result.flagged.map(\.row)) == Set(600..<640))
    #expect(result.flagged.allSatisfy { $0.duplicateOf == $0.row - 600 })
  }

  @Test func copiesThatLostAValueBesideATextAreFound() throws {
    var generator = SeededGenerator(seed: 14)
    let words = ["river", "stone", "window", "letter", "garden", "market", "bridge", "candle"]
    var data = records(600, &generator).map { record in
      record + [(0..<8).map { _ in words[generator.next(below: 8)] }.joined(separator: " ")]
    }
    #expect(try result(csv(data)).flagged.isEmpty)
    for row in 0..<26 {
      data.append(data[row])
      data[600 + row][row % 13] = ""
    }
    let result = try result(csv(data))
    #expect(Set(result.flagged.map(\.row)) == Set(600..<626))
    #expect(result.flagged.allSatisfy { $0.duplicateOf == $0.row - 600 })
    #expect(result.flagged.first { $0.row == 612 }?.reason.contains("nothing") == true)
  }

  /// What tells most of two customers apart is the only thing that one of them lacks.
  @Test func aGapBesideTheSameTextContradictsNothing() throws {
    var generator = SeededGenerator(seed: 15)
    let names = ["Anna", "Ben", "Clara", "David", "Eva", "Felix", "Greta", "Hans"]
    var people = (0..<300).map { _ in
      let name = (0..<3).map { _ in names[generator.next(below: 8)] }.joined(separator: " ")
      return [
        "\(name) \(generator.next(below: 900)) Main Street", names[generator.next(below: 3)],
        "\(10_000 + generator.next(below: 90_000))",
      ]
    }
    let before = try result(csv(people)).flagged.map(\.row)
    for row in 0..<10 { people.append([people[row][0], people[row][1], ""]) }
    // Their categories are the same words.
    for row in 10..<20 {
      people.append([people[row][0], people[row][1].uppercased(), people[row][2]])
    }
    #expect(before.isEmpty)
    #expect(Set(try result(csv(people)).flagged.map(\.row)) == Set(300..<320))
  }

  @Test func gapsInCommonMakeNoCopies() throws {
    var generator = SeededGenerator(seed: 16)
    for width in [6, 12] {
      var data = rows(500, width: width, &generator).map { values in
        values.map { generator.next(below: 10) < 6 ? "" : "\($0)" }
      }
      #expect(try result(csv(data)).flagged.isEmpty)
      guard width == 12 else { continue }
      for row in 0..<25 {
        data.append(data[row].map { $0.isEmpty ? "" : "\((Double($0) ?? 0) + 1e-4)" })
      }
      #expect(try result(csv(data)).flagged.count >= 23)
    }
  }

  @Test func otherNumbersOfTheSameThingAreNoCopies() throws {
    var generator = SeededGenerator(seed: 9)
    var data = records(300, &generator)
    for row in 0..<30 {
      var again = data[row]
      again[row % 8] = "\((Int(again[row % 8]) ?? 0) + 100 + generator.next(below: 300))"
      data.append(again)
    }
    #expect(try result(csv(data)).flagged.isEmpty)
  }

  @Test func coarseRowsThatAgreeInAllButOneAreNoCopies() throws {
    var generator = SeededGenerator(seed: 10)
    let data = (0..<400).map { _ in
      (0..<6).map { _ in ["yes", "no", "maybe"][generator.next(below: 3)] }
    }
    #expect(try result(csv(data)).flagged.isEmpty)
  }

  @Test func theSameWordsInOtherRecordsAreNoCopies() throws {
    // Columns of which nearly all rows have one value say nothing when they agree.
    var generator = SeededGenerator(seed: 11)
    let titles = (0..<40).map { "An introductory seminar on subject number \($0)" }
    let lines = (0..<400).map { row in
      "\(titles[row % 40]) \(row < 40 ? "" : "again"),\(generator.next(below: 900)),"
        + "\(generator.next(below: 60) == 0),\(generator.next(below: 70) == 0),"
        + "\(generator.next(below: 80) == 0),\(generator.next(below: 90) == 0)"
    }
    let text = "title,number,a,b,c,d\n" + lines.joined(separator: "\n") + "\n"
    #expect(try result(text).flagged.count <= 2)
  }

  /// Texts are of words: times that agree are no wording in common.
  @Test func timesAreNoTexts() throws {
    var generator = SeededGenerator(seed: 13)
    let lines = (0..<600).map { row in
      let seconds = 2_400 + generator.next(below: 2_000)
      func time(_ seconds: Int) -> String {
        "0:\(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)"
      }
      return
        "2024-\(10 + row / 300)-\(10 + row % 18),\(generator.next(below: 2) + 5),\(time(seconds)),"
        + "\(time(seconds / 5)),\(time(seconds + 60 * generator.next(below: 9)))\n"
    }
    #expect(try result("day,miles,time,pace,total\n" + lines.joined()).flagged.isEmpty)
  }

  @Test func rowsWithOtherNamesAreNoCopies() throws {
    var generator = SeededGenerator(seed: 14)
    var data = records(300, &generator).enumerated().map { ["n\($0 % 200)"] + $1 }
    for row in 0..<30 {
      var other = data[row]
      other[0] = "n\(row + 100)"
      other[9] = other[9] == "red" ? "blue" : "red"
      data.append(other)
    }
    #expect(try table(csv(data)).columns[0].type == .text)
    #expect(try result(csv(data)).flagged.isEmpty)
  }

  /// However close the numbers are by which patients are called.
  @Test func rowsOfOtherThingsAreNoCopies() throws {
    var generator = SeededGenerator(seed: 16)
    var data = rows(300, &generator).enumerated().map { [Double(1_000 + $0 / 2)] + $1 }
    for row in 0..<20 {
      var other = data[row]
      other[0] += 1
      data.append(other)
    }
    for row in 20..<40 { data.append(data[row].enumerated().map { $0 == 0 ? $1 : $1 + 0.01 }) }
    let header = "patient_id," + (0..<6).map { "x\($0)" }.joined(separator: ",")
    let lines = data.map { $0.map { "\($0)" }.joined(separator: ",") }.joined(separator: "\n")
    let flagged = try result(header + "\n" + lines.replacing(".0,", with: ",") + "\n").flagged
    #expect(Set(flagged.map(\.row)) == Set(320..<340))
  }

  @Test func zerosInCommonMakeNoCopies() throws {
    // Players who hardly bat: their years differ in little but the year and the games.
    var generator = SeededGenerator(seed: 15)
    var lines: [String] = []
    for player in 0..<400 {
      let bats = player % 5 != 0
      for year in 0..<6 {
        let games = bats ? 20 + generator.next(below: 60) : 30 + generator.next(below: 6)
        let counts = (0..<10).map { _ in bats ? "\(generator.next(below: 90))" : "0" }
        lines.append(
          "p\(player),\(1_950 + player % 50 + year),\(games)," + counts.joined(separator: ","))
      }
    }
    let header = "player,year,games," + (0..<10).map { "x\($0)" }.joined(separator: ",")
    let text = header + "\n" + lines.joined(separator: "\n") + "\n"
    #expect(try result(text).flagged.count <= 2)
  }

  @Test func theYearsOfOneThingAreNoCopies() throws {
    // Each shop's years are much closer to each other than shops are.
    var generator = SeededGenerator(seed: 12)
    var lines: [String] = []
    for shop in 0..<60 {
      let level = (0..<4).map { _ in 1_000 * normal(&generator) }
      for year in 2_000..<2_020 {
        let values = level.map { "\(($0 + 5 * normal(&generator)).rounded())" }
        lines.append("shop \(shop),\(year)," + values.joined(separator: ","))
      }
    }
    let text = "shop,year,a,b,c,d\n" + lines.joined(separator: "\n") + "\n"
    #expect(try result(text).flagged.count <= 12)
  }
}
