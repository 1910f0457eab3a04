import Foundation
import Testing

@testable import Analysis

/// More damage never raises the quality score: neither the component of the detector whose damage
/// it is, nor the whole.
@Suite struct QualityScoreTests {
  /// A table that is damaged more and more: damage of `n + 1` includes that of `n`.
  private struct Dataset {
    static let rowCount = 240
    static let header = "width,height,weight,colour,label"
    static let labelColumn = 4

    var rows: [[String]]

    /// Three classes of the same size, told by two of three numbers.
    init() {
      var generator = SeededGenerator(seed: 21)
      rows = (0..<Self.rowCount).map { row in
        let label = row % 3
        let width = normal(&generator) + 4 * Double(label)
        let height = normal(&generator) - 3 * Double(label) + 50
        let weight = normal(&generator) * 2 + 20
        return [
          width.shown(3), height.shown(3), weight.shown(3),
          ["red", "green", "blue", "white"][generator.next(below: 4)],
          ["ash", "beech", "cedar"][label],
        ]
      }
    }

    /// The same places for the same seed, in the same order.
    private static func places(_ count: Int, seed: UInt64) -> [Int] {
      var generator = SeededGenerator(seed: seed)
      var places = Array(0..<count)
      generator.shuffle(&places)
      return places
    }

    mutating func blankCells(_ share: Double) {
      // Of features: a missing label is no damage that a model sees.
      let places = Self.places(Self.rowCount * 4, seed: 1)
      for place in places.prefix(Int(share * Double(places.count))) {
        rows[place / 4][place % 4] = ""
      }
    }

    mutating func repeatRows(_ share: Double) {
      for row in Self.places(Self.rowCount, seed: 2).prefix(Int(share * Double(Self.rowCount))) {
        rows.append(rows[row])
      }
    }

    mutating func plantOutliers(_ share: Double) {
      let places = Self.places(Self.rowCount, seed: 3)
      for (index, row) in places.prefix(Int(share * Double(Self.rowCount))).enumerated() {
        rows[row][index % 3] = "\(9_000 + 1_000 * index)"
      }
    }

    mutating func flipLabels(_ share: Double) {
      let names = ["ash", "beech", "cedar"]
      let places = Self.places(Self.rowCount, seed: 4)
      for (index, row) in places.prefix(Int(share * Double(Self.rowCount))).enumerated() {
        let label = names.firstIndex(of: rows[row][Self.labelColumn]) ?? 0
        rows[row][Self.labelColumn] = names[(label + 1 + index % 2) % 3]
      }
    }

    mutating func dropClass(_ share: Double) {
      let cedars = rows.indices.filter { rows[$0][Self.labelColumn] == "cedar" }
      let dropped = Set(cedars.prefix(Int(share * Double(cedars.count))))
      rows = rows.indices.filter { !dropped.contains($0) }.map { rows[$0] }
    }

    var text: String {
      ([Self.header] + rows.map { $0.joined(separator: ",") }).joined(separator: "\n") + "\n"
    }
  }

  enum Damage: String, CaseIterable {
    case blankCells, repeatRows, plantOutliers, flipLabels, dropClass, allAtOnce

    /// The detector whose matter it is; nil for all.
    var detector: DetectorKind? {
      switch self {
      case .blankCells: .missingValues
      case .repeatRows: .exactDuplicates
      case .plantOutliers: .outliers
      case .flipLabels: .labelErrors
      case .dropClass: .classImbalance
      case .allAtOnce: nil
      }
    }

    fileprivate func text(_ share: Double) -> String {
      var dataset = Dataset()
      switch self {
      case .blankCells: dataset.blankCells(share)
      case .repeatRows: dataset.repeatRows(share)
      case .plantOutliers: dataset.plantOutliers(share / 4)
      case .flipLabels: dataset.flipLabels(share)
      case .dropClass: dataset.dropClass(share)
      case .allAtOnce:
        dataset.flipLabels(share)
        dataset.plantOutliers(share / 4)
        dataset.blankCells(share)
        dataset.repeatRows(share)
      }
      return dataset.text
    }
  }

  private static let shares = [0, 0.05, 0.1, 0.2, 0.3, 0.4]

