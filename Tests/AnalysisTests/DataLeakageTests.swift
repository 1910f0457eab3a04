import Testing

@testable import Analysis

@Suite struct DataLeakageTests {
  private func result(
    _ text: String, label: String? = "label", split: String? = nil
  ) throws -> (DetectorResult, DataLeakageDetails) {
    let options = AnalysisOptions(
      labelColumn: label, detectors: [.dataLeakage], splitColumn: split)
    let report = try Analyzer(options: options).analyze(table(text))
    let result = try #require(report[.dataLeakage])
    return (result, try #require(result.details as? DataLeakageDetails))
  }

  private func rows(
    _ header: String, _ count: Int, seed: UInt64 = 1,
    _ row: (Int, inout SeededGenerator) -> String
  ) -> String {
    var generator = SeededGenerator(seed: seed)
    return header + "\n" + (0..<count).map { row($0, &generator) + "\n" }.joined()
  }

  @Test func copiesOfTheLabelAreFoundUnderAnyNames() throws {
    let text = rows("same,renamed,number,nearly,honest,label", 200) { row, generator in
      let label = ["cat", "dog", "owl"][row % 3]
      let honest = generator.next(below: 10) < 8 ? row % 3 : generator.next(below: 3)
      return "\(label.uppercased()),k\(row % 3),\(7 * (row % 3)),"
        + "\(row % 50 == 0 ? "cat" : label),h\(honest),\(label)"
    }
    let (_, details) = try result(text)
    #expect(details.columns.map(\.column) == ["same", "renamed", "number", "nearly"])
    #expect(details.columns.allSatisfy { $0.kind == .copyOfLabel })
    #expect(details.columns[0].agreement == 1)
    #expect(details.columns[0].words.contains("in all rows"))
    #expect(details.columns[1].words.contains("\"k1\" for \"dog\""))
    // Rows 0 and 150 are cats by their own right.
    #expect(details.columns[3].words.contains("all but 2 rows"))
    #expect(details.checkedColumns == 5)
  }

  /// The class is one word of many, and in any case.
  @Test func textsThatNameTheClassAreFound() throws {
    let words = ["harbour", "letter", "valley", "window", "stone", "mirror", "candle", "paper"]
    let names = ["cat", "Grey owl", "dog", "owl"]
    func text(_ generator: inout SeededGenerator, _ word: String) -> String {
      var text = (0..<9).map { _ in words[generator.next(below: words.count)] }
      text.insert(word, at: generator.next(below: text.count))
      return text.joined(separator: " ")
    }
    let table = rows("note,plain,some,label", 240) { row, generator in
      let label = names[row % 3]
      let note = text(&generator, row == 7 ? "tree" : label.uppercased())
      let some = text(&generator, row % 2 == 0 ? label : names[generator.next(below: 4)])
      return "\(note),\(text(&generator, "cats")),\(some),\(label)"
    }
    let (found, details) = try result(table)
    #expect(details.columns.map(\.column) == ["note"])
    #expect(details.columns.map(\.kind) == [.predictsLabel])
    #expect(found.summary?.contains("its texts name the class of their rows") == true)
  }

  @Test(arguments: [1, 2, 3] as [UInt64]) func numbersThatPredictClassesAreFound(seed: UInt64)
    throws
  {
    let text = rows("leak,when,strong,none,label", 300, seed: seed) { row, generator in
      let isYes = generator.next(below: 10) < 3
      let leak = (isYes ? 5 : 0) + Double(generator.next(below: 1_000)) / 250
      // Known only after the outcome.
      let when = isYes ? "\(1_000 + generator.next(below: 500))" : ""
      return "\(leak),\(when),\((isYes ? 2 : 0) + normal(&generator)),\(normal(&generator)),"
        + (isYes ? "yes" : "no")
    }
    let (result, details) = try result(text)
    #expect(details.columns.map(\.column) == ["leak", "when"])
    #expect(details.columns.allSatisfy { $0.kind == .predictsLabel && $0.power > 0.98 })
    #expect(result.flaggedCount == 0)
  }

  @Test func aRareClassIsNotPredictedByAConstant() throws {
    let text = rows("mostly,label", 1_000) { row, _ in
      "\(row % 90 == 1 ? "b" : "a"),\(row % 100 == 0 ? "fraud" : "fine")"
    }
    #expect(try result(text).1.columns == [])
  }

  @Test func uniqueWordsPredictNothing() throws {
    let text = rows("name,label", 100) { row, _ in
      "w\(row * 7919 % 100) x,\(row % 2 == 0 ? "a" : "b")"
    }
    #expect(try result(text).1.columns == [])
  }

  @Test func numbersThatExplainNumbersAreFound() throws {
    let text = rows("log,noisy,code,day,y", 400) { row, generator in
      let y = Double(row % 40) + Double(generator.next(below: 100)) / 1_000
      return "\(y * y * y),\(y + 4 * normal(&generator)),c\(row % 40),"
        + "20\(10 + row % 40)-01-05,\(y)"
    }
    let (_, details) = try result(text, label: "y")
    #expect(details.columns.map(\.column) == ["log", "code"])
  }

  @Test func rowsOnBothSidesOfASplitAreFlagged() throws {
    let text = rows("id,a,b,part,label", 100) { row, _ in
      let shown = row >= 97 ? row - 90 : row
      return "r\(row),\(shown),v\(shown % 13),\(row < 70 ? "Train" : "test"),\(row % 2)"
    }
    let (result, details) = try result(text, split: "part")
    #expect(result.flagged.map(\.row) == [97, 98, 99])
    #expect(result.flagged.map(\.duplicateOf) == [7, 8, 9])
    #expect(details.split?.training == "Train")
    #expect(details.split?.testedRows == 30)
    #expect(details.split?.repeatedRows == 3)
  }

  @Test func groupsSpreadOverASplitAreFlagged() throws {
    let text = rows("patient_id,x,fold,label", 100) { row, generator in
      "p\(row / 4),\(normal(&generator)),\(row < 78 ? 1 : 2),\(row % 2)"
    }
    let (result, details) = try result(text, split: "fold")
    #expect(details.split?.spreadGroups.map(\.spread) == [1])
    #expect(details.split?.spreadGroups.map(\.groups) == [25])
    #expect(result.flagged.map(\.row) == [78, 79])
    #expect(result.flagged.allSatisfy { $0.column == "patient_id" })
  }

  @Test func moreLeaksNeverRaiseTheScore() throws {
    let scores = try (0..<4).map { leaks in
      let text = rows("a,b,c,label", 60) { row, generator in
        (0..<3).map { $0 < leaks ? "v\(row % 2)" : "\(normal(&generator))" }.joined(separator: ",")
          + ",\(row % 2 == 0 ? "p" : "q")"
      }
      return try #require(try report(text, [.dataLeakage]).qualityScore)
    }
    #expect(scores == [100, 50, 25, 12.5])
  }

  @Test func theShippedDatasetIsQuiet() throws {
    let options = AnalysisOptions(labelColumn: "cultivar", detectors: [.dataLeakage])
    let report = try Analyzer(options: options).analyze(table(bytes: Wine.bytes))
    #expect((report[.dataLeakage]?.details as? DataLeakageDetails)?.columns == [])
  }

  @Test func withoutLabelsAndSplitThereIsNothingToDo() throws {
    for text in ["x\n1\n2\n", "x,label\n1,a\n2,b\n", "x,y\n1,0.5\n2,0.25\n", "x,label\n1,\n2,\n"] {
      #expect(try report(text, [.dataLeakage])[.dataLeakage]?.status == .skipped)
    }
  }
}
