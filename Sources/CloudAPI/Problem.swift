#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// The body of every answer that is an error: problem details (RFC 9457) with a `code` for
/// programs, and fields of the error.
public struct Problem: Codable, Equatable, Sendable {
  /// The media type of this body.
  public static let mediaType = "application/problem+json"

  /// A URI for the kind of problem; `about:blank` says no more than the status (RFC 9457 §4.2.1).
  public var type: String
  /// The kind of problem in a few words, the same each time it occurs.
  public var title: String
  /// The HTTP status.
  public var status: Int
  /// What is wrong this time and what to do about it, for a person.
  public var detail: String?
  /// The kind of problem in one word, for a program.
  public var code: Code
  /// The ID of the request, by which an operator finds it in the logs.
  public var requestID: String?

  /// What is wrong with which field (`invalid_request`).
  public var errors: [FieldError]?
  /// The permission that is missing (`forbidden`).
  public var permission: Permission?
  /// What is limited, such as `rows` (`quota_exceeded`, `rate_limited`).
  public var metric: String?
  /// The limit.
  public var limit: Int?
  /// What of the limit is used.
  public var used: Int?
  /// When the limit opens again; null on the wire where it never does by itself.
  public var resetsAt: Date?
  /// The row at fault, counted from 0 without the header (`unprocessable_dataset`).
  public var row: Int?
  /// The name of the column at fault (`unprocessable_dataset`).
  public var column: String?

  /// A problem; set the fields of the error on it afterwards.
  public init(
    type: String = "about:blank", title: String, status: Int, detail: String? = nil, code: Code,
    requestID: String? = nil
  ) {
    self.type = type
    self.title = title
    self.status = status
    self.detail = detail
    self.code = code
    self.requestID = requestID
  }

  /// Leaves out what the problem does not have, but tells of each exceeded quota when it resets.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(type, forKey: .type)
    try container.encode(title, forKey: .title)
    try container.encode(status, forKey: .status)
    try container.encodeIfPresent(detail, forKey: .detail)
    try container.encode(code, forKey: .code)
    try container.encodeIfPresent(requestID, forKey: .requestID)
    try container.encodeIfPresent(errors, forKey: .errors)
    try container.encodeIfPresent(permission, forKey: .permission)
    try container.encodeIfPresent(metric, forKey: .metric)
    try container.encodeIfPresent(limit, forKey: .limit)
    try container.encodeIfPresent(used, forKey: .used)
    if code == .quotaExceeded {
      try container.encode(resetsAt, forKey: .resetsAt)
    } else {
      try container.encodeIfPresent(resetsAt, forKey: .resetsAt)
    }
    try container.encodeIfPresent(row, forKey: .row)
    try container.encodeIfPresent(column, forKey: .column)
  }

  enum CodingKeys: String, CodingKey {
    case type, title, status, detail, code, errors, permission, metric, limit, used, row, column
    case requestID = "request_id"
    case resetsAt = "resets_at"
  }

  /// What is wrong with one field of a request.
  public struct FieldError: Codable, Equatable, Sendable {
    /// The field's name as sent.
    public var field: String
    /// What is wrong with it and what it should be.
    public var message: String

    /// Says that `field` is wrong.
    public init(field: String, message: String) {
      self.field = field
      self.message = message
    }
  }
}

extension Problem {
  /// The kind of a problem, for programs.
  public struct Code: RawRepresentable, Hashable, Codable, Sendable {
    /// The word on the wire.
    public var rawValue: String

    /// The code of this name, known to this version or not.
    public init(rawValue: String) {
      self.rawValue = rawValue
    }

    /// 400: a field is missing or wrong; see `errors`.
    public static let invalidRequest = Code(rawValue: "invalid_request")
    /// 401: no credential, or one that does not hold.
    public static let unauthenticated = Code(rawValue: "unauthenticated")
    /// 403: the credential holds but may not do this; see `permission`.
    public static let forbidden = Code(rawValue: "forbidden")
    /// 404: it is not there, or it is another tenant's.
    public static let notFound = Code(rawValue: "not_found")
    /// 406: it cannot be had as anything that `Accept` names.
    public static let notAcceptable = Code(rawValue: "not_acceptable")
    /// 409: it clashes with what is there.
    public static let conflict = Code(rawValue: "conflict")
    /// 412: it is no longer what `If-Match` names.
    public static let preconditionFailed = Code(rawValue: "precondition_failed")
    /// 413: the body is larger than the service takes.
    public static let tooLarge = Code(rawValue: "too_large")
    /// 415: the body is of a kind the service does not read.
    public static let unsupportedMediaType = Code(rawValue: "unsupported_media_type")
    /// 422: the dataset cannot be analyzed; see `row` and `column`.
    public static let unprocessableDataset = Code(rawValue: "unprocessable_dataset")
    /// 422: the `Idempotency-Key` was used for another call.
    public static let idempotencyKeyReused = Code(rawValue: "idempotency_key_reused")
    /// 429: too many calls in a short time; see `Retry-After`.
    public static let rateLimited = Code(rawValue: "rate_limited")
    /// 429: the plan's limit is reached; see `metric`, `limit`, `used` and `resets_at`.
    public static let quotaExceeded = Code(rawValue: "quota_exceeded")
    /// 500: a fault of the service.
    public static let internalError = Code(rawValue: "internal_error")
    /// 503: the cluster is choosing a leader; try again.
    public static let noLeader = Code(rawValue: "no_leader")
    /// 503: the node has as much work as it can hold; try again.
    public static let overloaded = Code(rawValue: "overloaded")
  }
}
