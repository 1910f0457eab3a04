import CloudAPI
import Foundation
import NIOHTTP1

/// One request of the API, before it is known which node takes it.
struct Call: Sendable {
  typealias Query = [(name: String, value: String)]

  var method: HTTPMethod
  var path: String
  var query: Query = []
  var headers: [(name: String, value: String)] = []
  var body: Body?
  var timeout: Duration
  var repetition: Repetition

  struct Body: Sendable {
    var mediaType: String
    var source: BodySource
  }

  /// What comes of sending a call again.
  enum Repetition: Sendable {
    /// Nothing: it only reads.
    case harmless
    /// It takes effect once, and is answered as the first one was: a POST with an
    /// `Idempotency-Key`.
    case replayed
    /// The same state, but perhaps another answer: a second DELETE finds nothing there.
    case idempotent
    /// Something happens again.
    case harmful
  }

  /// Whether a call that was refused with this problem may be sent again.
  ///
  /// A node refuses for load before it looks at the call. Whatever else is said with 503 can also
  /// be said about a change that was handed on to a leader since lost.
  func mayRepeat(after problem: Problem) -> Bool {
    switch problem.code {
    case .rateLimited, .overloaded: true
    default: problem.status == 503 && repetition != .harmful
    }
  }

  /// Whether a refusal tells what became of an earlier sending of the same call, whose answer was
  /// lost.
  ///
  /// A replayed answer does. But credentials and rights are looked at before, and may have gone
  /// with the first sending itself, or since.
  func isSettled(by problem: Problem) -> Bool {
    switch repetition {
    case .harmless: true
    case .replayed: [400, 409, 422].contains(problem.status)
    case .idempotent, .harmful: false
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

  /// How far in the cluster's log the node was.
  var index: UInt64? { headers.first(name: "Clean-Index").flatMap { UInt64($0) } }

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

  func invalid(_ reason: String) -> CloudError {
    .invalidResponse(
      EndpointFailure(endpoint: endpoint.description, reason: reason), requestID: requestID)
  }
}
