import CloudAPI
import CloudState
import HTTPTypes

/// An answer that is an error, with what its headers say.
struct Failure: Error {
  var problem: Problem
  /// Seconds after which trying again may help.
  private var retryAfter: Int?
  /// The same as a moment of the cluster's clock; if there are both, the earlier one.
  private var retryAt: Timestamp?
  /// The methods that the resource has (405).
  var allow: [HTTPRequest.Method] = []
  /// The content codings that would have been taken (415).
  var acceptEncoding: String?
  /// Whether the rest of the request is not worth reading.
  var closesConnection = false
  /// Whether it says of something that exists, and is another tenant's, that there is none. It is not shown.
  private(set) var isForeign = false
  /// The workspace in which a member lacks the permission.
  private(set) var workspaceID: WorkspaceID?

  private init(
    _ status: HTTPResponse.Status, _ code: Problem.Code, title: String? = nil, _ detail: String,
    retryAfter: Int? = nil, retryAt: Timestamp? = nil
  ) {
    problem = Problem(
      title: title ?? status.reasonPhrase, status: status.code, detail: detail, code: code)
    self.retryAfter = retryAfter
    self.retryAt = retryAt
  }

  /// Whole seconds after which trying again may help, at least one; nothing where time does not help.
  ///
  /// - Parameter now: The time by the cluster's clock.
  func wait(at now: Timestamp) -> Int? {
    let untilThen = retryAt.map { max(1, now.wholeSeconds(until: $0)) }
    return [retryAfter, untilThen].compactMap { $0 }.min()
  }

  // MARK: What the caller did

  static func invalid(_ errors: [Problem.FieldError]) -> Failure {
    var failure = Failure(
      .badRequest, .invalidRequest, title: "Invalid request",
      errors.map { "\($0.field) \($0.message)" }.joined(separator: "; "))
    failure.problem.errors = errors
    return failure
  }

  static func invalid(_ field: String, _ message: String) -> Failure {
    invalid([Problem.FieldError(field: field, message: message)])
  }

  /// - Parameter sentence: What is wrong, in whole sentences.
  static func invalid(_ field: String, because sentence: String) -> Failure {
    var failure = malformed(sentence)
    failure.problem.errors = [Problem.FieldError(field: field, message: sentence)]
    return failure
  }

  static func malformed(_ detail: String) -> Failure {
    Failure(.badRequest, .invalidRequest, title: "Invalid request", detail)
  }

  static func unauthenticated(_ detail: String) -> Failure {
    Failure(.unauthorized, .unauthenticated, title: "Unauthenticated", detail)
  }

  static func forbidden(_ permission: CloudState.Permission, _ detail: String? = nil) -> Failure {
    var failure = Failure(
      .forbidden, .forbidden, detail ?? "this needs the permission \(permission.rawValue)")
    failure.problem.permission = CloudAPI.Permission(rawValue: permission.rawValue)
    return failure
  }

  /// To a member of a workspace, about it.
  static func forbidden(
    _ permission: CloudState.Permission, in workspaceID: WorkspaceID
  ) -> Failure {
    var failure = forbidden(permission)
    failure.workspaceID = workspaceID
    return failure
  }

  /// Where no permission would help.
  static func forbidden(_ detail: String) -> Failure {
    Failure(.forbidden, .forbidden, detail)
  }

  static func notFound(_ what: String) -> Failure {
    Failure(.notFound, .notFound, "there is no such \(what)")
  }

  /// The same to somebody who may not know of it.
  static func foreign(_ what: String) -> Failure {
    var failure = notFound(what)
    failure.isForeign = true
    return failure
  }

  static func wrongMethod(allow: [HTTPRequest.Method]) -> Failure {
    let names = allow.map(\.rawValue).joined(separator: ", ")
    var failure = Failure(
      .methodNotAllowed, .init(rawValue: "method_not_allowed"), "this resource has \(names)")
    failure.allow = allow
    return failure
  }

  static func notAcceptable(_ detail: String) -> Failure {
    Failure(.notAcceptable, .notAcceptable, title: "Not acceptable", detail)
  }

  static func conflict(_ detail: String) -> Failure {
    Failure(.conflict, .conflict, detail)
  }

  static func preconditionFailed() -> Failure {
    Failure(
      .preconditionFailed, .init(rawValue: "precondition_failed"),
      "it is no longer what If-Match names; look at it again")
  }

  static func idempotencyKeyReused() -> Failure {
    Failure(
      .unprocessableContent, .init(rawValue: "idempotency_key_reused"),
      "this Idempotency-Key was used for another request in the last 24 hours; use a new one")
  }

