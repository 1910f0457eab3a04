import Testing

@testable import Analysis

/// Plans a fix from what the cheap detectors find in a table, and from findings that are given.
func plan(
  for table: Table, _ options: FixOptions, label: String? = "label",
  findings: [DetectorKind: [FlaggedRow]] = [:]
) throws -> FixPlan {
  let analysis = AnalysisOptions(
    labelColumn: label, detectors: [.missingValues, .exactDuplicates], maxFlaggedRows: .max)
  var report = try Analyzer(options: analysis).analyze(table)
  for index in report.detectors.indices {
    guard let flagged = findings[report.detectors[index].detector] else { continue }
    report.detectors[index].status = .ok
    report.detectors[index].flagged = FlaggedRows(flagged)
    report.detectors[index].flaggedCount = flagged.count
  }
  var planner = FixPlanner(
    report: report, table: table, analysis: analysis, options: options,
    Checkpoint(report: { _ in }, isCancelled: { false }))
  return FixPlan(
    strategy: options.strategy,
    dataset: FixPlan.Dataset(
      sha256: nil, layout: table.layout, rows: table.rowCount, columns: table.names),
    flagColumn: options.flagColumn, actions: try planner.plan())
}

private func labelError(_ row: Int, _ score: Double, _ suggested: String?) -> FlaggedRow {
  FlaggedRow(row: row, score: score, reason: "test", suggestedLabel: suggested)
}

private func spelling(_ row: Int, _ column: String, _ value: String) -> FlaggedRow {
  FlaggedRow(row: row, score: 1, reason: "test", column: column, suggestedValue: value)
}

@Suite struct FixPlannerTests {
  private let rows = """
    x,city,label
    1,NY,a
    2,ny,a
    3,NY,b
    1,NY,a
    ,LA,b
    4,LA,b
    5,,b

    """

  private func fixed(
    _ strategy: FixStrategy, kinds: Set<FixAction.Kind>? = nil,
    _ findings: [DetectorKind: [FlaggedRow]] = [:]
  ) throws -> (text: String, plan: FixPlan) {
    let plan = try plan(
      for: table(rows), FixOptions(strategy: strategy, kinds: kinds, imputeShare: nil),
      findings: findings)
    return (try plan.apply(to: rows), plan)
  }

  @Test func conservativeLeavesOutDuplicatesAndFlagsTheSurestLabelErrors() throws {
    let (text, plan) = try fixed(
      .conservative, [.labelErrors: [labelError(2, 0.96, "a"), labelError(5, 0.94, "a")]])
    #expect(text == "x,city,label\n1,NY,a\n2,ny,a\n3,NY,b\n,LA,b\n4,LA,b\n5,,b\n")
    #expect(plan.counts == [.deduplicate: 1, .flag: 1])
    #expect(plan.actions.map(\.row) == [2, 3])
    #expect(plan.actions[1].duplicateOf == 0)
    #expect(plan.rowsOut == 6)
  }

  @Test func moderateRelabelsWhatIsSureAndFlagsTheRest() throws {
    let (text, plan) = try fixed(
      .moderate,
      [.labelErrors: [labelError(2, 0.9, "a"), labelError(5, 0.89, "a"), labelError(1, 1, nil)]])
    #expect(text == "x,city,label\n1,NY,a\n2,ny,a\n3,NY,a\n,LA,b\n4,LA,b\n5,,b\n")
    #expect(plan.counts == [.deduplicate: 1, .flag: 2, .relabel: 1])
    let relabelled = plan.actions.first { $0.kind == .relabel }
    #expect(relabelled?.from == "b" && relabelled?.to == "a" && relabelled?.score == 0.9)
  }

  @Test func aggressiveFillsInAndRemoves() throws {
    let (text, plan) = try fixed(
      .aggressive,
      [
        .outliers: [
          FlaggedRow(row: 5, score: 0.95, reason: "test", column: "x"),
          FlaggedRow(row: 1, score: 0.6, reason: "test", column: "x"),
        ]
      ])
    // The median and the most frequent value are those of the rows that stay.
    #expect(text == "x,city,label\n1,NY,a\n2,ny,a\n3,NY,b\n2,LA,b\n5,NY,b\n")
    #expect(plan.counts == [.deduplicate: 1, .flag: 1, .impute: 2, .remove: 1])
  }

