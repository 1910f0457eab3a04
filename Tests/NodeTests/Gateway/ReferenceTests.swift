import Analysis
import CloudAPI
import Testing

@testable import NodeGateway

/// Datasets that are sent with another that they are compared with.
@Suite struct ReferenceTests {
  private struct Part {
    var name: String
    var type = "text/csv"
    var content: [UInt8]

    static func file(_ text: String, type: String = "text/csv") -> Part {
      Part(name: "file", type: type, content: Array(text.utf8))
    }

    static func reference(_ text: String, type: String = "text/csv") -> Part {
      Part(name: "reference", type: type, content: Array(text.utf8))
    }
  }

  /// Somebody whose plan includes all detectors, and a node.
  private struct Stage {
    var node: TestGateway
    var token: String

    func send(
      _ parts: Part..., to route: String = "analyze", query: String = "", boundary: String = "b",
      headers: [String: String] = [:]
    ) async throws -> TestAnswer {
      var body: [UInt8] = []
      for part in parts {
        let head =
          "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(part.name)\"; filename=\"x\"\r\n"
          + "Content-Type: \(part.type)\r\n\r\n"
        body += Array(head.utf8) + part.content + Array("\r\n".utf8)
      }
      return try await node.call(
        "POST", "/api/v1/\(route)\(query)", token: token,
        headers: ["Content-Type": "multipart/form-data; boundary=\(boundary)"]
          .merging(headers) { $1 },
        body: body + Array("--\(boundary)--\r\n".utf8))
    }

    func usage() async throws -> Usage {
      try await node.call("GET", "/api/v1/usage", token: token).decode(Usage.self)
    }
  }

