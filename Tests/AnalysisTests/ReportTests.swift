import Foundation
import Testing

@testable import Analysis

/// Analyses a text with some of the detectors.
func report(_ text: String, _ detectors: Set<DetectorKind>) throws -> Report {
  try Analyzer(options: AnalysisOptions(detectors: detectors)).analyze(table(text))
}

@Suite struct ReportTests {
  @Test func theSameBytesGiveTheSameReportHoweverTheyAreCut() throws {
    let bytes = Array(Wine.noisy(share: 0.1, seed: 4).text.utf8)
    let analyzer = Analyzer(options: AnalysisOptions(labelColumn: "cultivar"))
    let whole = try analyzer.analyze(table(bytes: bytes)).json()
    #expect(try analyzer.analyze(table(bytes: bytes)).json() == whole)
    for step in [1, 7, 1_000] {
      let cuts = Array(stride(from: step, to: bytes.count, by: step))
      #expect(try analyzer.analyze(table(bytes: bytes, cuts: cuts)).json() == whole)
    }
  }

  @Test func analysesAtTheSameTimeDoNotDisturbEachOther() async throws {
    let bytes = Array(Wine.noisy(share: 0.1, seed: 4).text.utf8)
    let table = try table(bytes: bytes)
    let options = AnalysisOptions(labelColumn: "cultivar")
    let alone = try Analyzer(options: options).analyze(table).json()
    let reports = try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<4 {
        group.addTask { try Analyzer(options: options).analyze(table).json() }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(reports.allSatisfy { $0 == alone })
  }

  @Test func theSeedMatters() throws {
    let table = try table(Wine.noisy(share: 0.2, seed: 4).text)
    let reports = try (0..<4).map { seed in
      let options = AnalysisOptions(
        labelColumn: "cultivar", detectors: [.labelErrors], seed: UInt64(seed))
      return try Analyzer(options: options).analyze(table).detectors
    }
    #expect(reports.contains { $0 != reports[0] })
  }

  @Test func itSurvivesItsOwnJSON() throws {
    let (text, _) = Wine.noisy(share: 0.1, seed: 2)
    let lines = text + "1,2,3\n" + "13,,2.4,15,99999,2,3,0.2,2,5,1,3,1000,cultivar_1\n"
    let options = AnalysisOptions(labelColumn: "cultivar")
    let report = try Analyzer(options: options).analyze(table(lines))
    let json = try report.json()
    let decoded = try JSONDecoder().decode(Report.self, from: Data(json))
    #expect(decoded == report)
    #expect(try decoded.json() == json)
  }

  @Test func keysAreSnakeCaseAndDetectorsAreNamed() throws {
    let options = AnalysisOptions(labelColumn: "cultivar")
    let json = try Analyzer(options: options).analyze(table(bytes: Wine.bytes)).json()
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
    #expect(
      Set(object.keys) == [
        "engine_version", "seed", "dataset", "reference", "label", "requested_detectors",
        "detectors",
        "format_problems", "quality_score", "quality_components", "summary",
      ])
    let detectors = try #require(object["detectors"] as? [String: [String: Any]])
    #expect(Set(detectors.keys) == Set(DetectorKind.allCases.map(\.rawValue)))
    #expect(detectors["label_errors"]?["flagged_count"] is Int)
    func check(_ value: Any) {
      if let object = value as? [String: Any] {
        for (key, value) in object {
          #expect(!key.contains { $0.isUppercase })
          check(value)
        }
      } else if let list = value as? [Any] {
        list.forEach(check)
      }
    }
    check(object)
  }

  @Test func aDetectorThatDidNotRunHasNoPartInTheScore() throws {
    let report = try report("a,b\nx,\ny,z\n", [.missingValues, .outliers, .labelErrors])
    #expect(report.qualityComponents.map(\.detector) == [.missingValues])
    #expect(report.qualityScore == 75)
    #expect(report[.outliers]?.status == .skipped)
    #expect(report[.exactDuplicates]?.reason == "Not asked for.")
    #expect(report.requestedDetectors == [.missingValues, .outliers, .labelErrors])
  }