  static func tooSlow() -> Failure {
    var failure = Failure(
      .requestTimeout, .init(rawValue: "request_timeout"),
      "the request did not arrive in time; send it again")
    failure.closesConnection = true
    return failure
  }

  static func tooLarge(_ detail: String) -> Failure {
    var failure = Failure(.contentTooLarge, .tooLarge, title: "Too large", detail)
    failure.closesConnection = true
    return failure
  }

  /// The bounds stand in ``Gateway``.
  static func headersTooLarge() -> Failure {
    Failure(
      .requestHeaderFieldsTooLarge, .tooLarge, title: "Too large",
      "the request's target or headers are too large")
  }

  static func unsupportedMediaType(_ detail: String) -> Failure {
    Failure(.unsupportedMediaType, .unsupportedMediaType, detail)
  }

  static func unsupportedContentCoding() -> Failure {
    var failure = Failure.unsupportedMediaType(
      "the body may have one Content-Encoding: \(ContentCoding.accepted)")
    failure.acceptEncoding = ContentCoding.accepted
    return failure
  }

  static func unprocessable(_ detail: String, row: Int? = nil, column: String? = nil) -> Failure {
    var failure = Failure(
      .unprocessableContent, .unprocessableDataset, title: "Unprocessable dataset", detail)
    failure.problem.row = row
    failure.problem.column = column
    return failure
  }

  /// - Parameter mayComeBack: Whether some of what is used is only held, and back soon perhaps.
  static func quotaExceeded(
    _ metric: QuotaExceeded.Metric, limit: Int64, used: Int64, resetsAt: Timestamp?,
    mayComeBack: Bool = false
  ) -> Failure {
    var wait: Int?
    if mayComeBack {
      wait = Int(CallLeaseHolder.idleTime / 1_000)
    } else if resetsAt == nil {
      // What does not reset by itself somebody may have made room for in an hour.
      wait = 3_600
    }
    var failure = Failure(
      .tooManyRequests, .quotaExceeded, title: "Quota exceeded",
      "the workspace may have \(metric.words(for: limit)); \(metric.use): \(used)",
      retryAfter: wait, retryAt: resetsAt)
    failure.problem.metric = metric.rawValue
    failure.problem.limit = Int(clamping: limit)
    failure.problem.used = Int(clamping: used)
    failure.problem.resetsAt = resetsAt?.date
    return failure
  }

  static func rateLimited(retryAfter seconds: Int) -> Failure {
    Failure(
      .tooManyRequests, .rateLimited, title: "Rate limited",
      "too many calls in a short time; call again in \(seconds) s", retryAfter: seconds)
  }

  /// - Parameter moment: When it may be tried again, by the cluster's clock.
  static func rateLimited(until moment: Timestamp) -> Failure {
    Failure(
      .tooManyRequests, .rateLimited, title: "Rate limited",
      "too many attempts in a short time; try again later, at the earliest when Retry-After says",
      retryAt: moment)
  }

  // MARK: What the service could not do

  static func noLeader(_ detail: String) -> Failure {
    Failure(.serviceUnavailable, .noLeader, title: "No leader", detail, retryAfter: 1)
  }

  static func overloaded(_ detail: String) -> Failure {
    Failure(.serviceUnavailable, .overloaded, title: "Overloaded", detail, retryAfter: 1)
  }

  static func tooManyConnections() -> Failure {
    var failure = overloaded(
      "this node has as many connections as it can hold, or as one client may have; try again")
    failure.closesConnection = true
    return failure
  }

  static func internalError() -> Failure {
    Failure(
      .internalServerError, .internalError, title: "Internal error",
      "this is a fault of the service; its operator finds it in the logs by the request_id")
  }
}

extension Failure {
  /// Whether somebody tried what they may not.
  var isDenial: Bool { isForeign || problem.code == .forbidden }

  /// Whether a call that ends so does not count: it was refused, or the service failed it.
  var countsForNobody: Bool {
    [401, 403, 404, 429].contains(problem.status) || problem.status >= 500
  }
}

extension QuotaExceeded.Metric {
  fileprivate func words(for count: Int64) -> String {
    let plural = count == 1 ? "" : "s"
    return switch self {
    case .rows: "\(count) row\(plural) a month"
    case .apiCalls: "\(count) API call\(plural) a day"
    case .users: "\(count) user\(plural)"
    }
  }

  fileprivate var use: String {
    switch self {
    case .rows, .apiCalls: "used or reserved"
    case .users: "there are"
    }
  }
}
