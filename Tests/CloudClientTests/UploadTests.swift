import CloudClient
import Foundation
import Synchronization
import Testing

@Suite struct UploadTests {
  /// A file of so many bytes, no two chunks alike, that goes away afterwards.
  private func withFile<Value>(
    bytes: Int, _ body: (DatasetFile, Data) async throws -> Value
  ) async throws -> Value {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).csv")
    // A block whose length is prime never lines up with chunks.
    let block = Data((0..<65_537).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 5) })
    var content = Data(capacity: bytes + block.count)
    while content.count < bytes { content.append(block) }
    content = content.prefix(bytes)
    try content.write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try await body(try #require(DatasetFile(path: url.path)), content)
  }

  @Test func fileArrivesWholeAndProgressIsTold() async throws {
    try await withFile(bytes: 1_500_000) { file, content in
      let progress = Mutex<[UploadProgress]>([])
      try await TestServer.run { _, _ in
        .answer(200, ["X-Request-ID": "req_9"], #"{"a": 1}"#)
      } _: { server in
        let report = try await FailoverTests.calling([server.url]) { client in
          let options = AnalyzeOptions(
            labelColumn: "is it a+b?", detectors: ["duplicates", "outliers"], seed: 7)
          return try await client.analyze(file, options: options) { step in
            progress.withLock { $0.append(step) }
          }
        }
        #expect(report == AnalysisReport(json: Data(#"{"a": 1}"#.utf8), requestID: "req_9"))
        let request = try #require(server.requests.first)
        #expect(
          request.uri == "/api/v1/analyze?label_column=is%20it%20a%2Bb%3F"
            + "&detectors=duplicates%2Coutliers&seed=7")
        #expect(request.headers.first(name: "Content-Type") == "text/csv")
        #expect(request.headers.first(name: "Content-Length") == "1500000")
        #expect(request.body == content)
      }
      let steps = progress.withLock { $0 }
      #expect(steps.count > 5)
      #expect(steps.first == UploadProgress(sent: 0, total: 1_500_000))
      #expect(steps.last == UploadProgress(sent: 1_500_000, total: 1_500_000))
      #expect(steps.map(\.sent) == steps.map(\.sent).sorted())
    }
  }

  @Test func datasetAndReferenceArriveInOneForm() async throws {
    try await withFile(bytes: 700_000) { file, content in
      try await withFile(bytes: 300_000) { other, _ in
        let reference = DatasetFile(path: other.path, mediaType: "text/csv; charset=iso-8859-1")
        let last = Mutex<UploadProgress?>(nil)
        try await TestServer.run { _, _ in
          .answer(200, [:], "{}")
        } _: { server in
          _ = try await FailoverTests.calling([server.url]) { client in
            try await client.analyze(file, reference: reference) { step in
              last.withLock { $0 = step }
            }
          }
          let request = try #require(server.requests.first)
          let type = try #require(request.headers.first(name: "Content-Type"))
          let boundary = try #require(type.split(separator: "=").last)
          #expect(type == "multipart/form-data; boundary=\(boundary)")
          func head(_ name: String, _ type: String) -> Data {
            Data(
              ("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"; "
                + "filename=\"\(name)\"\r\nContent-Type: \(type)\r\n\r\n").utf8)
          }
          let expected =
            head("file", "text/csv") + content + Data("\r\n".utf8)
            + head("reference", reference.mediaType) + content.prefix(300_000)
            + Data("\r\n--\(boundary)--\r\n".utf8)
          #expect(request.body == expected)
          let length = Int64(expected.count)
          #expect(request.headers.first(name: "Content-Length") == "\(length)")
          #expect(last.withLock(\.self) == UploadProgress(sent: length, total: length))
        }
      }
    }
  }

  @Test func missingReferenceIsNamed() async throws {
    try await withFile(bytes: 10) { file, _ in
      let dead = try DeadEndpoint()
      await #expect(
        throws: CloudError.unreadableFile(
          path: "/nowhere/data.csv", reason: "no such file or directory")
      ) {
        try await FailoverTests.calling([dead.url]) {
          try await $0.analyze(
            file, reference: DatasetFile(path: "/nowhere/data.csv", mediaType: "text/csv"))
        }
      }
    }
  }

  @Test func uploadCutShortMovesToTheNextNodeFromItsStart() async throws {
    // Larger than all the buffers between the two, so that the cut comes before the end is sent.
    try await withFile(bytes: 32 << 20) { file, content in
      try await TestServer.run(patience: .bodyBytes(100_000)) { _, _ in
        .hangUp
      } _: { dying in
        try await TestServer.run { _, _ in
          .answer(200, [:], "{}")
        } _: { server in
          let report = try await FailoverTests.calling([dying.url, server.url]) {
            try await $0.analyze(file)
          }
          #expect(report.json == Data("{}".utf8))
          #expect(dying.requests.count == 1)
          #expect(server.requests.map(\.body.count) == [content.count])
          #expect(server.requests.first?.body == content)
        }
      }
    }
  }

  @Test func uploadWhoseAnswerIsLostIsSentAgainUnderItsKey() async throws {
    try await withFile(bytes: 10_000) { file, content in
      try await TestServer.run { _, _ in
        .hangUp
      } _: { first in
        try await TestServer.run { _, _ in
          .answer(200, [:], "{}")
        } _: { second in
          _ = try await FailoverTests.calling([first.url, second.url]) {
            try await $0.analyze(file)
          }
          #expect(second.requests.map(\.body) == [content])
          #expect(first.requests.first?.idempotencyKey != nil)
          #expect(
            first.requests.map(\.idempotencyKey) == second.requests.map(\.idempotencyKey))
        }
      }
    }
  }

  @Test func refusalDuringTheUploadIsHeard() async throws {
    try await withFile(bytes: 32 << 20) { file, _ in
      let body = FailoverTests.problem(413, "too_large")
      try await TestServer.run(patience: .bodyBytes(1)) { _, _ in
        .answer(413, [:], body)
      } _: { server in
        let error = await #expect(throws: CloudError.self) {
          try await FailoverTests.calling([server.url]) { try await $0.analyze(file) }
        }
        #expect(error?.description == "D [too_large]")
        #expect(server.requests.count == 1)
      }
    }
  }

  @Test func missingFileIsNamed() async throws {
    let dead = try DeadEndpoint()
    await #expect(
      throws: CloudError.unreadableFile(
        path: "/nowhere/data.csv", reason: "no such file or directory")
    ) {
      try await FailoverTests.calling([dead.url]) {
        try await $0.analyze(DatasetFile(path: "/nowhere/data.csv", mediaType: "text/csv"))
      }
    }
  }

  @Test func folderIsNoDataset() async throws {
    let dead = try DeadEndpoint()
    let path = FileManager.default.temporaryDirectory.path
    await #expect(
      throws: CloudError.unreadableFile(path: path, reason: "it is no regular file")
    ) {
      try await FailoverTests.calling([dead.url]) {
        try await $0.analyze(DatasetFile(path: path, mediaType: "text/csv"))
      }
    }
  }

  @Test func kindOfAFileFollowsItsExtension() {
    #expect(DatasetFile(path: "a.CSV")?.mediaType == "text/csv")
    #expect(DatasetFile(path: "a.jsonl")?.mediaType == "application/x-ndjson")
    #expect(DatasetFile(path: "a.json")?.mediaType == "application/json")
    #expect(DatasetFile(path: "a.xlsx") == nil)
  }
}