  @Test func moreFlawsNeverRaiseTheScore() throws {
    var previous = 101.0
    for count in stride(from: 0, through: 60, by: 20) {
      var lines = Wine.lines
      for row in 1...60 where row <= count {
        var fields = lines[row].split(separator: ",", omittingEmptySubsequences: false)
        fields[row % 13] = ""
        lines[row] = fields.joined(separator: ",")
      }
      lines += Array(repeating: lines[100], count: count)
      let report = try report(
        lines.joined(separator: "\n"), [.missingValues, .exactDuplicates])
      let score = try #require(report.qualityScore)
      #expect(score < previous)
      previous = score
    }
    var noisy: [Double] = []
    for share in [0, 0.1, 0.3] {
      let options = AnalysisOptions(labelColumn: "cultivar", detectors: [.labelErrors])
      let table = try table(Wine.noisy(share: share, seed: 9).text)
      noisy.append(try #require(try Analyzer(options: options).analyze(table).qualityScore))
    }
    #expect(noisy == noisy.sorted(by: >))
  }

  @Test func columnsAreSaidToBeWhatTheyAreUsedAs() throws {
    let rows = (0..<40).map {
      "\($0 % 7),2024-01-\($0 % 28 + 1),\($0 % 2 == 0 ? "train" : "test"),"
        + "0.\($0 % 9 + 1),x\($0 % 3),,u\($0)x\($0 * 7),c\($0 % 2),c\($0 % 2)\n"
    }
    let text = "size,day,part,p_c0,kind,gap,key,said,label\n" + rows.joined()
    let options = AnalysisOptions(
      detectors: [.missingValues], probabilityPrefix: "p_", predictionColumn: " said",
      timeColumn: "day",
      splitColumn: "part")
    let report = try Analyzer(options: options).analyze(table(text), reference: table(text))
    #expect(
      report.dataset.columns.map(\.role) == [
        .feature, .time, .split, .probability, .feature, .empty, .identifier, .prediction, .label,
      ])
    #expect(report.reference?.columns.allSatisfy { $0.role == nil } == true)
    let page = String(decoding: report.html(title: "x"), as: UTF8.self)
    for words in ["splits the rows", "predictions of a model", "probabilities of a class", "drift"]
    {
      #expect(page.contains(words))
    }
    let json = String(decoding: try report.json(), as: UTF8.self)
    #expect(json.contains("\"role\":\"split\""))
  }

  @Test func theLabelColumnIsGuessedOnlyWhereItHoldsLabels() throws {
    func label(_ text: String, _ name: String? = nil) throws -> LabelSummary? {
      let options = AnalysisOptions(labelColumn: name, detectors: [])
      return try Analyzer(options: options).analyze(table(text)).label
    }
    #expect(try label("a,Target,y\n1,p,q\n2,q,q\n")?.column == "Target")
    #expect(try label("a,Target,y\n1,p,q\n2,q,q\n")?.guessed == true)
    #expect(try label("a,y\n1,p\n", " y ")?.guessed == false)
    // Beside x and more, y is a place or a size; beside x alone it follows from it.
    #expect(try label("x,y,z\n1,2,3\n4,5,6\n") == nil)
    #expect(try label("x,y\n1,2\n4,5\n")?.column == "y")
    #expect(try label("a,b\n1,2\n") == nil)
    #expect(try label("a,label\n1,\n2,\n") == nil)
    #expect(try label("a,y\n1,0.5\n2,0.25\n")?.taskType == .regression)
  }

  @Test func anUnknownLabelColumnNamesThoseThereAre() throws {
    let table = try table("a,b\n1,2\n")
    let error = #expect(throws: DatasetError.self) {
      try Analyzer(options: AnalysisOptions(labelColumn: "c")).analyze(table)
    }
    #expect(error?.kind == .unknownLabelColumn)
    #expect(error?.message.contains("a, b") == true)
  }

  @Test func otherUnknownColumnsNameThoseThereAre() throws {
    let table = try table("a,b\n1,2\n")
    for options in [
      AnalysisOptions(predictionColumn: "c"), AnalysisOptions(sensitiveColumns: ["a", "c"]),
      AnalysisOptions(timeColumn: "c"), AnalysisOptions(splitColumn: "c"),
    ] {
      let error = #expect(throws: DatasetError.self) {
        try Analyzer(options: options).analyze(table)
      }
      #expect(error?.kind == .unknownColumn)
      #expect(error?.column == "c")
      #expect(error?.message.contains("a, b") == true)
    }
  }

  @Test func progressOnlyRisesAndEndsAtOne() throws {
    var shares: [Double] = []
    var kinds: [DetectorKind] = []
    _ = try Analyzer(options: AnalysisOptions(labelColumn: "cultivar")).analyze(
      table(bytes: Wine.bytes),
      progress: {
        shares.append($0.share)
        if kinds.last != $0.detector { kinds.append($0.detector) }
      })
    #expect(shares == shares.sorted())
    #expect(abs((shares.last ?? 0) - 1) < 1e-9)
    #expect(kinds == DetectorKind.allCases)
  }

  @Test(arguments: [0, 1, 5, 40]) func itStopsWhenCancelled(after limit: Int) throws {
    let table = try table(bytes: Wine.bytes)
    var asked = 0
    #expect(throws: AnalysisCancelled.self) {
      try Analyzer(options: AnalysisOptions(labelColumn: "cultivar")).analyze(
        table,
        isCancelled: {
          asked += 1
          return asked > limit
        })
    }
    #expect(asked == limit + 1)
  }
}
