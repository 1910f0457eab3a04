import Analysis
import CloudAPI
import Foundation
import Testing

@testable import NodeGateway

/// Logs of fixes that are sent to be done again.
@Suite struct ReplayTests {
  private static let csv = "id,city,n\r\n1,\"Bonn\",1.50\r\n2,Köln,2\r\n3,bonn,3\r\n"

  private static func log(
    rows: Int = 3, sha256: String? = nil, flagColumn: String? = nil, version: Int = 1,
    _ actions: [FixAction]
  ) throws -> String {
    var plan = FixPlan(
      strategy: .moderate,
      dataset: FixPlan.Dataset(
        sha256: sha256, layout: DatasetLayout(format: .csv, delimiter: ","), rows: rows,
        columns: ["id", "city", "n"]), flagColumn: flagColumn, actions: actions)
    plan.version = version
    return String(decoding: try plan.json(), as: UTF8.self)
  }

  private static func set(
    _ row: Int, _ column: String?, _ from: String?, _ to: String?
  ) -> FixAction {
    FixAction(.replace, row: row, column: column, from: from, to: to, reason: "")
  }

  @Test func aLogThatAFixWroteIsDoneAgain() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      for (type, dataset) in [
        ("text/csv", FixTests.csv),
        ("application/x-ndjson", "{\" a\": 1.0}\n{\" a\": 2}\n {\" a\": 1.0}\n"),
        ("application/json", "[ {\"a\":1},\n {\"a\":1},\n {\"a\":2} ]"),
      ] {
        let fixed = try await node.call(
          "POST", "/api/v1/fix?flag_column=why", token: token, headers: ["Content-Type": type],
          body: Array(dataset.utf8)
        ).decode(FixTests.Result.self)
        #expect(!fixed.log.actions.isEmpty)
        let log = String(decoding: try fixed.log.json(), as: UTF8.self)
        for isFirst in [true, false] {
          let replayed = try await node.replay(
            log, on: Array(dataset.utf8), type: type, isFirst: isFirst, query: "?name=Again",
            token: token
          ).decode(FixTests.Result.self)
          #expect(replayed.replayed && replayed.name == "Again")
          #expect(replayed.dataset == fixed.dataset && replayed.log == fixed.log)
          #expect(replayed.rowsOut == fixed.rowsOut)
          #expect(replayed.actionCounts == fixed.actionCounts)
          #expect(replayed.scoreBefore == nil && replayed.scoreAfter == nil)
        }
      }
    }
  }

  @Test func itIsBilledOnceAndMayBeTried() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let log = try Self.log([Self.set(2, "city", "bonn", "Bonn")])
      func send(_ query: String, _ log: String) async throws -> TestAnswer {
        try await node.replay(
          log, on: Array(Self.csv.utf8), query: query, token: token,
          headers: ["Idempotency-Key": "once"])
      }
      let first = try await send("", log).decode(FixTests.Result.self)
      #expect(first.dataset == Self.csv.replacingOccurrences(of: "bonn", with: "Bonn"))
      #expect(first.log.dataset.sha256?.count == 64)
      #expect(try await send("", log).decode(FixTests.Result.self).id == first.id)
      // Another log is another request.
      _ = try await send("", Self.log([])).problem(422, .idempotencyKeyReused)
      let tried = try await node.replay(
        log, on: Array(Self.csv.utf8), query: "?dry_run=true", token: token
      ).decode(FixTests.Result.self)
      #expect(tried.dryRun && tried.dataset == nil && tried.actionCounts == ["replace": 1])
      let usage = try await node.call("GET", "/api/v1/usage", token: token).decode(Usage.self)
      #expect(usage.rows.used == 6 && usage.rows.reserved == 0)
    }
  }

  @Test func aLogThatDoesNotFitIsRefusedWhole() async throws {
    try await TestGateway.run({ $0.maxDatasetBytes = 2_000 }) { node in
      let token = try await node.register("ada").tokens.accessToken
      func problem(
        _ log: String, _ status: Int, _ code: Problem.Code, query: String = "",
        headers: [String: String] = [:], sourceLocation: SourceLocation = #_sourceLocation
      ) async throws -> Problem {
        let answer = try await node.replay(
          log, on: Array(Self.csv.utf8), query: query, token: token, headers: headers)
        #expect(answer.status == status, "\(answer.text)", sourceLocation: sourceLocation)
        return try answer.problem(status, code)
      }
      let unfit = Problem.Code.unprocessableDataset
      // Other data, by its checksum and by its rows.
      let other = try await problem(Self.log(sha256: "ab", []), 422, unfit)
      #expect(other.detail?.contains("SHA-256 ab") == true)
      let longer = try await problem(Self.log(rows: 4, []), 422, unfit)
      #expect(longer.detail?.contains("4 rows") == true)
      // What an action names is not there, or not so.
      let row = try await problem(Self.log([Self.set(3, "n", "3", "4")]), 422, unfit)
      #expect(row.row == 3)
      let column = try await problem(Self.log([Self.set(1, "m", "3", "4")]), 422, unfit)
      #expect(column.row == 1 && column.column == "m")
      let value = try await problem(
        Self.log([Self.set(0, "city", "Bonn", "B"), Self.set(1, "n", "9", "4")]), 422, unfit)
      #expect(value.row == 1 && value.column == "n")
      #expect(value.detail?.contains("\"9\"") == true && value.detail?.contains("\"2\"") == true)
      // The actions contradict themselves.
      let lacking = try await problem(Self.log([Self.set(1, "n", "2", nil)]), 422, unfit)
      #expect(lacking.row == 1)
      let twice = try await problem(
        Self.log([Self.set(1, "n", "2", "4"), Self.set(1, "n", "2", "5")]), 422, unfit)
      #expect(twice.row == 1 && twice.column == "n")
      let flags = try await problem(Self.log(flagColumn: "city", []), 400, .invalidRequest)
      #expect(flags.errors?.map(\.field) == ["flag_column"])
      // It is no log.
      for text in ["", "{}", "no", try Self.log(version: 2, [])] {
        let log = try await problem(text, 400, .invalidRequest)
        #expect(log.errors?.map(\.field) == ["log"])
      }
      // A dry run fails as the fix would.
      _ = try await problem(
        Self.log([Self.set(1, "n", "9", "4")]), 422, unfit, query: "?dry_run=true")
      // What would not end.
      let long = String(repeating: "x", count: 5_000)
      let large = try await problem(Self.log([Self.set(1, "n", "2", long)]), 413, .tooLarge)
      #expect(large.detail?.contains("4000 bytes") == true)
      // What the log has decided is not asked for.
      let decided = try await problem(
        Self.log([]), 400, .invalidRequest,
        query: "?strategy=moderate&missing_values.min_effect=0.3&name=x")
      #expect(decided.errors?.map(\.field) == ["missing_values.min_effect", "strategy"])
      let usage = try await node.call("GET", "/api/v1/usage", token: token).decode(Usage.self)
      #expect(usage.rows.used == 0 && usage.rows.reserved == 0)
    }
  }

  @Test func aValueThatTheEncodingLacksIsRefused() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let log = try Self.log([Self.set(1, "city", "Köln", "€")])
      let latin = Self.csv.unicodeScalars.map { UInt8($0.value) }
      let refused = try await node.replay(
        log, on: latin, type: "text/csv; charset=iso-8859-1", token: token)
      #expect(try refused.problem(422, .unprocessableDataset).row == 1)
      let written = try await node.replay(
        log, on: latin, type: "text/csv; charset=windows-1252", token: token,
        headers: ["Accept": "text/csv"])
      let mended = Self.csv.replacingOccurrences(of: "Köln", with: "\u{80}")
      #expect(written.body == mended.unicodeScalars.map { UInt8($0.value) })
    }
  }

  /// Each kind is answered with what the caller can do about it.
  @Test(arguments: FixError.Kind.allCases)
  func everyKindIsAnAnswer(_ kind: FixError.Kind) {
    let problem = Failure(FixError(kind: kind, message: "M", row: 1, column: "c")).problem
    switch kind {
    case .tooManyActions, .tooManyBytes: #expect(problem.status == 413)
    case .malformedLog, .unknownVersion, .flagColumnExists: #expect(problem.status == 400)
    default:
      #expect(problem.status == 422 && problem.row == 1 && problem.column == "c")
    }
    #expect(problem.detail?.hasSuffix("M") == true)
  }
}

extension TestGateway {
  /// Sends a log and a dataset in a form.
  func replay(
    _ log: String, on dataset: [UInt8], type: String = "text/csv", isFirst: Bool = true,
    query: String = "", token: String, headers: [String: String] = [:]
  ) async throws -> TestAnswer {
    let logPart =
      Array("--b\r\nContent-Disposition: form-data; name=\"log\"\r\n\r\n\(log)\r\n".utf8)
    let filePart =
      Array(
        "--b\r\nContent-Disposition: form-data; name=\"file\"\r\nContent-Type: \(type)\r\n\r\n".utf8
      )
      + dataset + Array("\r\n".utf8)
    return try await call(
      "POST", "/api/v1/fix" + query, token: token,
      headers: ["Content-Type": "multipart/form-data; boundary=b"].merging(headers) { $1 },
      body: (isFirst ? logPart + filePart : filePart + logPart) + Array("--b--\r\n".utf8))
  }
}
