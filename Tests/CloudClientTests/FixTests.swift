import CloudClient
import Foundation
import Testing

@testable import clean_ctl

@Suite struct FixTests {
  private static let result = """
    {"id": "an_1", "rows_in": 3, "rows_out": 2, "action_counts": {"deduplicate": 1, "flag": 1200}, \
    "quality_score_before": 91.25, "quality_score_after": 97}
    """
  private static let log = #"{"actions": [{"kind": "flag", "row": 2, "reason": "odd"}]}"#
  /// What looks like a delimiter and is none is content.
  private static let mended = Data("a\r\n--b".utf8) + [0xE9] + Data("\r\n\r\n".utf8)

  /// An answer as the service writes it.
  private static func form(_ parts: [(name: String, content: Data)]) -> Data {
    var body = Data()
    for (name, content) in parts {
      body += Data(
        "--bound\r\nContent-Disposition: form-data; name=\"\(name)\"\r\nContent-Type: x/y\r\n\r\n"
          .utf8)
      body += content + Data("\r\n".utf8)
    }
    return body + Data("--bound--\r\n".utf8)
  }

  private static var whole: Data {
    form([("result", Data(result.utf8)), ("log", Data(log.utf8)), ("file", mended)])
  }

  private func withDataset<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).csv")
    try Data("a\né\né\n".utf8).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try await body(url.path)
  }

  private func fix(
    answered body: Data = Self.whole, type: String = "multipart/form-data; boundary=bound",
    settings: FixSettings = FixSettings(), charset: String? = nil,
    sent: (TestServer.Request) -> Void = { _ in }
  ) async throws -> FixedDataset {
    try await withDataset { path in
      try await TestServer.run { _, _ in
        .bytes(200, ["X-Request-ID": "req_9", "Content-Type": type], body)
      } _: { server in
        let file = try #require(DatasetFile(path: path, charset: charset))
        let result = try await FailoverTests.calling([server.url]) {
          try await $0.fix(file, settings: settings, options: AnalyzeOptions(labelColumn: "a"))
        }
        sent(try #require(server.requests.first))
        return result
      }
    }
  }

  @Test func theMendedDatasetComesInItsOwnBytes() async throws {
    let fixed = try await fix(charset: "iso-8859-1") { request in
      #expect(request.uri == "/api/v1/fix?label_column=a")
      #expect(request.idempotencyKey != nil)
      #expect(request.headers["Accept"] == ["multipart/form-data, application/problem+json"])
      #expect(request.headers.first(name: "Content-Type") == "text/csv; charset=iso-8859-1")
    }
    #expect(fixed.analysisID == "an_1" && fixed.rowsIn == 3 && fixed.rowsOut == 2)
    #expect(fixed.qualityBefore == 91.25 && fixed.qualityAfter == 97)
    #expect(fixed.dataset.map { Array($0) } == Array(Self.mended))
    #expect(fixed.log == Data(Self.log.utf8) && fixed.json == Data(Self.result.utf8))
    #expect(fixed.requestID == "req_9")
    #expect(
      FixView(fixed, isDryRun: false, style: .plain).text
        == "Done: deduplicate 1, flag 1,200 (2 of 3 rows stay)\n"
        + "Quality went from 91.2 to 97.0 of 100")
  }

  @Test func settingsAreSent() async throws {
    let settings = FixSettings(
      strategy: "aggressive", isDryRun: true, isVerified: false, actions: ["flag", "impute"],
      relabelScore: 0.9, nearDuplicateScore: 1, outlierScore: 0.5, imputeShare: 0.05,
      flagColumn: "why")
    let nothing = #"{"id": "an_1", "rows_in": 3, "rows_out": 3, "action_counts": {}}"#
    let fixed = try await fix(
      answered: Self.form([("result", Data(nothing.utf8)), ("log", Data("{}".utf8))]),
      settings: settings
    ) { request in
      #expect(
        request.uri
          == "/api/v1/fix?strategy=aggressive&dry_run=true&verify=false&actions=flag%2Cimpute"
          + "&relabel_score=0.9&near_duplicate_score=1.0&outlier_score=0.5&impute_share=0.05"
          + "&flag_column=why&label_column=a")
    }
    #expect(fixed.dataset == nil)
    #expect(
      FixView(fixed, isDryRun: true, style: .plain).text == "Would be done: nothing (3 rows)")
  }

  @Test(arguments: [
    ("{}", "application/json"), ("", "multipart/form-data; boundary=bound"),
    ("--bound--\r\n", "multipart/form-data; boundary=bound"),
    (
      "--bound\r\nContent-Disposition: form-data; name=\"result\"\r\n\r\n{}",
      "multipart/form-data; boundary=bound"
    ),
    (
      "--bound\r\nContent-Disposition: form-data; name=\"result\"\r\n\r\n{}\r\n--bound\r\n",
      "multipart/form-data; boundary=bound"
    ),
  ])
  func anAnswerThatIsNoFixIsRefused(_ body: String, _ type: String) async throws {
    await #expect(throws: CloudError.self) {
      try await fix(answered: Data(body.utf8), type: type)
    }
  }

  @Test func aLogIsSentBesideTheDataset() async throws {
    try await withDataset { path in
      try await TestServer.run { _, _ in
        .bytes(200, ["Content-Type": "multipart/form-data; boundary=bound"], Self.whole)
      } _: { server in
        let file = try #require(DatasetFile(path: path))
        _ = try await FailoverTests.calling([server.url]) {
          try await $0.replay(
            Data("{\"x\": 1}".utf8), on: file, isDryRun: true, name: "N", workspaceID: "ws_1")
        }
        let request = try #require(server.requests.first)
        #expect(request.uri == "/api/v1/fix?dry_run=true&name=N&workspace_id=ws_1")
        let type = request.headers.first(name: "Content-Type") ?? ""
        #expect(type.hasPrefix("multipart/form-data; boundary="))
        let body = String(decoding: request.body, as: UTF8.self)
        #expect(
          body.contains("name=\"file\"; filename=\"file\"\r\nContent-Type: text/csv\r\n\r\na\n"))
        #expect(
          body.contains(
            "name=\"log\"; filename=\"log\"\r\nContent-Type: application/json\r\n\r\n{\"x\": 1}\r\n--"
          ))
      }
    }
  }

  // MARK: On the command line

  @Test func theCommandTakesWhatTheServiceTakes() throws {
    let command = try FixCommand.parse([
      "a.tsv", "-o", "b.tsv", "--strategy", "moderate", "--actions", "relabel, impute",
      "--relabel-score", "0.8", "--near-duplicate-score", "0.9", "--outlier-score", "1",
      "--impute-share", "0.5", "--flag-column", "why", "--no-verify", "--label-column", "y",
      "--detectors", "outliers", "--set", "outliers.threshold=4", "--charset", "windows-1252",
      "--split-column", "s", "--time-column", "t", "--sensitive-columns", "a,b",
    ])
    #expect(
      command.settings
        == FixSettings(
          strategy: "moderate", isVerified: false, actions: ["relabel", "impute"],
          relabelScore: 0.8, nearDuplicateScore: 0.9, outlierScore: 1, imputeShare: 0.5,
          flagColumn: "why"))
    let options = try command.analysis.options()
    #expect(options.labelColumn == "y" && options.detectors == ["outliers"])
    #expect(options.parameters == ["outliers.threshold": "4"])
    #expect(options.splitColumn == "s" && options.timeColumn == "t")
    #expect(options.sensitiveColumns == ["a", "b"])
    let file = try DatasetFile(named: command.file, charset: command.analysis.charset)
    #expect(file.mediaType == "text/tab-separated-values" && file.charset == "windows-1252")
  }

  @Test func whatDoesNotGoTogetherIsRefused() throws {
    for arguments in [
      ["a.csv"], ["a.csv", "-o", "b", "--other-file"], ["a.csv", "-o", "b", "--strategy", "bold"],
      ["a.csv", "--dry-run", "--replay", "l", "--strategy", "moderate"],
      ["a.csv", "--dry-run", "--replay", "l", "--set", "outliers.threshold=4"],
    ] {
      #expect(throws: (any Error).self, "\(arguments)") { try FixCommand.parse(arguments) }
    }
    #expect(try FixCommand.parse(["a.csv", "--dry-run"]).destination == nil)
    #expect(try FixCommand.parse(["a.csv", "--dry-run", "--replay", "l"]).replay == "l")
    #expect(throws: CommandFailure.self) { try DatasetFile(named: "a.csv", charset: "x\r\ny: z") }
    #expect(throws: CommandFailure.self) { try DatasetFile(named: "a.xlsx") }
  }

  @Test func aLogTellsTheEncodingAndMayLoseItsChecksum() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: url) }
    let text =
      #"{"actions":[{"row":1}],"dataset":{"layout":{"encoding":"iso-8859-1"},"sha256":"ab"}}"#
    try Data(text.utf8).write(to: url)
    let same = try ReplayedLog(path: url.path, isOfOtherFile: false)
    #expect(same.charset == "iso-8859-1" && same.json == Data(text.utf8))
    let other = try ReplayedLog(path: url.path, isOfOtherFile: true)
    let log = String(decoding: other.json, as: UTF8.self)
    #expect(!log.contains("sha256") && log.contains("iso-8859-1") && log.contains("\"row\":1"))
    try Data("no log".utf8).write(to: url)
    #expect(try ReplayedLog(path: url.path, isOfOtherFile: true).json == Data("no log".utf8))
    #expect(throws: CommandFailure.self) {
      try ReplayedLog(path: url.path + "x", isOfOtherFile: false)
    }
  }

  @Test func aDryRunTellsWhatItWouldDo() async throws {
    let actions =
      #"{"actions": [{"kind": "flag", "row": 0, "reason": "odd"}, {"kind": "replace", "row": 7, "#
      + #""column": "city", "from": "ny\u001b[31m", "to": "NY", "reason": "city is spelled NY"}"#
      + (1...25).map { #", {"kind": "remove", "row": \#($0), "reason": "far"}"# }.joined() + "]}"
    let fixed = try await fix(
      answered: Self.form([("result", Data(Self.result.utf8)), ("log", Data(actions.utf8))]))
    let text = FixView(fixed, isDryRun: true, style: .plain).text
    let lines = text.split(separator: "\n")
    #expect(lines[0] == "Rows are counted from 0, without the header")
    #expect(lines[2].hasPrefix("  7  replace  city    ny\u{FFFD}[31m  NY  city is spelled NY"))
    #expect(lines.contains("and 7 more; --log FILE writes all down"))
    #expect(text.hasSuffix("Quality would go from 91.2 to 97.0 of 100"))
    #expect(!text.contains("odd"))
  }
}
