import Analysis
import CloudAPI
import Foundation
import Testing

@testable import NodeGateway

@Suite struct FixTests {
  /// Rows 3 and 5 say what row 0 says; numbers are spelled in ways that nothing may change.
  static let csv = "x,\"y\"\r\n1.50,a\r\n2,b\r\n 3,\"c\"\r\n1.50,a\r\n4,d\r\n1.50,a"
  static let fixed = "x,\"y\"\r\n1.50,a\r\n2,b\r\n 3,\"c\"\r\n4,d"

  struct Result: Decodable {
    var id: String
    var workspaceID: String
    var name: String
    var rows: Int
    var strategy: String
    var dryRun: Bool
    var rowsIn: Int
    var rowsOut: Int
    var actionCounts: [String: Int]
    var replayed: Bool
    var scoreBefore: Double?
    var scoreAfter: Double?
    var flaggedBefore: [String: Int]?
    var flaggedAfter: [String: Int]?
    var log: FixPlan
    var dataset: String?

    enum CodingKeys: String, CodingKey {
      case id, name, rows, strategy, replayed, log, dataset
      case workspaceID = "workspace_id"
      case dryRun = "dry_run"
      case rowsIn = "rows_in"
      case rowsOut = "rows_out"
      case actionCounts = "action_counts"
      case scoreBefore = "quality_score_before"
      case scoreAfter = "quality_score_after"
      case flaggedBefore = "flagged_before"
      case flaggedAfter = "flagged_after"
    }
  }

  private func used(_ node: TestGateway, _ token: String) async throws -> Usage {
    try await node.call("GET", "/api/v1/usage", token: token).decode(Usage.self)
  }

