import HTTPTypes
import Hummingbird
import NIOCore

/// A request as handlers see it: what is known before its body is read.
struct APIRequest: Sendable {
  let id: String
  let client: ClientAddress
  /// How often its caller calls.
  let rate: RateCheck
  /// Whether it counts as a call of a workspace.
  let calls: CallCheck
  let method: HTTPRequest.Method
  let path: String
  /// Path and query as they were sent.
  let target: String
  let headers: HTTPFields
  let body: RequestBody
  /// Closes when the client goes away.
  let channel: any Channel
  private let query: [Substring: Substring]
  /// The parts of the path that the route's template names.
  var parameters: [String: String] = [:]

  init(
    _ request: Request, id: String, client: ClientAddress, rate: RateCheck, calls: CallCheck,
    channel: any Channel
  ) {
    self.id = id
    self.client = client
    self.rate = rate
    self.calls = calls
    method = request.method
    path = request.uri.path
    target = request.uri.description
    headers = request.headers
    body = request.body
    self.channel = channel
    query = Dictionary(
      request.uri.queryParameters.map { ($0.key, $0.value) },
      uniquingKeysWith: { first, _ in first })
  }

  /// A part of the query.
  func query(_ name: String) -> String? {
    query[name[...]].map(String.init)
  }

  /// The names of the query's parts, in ascending order.
  var queryNames: [String] { query.keys.map(String.init).sorted() }

  /// Whether the caller is content with what this node has.
  var isStale: Bool {
    get throws {
      switch query("consistency") {
      case nil, "linearizable": false
      case "stale": true
      default: throw Failure.invalid("consistency", "must be linearizable or stale")
      }
    }
  }

  /// The log index that this node must have applied before it answers.
  var minimumIndex: UInt64? {
    get throws {
      guard let text = headers[.cleanMinIndex] else { return nil }
      guard let index = UInt64(text) else {
        throw Failure.invalid("Clean-Min-Index", "must be the Clean-Index of an earlier answer")
      }
      return index
    }
  }

  /// The caller's name for the request and its repetitions.
  var idempotencyKey: String? {
    get throws(Failure) {
      guard method == .post, let key = headers[.idempotencyKey] else { return nil }
      guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
      else {
        throw .invalid("Idempotency-Key", "must be 1 to 255 visible ASCII characters")
      }
      return key
    }
  }

  /// The client's address; empty if the connection has none.
  var address: String { client.description }

  /// The media type of the body, in lower case and without parameters.
  var mediaType: String? {
    headers[.contentType].map {
      let type = $0.prefix { $0 != ";" }
      return type.lowercased().trimmingSpaces()
    }
  }

  var contentLength: Int? { headers[.contentLength].flatMap { Int($0) } }
}

extension HTTPField.Name {
  static let link = Self("Link")!
  static let idempotencyKey = Self("Idempotency-Key")!
  static let cleanIndex = Self("Clean-Index")!
  static let cleanMinIndex = Self("Clean-Min-Index")!
  static let requestID = Self("X-Request-Id")!
  static let apiKey = Self("X-API-Key")!
}

extension String {
  func trimmingSpaces() -> String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    var text = self[...].drop(while: isSpace)
    while let last = text.last, isSpace(last) { text.removeLast() }
    return String(text)
  }
}