  @Test func fillsInAsTheColumnWillBeWritten() throws {
    let rows = "x\tlabel\n12 345,60\ta\n3 150,36\tb\n\ta\n1 000,50\tb\n"
    let findings: [DetectorKind: [FlaggedRow]] = [
      .inconsistentFormats: [
        spelling(0, "x", "12345.60"), spelling(1, "x", "3150.36"), spelling(3, "x", "1000.50"),
      ]
    ]
    func fixed(_ kinds: Set<FixAction.Kind>?) throws -> String {
      try plan(
        for: table(rows), FixOptions(strategy: .aggressive, kinds: kinds), findings: findings
      ).apply(to: rows)
    }
    #expect(
      try fixed(nil) == "x\tlabel\n12345.60\ta\n3150.36\tb\n3150.36\ta\n1000.50\tb\n")
    #expect(try fixed([.impute]) == rows.replacing("\n\ta", with: "\n3 150,36\ta"))
  }

  @Test func conservativeTakesSpellingsOfTheSameWordAlone() throws {
    let findings: [DetectorKind: [FlaggedRow]] = [
      .inconsistentFormats: [
        spelling(1, "city", "NY"), spelling(4, "city", "L A"), spelling(5, "city", " La "),
      ]
    ]
    let careful = try fixed(.conservative, findings)
    #expect(careful.plan.counts == [.deduplicate: 1, .replace: 2])
    #expect(careful.text == "x,city,label\n1,NY,a\n2,NY,a\n3,NY,b\n,LA,b\n4, La ,b\n5,,b\n")
    #expect(try fixed(.moderate, findings).plan.counts[.replace] == 3)
  }

  @Test func onlyTheKindsAskedForAreTaken() throws {
    let findings: [DetectorKind: [FlaggedRow]] = [.labelErrors: [labelError(2, 1, "a")]]
    #expect(try fixed(.aggressive, kinds: [], findings).text == rows)
    #expect(try fixed(.aggressive, kinds: [.impute], findings).plan.counts == [.impute: 2])
    let flagged = try fixed(.aggressive, kinds: [.flag], findings)
    #expect(flagged.text == rows)
    #expect(flagged.plan.actions.map(\.row) == [2, 3])
  }

  @Test func aThresholdOverridesTheStrategy() throws {
    func count(_ options: FixOptions, _ kind: FixAction.Kind) throws -> Int {
      try plan(
        for: table(rows), options, findings: [.labelErrors: [labelError(2, 0.5, "a")]]
      ).counts[kind, default: 0]
    }
    #expect(try count(FixOptions(strategy: .moderate), .relabel) == 0)
    #expect(try count(FixOptions(strategy: .moderate, relabelScore: 0.5), .relabel) == 1)
    #expect(try count(FixOptions(strategy: .moderate), .impute) == 0)
    #expect(try count(FixOptions(strategy: .moderate, imputeShare: 0.2), .impute) == 2)
    #expect(try count(FixOptions(strategy: .aggressive, imputeShare: 0), .impute) == 0)
  }

  /// Answers of few values repeat by chance: each may be another person's.
  @Test func repeatsByChanceAreKept() throws {
    var generator = SeededGenerator(seed: 3)
    let text =
      "a,b,c\n"
      + (0..<200).map { _ in
        (0..<3).map { _ in "\(generator.next(below: 5))" }.joined(separator: ",") + "\n"
      }.joined()
    for strategy in [FixStrategy.conservative, .moderate] {
      let kept = try plan(for: table(text), FixOptions(strategy: strategy), label: nil)
      #expect(kept.counts.keys.sorted { $0.rawValue < $1.rawValue } == [.flag])
      #expect(kept.actions.allSatisfy { $0.reason.hasSuffix(", which may be by chance.") })
      #expect(kept.rowsOut == 200)
    }
    let gone = try plan(for: table(text), FixOptions(strategy: .aggressive), label: nil)
    #expect(gone.rowsOut < 125)
    #expect(gone.actions.allSatisfy { $0.reason.contains("which may be by chance") })
  }

  @Test func rowsThatBecomeEqualAreLeftOut() throws {
    // Spelled alike, row 1 equals row 0; relabelled, row 2 does.
    let text = "x,city,label\n1,NY,a\n1,ny,a\n1,NY,b\n2,NY,b\n"
    let plan = try plan(
      for: table(text), FixOptions(strategy: .moderate),
      findings: [
        .outliers: [spelling(1, "city", "NY")], .labelErrors: [labelError(2, 1, "a")],
      ])
    #expect(try plan.apply(to: text) == "x,city,label\n1,NY,a\n2,NY,b\n")
    #expect(plan.counts == [.deduplicate: 2])
    #expect(plan.actions.allSatisfy { $0.duplicateOf == 0 })
  }

  @Test func aSuggestedLabelIsSpelledAsOthersAre() throws {
    let text = "x,label\n1,cat\n2,Cat\n3,dog\n4,dog\n5,cat\n"
    let plan = try plan(
      for: table(text), FixOptions(strategy: .moderate),
      findings: [
        .outliers: [spelling(1, "label", "cat")], .labelErrors: [labelError(3, 1, "Cat")],
      ])
    #expect(try plan.apply(to: text) == "x,label\n1,cat\n2,cat\n3,dog\n4,cat\n5,cat\n")
  }

  @Test func aNearDuplicateStaysIfItsOriginalGoes() throws {
    let text = "x,label\n1,a\n2,a\n3,a\n"
    // Any finding that names an original counts, whichever detector makes it.
    let near = FlaggedRow(row: 1, score: 0.99, reason: "test", duplicateOf: 0)
    func kept(_ findings: [DetectorKind: [FlaggedRow]]) throws -> [Int] {
      let plan = try plan(
        for: table(text), FixOptions(strategy: .aggressive), findings: findings)
      let gone = Set(plan.actions.filter(\.kind.removesRow).map(\.row))
      return (0..<3).filter { !gone.contains($0) }
    }
    #expect(try kept([.labelErrors: [near]]) == [0, 2])
    #expect(
      try kept([
        .labelErrors: [near], .outliers: [FlaggedRow(row: 0, score: 1, reason: "test")],
      ]) == [1, 2])
  }

  @Test func spellingsThatTheDetectorSuggestsAreTakenOnce() throws {
    var text = "n,city,label\n"
    for row in 0..<60 { text += "\(row * row % 61),\(row % 2 == 0 ? "Paris" : "Rome"),a\n" }
    text += "70, Paris,a\n71,paris,a\n"
    let fixer = Fixer(
      analysis: AnalysisOptions(
        labelColumn: "label", detectors: [.exactDuplicates, .inconsistentFormats]))
    let plan = try fixer.plan(for: table(text), sha256: nil).plan
    let fixed = try plan.apply(to: text)
    #expect(plan.counts[.replace] == 2)
    #expect(fixed.hasSuffix("70,Paris,a\n71,Paris,a\n"))
    #expect(try fixer.plan(for: table(fixed), sha256: nil).plan.actions.isEmpty)
  }

  @Test func labelsIdentifiersTextAndDatesAreNeverFilledIn() throws {
    var text = "id,words,x,split,label\n"
    for row in 0..<40 {
      text += row == 7 ? ",,,,\n" : "u\(row),some words \(row) here,\(row % 5),train,a\n"
    }
    var analysis = AnalysisOptions(
      labelColumn: "label", detectors: [.missingValues], splitColumn: "split")
    let options = FixOptions(strategy: .aggressive, kinds: [.impute])
    let plan = try Fixer(analysis: analysis, options: options)
      .plan(for: table(text), sha256: nil).plan
    #expect(plan.actions.map(\.column) == ["x"])
    #expect(plan.actions[0].to == "2")
    // What is not looked for is not mended.
    analysis.detectors = [.outliers]
    let other = try Fixer(analysis: analysis, options: options)
      .plan(for: table(text), sha256: nil).plan
    #expect(other.actions.isEmpty)
  }

  @Test func aTakenFlagColumnIsRefused() throws {
    let fixer = Fixer(
      analysis: AnalysisOptions(detectors: [.missingValues]),
      options: FixOptions(flagColumn: "city"))
    let error = #expect(throws: FixError.self) {
      try fixer.plan(for: table(rows), sha256: nil)
    }
    #expect(error?.kind == .flagColumnExists)
  }

  @Test func allRowsThatAreFlaggedAreMended() throws {
    let text = "x,label\n" + String(repeating: "1,a\n", count: 50)
    let fixer = Fixer(
      analysis: AnalysisOptions(detectors: [.exactDuplicates], maxFlaggedRows: 3),
      options: FixOptions(strategy: .aggressive))
    let (report, plan) = try fixer.plan(for: table(text), sha256: "d")
    #expect(plan.rowsOut == 1 && report[.exactDuplicates]?.flagged.count == 49)
    #expect(plan.dataset.sha256 == "d")
    #expect(try plan.apply(to: text) == "x,label\n1,a\n")
  }

  @Test func planningAsksOftenWhetherToGoOn() throws {
    // Looks beyond those of the analysis: before planning, for each column that is filled in, for
    // 4,096 of its values and of the actions, and for the columns that tell rows apart.
    var text = "x,y,label\n"
    for row in 0..<20_000 { text += row % 25 == 0 ? ",\(row),a\n" : "\(row),\(row),b\n" }
    let table = try table(text)
    let analysis = AnalysisOptions(
      labelColumn: "label", detectors: [.missingValues, .exactDuplicates], maxFlaggedRows: .max)
    var (all, ofAnalysis) = (0, 0)
    func count(_ counter: inout Int) -> Bool {
      counter += 1
      return false
    }
    _ = try Analyzer(options: analysis).analyze(table, isCancelled: { count(&ofAnalysis) })
    let (_, plan) = try Fixer(analysis: analysis, options: FixOptions(strategy: .moderate))
      .plan(for: table, sha256: nil, isCancelled: { count(&all) })
    #expect(plan.actions.count == 800)
    #expect(all - ofAnalysis >= 1 + 1 + 19_200 / 4_096 + 1 + 1)
  }

  @Test func aCancelledPlanIsNone() throws {
    #expect(throws: AnalysisCancelled.self) {
      try Fixer(analysis: AnalysisOptions(detectors: [.exactDuplicates]))
        .plan(for: table(rows), sha256: nil, isCancelled: { true })
    }
  }
}