  @Test func aDatasetComesBackMendedWithWhatWasDone() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada")
      let answer = try await node.fix(
        Self.csv, query: "?name=Letters&seed=7", token: ada.tokens.accessToken)
      #expect(answer.status == 200, "\(answer.text)")
      let result = try answer.decode(Result.self)
      #expect(result.id.hasPrefix("an_"))
      #expect(result.workspaceID == ada.workspace.id)
      #expect(result.name == "Letters")
      #expect(result.rows == 6 && result.rowsIn == 6 && result.rowsOut == 4)
      #expect(result.strategy == "conservative" && !result.dryRun)
      #expect(!result.replayed)
      #expect(result.actionCounts == ["deduplicate": 2])
      #expect(result.dataset == Self.fixed)
      #expect(result.log.seed == 7)
      #expect(result.log.actions.map(\.row) == [3, 5])
      #expect(result.log.actions.map(\.duplicateOf) == [0, 0])
      // What the log says gives the same from what was sent, which it knows by its SHA-256.
      #expect(try result.log.apply(to: Array(Self.csv.utf8)) == Array(Self.fixed.utf8))
      #expect(result.log.dataset.sha256?.count == 64)
    }
  }

  /// The rows are billed as those of an analysis are, and once.
  @Test func itIsBilledAsAnAnalysis() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let headers = ["Idempotency-Key": "one"]
      let first = try await node.fix(Self.csv, token: token, headers: headers)
      let second = try await node.fix(Self.csv, token: token, headers: headers)
      #expect(first.status == 200 && second.status == 200, "\(second.text)")
      #expect(try first.decode(Result.self).id == second.decode(Result.self).id)
      let usage = try await used(node, token)
      #expect(usage.rows.used == 6)
      #expect(usage.rows.reserved == 0)
      #expect(usage.analyses == 1)
      let other = try await node.fix(
        Self.csv, query: "?strategy=aggressive", token: token, headers: headers)
      _ = try other.problem(422, .idempotencyKeyReused)
      let over = try await node.fix(AnalyzeTests.rows(10_001), token: token)
      _ = try over.problem(429, .quotaExceeded)
    }
  }

  @Test func aDryRunTellsAndChangesNothing() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let answer = try await node.fix(Self.csv, query: "?dry_run=true", token: token)
      let result = try answer.decode(Result.self)
      #expect(result.dryRun)
      #expect(result.dataset == nil)
      #expect(result.rowsOut == 4)
      #expect(result.actionCounts == ["deduplicate": 2])
      #expect(try await used(node, token).rows.used == 6)
      // There is no dataset that could be answered alone.
      let bare = try await node.fix(
        Self.csv, query: "?dry_run=true", token: token, headers: ["Accept": "text/csv"])
      _ = try bare.problem(406, .notAcceptable)
      #expect(try await used(node, token).rows.used == 6)
    }
  }

  @Test func theDatasetCanBeHadAlone() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let csv = try await node.fix(Self.csv, token: token, headers: ["Accept": "text/csv"])
      #expect(csv.body == Array(Self.fixed.utf8))
      #expect(csv.headers["content-type"] == "text/csv; charset=utf-8")
      #expect(csv.headers["clean-analysis"]?.hasPrefix("an_") == true)
      #expect(csv.headers["clean-fix-counts"] == "deduplicate=2")
      #expect(csv.headers["content-length"] == "\(csv.body.count)")
      let lines = try await node.fix(
        "{\"a\": 1.0, \"b\": \"é\"}\n{\"a\":2,\"b\":\"e\"}\n{\"b\": \"é\", \"a\": 1.0}\n",
        token: token,
        headers: ["Content-Type": "application/x-ndjson", "Accept": "application/x-ndjson"])
      #expect(lines.body == Array("{\"a\": 1.0, \"b\": \"é\"}\n{\"a\":2,\"b\":\"e\"}\n".utf8))
      #expect(lines.headers["content-type"] == "application/x-ndjson")
    }
  }

  @Test func jsonComesBackAsItWas() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let array = try await node.fix(
        "[ {\"a\":1,\"b\":\"x\"},\n {\"a\":1,\"b\":\"x\"},\n {\"a\":2,\"b\":\"z\"} ]", token: token,
        headers: ["Content-Type": "application/json"])
      #expect(
        try array.decode(Result.self).dataset
          == "[ {\"a\":1,\"b\":\"x\"},\n {\"a\":2,\"b\":\"z\"} ]")
    }
  }

  /// Bytes and what they say, in encodings that have a byte for each character.
  @Test(arguments: [("iso-8859-1", 0xE9, "é"), ("windows-1252", 0x80, "€"), ("cp1252", 0x93, "“")])
  func otherEncodingsAreTakenAndKept(_ charset: String, _ byte: UInt8, _ text: String) async throws
  {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let dataset = Array("x,y\n1,".utf8) + [byte] + Array("\n2,b\n1,".utf8) + [byte, 0x0A]
      let mended = Array("x,y\n1,".utf8) + [byte] + Array("\n2,b\n".utf8)
      func send(_ path: String, _ headers: [String: String] = [:]) async throws -> TestAnswer {
        try await node.call(
          "POST", path, token: token,
          headers: ["Content-Type": "text/csv; charset=\(charset)"].merging(headers) { $1 },
          body: dataset)
      }
      let report = try await send("/api/v1/analyze").decode(Report.self)
      #expect(report.dataset.layout?.encoding == DatasetEncoding(name: charset))
      #expect(report[.exactDuplicates]?.flaggedCount == 1)
      #expect(
        try await send("/api/v1/fix").decode(Result.self).dataset == "x,y\n1,\(text)\n2,b\n")
      let bare = try await send("/api/v1/fix", ["Accept": "text/csv"])
      let name = try #require(DatasetEncoding(name: charset)).rawValue
      #expect(bare.headers["content-type"] == "text/csv; charset=\(name)")
      #expect(bare.body == mended)
      // Without the declaration it is no text.
      let undeclared = try await send("/api/v1/fix", ["Content-Type": "text/csv"])
      let problem = try undeclared.problem(422, .unprocessableDataset)
      #expect(problem.row == 0 && problem.column == "y")
      let unknown = try await send("/api/v1/analyze", ["Content-Type": "text/csv; charset=koi8-r"])
      _ = try unknown.problem(415, .unsupportedMediaType)
    }
  }

  @Test func tabsSeparateToo() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let tabs = Self.csv.replacingOccurrences(of: ",", with: "\t")
      let mended = Self.fixed.replacingOccurrences(of: ",", with: "\t")
      let headers = ["Content-Type": "text/tab-separated-values"]
      let report = try await node.analyze(tabs, token: token, headers: headers)
        .decode(Report.self)
      #expect(report.dataset.columns.map(\.name) == ["x", "y"])
      #expect(report.dataset.layout?.delimiter == "\t")
      let told = try await node.fix(tabs, token: token, headers: headers)
      #expect(try told.decode(Result.self).dataset == mended)
      for type in ["text/tab-separated-values", "text/csv"] {
        let bare = try await node.fix(
          tabs, token: token, headers: headers.merging(["Accept": type]) { $1 })
        #expect(bare.headers["content-type"] == "\(type); charset=utf-8")
        #expect(bare.body == Array(mended.utf8))
      }
      // CSV has no tabs.
      let other = try await node.fix(
        Self.csv, token: token, headers: ["Accept": "text/tab-separated-values"])
      _ = try other.problem(406, .notAcceptable)
    }
  }

  /// Text that JSON has to escape, longer than what is read at a time.
  @Test func aLargeDatasetComesWhole() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let words = "say \"\"é€\u{1F600}\"\" \\ tab\tend "
      let rows = (0..<900).map { "\($0),\"\(String(repeating: words, count: 20))\($0)\"\r\n" }
      let csv = "\u{FEFF}a,b\r\n" + rows.joined()
      #expect(csv.utf8.count > 500_000)
      let answer = try await node.fix(
        csv + rows[0], query: "?detectors=exact_duplicates", token: token)
      #expect(
        try answer.decode(Result.self).dataset?.unicodeScalars.elementsEqual(csv.unicodeScalars)
          == true)
      let bare = try await node.fix(
        csv + rows[0], query: "?detectors=exact_duplicates", token: token,
        headers: ["Accept": "text/csv"])
      #expect(bare.body == Array(csv.utf8))
    }
  }

  @Test func bothCanBeHadInAForm() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let accept = ["Accept": "multipart/form-data"]
      let answer = try await node.fix(Self.csv, token: token, headers: accept)
      let parts = try Self.parts(of: answer)
      #expect(parts.map(\.name) == ["result", "log", "file"])
      #expect(parts[2].content == Self.fixed)
      #expect(try FixPlan(log: Array(parts[1].content.utf8)).actions.count == 2)
      #expect(parts[0].content.contains("\"action_counts\":{\"deduplicate\":2}"))
      #expect(!parts[0].content.contains("\"log\""))
      let dry = try await node.fix(Self.csv, query: "?dry_run=true", token: token, headers: accept)
      #expect(try Self.parts(of: dry).map(\.name) == ["result", "log"])
    }
  }

  private static func parts(of answer: TestAnswer) throws -> [(name: String, content: String)] {
    #expect(answer.status == 200, "\(answer.text)")
    let type = answer.headers["content-type"] ?? ""
    let boundary = try #require(type.components(separatedBy: "; boundary=").last)
    let pieces = ("\r\n" + String(decoding: answer.body, as: UTF8.self))
      .components(separatedBy: "\r\n--\(boundary)")
    #expect(pieces.first?.isEmpty == true && pieces.last == "--\r\n")
    return pieces.dropFirst().dropLast().map { piece in
      let sides = piece.components(separatedBy: "\r\n\r\n")
      let name = sides[0].components(separatedBy: "name=\"").dropFirst().first ?? ""
      return (
        String(name.prefix { $0 != "\"" }), sides.dropFirst().joined(separator: "\r\n\r\n")
      )
    }
  }

  @Test func whatWasGainedIsTold() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      for query in ["?flag_column=why", "?dry_run=true"] {
        let result = try await node.fix(Self.csv, query: query, token: token).decode(Result.self)
        #expect(result.flaggedBefore?["exact_duplicates"] == 2)
        #expect(result.flaggedAfter?["exact_duplicates"] == 0)
        let (before, after) = (try #require(result.scoreBefore), try #require(result.scoreAfter))
        #expect(after > before)
        // It is the score that an analysis finds.
        let analysis = try await node.analyze(Self.fixed, token: token).decode(Report.self)
        #expect(analysis.qualityScore == after)
      }
      let unverified = try await node.fix(Self.csv, query: "?verify=false", token: token)
        .decode(Result.self)
      #expect(unverified.scoreBefore != nil && unverified.scoreAfter == nil)
      #expect(unverified.flaggedAfter == nil)
    }
  }

  /// What is around the dataset in a form is no part of it.
  @Test func aFormIsFixedToo() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let form =
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n"
        + Self.csv + "\r\n--b--\r\n"
      let answer = try await node.fix(
        form, token: token, headers: ["Content-Type": "multipart/form-data; boundary=b"])
      #expect(try answer.decode(Result.self).dataset == Self.fixed)
    }
  }

  @Test func strategiesAndFlagsAreTaken() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let csv =
        "a,b\n" + (0..<40).map { "\($0),\($0 == 7 ? "" : "\($0 % 3)")\n" }.joined()
      let none = try await node.fix(csv, token: token).decode(Result.self)
      #expect(none.dataset == csv && none.log.actions.isEmpty)
      let some = try await node.fix(
        csv, query: "?strategy=moderate&actions=impute&seed=1", token: token
      ).decode(Result.self)
      #expect(some.actionCounts == ["impute": 1])
      #expect(some.log.actions.first?.row == 7)
      #expect(some.dataset == csv.replacingOccurrences(of: "7,\n", with: "7,1\n"))
      let clash = try await node.fix(csv, query: "?flag_column=a", token: token)
      #expect(try clash.problem(400, .invalidRequest).errors?.map(\.field) == ["flag_column"])
      // It had taken rows for its analysis, and gave them back.
      let usage = try await used(node, token)
      #expect(usage.rows.used == 80 && usage.rows.reserved == 0)
    }
  }

  @Test(arguments: [
    ("?strategy=bold", "strategy"), ("?dry_run=maybe", "dry_run"), ("?actions=,", "actions"),
    ("?actions=burn", "actions"), ("?relabel_score=2", "relabel_score"),
    ("?impute_share=x", "impute_share"), ("?verify=yes", "verify"),
    ("?flag_column=", "flag_column"), ("?seed=-1", "seed"),
  ])
  func oddQueriesAreNamed(_ query: String, _ field: String) async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let answer = try await node.fix(Self.csv, query: query, token: token)
      #expect(try answer.problem(400, .invalidRequest).errors?.map(\.field) == [field])
    }
  }

  @Test func itTakesThePermissionAndThePlan() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let analyst = try await node.key(#""analyze""#, token: token).key
      let refused = try await node.fix(Self.csv, token: analyst)
      #expect(try refused.problem(403, .forbidden).permission == .fix)
      let fixer = try await node.key(#""fix""#, token: token).key
      #expect(try await node.fix(Self.csv, token: fixer).status == 200)
      let more = try await node.fix(Self.csv, query: "?detectors=label_errors", token: fixer)
      let problem = try more.problem(403, .forbidden)
      #expect(problem.detail?.contains("label_errors") == true)
      #expect(problem.permission == .fix)
    }
  }
}

extension TestGateway {
  func fix(
    _ dataset: String, query: String = "", token: String, headers: [String: String] = [:]
  ) async throws -> TestAnswer {
    try await call(
      "POST", "/api/v1/fix" + query, token: token,
      headers: ["Content-Type": "text/csv"].merging(headers) { $1 }, body: Array(dataset.utf8))
  }
}
