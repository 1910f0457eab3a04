import CloudClient
import Foundation
import Testing

@testable import clean_ctl

@Suite struct FixTests {
  private static let answer = """
    {"id": "an_1", "rows_in": 3, "rows_out": 2, "action_counts": {"deduplicate": 1, "flag": 1200},
     "log": {"actions": [{"row": 2, "score": 0.95}], "seed": 18446744073709551615},
     "dataset": "a\\r\\n\\u00e9\\n"}
    """

  private func fix(
    _ answer: String, _ settings: FixSettings, sending uri: String
  ) async throws -> FixedDataset {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).csv")
    try Data("a\né\né\n".utf8).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    let file = try #require(DatasetFile(path: url.path))
    return try await TestServer.run { _, _ in
      .answer(200, ["X-Request-ID": "req_9"], answer)
    } _: { server in
      let result = try await FailoverTests.calling([server.url]) {
        try await $0.fix(file, settings: settings, options: AnalyzeOptions(labelColumn: "a"))
      }
      #expect(server.requests.map(\.uri) == [uri])
      #expect(server.requests.first?.idempotencyKey != nil)
      return result
    }
  }

  @Test func theMendedDatasetIsRead() async throws {
    let fixed = try await fix(
      Self.answer, FixSettings(), sending: "/api/v1/fix?label_column=a")
    #expect(fixed.analysisID == "an_1" && fixed.rowsIn == 3 && fixed.rowsOut == 2)
    #expect(fixed.dataset == "a\r\né\n")
    #expect(fixed.requestID == "req_9")
    let view = try FixAnswerView(fixed)
    #expect(view.text(isDryRun: false) == "Done: deduplicate 1, flag 1,200 (2 of 3 rows stay)")
    #expect(
      String(decoding: view.log, as: UTF8.self)
        == #"{"actions":[{"row":2,"score":0.95}],"seed":18446744073709551615}"#)
    #expect(!String(decoding: try view.jsonWithoutDataset(), as: UTF8.self).contains("dataset"))
  }

  @Test func settingsAreSent() async throws {
    let settings = FixSettings(
      strategy: "aggressive", isDryRun: true, actions: ["flag", "impute"], relabelScore: 0.9,
      nearDuplicateScore: 1, outlierScore: 0.5, imputeShare: 0.05, flagColumn: "why")
    let fixed = try await fix(
      #"{"id": "an_1", "rows_in": 3, "rows_out": 3, "action_counts": {}, "log": {}}"#, settings,
      sending:
        "/api/v1/fix?strategy=aggressive&dry_run=true&actions=flag%2Cimpute&relabel_score=0.9"
        + "&near_duplicate_score=1.0&outlier_score=0.5&impute_share=0.05&flag_column=why"
        + "&label_column=a")
    #expect(fixed.dataset == nil)
    #expect(
      try FixAnswerView(fixed).text(isDryRun: true) == "Would be done: nothing (3 rows)")
  }

  @Test func anAnswerThatIsNoFixIsRefused() async throws {
    await #expect(throws: CloudError.self) {
      try await fix("{}", FixSettings(), sending: "/api/v1/fix?label_column=a")
    }
  }

  @Test func aPlaceForTheResultIsAskedFor() throws {
    #expect(throws: (any Error).self) { try FixCommand.parse(["a.csv"]) }
    #expect(try FixCommand.parse(["a.csv", "-o", "b.csv"]).strategy == .conservative)
    #expect(try FixCommand.parse(["a.csv", "--dry-run"]).destination == nil)
  }
}
