import Analysis
import CloudAPI
import Testing

@testable import NodeGateway

/// Datasets in forms, as browsers and `curl -F` send them.
@Suite struct UploadFormTests {
  private static func form(
    _ content: String, filename: String? = "wine.csv", type: String? = nil, name: String = "file",
    boundary: String = "----WebKitFormBoundary7MA4YWxkTrZu0gW", then more: String = ""
  ) -> [UInt8] {
    var head = "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\""
    if let filename { head += "; filename=\"\(filename)\"" }
    if let type { head += "\r\nContent-Type: \(type)" }
    return Array("\(head)\r\n\r\n\(content)\r\n\(more)--\(boundary)--\r\n".utf8)
  }

  private static func send(
    _ body: [UInt8], to node: TestGateway, token: String, query: String = "",
    boundary: String = "----WebKitFormBoundary7MA4YWxkTrZu0gW", headers: [String: String] = [:]
  ) async throws -> TestAnswer {
    try await node.call(
      "POST", "/api/v1/analyze" + query, token: token,
      headers: ["Content-Type": "multipart/form-data; boundary=\(boundary)"].merging(headers) {
        $1
      },
      body: body)
  }

  @Test func aFileInAFormIsADataset() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let plain = try await node.analyze(AnalyzeTests.csv, query: "?seed=1", token: token)
        .decode(Report.self)
      let ndjson = "{\"a\": 1}\n{\"a\": 2}\n"
      for (content, filename, type) in [
        (AnalyzeTests.csv, "wine.csv", nil), (AnalyzeTests.csv, "x", "text/csv; charset=utf-8"),
        (AnalyzeTests.csv, "C:\\WINE.CSV", "application/vnd.ms-excel"),
        (ndjson, nil, "application/x-ndjson"),
        (ndjson, "a.jsonl", "application/octet-stream"),
        ("[{\"a\": 1}, {\"a\": 2}]", "a.json", nil),
      ] as [(String, String?, String?)] {
        let answer = try await Self.send(
          Self.form(content, filename: filename, type: type), to: node, token: token,
          query: "?seed=1")
        let report = try answer.decode(Report.self)
        if content == AnalyzeTests.csv {
          #expect(report.qualityScore == plain.qualityScore)
          #expect(report.dataset == plain.dataset)
        } else {
          #expect(report.dataset.rows == 2)
        }
      }
    }
  }

  @Test func aFormMayBePackedAndCut() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let packed = Packing.gzip(Self.form(AnalyzeTests.csv))
      let answer = try await Self.send(
        packed, to: node, token: token, headers: ["Content-Encoding": "gzip"])
      #expect(answer.status == 200, "\(answer.text)")
      let chunks = Self.form(AnalyzeTests.csv).flatMap {
        Array("1\r\n".utf8) + [$0] + Array("\r\n".utf8)
      }
      let chunked = try await Self.send(
        chunks + Array("0\r\n\r\n".utf8), to: node, token: token,
        headers: ["Transfer-Encoding": "chunked"])
      #expect(chunked.status == 200, "\(chunked.text)")
    }
  }

  @Test func whatIsWrongWithAFormIsSaid() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      func problem(_ body: [UInt8], _ status: Int, _ code: Problem.Code) async throws -> Problem {
        try await Self.send(body, to: node, token: token).problem(status, code)
      }
      let named = try await problem(Self.form("x", name: "label_column"), 400, .invalidRequest)
      #expect(named.errors?.map(\.field) == ["label_column"])
      let log = try await problem(Self.form("{}", name: "log"), 400, .invalidRequest)
      #expect(log.errors?.map(\.field) == ["log"])
      let twice =
        "------WebKitFormBoundary7MA4YWxkTrZu0gW\r\n"
        + "Content-Disposition: form-data; name=\"file\"; filename=\"b.csv\"\r\n\r\na\n1\r\n"
      let second = try await problem(Self.form("a\n1", then: twice), 400, .invalidRequest)
      #expect(second.errors?.map(\.field) == ["file"])
      _ = try await problem(Self.form("x", filename: "a.pdf"), 415, .unsupportedMediaType)
      _ = try await problem(Array("a,b\n1,2\n".utf8), 400, .invalidRequest)
      _ = try await problem(Array(Self.form("a\n1").dropLast(10)), 400, .invalidRequest)
      let broken = try await problem(Self.form("a,b\n1,2,3\n\"x"), 422, .unprocessableDataset)
      #expect(broken.row != nil)
      // Nothing of this is billed.
      let usage = try await node.call("GET", "/api/v1/usage", token: token).decode(Usage.self)
      #expect(usage.rows.used == 0 && usage.rows.reserved == 0)
      for type in ["multipart/form-data", "multipart/mixed; boundary=b"] {
        let answer = try await node.call(
          "POST", "/api/v1/analyze", token: token, headers: ["Content-Type": type],
          body: Self.form("a\n1"))
        #expect([400, 415].contains(answer.status))
      }
    }
  }

  @Test func aFormIsAsBoundedAsADataset() async throws {
    try await TestGateway.run({ $0.maxDatasetBytes = 1_000 }) { node in
      let token = try await node.register("ada").tokens.accessToken
      let fits = "a\n" + String(repeating: "1\n", count: 499)
      #expect(try await Self.send(Self.form(fits), to: node, token: token).status == 200)
      _ = try await Self.send(Self.form(fits + "1\n"), to: node, token: token)
        .problem(413, .tooLarge)
      _ = try await Self.send(
        Self.form(String(repeating: "1\n", count: 40_000)), to: node, token: token
      )
      .problem(413, .tooLarge)
    }
  }

  /// What is around the dataset unpacks to as many bytes as what is in it.
  @Test func aPackedFormIsBoundedByAllThatItUnpacksTo() async throws {
    try await TestGateway.run({ $0.maxDatasetBytes = 1_000 }) { node in
      let token = try await node.register("ada").tokens.accessToken
      let preamble = [UInt8](repeating: 0x20, count: 4 << 20) + Array("\r\n".utf8)
      let packed = Packing.gzip(preamble + Self.form("a\n1\n"))
      #expect(packed.count < 8 << 10)
      let refused = try await Self.send(
        packed, to: node, token: token, headers: ["Content-Encoding": "gzip"])
      _ = try refused.problem(413, .tooLarge)
    }
  }

  /// Programs make up a new boundary each time.
  @Test func aRepeatedFormIsTheSameDataset() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      func send(_ content: String, _ boundary: String) async throws -> TestAnswer {
        try await Self.send(
          Self.form(content, boundary: boundary), to: node, token: token, boundary: boundary,
          headers: ["Idempotency-Key": "once"])
      }
      let first = try await send("a\n1\n2\n", "one").decode(AnalyzeTests.Envelope.self)
      let again = try await send("a\n1\n2\n", "two").decode(AnalyzeTests.Envelope.self)
      #expect(first.id == again.id)
      _ = try await send("a\n1\n3\n", "two")
        .problem(422, .init(rawValue: "idempotency_key_reused"))
    }
  }
}
