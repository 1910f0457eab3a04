import Analysis
import CloudAPI
import Foundation
import Testing

@testable import NodeGateway

@Suite struct AnalyzeTests {
  static let csv = "x,y,label\n" + (0..<40).map { "\($0),\($0 % 7),\($0 % 2)\n" }.joined()

  struct Envelope: Decodable {
    var id: String
    var workspaceID: String
    var name: String
    var rows: Int
    var createdAt: Date

    enum CodingKeys: String, CodingKey {
      case id, name, rows
      case workspaceID = "workspace_id"
      case createdAt = "created_at"
    }
  }

  static func rows(_ count: Int) -> String {
    "a,b\n" + (0..<count).map { "\($0),\($0 % 3)\n" }.joined()
  }

  @Test func aDatasetBecomesAReport() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada")
      let answer = try await node.analyze(
        Self.csv, query: "?name=Numbers&label_column=label&seed=7", token: ada.tokens.accessToken)
      #expect(answer.status == 200, "\(answer.text)")
      let envelope = try answer.decode(Envelope.self)
      #expect(envelope.id.hasPrefix("an_"))
      #expect(envelope.workspaceID == ada.workspace.id)
      #expect(envelope.name == "Numbers")
      #expect(envelope.rows == 40)
      let report = try answer.decode(Report.self)
      #expect(report.seed == 7)
      #expect(report.dataset.rows == 40)
      #expect(report.label?.column == "label")
      #expect(Set(report.requestedDetectors) == DetectorKind.basic)
    }
  }

  @Test func jsonLinesInChunksAreReadToo() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let body =
        "d\r\n{\"a\":1,\"b\":2}\r\n1\r\n\n\r\nc\r\n{\"a\":3,\"b\":4\r\n2\r\n}\n\r\n0\r\n\r\n"
      let answer = try await node.call(
        "POST", "/api/v1/analyze", token: token,
        headers: ["Content-Type": "application/x-ndjson", "Transfer-Encoding": "chunked"],
        body: Array(body.utf8))
      #expect(answer.status == 200, "\(answer.text)")
      #expect(try answer.decode(Envelope.self).rows == 2)
    }
  }

  @Test func anArrayOfObjectsIsReadToo() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let answer = try await node.call(
        "POST", "/api/v1/analyze", token: token, headers: ["Content-Type": "application/json"],
        body: Array(#"[{"a":1,"b":"x"},{"a":2},{"b":"y"}]"#.utf8))
      #expect(answer.status == 200, "\(answer.text)")
      #expect(try answer.decode(Envelope.self).rows == 3)
    }
  }

  @Test func quotasAreExact() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      #expect(try await node.analyze(Self.rows(9_998), token: token).status == 200)
      let over = try await node.analyze(Self.rows(3), token: token)
      let problem = try over.problem(429, .quotaExceeded)
      #expect(problem.metric == "rows")
      #expect(problem.limit == 10_000)
      #expect(problem.used == 9_998)
      #expect(problem.resetsAt != nil)
      #expect(Int(over.headers["retry-after"] ?? "") ?? 0 > 0)
      #expect(try await node.analyze(Self.rows(2), token: token).status == 200)
      _ = try await node.analyze(Self.rows(1), token: token).problem(429, .quotaExceeded)
    }
  }

  @Test func whatFailsGivesItsRowsBack() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let answer = try await node.analyze(
        Self.rows(100), query: "?label_column=nope", token: token)
      #expect(try answer.problem(422, .unprocessableDataset).column == "nope")
      let usage = try await node.call("GET", "/api/v1/usage", token: token).decode(Usage.self)
      #expect(usage.rows.used == 0)
      #expect(usage.rows.reserved == 0)
    }
  }

  @Test func theFreePlanHasBasicDetectorsOnly() async throws {
    try await TestGateway.run { node in
      let ada = try await node.registerProven("ada")
      let refused = try await node.analyze(
        Self.csv, query: "?detectors=outliers,label_errors", token: ada.tokens.accessToken)
      #expect(try refused.problem(403, .forbidden).detail?.contains("label_errors") == true)
      let some = try await node.analyze(
        Self.csv, query: "?detectors=outliers", token: ada.tokens.accessToken)
      #expect(try some.decode(Report.self).requestedDetectors == [.outliers])

      let paid = try await node.post(
        "/api/v1/workspaces", token: TestGateway.adminToken,
        #"{"name": "Lab", "plan": "professional", "owner_email": "ada@example.org"}"#)
      let workspace = try paid.decode(Workspace.self).id
      let all = try await node.analyze(
        Self.csv, query: "?workspace_id=\(workspace)", token: ada.tokens.accessToken)
      #expect(try all.decode(Report.self).requestedDetectors == DetectorKind.allCases)
    }
  }

  /// The plan is no longer what this node knows it to be, and whoever changed it was told so.
  @Test func whatThePlanIncludesTheClusterIsAsked() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada")
      func analyze(_ query: String, asThePlanBecomes plan: String) async throws -> TestAnswer {
        node.cluster.duringBarrier {
          let changed = try? await node.patch(
            "/api/v1/workspaces/\(ada.workspace.id)", token: TestGateway.adminToken,
            #"{"plan": "\#(plan)"}"#)
          #expect(changed?.status == 200)
        }
        return try await node.analyze(Self.csv, query: query, token: ada.tokens.accessToken)
      }
      let more = try await analyze("", asThePlanBecomes: "professional")
      #expect(try more.decode(Report.self).requestedDetectors == DetectorKind.allCases)
      _ = try await analyze("?detectors=label_errors", asThePlanBecomes: "free")
        .problem(403, .forbidden)
    }
  }

  /// This node may only not have heard of a better plan or of rows that went back.
  @Test func refusalsAreConfirmedByTheCluster() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let before = node.cluster.barriers
      #expect(try await node.analyze(Self.csv, token: token).status == 200)
      #expect(node.cluster.barriers == before + 1)
      _ = try await node.analyze(Self.csv, query: "?detectors=label_errors", token: token)
        .problem(403, .forbidden)
      #expect(node.cluster.barriers == before + 2)
      _ = try await node.analyze(Self.rows(10_001), token: token).problem(429, .quotaExceeded)
      #expect(node.cluster.barriers == before + 4)
      // What would be wrong in any state is not asked about.
      _ = try await node.analyze(Self.csv, query: "?seed=x", token: token)
        .problem(400, .invalidRequest)
      #expect(node.cluster.barriers == before + 4)
    }
  }

  @Test(arguments: [
    ("?detectors=magic", "detectors"), ("?detectors=,", "detectors"), ("?seed=-1", "seed"),
    ("?task_type=guessing", "task_type"), ("?name=a%0Ab", "name"),
    ("?pred_probs_prefix=", "pred_probs_prefix"), ("?sensitive_columns=a,,", "sensitive_columns"),
    ("?format=pdf", "format"), ("?magic.power=1", "magic.power"),
    ("?class_imbalance.power=1", "class_imbalance.power"),
    ("?bias.minimum_ratio=2", "bias.minimum_ratio"),
    ("?bias.minimum_ratio=x", "bias.minimum_ratio"),
    ("?bias.minimum_group_size=5.5", "bias.minimum_group_size"),
  ])
  func oddQueriesAreNamed(_ query: String, _ field: String) async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let answer = try await node.analyze(Self.csv, query: query, token: token)
      #expect(try answer.problem(400, .invalidRequest).errors?.map(\.field) == [field])
    }
  }

  @Test func otherTypesAreRefused() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      for headers in [
        ["Content-Type": "application/pdf"], ["Content-Encoding": "br"], ["Content-Type": ""],
      ] {
        _ = try await node.analyze(Self.csv, token: token, headers: headers)
          .problem(415, .unsupportedMediaType)
      }
    }
  }

  @Test func brokenDatasetsAreExplained() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      for dataset in ["", "a,b\n", "a,a\n1,2\n", "a,b\n1,\u{0}\n", "a,b\n\"1,2\n", "PK\u{3}\u{4}"] {
        _ = try await node.analyze(dataset, token: token).problem(422, .unprocessableDataset)
      }
      let lines = try await node.call(
        "POST", "/api/v1/analyze", token: token,
        headers: ["Content-Type": "application/x-ndjson"], body: Array("{\"a\":1}\n{oops\n".utf8))
      #expect(try lines.problem(422, .unprocessableDataset).row == 1)
    }
  }

  @Test func tooMuchIsRefusedBeforeAndWhileItComes() async throws {
    try await TestGateway.run({ $0.maxDatasetBytes = 1_000 }) { node in
      let token = try await node.register("ada").tokens.accessToken
      let head =
        "POST /api/v1/analyze HTTP/1.1\r\nHost: test\r\nContent-Type: text/csv\r\n"
        + "Authorization: Bearer \(token)\r\n"
      // Only the head is sent: the answer cannot depend on the body.
      let declared = try await node.exchange(Array((head + "Content-Length: 1001\r\n\r\n").utf8))
      _ = try TestAnswer(reading: declared).problem(413, .tooLarge)

      let chunk = "400\r\n" + String(repeating: "a", count: 0x400) + "\r\n"
      let streamed = try await node.exchange(
        Array((head + "Transfer-Encoding: chunked\r\n\r\n" + chunk).utf8))
      _ = try TestAnswer(reading: streamed).problem(413, .tooLarge)
    }
  }

  @Test func whatPassesALimitIsNamed() async throws {
    try await TestGateway.run({ $0.maxDatasetBytes = 4 << 20 }) { node in
      let token = try await node.register("ada").tokens.accessToken
      let wide = (0..<2_001).map { "c\($0)" }.joined(separator: ",") + "\n1\n"
      let columns = try await node.analyze(wide, token: token).problem(413, .tooLarge)
      #expect(columns.detail?.contains("2,000 columns") == true)
      #expect(columns.column == "c2000")
      let long = "a,b\n1,2\n3,\(String(repeating: "x", count: 1 << 20))y\n"
      let field = try await node.analyze(long, token: token).problem(413, .tooLarge)
      #expect(field.detail?.contains("1,048,576 bytes") == true)
      #expect(field.row == 1)
      #expect(field.column == "b")
      let deep = try await node.call(
        "POST", "/api/v1/analyze", token: token,
        headers: ["Content-Type": "application/x-ndjson"],
        body: Array("{\"a\": 1}\n{\"a\": \(String(repeating: "[", count: 100))\n".utf8))
      let nesting = try deep.problem(422, .unprocessableDataset)
      #expect(nesting.detail?.contains("64 levels") == true)
      #expect(nesting.row == 1)
      #expect(nesting.column == "a")
    }
  }

  @Test func cellsAreBoundedByThePlan() async throws {
    try await TestGateway.run { node in
      let ada = try await node.registerProven("ada")
      // 600 rows of 2,000 columns: more than a hundred cells for each row of the free plan's month.
      let row = String(repeating: ",", count: 1_999) + "\n"
      let wide =
        (0..<2_000).map { "c\($0)" }.joined(separator: ",") + "\n"
        + String(repeating: row, count: 600)
      let refused = try await node.analyze(
        wide, query: "?detectors=class_imbalance", token: ada.tokens.accessToken)
      let problem = try refused.problem(413, .tooLarge)
      #expect(problem.detail?.contains("1,000,000 cells") == true)
      #expect(problem.row == 500)

      let paid = try await node.post(
        "/api/v1/workspaces", token: TestGateway.adminToken,
        #"{"name": "Lab", "plan": "professional", "owner_email": "ada@example.org"}"#)
      let workspace = try paid.decode(Workspace.self).id
      let read = try await node.analyze(
        wide, query: "?workspace_id=\(workspace)&detectors=class_imbalance",
        token: ada.tokens.accessToken)
      #expect(try read.decode(Report.self).dataset.rows == 600)
    }
  }

  @Test func rightsAreCheckedBeforeTheBodyIsRead() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let reader = try await node.key(#""read""#, token: token).key
      func answer(_ credential: String) async throws -> TestAnswer {
        let head =
          "POST /api/v1/analyze HTTP/1.1\r\nHost: test\r\nContent-Type: text/csv\r\n"
          + "\(credential)Content-Length: 5000\r\nConnection: close\r\n\r\n"
        return try await TestAnswer(reading: node.exchange(Array(head.utf8)))
      }
      _ = try await answer("").problem(401, .unauthenticated)
      let forbidden = try await answer("Authorization: Bearer \(reader)\r\n")
      #expect(try forbidden.problem(403, .forbidden).permission == .analyze)
    }
  }

  @Test func aClientThatAsksFirstIsToldToGoOn() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let port = node.port
      let (first, rest) = try await TestGateway.sockets.run {
        let socket = try TestSocket(port: port)
        let head =
          "POST /api/v1/analyze HTTP/1.1\r\nHost: test\r\nContent-Type: text/csv\r\n"
          + "Authorization: Bearer \(token)\r\nContent-Length: \(Self.csv.utf8.count)\r\n"
          + "Expect: 100-continue\r\nConnection: close\r\n\r\n"
        try socket.send(Array(head.utf8))
        let first = try socket.read(until: "\r\n\r\n")
        try socket.send(Array(Self.csv.utf8))
        return (first, try socket.readToEnd())
      }
      #expect(first.hasPrefix("HTTP/1.1 100 "))
      #expect(try TestAnswer(reading: rest).status == 200)
    }
  }

  @Test func aBodyThatEndsEarlyIsNotAnalyzed() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let port = node.port
      try await TestGateway.sockets.run {
        let socket = try TestSocket(port: port)
        let head =
          "POST /api/v1/analyze HTTP/1.1\r\nHost: test\r\nContent-Type: text/csv\r\n"
          + "Authorization: Bearer \(token)\r\nContent-Length: 500\r\n\r\na,b\n1,2\n"
        try socket.send(Array(head.utf8))
        socket.endSending()
        _ = try socket.readToEnd()
      }
      let usage = try await node.call("GET", "/api/v1/usage", token: token).decode(Usage.self)
      #expect(usage.rows.used == 0)
      #expect(usage.analyses == 0)
    }
  }

  @Test(.timeLimit(.minutes(10))) func aClientThatGoesAwayGetsItsRowsBack() async throws {
    try await TestGateway.run { node in
      let ada = try await node.registerProven("ada")
      let paid = try await node.post(
        "/api/v1/workspaces", token: TestGateway.adminToken,
        #"{"name": "Lab", "plan": "professional", "owner_email": "ada@example.org"}"#)
      let workspace = "?workspace_id=\(try paid.decode(Workspace.self).id)"
      let (port, token) = (node.port, ada.tokens.accessToken)
      // Learning from so many rows takes far longer than the client stays.
      let csv =
        "x,y,label\n" + (0..<60_000).map { "\($0 * 7919 % 1000),\($0 % 977),\($0 % 5)\n" }.joined()
      try await TestGateway.sockets.run {
        let socket = try TestSocket(port: port)
        let head =
          "POST /api/v1/analyze\(workspace)&detectors=label_errors HTTP/1.1\r\nHost: test\r\n"
          + "Content-Type: text/csv\r\nAuthorization: Bearer \(token)\r\n"
          + "Content-Length: \(csv.utf8.count)\r\n\r\n"
        try socket.send(Array((head + csv).utf8))
      }
      let abandoned = #"clean_analyses_total{outcome="abandoned"} 1"#
      while try await !node.call("GET", "/metrics").text.contains(abandoned) {}
      let usage = try await node.call("GET", "/api/v1/usage" + workspace, token: token)
        .decode(Usage.self)
      #expect(usage.rows.used == 0)
      #expect(usage.rows.reserved == 0)
      #expect(usage.analyses == 0)
    }
  }
}
