import CloudAPI
import CloudState

/// An error that a call of an operation may meet, and when.
struct ErrorAnswer: Sendable {
  var kind: ErrorKind
  var description: String

  init(_ kind: ErrorKind, _ description: String? = nil) {
    self.kind = kind
    self.description = description ?? kind.description
  }
}

/// The kinds of errors there are. Status and code are those of the ``Failure`` that is answered.
enum ErrorKind: CaseIterable, Sendable {
  case invalidRequest
  case unauthenticated
  case forbidden
  case notFound
  case wrongMethod
  case notAcceptable
  case tooSlow
  case conflict
  case preconditionFailed
  case tooLarge
  case unsupportedMediaType
  case unprocessableDataset
  case idempotencyKeyReused
  case quotaExceeded
  case rateLimited
  case headersTooLarge
  case internalError
  case noLeader
  case overloaded

  /// Such an error.
  var sample: Failure {
    switch self {
    case .invalidRequest: .invalid("name", "is missing")
    case .unauthenticated: .unauthenticated("the access token has run out; log in again")
    case .forbidden: .forbidden(.manageKeys)
    case .notFound: .notFound("workspace")
    case .wrongMethod: .wrongMethod(allow: [.get, .head])
    case .notAcceptable: .notAcceptable("the report can be had as application/json, text/html")
    case .tooSlow: .tooSlow()
    case .conflict: .conflict("a user with this email address exists")
    case .preconditionFailed: .preconditionFailed()
    case .tooLarge: .tooLarge("the body may have at most 65536 bytes")
    case .unsupportedMediaType: .unsupportedMediaType("the body must be application/json")
    case .unprocessableDataset:
      .unprocessable("The row has 3 fields and the header 4.", row: 17, column: "width")
    case .idempotencyKeyReused: .idempotencyKeyReused()
    case .quotaExceeded:
      .quotaExceeded(
        .rows, limit: 10_000, used: 9_900,
        resetsAt: Timestamp(milliseconds: Int64(Example.time.timeIntervalSince1970) * 1_000))
    case .rateLimited: .rateLimited(retryAfter: 2)
    case .headersTooLarge: .headersTooLarge()
    case .internalError: .internalError()
    case .noLeader: .noLeader("the cluster has no leader at the moment; try again")
    case .overloaded: .overloaded("this node has as much work as it can hold; try again")
    }
  }

  var status: Int { sample.problem.status }
  var code: String { sample.problem.code.rawValue }

  /// When a call meets it, unless the operation says it better.
  var description: String {
    switch self {
    case .invalidRequest: "The request is malformed; `errors` says where fields are at fault."
    case .unauthenticated: "There is no credential, or none that holds."
    case .forbidden: "The credential holds but lacks `permission`."
    case .notFound: "It does not exist, or belongs to another tenant."
    case .wrongMethod: "The resource has other methods, named in `Allow`."
    case .notAcceptable: "It cannot be had as anything that `Accept` names."
    case .tooSlow: "The body did not arrive in time."
    case .conflict: "It clashes with what is there."
    case .preconditionFailed: "It is no longer what `If-Match` names; nothing was changed."
    case .tooLarge: "The body is larger than is taken."
    case .unsupportedMediaType: "The body is of a media type or encoding that is not read here."
    case .unprocessableDataset: "The dataset cannot be analyzed; see `row` and `column`."
    case .idempotencyKeyReused: "The `Idempotency-Key` was used for another call."
    case .quotaExceeded: "The plan's limit is reached; nothing was used."
    case .rateLimited: "Too many calls in a short time."
    case .headersTooLarge: "The request's target or headers are too large."
    case .internalError: "A fault of the service."
    case .noLeader:
      "The cluster has no leader at the moment. A change may have taken effect if `detail` says so."
    case .overloaded: "The node has as much work as it can hold; nothing has happened."
    }
  }

  /// The headers that come with it.
  var headers: [ResponseHeader] {
    switch self {
    // Found before there is a request to look at.
    case .headersTooLarge: [.requestID]
    case .unauthenticated: [.requestID, .cleanIndex, .wwwAuthenticate]
    case .wrongMethod: [.requestID, .cleanIndex, .allow]
    case .quotaExceeded, .rateLimited, .noLeader, .overloaded:
      [.requestID, .cleanIndex, .retryAfter]
    case .unsupportedMediaType: [.requestID, .cleanIndex, .acceptEncoding]
    default: [.requestID, .cleanIndex]
    }
  }

  /// Problem details (RFC 9457) with this kind's status, code and fields.
  var content: Content { Self.contents[self] ?? makeContent() }

