import CloudAPI
import Foundation
import NIOHTTP1

/// One request of the API, before it is known which node takes it.
struct Call: Sendable {
  var method: HTTPMethod
  var path: String
  var query: [(name: String, value: String)] = []
  var body: Body?
  var timeout: Duration

  struct Body: Sendable {
    var mediaType: String
    var source: BodySource
  }

  /// Whether sending it twice is the same as sending it once (RFC 9110 §9.2.1). DELETE is not
  /// meant: after a lost answer the second one says "not found", which could also be the truth.
  var isSafe: Bool { method == .GET }

  /// Whether a call that met this refusal has certainly had no effect and may be sent again.
  ///
  /// A node refuses for load before it looks at the call. `no_leader` can also be said about a
  /// write that was handed on to a leader since lost, so only reads are repeated after it.
  func mayRepeat(after code: Problem.Code) -> Bool {
    switch code {
    case .rateLimited, .overloaded: true
    case .noLeader: isSafe
    default: false
    }
  }
}

/// An answer of the service, whatever its status.
struct Answer: Sendable {
  var endpoint: Endpoint
  var status: Int
  var headers: HTTPHeaders
  var body: Data

  var requestID: String? { headers.first(name: "X-Request-ID") }

  /// The delay the service asks for (RFC 9110 §10.2.3); a date instead of seconds is not used by
  /// this API and counts as no delay given.
  var retryAfter: Duration? {
    headers.first(name: "Retry-After").flatMap { UInt32($0) }.map { .seconds(Int64($0)) }
  }

  func decoded<Value: Decodable>(as type: Value.Type) throws(CloudError) -> Value {
    do {
      return try JSONDecoder.cleanCloud.decode(type, from: body)
    } catch {
      throw invalid("its answer is no \(type)")
    }
  }

  /// What the service says is wrong, or nil when the answer is a success.
  func problem() throws(CloudError) -> Problem? {
    if (200..<300).contains(status) { return nil }
    guard var problem = try? JSONDecoder.cleanCloud.decode(Problem.self, from: body) else {
      let type = headers.first(name: "Content-Type") ?? "no content type"
      throw invalid("status \(status) with \(type), not \(Problem.mediaType)")
    }
    problem.requestID = problem.requestID ?? requestID
    return problem
  }

  private func invalid(_ reason: String) -> CloudError {
    .invalidResponse(
      EndpointFailure(endpoint: endpoint.description, reason: reason), requestID: requestID)
  }
}