  @Test(arguments: Damage.allCases)
  func moreDamageNeverRaisesTheScore(damage: Damage) throws {
    let options = AnalysisOptions(labelColumn: "label")
    let reports = try Self.shares.map { share in
      try Analyzer(options: options).analyze(table(damage.text(share)))
    }
    let totals = try reports.map { try #require($0.qualityScore) }
    #expect(totals == totals.sorted(by: >))
    #expect(totals[0] > totals[totals.count - 1])
    guard let detector = damage.detector else { return }
    let parts = reports.map { report in
      report.qualityComponents.first { $0.detector == detector }?.score ?? -1
    }
    #expect(parts == parts.sorted(by: >))
    #expect(parts[0] > parts[parts.count - 1])
    #expect(parts.allSatisfy { (0...100).contains($0) })
  }

  private static let seeds: [UInt64] = [1, 2]

  /// Each kind of damage of made tables, step by step, and what becomes of the whole score.
  @Test(arguments: DamagedTable.Damage.allCases, seeds)
  func damageOfOneKindNeverRaisesTheScore(damage: DamagedTable.Damage, seed: UInt64) throws {
    let table = DamagedTable(rowCount: 160, seed: seed)
    try Self.expectFall(table.texts([damage], shares: [0, 0.1, 0.3], seed: seed))
  }

  /// Two or three kinds at once.
  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func mixedDamageNeverRaisesTheScore(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var damages = DamagedTable.Damage.allCases
    generator.shuffle(&damages)
    var kinds = Array(damages.prefix(2 + generator.next(below: 2)))
    // A column with many units or strays is one of words, whose near copies are not seen any more.
    if kinds.contains(.units) || kinds.contains(.strays) { kinds.removeAll { $0 == .nearCopies } }
    let table = DamagedTable(rowCount: 160, seed: 100 + seed)
    try Self.expectFall(
      table.texts(kinds, shares: [0, 0.1, 0.3], seed: seed), "\(kinds)")
  }

  private static func expectFall(_ texts: [String], _ comment: String = "") throws {
    let reports = try texts.map {
      try Analyzer(options: AnalysisOptions(labelColumn: "label")).analyze(table($0))
    }
    let totals = try reports.map { try #require($0.qualityScore) }
    #expect(totals == totals.sorted(by: >), "\(comment)")
    #expect(totals[0] > totals[totals.count - 1], "\(comment)")
  }

  /// Two classes that overlap in all that is known of them.
  private static func overlapping(column: (Int, Bool) -> String? = { _, _ in nil }) -> [String] {
    var generator = SeededGenerator(seed: 31)
    return (0..<400).map { row in
      let isHigh = row % 2 == 1
      let numbers = (0..<2).map { _ in (normal(&generator) + (isHigh ? 0.6 : 0)).shown(4) }
      return (numbers + [column(row, isHigh) ?? numbers[0], isHigh ? "high" : "low"])
        .joined(separator: ",")
    }
  }

  @Test func rowsOfAClassThatGoDoNotConfirmTheOther() throws {
    let rows = Self.overlapping()
    try Self.expectFall(
      [0, 60, 120, 180].map { gone in
        let left = rows.indices.filter { $0 % 2 == 0 || $0 >= 2 * gone }.map { rows[$0] }
        return (["a,b,c,label"] + left).joined(separator: "\n")
      })
  }

  @Test func aColumnThatGivesTheLabelAwayDoesNotConfirmIt() throws {
    let texts = [
      Self.overlapping(), Self.overlapping { row, isHigh in isHigh ? "1.5" : "2.5" },
    ]
    try Self.expectFall(texts.map { (["a,b,c,label"] + $0).joined(separator: "\n") })
  }

  /// Numbers that have changed places: where they are many, none can be doubted any more.
  @Test(arguments: [1, 2] as [UInt64]) func numbersThatNothingTellsAreNotSound(seed: UInt64) throws
  {
    var generator = SeededGenerator(seed: seed)
    let rows = (0..<240).map { _ in
      let (x, y) = (normal(&generator), normal(&generator))
      return (x, y, 20 + 4 * x - 2 * y + normal(&generator))
    }
    var places = Array(rows.indices)
    generator.shuffle(&places)
    let parts = try [0, 0.1, 0.2, 0.35, 0.5, 0.8].map { share in
      let moved = places.prefix(Int(share * 240))
      var labels = rows.map(\.2)
      for (row, next) in zip(moved, moved.dropFirst()) { labels[row] = rows[next].2 }
      let lines = rows.indices.map { "\(rows[$0].0),\(rows[$0].1),\(labels[$0])\n" }
      let options = AnalysisOptions(
        labelColumn: "label", taskType: .regression, detectors: [.labelErrors])
      let report = try Analyzer(options: options).analyze(table("x,y,label\n" + lines.joined()))
      return try #require(report.qualityComponents.first).score
    }
    #expect(parts == parts.sorted(by: >))
    #expect(parts[0] > 80 && parts[4] < 60)
  }

  /// A detector that has nothing left to work on is no relief.
  @Test func theLastLabelsTakeTheScoreAlong() throws {
    var rows = (0..<60).map {
      ["\($0 * 37 % 59).5", $0 % 2 == 0 ? "x" : "y", "ab".map(String.init)[$0 % 2]]
    }
    var scores: [Double] = []
    for count in [0, 30, 50, 58, 60] {
      for row in 0..<count { rows[row][2] = "" }
      let text = "a,b,label\n" + rows.map { $0.joined(separator: ",") }.joined(separator: "\n")
      let report = try Analyzer(options: AnalysisOptions(labelColumn: "label")).analyze(
        table(text + "\n"))
      scores.append(try #require(report.qualityScore))
    }
    #expect(scores == scores.sorted(by: >))
  }

  /// Damage that undoes what another detector complains of.
  @Test(arguments: ["-9999", "", "?"]) func damageDoesNotMendOtherFlaws(value: String) throws {
    var generator = SeededGenerator(seed: 22)
    var rows = (0..<400).map { row in
      // A column that follows from another, a constant, and numbers.
      let width = normal(&generator)
      return [
        "\(width)", "\(2 * width)", ["a", "b"][row % 2], ["north", "south"][row % 2], "x",
        "\(normal(&generator))", "\(normal(&generator))",
      ]
    }
    var places = (0..<400).map { $0 }
    generator.shuffle(&places)
    var detectors = Set(DetectorKind.allCases)
    detectors.remove(.labelErrors)
    var scores: [Double] = []
    for share in [0, 0.01, 0.03, 0.08, 0.2, 0.4] {
      for (index, row) in places.prefix(Int(share * 400)).enumerated() {
        rows[row][index % 2 == 0 ? 0 : 6] = value
        if value.isEmpty, index < 16 { rows[row][4] = value }
      }
      let text = "a,b,c,d,e,f,g\n" + rows.map { $0.joined(separator: ",") }.joined(separator: "\n")
      let options = AnalysisOptions(detectors: detectors)
      let report = try Analyzer(options: options).analyze(table(text + "\n"))
      scores.append(try #require(report.qualityScore))
    }
    #expect(scores == scores.sorted(by: >))
    #expect(scores[0] > scores[5])
  }

  @Test func weightsAreThePartsOfTheWhole() {
    let all = DetectorKind.allCases
    #expect(all.allSatisfy { $0.weight > 0 })
    let score = QualityScore(all.map { ($0, 100) })
    #expect(score.total == 100)
    #expect(QualityScore([]).total == nil)
    // A detector that did not run changes nothing for the others.
    let two = QualityScore([(.missingValues, 50), (.outliers, 80)])
    let weights = DetectorKind.missingValues.weight + DetectorKind.outliers.weight
    let expected =
      (50 * DetectorKind.missingValues.weight + 80 * DetectorKind.outliers.weight) / weights
    #expect(abs((two.total ?? 0) - expected) < 1e-6)
    // Each component moves the whole its own way.
    for kind in all {
      let lower = QualityScore(all.map { ($0, $0 == kind ? 40 : 100) })
      #expect((lower.total ?? 100) < 100)
    }
  }

  @Test func whatDidNotRunHasNoComponent() throws {
    let report = try Analyzer(options: AnalysisOptions()).analyze(table("a,b\nx,\ny,z\n"))
    let ran = Set(report.detectors.filter { $0.status == .ok }.map(\.detector))
    #expect(Set(report.qualityComponents.map(\.detector)) == ran)
    #expect(ran.count < DetectorKind.allCases.count)
  }
}
