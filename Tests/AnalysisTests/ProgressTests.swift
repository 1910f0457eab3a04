import Testing

@testable import Analysis

/// Each detector tells how far it is and asks whether to go on, so often that nobody waits.
@Suite struct ProgressTests {
  /// Something to do for all detectors.
  private static func people(rows: Int) -> String {
    var generator = SeededGenerator(seed: 5)
    let words = ["river", "stone", "window", "letter", "garden", "market", "bridge", "candle"]
    var text = "day,part,gender,income,points,channel,note,predicted,hired\n"
    for row in 0..<rows {
      let points = normal(&generator)
      let isHired = points + normal(&generator) > 1
      let note = (0..<8).map { _ in words[generator.next(below: words.count)] }
      text += "2024-\(10 + row * 3 / rows)-\(10 + row % 18),\(row % 5 == 0 ? "test" : "train"),"
      text += "\(row % 3 == 0 ? "female" : "male"),\(20_000 + generator.next(below: 50_000)),"
      text += "\(points),\(row % 50 == 0 ? "" : words[row % 3]),\(note.joined(separator: " ")),"
      text += "\(isHired ? "yes" : "no"),\(isHired == (row % 9 > 0) ? "yes" : "no")\n"
    }
    return text
  }

  private struct Watch {
    var shares: [Double] = []
    var total: [Double] = []
  }

  private func watch(_ kind: DetectorKind, rows: Int) throws -> Watch {
    let options = AnalysisOptions(
      labelColumn: "hired", detectors: [kind], predictionColumn: "predicted", timeColumn: "day",
      splitColumn: "part")
    var watch = Watch()
    let report = try Analyzer(options: options).analyze(
      table(Self.people(rows: rows)),
      progress: { progress in
        #expect(progress.detector == kind)
        watch.shares.append(progress.detectorShare)
        watch.total.append(progress.share)
      })
    #expect(report[kind]?.status == .ok)
    return watch
  }

  @Test(arguments: DetectorKind.allCases) func sharesNeverFall(kind: DetectorKind) throws {
    let watch = try watch(kind, rows: 1_500)
    for shares in [watch.shares, watch.total] {
      #expect(shares.first == 0 && shares.last == 1)
      #expect(zip(shares, shares.dropFirst()).allSatisfy { $0 <= $1 })
    }
  }

  /// Looks that the work takes for 6,000 rows of 9 columns: it is bounded by rows, or by the rows of
  /// a column.
  private static let least: [DetectorKind: Int] = [
    .missingValues: 9, .exactDuplicates: 2, .nearDuplicates: 23, .outliers: 8, .classImbalance: 1,
    .labelErrors: 50, .dataLeakage: 6, .redundantFeatures: 6, .inconsistentFormats: 9, .drift: 12,
    .bias: 2, .textQuality: 6,
  ]

  @Test(arguments: DetectorKind.allCases) func theCheckpointIsPassedOften(
    kind: DetectorKind
  ) throws {
    let least = try #require(Self.least[kind])
    #expect(try watch(kind, rows: 6_000).shares.count >= 2 + least)
  }

  @Test func numbersAsLabelsAreWatchedToo() throws {
    var generator = SeededGenerator(seed: 6)
    var text = "x,y,target\n"
    for _ in 0..<25_000 {
      let (x, y) = (normal(&generator), normal(&generator))
      text += "\(x),\(y),\(x + 0.1 * normal(&generator))\n"
    }
    var shares: [Double] = []
    _ = try Analyzer(options: AnalysisOptions(labelColumn: "target", detectors: [.labelErrors]))
      .analyze(table(text), progress: { shares.append($0.detectorShare) })
    // Two columns to prepare twice, three fits of at least ten rounds in two folds, and sums of
    // products of 4,096 rows.
    #expect(shares.count >= 4 + 3 * 10 * 2 + 2 * 25_000 / 4_096)
    #expect(zip(shares, shares.dropFirst()).allSatisfy { $0 <= $1 })
  }
}