  private static func run(
    plan: String = "professional", maxRows: Int? = nil,
    _ change: (inout GatewayOptions) -> Void = { _ in },
    _ body: @escaping @Sendable (Stage) async throws -> Void
  ) async throws {
    try await TestGateway.run(change) { node in
      let ada = try await node.register("ada")
      let settings = maxRows.map { #", "settings": {"max_rows": \#($0)}"# } ?? ""
      let changed = try await node.patch(
        "/api/v1/workspaces/\(ada.workspace.id)", token: TestGateway.adminToken,
        #"{"plan": "\#(plan)"\#(settings)}"#)
      #expect(changed.status == 200, "\(changed.text)")
      try await body(Stage(node: node, token: ada.tokens.accessToken))
    }
  }

  private static func csv(_ rows: Range<Int>, header: String = "x,c") -> String {
    "\(header)\n" + rows.map { "\($0).5,\(["a", "b"][$0 % 2])\n" }.joined()
  }

  private static func drift(_ report: Report) throws -> DriftDetails.Comparison {
    let details = try #require(report[.drift]?.details as? DriftDetails)
    return try #require(details.comparisons.first)
  }

  @Test func aDatasetIsComparedWithItsReference() async throws {
    try await Self.run { stage in
      let (file, reference) = (Self.csv(100..<140), Self.csv(0..<60))
      let answer = try await stage.send(.file(file), .reference(reference), query: "?seed=1")
      let report = try answer.decode(Report.self)
      #expect(report.dataset.rows == 40)
      #expect(report.reference?.rows == 60)
      #expect(report.reference?.columns.map(\.name) == ["x", "c"])
      let comparison = try Self.drift(report)
      #expect(comparison.kind == .reference)
      #expect(comparison.rows == [60, 40])
      #expect(comparison.columns.filter { $0.severity > 0 }.map(\.column) == ["x"])
      // Both were read and compared, so both are billed.
      #expect(try answer.decode(AnalyzeTests.Envelope.self).rows == 100)
      #expect(try await stage.usage().rows.used == 100)

      // What stands first does not matter.
      let turned = try await stage.send(.reference(reference), .file(file), query: "?seed=1")
      #expect(try turned.decode(Report.self) == report)
      let alone = try await stage.send(.file(file), query: "?seed=1").decode(Report.self)
      #expect(alone.reference == nil)
      #expect(alone[.drift]?.status == .skipped)
      #expect(try await stage.usage().rows.used == 240)
    }
  }

  @Test func eachPartHasItsOwnFormatAndEncoding() async throws {
    try await Self.run { stage in
      let lines = (0..<30).map { "{\"x\": \($0), \"c\": \"é\"}\n" }.joined()
      var latin = Part(name: "file", type: "text/csv; charset=iso-8859-1", content: [])
      latin.content =
        Array("x,c\n".utf8) + (0..<30).flatMap { Array("\($0),".utf8) + [0xE9, 0x0A] }
      let report = try await stage.send(latin, .reference(lines, type: "application/x-ndjson"))
        .decode(Report.self)
      #expect(report.dataset.layout?.encoding == .latin1)
      #expect(report.reference?.layout?.format == .ndjson)
      #expect(try Self.drift(report).columns.allSatisfy { $0.newClasses.isEmpty })

      // The same bytes as UTF-8 are none.
      var undeclared = latin
      undeclared.name = "reference"
      undeclared.type = "text/csv"
      let refused = try await stage.send(.file(Self.csv(0..<30)), undeclared)
      let problem = try refused.problem(422, .unprocessableDataset)
      #expect(problem.errors?.map(\.field) == ["reference"])
      #expect(problem.detail?.hasPrefix("In the reference: ") == true)
      #expect(problem.row == 0 && problem.column == "c")
      undeclared.type = "text/csv; charset=koi8-r"
      _ = try await stage.send(.file(Self.csv(0..<30)), undeclared)
        .problem(415, .unsupportedMediaType)
    }
  }

  @Test func columnsThatDifferAreFindings() async throws {
    try await Self.run { stage in
      let reference = Self.csv(0..<40, header: "gone,c")
      let turned =
        "c,x,new\n" + (0..<40).map { "word \($0 % 3),\($0),\(Double($0) / 7)\n" }.joined()
      let report = try await stage.send(.file(turned), .reference(reference)).decode(Report.self)
      let comparison = try Self.drift(report)
      #expect(comparison.missingColumns == ["gone"])
      #expect(comparison.newColumns == ["x", "new"])
      #expect(comparison.columns.map(\.column) == ["c"])
      let retyped = try await stage.send(
        .file(Self.csv(0..<40)), .reference(Self.csv(0..<40, header: "c,x"))
      ).decode(Report.self)
      #expect(try Self.drift(retyped).typeChanges.map(\.column) == ["x", "c"])
    }
  }

  @Test func whatIsWrongWithAReferenceIsSaid() async throws {
    try await Self.run { stage in
      let file = Part.file(Self.csv(0..<30))
      for empty in ["", "x,c\n"] {
        let problem = try await stage.send(file, .reference(empty))
          .problem(422, .unprocessableDataset)
        #expect(problem.errors?.map(\.field) == ["reference"])
      }
      let broken = try await stage.send(.file("x,c\n\"1,2\n"), .reference(Self.csv(0..<30)))
        .problem(422, .unprocessableDataset)
      #expect(broken.errors == nil)
      let missing = try await stage.send(.reference(Self.csv(0..<30)))
        .problem(400, .invalidRequest)
      #expect(missing.errors?.map(\.field) == ["file"])
      let twice = try await stage.send(
        .reference(Self.csv(0..<30)), .reference(Self.csv(0..<30)), file
      ).problem(400, .invalidRequest)
      #expect(twice.errors?.map(\.field) == ["reference"])
      let type = try await stage.send(file, .reference("x", type: "application/pdf"))
        .problem(415, .unsupportedMediaType)
      #expect(type.detail?.contains("the part reference") == true)
      // A reference of too few rows is no mistake, but compares nothing.
      let few = try await stage.send(file, .reference(Self.csv(0..<5))).decode(Report.self)
      #expect(few[.drift]?.status == .skipped)
      #expect(few[.drift]?.reason?.contains("The reference has 5 rows") == true)
      #expect(try await stage.usage().rows.used == 35)
    }
  }

  @Test func bothTogetherAreBoundedAsOne() async throws {
    try await Self.run({ $0.maxDatasetBytes = 1_000 }) { stage in
      let half = "x\n" + String(repeating: "1\n", count: 249)
      #expect(try await stage.send(.file(half), .reference(half)).status == 200)
      let problem = try await stage.send(.file(half), .reference(half + "1\n"))
        .problem(413, .tooLarge)
      #expect(problem.detail?.contains("1000 bytes together") == true)
      #expect(problem.errors?.map(\.field) == ["reference"])
      let long = "x\n" + String(repeating: "1\n", count: 40_000)
      let far = try await stage.send(.file(half), .reference(long)).problem(413, .tooLarge)
      #expect(far.detail?.contains("together") == true)
      #expect(try await stage.usage().rows.used == 498)
    }
  }

  @Test func rowsOfBothAreTakenFromTheQuota() async throws {
    try await Self.run(maxRows: 100) { stage in
      let over = try await stage.send(.file(Self.csv(0..<51)), .reference(Self.csv(0..<50)))
        .problem(429, .quotaExceeded)
      #expect(over.metric == "rows" && over.limit == 100 && over.used == 0)
      let fits = try await stage.send(.file(Self.csv(0..<50)), .reference(Self.csv(0..<50)))
      #expect(fits.status == 200, "\(fits.text)")
      #expect(try await stage.usage().rows.used == 100)
    }
  }

  @Test func aReferenceThatNothingUsesIsRefused() async throws {
    try await Self.run { stage in
      let unused = try await stage.send(
        .file(Self.csv(0..<30)), .reference(Self.csv(0..<30)), query: "?detectors=outliers"
      ).problem(422, .unprocessableDataset)
      #expect(unused.errors?.map(\.field) == ["reference"])
      for detectors in ["drift", "bias,outliers"] {
        let used = try await stage.send(
          .file(Self.csv(0..<30)), .reference(Self.csv(0..<30)), query: "?detectors=\(detectors)")
        #expect(used.status == 200, "\(used.text)")
      }
      let fix = try await stage.send(
        .file(Self.csv(0..<30)), .reference(Self.csv(0..<30)), to: "fix"
      ).problem(400, .invalidRequest)
      #expect(fix.errors?.map(\.field) == ["reference"])
    }
    try await Self.run(plan: "free") { stage in
      let refused = try await stage.send(.file(Self.csv(0..<30)), .reference(Self.csv(0..<30)))
        .problem(403, .forbidden)
      #expect(refused.detail?.contains("bias and drift") == true)
      #expect(try await stage.usage().rows.used == 0)
    }
  }

  /// A repetition has both datasets, whatever is around them; with another reference it is none.
  @Test func aRepetitionHasTheSameReference() async throws {
    try await Self.run { stage in
      func send(_ reference: String, _ boundary: String) async throws -> TestAnswer {
        try await stage.send(
          .file(Self.csv(0..<30)), .reference(reference), boundary: boundary,
          headers: ["Idempotency-Key": "once"])
      }
      let first = try await send(Self.csv(0..<30), "one").decode(AnalyzeTests.Envelope.self)
      let again = try await send(Self.csv(0..<30), "two").decode(AnalyzeTests.Envelope.self)
      #expect(first.id == again.id)
      #expect(try await stage.usage().rows.used == 60)
      _ = try await send(Self.csv(0..<31), "one").problem(
        422, .init(rawValue: "idempotency_key_reused"))
      let none = try await stage.send(
        .file(Self.csv(0..<30)), headers: ["Idempotency-Key": "once"])
      _ = try none.problem(422, .init(rawValue: "idempotency_key_reused"))
    }
  }
}
