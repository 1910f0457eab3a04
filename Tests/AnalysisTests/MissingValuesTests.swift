import Testing

@testable import Analysis

@Suite struct MissingValuesTests {
  @Test func ratesAreCountedByColumnAndRow() throws {
    let report = try report("a,b,c\n1,,x\n,NA,null\n2,3,y\n4,5,z\n", [.missingValues])
    let result = try #require(report[.missingValues])
    #expect(result.flagged.map(\.row) == [1, 0])
    #expect(result.flagged.map(\.score) == [1, 0.333333])
    guard let details = result.details as? MissingValuesDetails else {
      Issue.record("no details")
      return
    }
    #expect(details.missingCells == 4)
    #expect(details.completeRows == 2)
    #expect(details.columns.map(\.column) == ["a", "b", "c"])
    #expect(details.columns.map(\.rate) == [0.25, 0.5, 0.25])
    #expect(report.qualityScore == 66.666667)
  }

  @Test func theShippedDatasetHasNone() throws {
    let report = try Analyzer(options: AnalysisOptions(detectors: [.missingValues]))
      .analyze(table(bytes: Wine.bytes))
    #expect(report[.missingValues]?.flaggedCount == 0)
    #expect(report.dataset.rows == 178)
    #expect(report.qualityScore == 100)
  }

  private func details(_ text: String) throws -> MissingValuesDetails {
    let result = try #require(try report(text, [.missingValues])[.missingValues])
    return try #require(result.details as? MissingValuesDetails)
  }

  @Test func patternsAreCountedCommonestFirst() throws {
    let details = try details("a,b,c,d\n1,,,x\n2,,,x\n3,1,1,x\n4,1,,x\n5,,,x\n6,2,2,y\n")
    #expect(details.patternCount == 3)
    #expect(details.patterns.map(\.missing) == [["b", "c"], [], ["c"]])
    #expect(details.patterns.map(\.rows) == [3, 2, 1])
    #expect(details.missingTogether == [])
  }

  @Test func columnsThatAreMissingInTheSameRowsAreGrouped() throws {
    var text = "a,b,c,d\n"
    for row in 0..<60 { text += row % 3 == 0 ? ",,\(row),\n" : "1,2,,\(row)\n" }
    #expect(try details(text).missingTogether == [["a", "b", "d"]])
  }

  @Test func missingnessThatDependsOnTheLabelIsTold() throws {
    var generator = SeededGenerator(seed: 3)
    var text = "x,z,w,label\n"
    for row in 0..<400 {
      let isSick = row % 2 == 0
      let missing = generator.next(below: 10) < (isSick ? 6 : 1)
      let other = generator.next(below: 4) == 0
      text += "\(missing ? "" : "\(row % 7)"),\(other ? "" : "5"),\(generator.next(below: 100)),"
      text += isSick ? "sick\n" : "well\n"
    }
    let found = try details(text).dependences
    #expect(found.map(\.column) == ["x"])
    #expect(found.map(\.dependsOn) == ["label"])
    #expect(found.first?.isLabel == true)
    #expect((found.first?.effect ?? 0) > 0.4)
    #expect(found.first?.words.contains("\"sick\"") == true)
  }

  @Test func missingnessThatDependsOnNumbersIsTold() throws {
    var generator = SeededGenerator(seed: 4)
    var text = "income,age,target\n"
    for _ in 0..<500 {
      let age = 20 + generator.next(below: 60)
      let target = Double(age) / 3 + normal(&generator)
      text += "\(generator.next(below: 80) < age ? "" : "10"),\(age),\(target)\n"
    }
    let found = try details(text).dependences
    #expect(found.map(\.dependsOn) == ["target", "age"])
    #expect(found.allSatisfy { $0.words.contains("large") })
  }