  /// Most routes have most of them.
  private static let contents = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0, $0.makeContent()) })

  private func makeContent() -> Content {
    let name = code.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }
    let suffix = self == .headersTooLarge ? "HeadersProblem" : "Problem"
    var problem = sample.problem
    problem.requestID = Example.requestID
    return Content(
      mediaType: Problem.mediaType,
      schema: .object(
        name.joined() + suffix, description,
        [
          .required("type", .word("about:blank"), "The kind of problem as a URI."),
          .required("title", .text, "The kind of problem in a few words."),
          .required("status", .integer(status...status), "The HTTP status."),
          .required("detail", .text, "What is wrong this time and what to do about it."),
          .required("code", .word(code), "The kind of problem, for programs."),
          .required(
            "request_id", .text, "The request's ID, by which it is found in the service's logs."),
        ] + fields),
      example: .encoded(problem))
  }

  private var fields: [Schema.Property] {
    switch self {
    case .invalidRequest: [Self.errors("What is wrong with which field.")]
    case .forbidden:
      [
        .optional(
          "permission", .permission, "The permission that is missing; absent where none would help."
        )
      ]
    case .unprocessableDataset, .tooLarge:
      [
        .optional("row", .count, "The row at fault, counted from 0 without the header."),
        .optional("column", .text, "The name of the column at fault."),
        Self.errors("Which part of the form is at fault, if it is the `reference`."),
      ]
    case .quotaExceeded:
      [
        .required(
          "metric", .word(QuotaExceeded.Metric.allCases.map(\.rawValue)), "What is limited."),
        .required("limit", .count, "The limit."),
        .required("used", .count, "What of it is used or reserved."),
        .required(
          "resets_at", .time.orNull,
          "When the limit opens again; null where only the workspace can make room, for users."),
      ]
    default: []
    }
  }
}

extension ErrorKind {
  private static func errors(_ description: String) -> Schema.Property {
    .optional(
      "errors",
      .list(
        of: .object([
          .required("field", .text, "The field, parameter, header or part of a form."),
          .required("message", .text, "What is wrong with it."),
        ]), least: 1), description)
  }
}

/// A header of an answer.
enum ResponseHeader: String, CaseIterable, Sendable {
  case requestID = "X-Request-Id"
  case cleanIndex = "Clean-Index"
  case eTag = "ETag"
  case retryAfter = "Retry-After"
  case wwwAuthenticate = "WWW-Authenticate"
  case allow = "Allow"
  case acceptEncoding = "Accept-Encoding"
  case link = "Link"
  case rateLimit = "RateLimit"
  case rateLimitPolicy = "RateLimit-Policy"
  case cleanAnalysis = "Clean-Analysis"
  case cleanFixCounts = "Clean-Fix-Counts"

  var schema: Schema {
    switch self {
    case .requestID: .text(1...128)
    case .cleanIndex: .integer(0...UInt64.max)
    case .retryAfter: .count
    case .wwwAuthenticate, .allow, .acceptEncoding, .link, .eTag, .rateLimit, .rateLimitPolicy,
      .cleanAnalysis, .cleanFixCounts:
      .text
    }
  }

  /// Whether it is always there.
  var isRequired: Bool {
    switch self {
    case .requestID, .cleanIndex, .eTag, .wwwAuthenticate, .allow: true
    case .retryAfter, .acceptEncoding, .link, .rateLimit, .rateLimitPolicy, .cleanAnalysis,
      .cleanFixCounts:
      false
    }
  }

  var description: String {
    switch self {
    case .requestID: "The request's ID: the caller's own, or a new one."
    case .cleanIndex:
      "How far the answering node is in the cluster's log; send it as `Clean-Min-Index` to read no "
        + "older state from any node."
    case .eTag:
      "A name for these bytes; send it as `If-None-Match` to be told that they still hold."
    case .retryAfter: "Seconds after which trying again may help; absent where time does not help."
    case .wwwAuthenticate: "`Bearer`."
    case .allow: "The methods of the resource, separated by commas."
    case .acceptEncoding:
      "The content codings that are read; absent where the media type is at fault."
    case .link: "Where the next part of a list is (`rel=next`), in formats that cannot say so."
    case .rateLimit:
      "What is left of each policy (`r`), and after how many seconds all of it is there again (`t`)."
    case .cleanAnalysis: "The ID of the analysis, where the dataset is answered alone."
    case .cleanFixCounts:
      "Actions of each kind (`deduplicate=1, replace=3, …`), where the dataset is answered alone."
    case .rateLimitPolicy: "How much (`q`) each policy grants in how many seconds (`w`)."
    }
  }
}
