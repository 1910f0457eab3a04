import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

extension CloudClient {
  /// The most of an answer that is held in memory: a mended dataset, of at most twice the 100 MiB that one
  /// may have, with the log of a million actions.
  private static let answerLimit = 512 << 20

  /// Sends a call to one node and collects its answer.
  func exchange(_ call: Call, with endpoint: Endpoint) async throws(ExchangeFailure) -> Answer {
    var request = HTTPClientRequest(url: endpoint.url(path: call.path, query: call.query))
    request.method = call.method
    if !call.headers.contains(where: { $0.name == "Accept" }) {
      request.headers.add(
        name: "Accept", value: "application/json, application/problem+json, */*;q=0.5")
    }
    request.headers.add(name: "User-Agent", value: "clean-cloud-swift")
    if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
    for (name, value) in call.headers { request.headers.add(name: name, value: value) }
    var upload: Upload?
    if let body = call.body {
      let opened = try Upload(body.source)
      request.headers.add(name: "Content-Type", value: body.mediaType)
      request.body = .stream(opened, length: .known(opened.length))
      upload = opened
    }
    do {
      let (head, body) = try await withTimeout(call.timeout) { [request, http = nodes.http] in
        // The timer above bounds the whole exchange; this deadline must only not come first.
        let response = try await http.execute(request, deadline: .distantFuture)
        let body = try await response.body.collect(upTo: Self.answerLimit)
        return (HTTPResponseHead(response), Data(body.readableBytesView))
      }
      return Answer(
        endpoint: endpoint, status: Int(head.status.code), headers: head.headers, body: body)
    } catch {
      throw ExchangeFailure(error, of: call, upload: upload)
    }
  }
}

extension HTTPResponseHead {
  fileprivate init(_ response: HTTPClientResponse) {
    self.init(version: response.version, status: response.status, headers: response.headers)
  }
}

/// Thrown into an exchange that takes too long.
struct TimeoutError: Error {
  var limit: Duration
}

private func withTimeout<Value: Sendable>(
  _ limit: Duration, _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  try await withThrowingTaskGroup(of: Value?.self) { group in
    group.addTask { try await operation() }
    group.addTask {
      try await Task.sleep(for: limit)
      return nil
    }
    defer { group.cancelAll() }
    guard let value = try await group.next() ?? nil else { throw TimeoutError(limit: limit) }
    return value
  }
}