  @Test func aRareClassDoesNotKeepTheOthersFromBeingCompared() throws {
    var generator = SeededGenerator(seed: 5)
    var text = "x,kind\n"
    for row in 0..<400 {
      let kind = row < 3 ? "rare" : row % 2 == 0 ? "a" : "b"
      let missing = generator.next(below: 10) < (kind == "a" ? 4 : 1)
      text += "\(missing ? "" : "\(row % 7)"),\(kind)\n"
    }
    let found = try details(text).dependences
    #expect(found.map(\.dependsOn) == ["kind"])
    #expect(found.first?.words.contains("\"a\"") == true)
    #expect(found.first?.words.contains("\"rare\"") == false)
  }

  @Test func missingnessAlongTimeIsToldAsEarlyOrLate() throws {
    var text = "x,day\n"
    for row in 0..<200 {
      text += "\(row > 120 && row % 2 == 0 ? "" : "5"),20\(10 + row / 20)-01-\(10 + row % 20)\n"
    }
    #expect(
      try details(text).dependences.first?.words == "x is missing more often where day is late.")
  }

  @Test func triflesAmongManyRowsAreNotDependences() throws {
    var generator = SeededGenerator(seed: 5)
    var text = "x,label\n"
    for row in 0..<20_000 {
      text += generator.next(below: 100) < (row % 2 == 0 ? 50 : 53) ? ",a\n" : "1,b\n"
    }
    var weak = "x,label\n"
    for row in 0..<20_000 {
      weak +=
        (generator.next(below: 100) < (row % 2 == 0 ? 50 : 53) ? "," : "1,")
        + (row % 2 == 0 ? "a\n" : "b\n")
    }
    #expect(try details(text).dependences.count == 1)
    #expect(try details(weak).dependences == [])
  }

  @Test func standInsAreSuspected() throws {
    var text = "age,code,born,town,label\n"
    for row in 0..<50 {
      text += row % 10 == 0 ? "-999," : "\(20 + row),"
      text += row % 10 == 1 ? "9999," : "\(row % 7 + 1),"
      text += row % 10 == 2 ? "1900-01-01," : "19\(50 + row % 40)-05-17,"
      text += row % 10 == 3 ? "Unknown," : (row % 2 == 0 ? "Rome," : "Oslo,")
      text += "a\n"
    }
    let report = try report(text, [.missingValues])
    let result = try #require(report[.missingValues])
    let details = try #require(result.details as? MissingValuesDetails)
    #expect(details.standIns.map(\.column) == ["age", "code", "born", "town"])
    #expect(details.standIns.map(\.rows) == [5, 5, 5, 5])
    #expect(result.flaggedCount == 20)
    #expect(result.flagged.first?.reason.contains("-999") == true)
    #expect(report.qualityScore == 92)
  }

  @Test func ordinaryNinesAreNotSuspected() throws {
    let prices = (0..<100).map { $0 % 9 == 0 ? 9_999 : 5_000 + 100 * $0 }
    #expect(try details(columnText(prices)).standIns == [])
    let years = (0..<100).map { [92, 95, 99][$0 % 3] }
    #expect(try details(columnText(years)).standIns == [])
    #expect(try details(columnText((0..<100).map { 98 + $0 % 2 })).standIns == [])
    let grades = (0..<100).map { [1, 2, 99][$0 % 3] }
    #expect(try details(columnText(grades)).standIns.map(\.value) == ["99"])
    let once = (0..<100).map { $0 == 50 ? -999 : $0 }
    #expect(try details(columnText(once)).standIns == [])
    let balances = (0..<100).map { $0 % 9 == 0 ? -999 : 37 * $0 - 2_000 }
    #expect(try details(columnText(balances)).standIns == [])
    #expect(try details("x\nunknown\nunknown\nknown\n").standIns == [])
  }

  @Test func nothingButMissingValuesIsNoCrash() throws {
    let details = try details("a,b\n,\n,\n")
    #expect(details.patterns.map(\.rows) == [2])
    #expect(details.missingTogether == [["a", "b"]])
    #expect(details.completeRows == 0)
  }
}
