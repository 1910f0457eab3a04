import CloudAPI
import Testing

@testable import NodeGateway

@Suite struct ContentCodingTests {
  @Test func oneCodingIsUnderstood() throws {
    #expect(try ContentCoding([:]) == .identity)
    #expect(try ContentCoding([.contentEncoding: "identity"]) == .identity)
    #expect(try ContentCoding([.contentEncoding: " GZip "]) == .gzip)
    #expect(try ContentCoding([.contentEncoding: "x-gzip"]) == .gzip)
    #expect(try ContentCoding([.contentEncoding: "zstd,"]) == .zstd)
    for several in ["gzip, zstd", "gzip, gzip", "br", "gzip;q=1"] {
      let failure = #expect(throws: Failure.self) {
        try ContentCoding([.contentEncoding: several])
      }
      #expect(failure?.problem.status == 415)
      #expect(failure?.acceptEncoding == "gzip, zstd")
    }
  }

  @Test(arguments: BodyDecoderTests.compressing)
  func jsonMayBePacked(coding: ContentCoding) async throws {
    try await TestGateway.run { node in
      let headers = ["Content-Type": "application/json", "Content-Encoding": coding.rawValue]
      let path = "/api/v1/auth/register"
      let json = Array(#"{"email": "ada@example.org", "password": "password-ada"}"#.utf8)
      let good = Packing.pack(json, coding)
      let answer = try await node.call("POST", path, headers: headers, body: good)
      #expect(answer.status == 201, "\(answer.text)")

      let large = #"{"email": "\#(String(repeating: "a", count: 70_000))"}"#
      let packed = Packing.pack(Array(large.utf8), coding)
      #expect(packed.count < 1_000)
      _ = try await node.call("POST", path, headers: headers, body: packed).problem(413, .tooLarge)
      for wrong in [json, good.dropLast(), good + [0]] {
        _ = try await node.call("POST", path, headers: headers, body: wrong)
          .problem(400, .invalidRequest)
      }
      let several = try await node.call(
        "POST", path, headers: headers.merging(["Content-Encoding": "gzip, gzip"]) { $1 },
        body: packed)
      _ = try several.problem(415, .unsupportedMediaType)
      #expect(several.headers["accept-encoding"] == "gzip, zstd")
    }
  }

  @Test(arguments: ContentCoding.allCases)
  func datasetsMayBePacked(coding: ContentCoding) async throws {
    try await TestGateway.run({ $0.maxDatasetBytes = 1 << 20 }) { node in
      let token = try await node.register("ada").tokens.accessToken
      func send(_ csv: String, _ change: ([UInt8]) -> [UInt8] = { $0 }) async throws -> TestAnswer {
        try await node.call(
          "POST", "/api/v1/analyze", token: token,
          headers: ["Content-Type": "text/csv", "Content-Encoding": coding.rawValue],
          body: change(Packing.pack(Array(csv.utf8), coding)))
      }
      let answer = try await send(AnalyzeTests.rows(5_000))
      #expect(answer.status == 200, "\(answer.text)")
      #expect(try answer.decode(AnalyzeTests.Envelope.self).rows == 5_000)
      // One row of so many bytes: they pass the limit in bytes, not that in rows.
      let long = try await send("a\n" + (0..<200_000).map { "\($0)," }.joined())
      #expect(
        try long.problem(413, .tooLarge).detail?.contains("\(1 << 20)") == true, "\(long.text)")
      _ = try await send(AnalyzeTests.rows(10_001)).problem(429, .quotaExceeded)
      if coding != .identity {
        _ = try await send(AnalyzeTests.rows(50)) { $0.dropLast() }.problem(400, .invalidRequest)
        _ = try await send(AnalyzeTests.rows(50)) { $0 + [1] }.problem(400, .invalidRequest)
      }
    }
  }
}
