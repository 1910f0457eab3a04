import CloudAPI
import Foundation
import NIOHTTP1

/// Paths, bodies and headers of calls, in one place.
extension CloudClient {
  func get<Value: Decodable>(
    _ path: String, _ query: Call.Query = []
  ) async throws(CloudError) -> Value {
    try await fetch(path, query).decoded(as: Value.self)
  }

  func fetch(_ path: String, _ query: Call.Query = []) async throws(CloudError) -> Answer {
    var call = Call(
      method: .GET, path: path, query: query, timeout: nodes.timeouts.call, repetition: .harmless)
    if readsStale {
      call.query.append(("consistency", "stale"))
      call.headers = nodes.seenIndex.map { [("Clean-Min-Index", String($0))] } ?? []
    }
    return try await send(call)
  }

  func post<Value: Decodable>(
    _ path: String, _ request: (any Encodable)? = nil
  ) async throws(CloudError) -> Value {
    try await perform(path, request).decoded(as: Value.self)
  }

  /// A POST, which takes effect once.
  @discardableResult
  func perform(
    _ path: String, _ request: (any Encodable)? = nil
  ) async throws(CloudError) -> Answer {
    try await send(
      Call(
        method: .POST, path: path, headers: [idempotency], body: request.map(Call.Body.init),
        timeout: nodes.timeouts.call, repetition: .replayed))
  }

  /// A change of what the path names: PUT, PATCH or DELETE.
  @discardableResult
  func change(
    _ method: HTTPMethod, _ path: String, _ request: (any Encodable)? = nil,
    ifMatch tag: EntityTag? = nil
  ) async throws(CloudError) -> Answer {
    try await send(
      Call(
        method: method, path: path, headers: tag.map { [("If-Match", $0.text)] } ?? [],
        body: request.map(Call.Body.init), timeout: nodes.timeouts.call, repetition: .idempotent))
  }

  /// What makes all sendings of one call the same to the service.
  var idempotency: (name: String, value: String) {
    ("Idempotency-Key", idempotencyKey ?? UUID().uuidString)
  }

  func named(_ name: String, _ value: String?) -> Call.Query {
    value.map { [(name, $0)] } ?? []
  }
}

extension Call.Body {
  init(_ request: any Encodable) {
    do {
      self.init(
        mediaType: "application/json", source: .bytes(try JSONEncoder.cleanCloud.encode(request)))
    } catch {
      preconditionFailure("requests are made of strings, numbers and lists: \(error)")
    }
  }
}
