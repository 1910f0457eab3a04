import Foundation
import Testing

@testable import Analysis

@Suite struct FixLogTests {
  private static func sample(_ actions: [FixAction], rows: Int = 3) -> FixPlan {
    plan(columns: ["a", "b"], rows: rows, flagColumn: "why", actions)
  }

  /// What went wrong with a log.
  private static func refusal(_ log: String) -> FixError? {
    do {
      _ = try FixPlan(log: Array(log.utf8))
      return nil
    } catch {
      return error as? FixError
    }
  }

  @Test func readingALogCanBeStopped() throws {
    let log = try Self.sample([FixAction(.remove, row: 1, reason: "odd")]).json()
    #expect(throws: AnalysisCancelled.self) { try FixPlan(log: log, isCancelled: { true }) }
  }

  @Test func aLogIsReadAsItWasWritten() throws {
    let plans = [
      Self.sample([]),
      Self.sample([
        FixAction(
          .relabel, row: 0, column: "ä\"\\\n\u{1}", from: "", to: "x", reason: "r", score: 0.95,
          detector: .labelErrors),
        FixAction(.deduplicate, row: 1, duplicateOf: 0, reason: "", score: 1),
        FixAction(.flag, row: 2, reason: "odd", score: 1e-6, detector: .outliers),
      ]),
    ]
    for plan in plans {
      let log = try plan.json()
      #expect(try FixPlan(log: log) == plan)
      // Keys are in ascending order, and what is not there is left out, as JSONEncoder does it.
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      let expected = String(decoding: try encoder.encode(plan), as: UTF8.self)
      #expect(String(decoding: log, as: UTF8.self).replacing(":1.0", with: ":1") == expected)
    }
  }

  @Test func manyActionsComeInPieces() throws {
    let plan = Self.sample(
      (0..<10_000).map { FixAction(.flag, row: $0, reason: "Row \($0) is odd.") }, rows: 10_000)
    let pieces = Array(try plan.log())
    #expect(pieces.count > 5 && pieces.allSatisfy { $0.count < 66_000 })
    #expect(try FixPlan(log: pieces.reduce(into: []) { $0 += $1 }) == plan)
  }

  @Test func whatIsWrongWithALogIsSaid() throws {
    let whole = String(
      decoding: try Self.sample([FixAction(.remove, row: 0, reason: "")]).json(), as: UTF8.self)
    func edited(_ text: String, _ replacement: String) -> FixError? {
      #expect(whole.contains(text))
      return Self.refusal(whole.replacingOccurrences(of: text, with: replacement))
    }
    #expect(Self.refusal(whole) == nil)
    for text in ["", "{", "row,column", "[]", "{}", "7"] {
      #expect(Self.refusal(text)?.kind == .malformedLog, "\(text)")
    }
    let kind = edited("\"remove\"", "\"burn\"")
    #expect(kind?.kind == .malformedLog)
    #expect(kind?.message.contains("actions[0].kind has a value") == true)
    #expect(edited(",\"row\":0", "")?.message.contains("actions[0].row is missing") == true)
    #expect(edited("\"row\":0", "\"row\":0.5")?.message.contains("a number that") == true)
    #expect(edited("\"row\":0", "\"row\":\"0\"")?.message.contains("actions[0].row has a") == true)
    #expect(edited("\"rows\":3", "\"rows\":null")?.message.contains("dataset.rows") == true)
    let newer = edited("\"version\":1", "\"version\":2")
    #expect(newer?.kind == .unknownVersion && newer?.message.contains("version 2") == true)
  }

  // MARK: Fitting

  @Test func aLogFitsItsOwnBytesAndNamesOthers() throws {
    let own = try table("a,b\n1,2\n3,4\n")
    var plan = FixPlan(
      strategy: .moderate, dataset: FixPlan.Dataset(own, sha256: "AB"),
      actions: [FixAction(.replace, row: 1, column: "b", from: "4", to: "5", reason: "")])
    #expect(try plan.fitted(to: own, sha256: "ab").actions == plan.actions)
    func refusal(_ table: Table, _ sha256: String) -> FixError? {
      do throws(FixError) {
        _ = try plan.fitted(to: table, sha256: sha256)
        return nil
      } catch {
        return error
      }
    }
    #expect(refusal(own, "ac")?.kind == .otherDataset)
    #expect(refusal(own, "ac")?.message.contains("SHA-256 AB") == true)
    plan.dataset.sha256 = nil
    #expect(refusal(own, "ac") == nil)
    #expect(refusal(try table("a,b\n1,2\n"), "ac")?.kind == .otherDataset)
    let other = refusal(try table("a,c\n1,2\n3,4\n"), "ac")
    #expect(other?.kind == .unknownColumn && other?.row == 1 && other?.column == "b")
  }

  /// By rows, names and values alone, a log fits a dataset that says the same in another form.
  @Test func aLikeDatasetMayBeInAnotherForm() throws {
    let plan = FixPlan(
      strategy: .moderate, dataset: FixPlan.Dataset(try table("a,b\n1,2\n3,4\n5,6\n"), sha256: nil),
      actions: [
        FixAction(.replace, row: 1, column: "b", from: "4", to: "x;y", reason: ""),
        FixAction(.remove, row: 2, reason: ""),
      ])
    for (format, text, fixed) in [
      (DatasetFormat.csv, "b;c;a\r\n2;;1\r\n4;;3\r\n6;;5", "b;c;a\r\n2;;1\r\n\"x;y\";;3"),
      (.ndjson, "{\"b\":2}\n{\"b\":4}\n{\"b\":6}\n", "{\"b\":2}\n{\"b\":\"x;y\"}\n"),
    ] {
      let fitted = try plan.fitted(to: table(text, format), sha256: "ab")
      #expect(try fitted.apply(to: text) == fixed)
      #expect(fitted.dataset.sha256 == "ab")
    }
    let differs = try plan.fitted(to: table("a,b\n1,2\n3,9\n5,6\n"), sha256: "ab")
    #expect(throws: FixError.self) { try differs.apply(to: "a,b\n1,2\n3,9\n5,6\n") }
  }

  // MARK: What comes of it

  @Test func theMendedTableIsReadWithoutTheFlagColumn() throws {
    let text = "a,b\n1,2\n3,4\n5,6\n"
    let plan = FixPlan(
      strategy: .moderate, dataset: FixPlan.Dataset(try table(text), sha256: nil),
      flagColumn: "why",
      actions: [
        FixAction(.replace, row: 1, column: "b", from: "4", to: "7", reason: ""),
        FixAction(.remove, row: 2, reason: ""),
      ])
    for size in [1, 5, 100] {
      var reader = try MendedReader(plan, limits: DatasetLimits())
      var rest = Array(text.utf8)[...]
      while !rest.isEmpty {
        try reader.append(Array(rest.prefix(size)))
        rest = rest.dropFirst(size)
      }
      let mended = try reader.finish()
      #expect(mended.names == ["a", "b"] && mended.rowCount == 2)
      #expect(mended.columns[1].text(1) == "7")
    }
    var none = plan
    none.actions = (0..<3).map { FixAction(.remove, row: $0, reason: "") }
    var reader = try MendedReader(none, limits: DatasetLimits())
    try reader.append(Array(text.utf8))
    #expect(throws: DatasetError.self) { try reader.finish() }
  }
}
