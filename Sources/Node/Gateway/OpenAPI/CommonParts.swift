import CloudState

// What follows from a route's path, access and kind, and so stands at none of them.

extension Parameter {
  static let consistency = Parameter.query(
    "consistency", .word("linearizable", "stale"),
    "`linearizable` (the default) sees every change that was acknowledged before the call; `stale` "
      + "answers from what the node has, also when there is no leader.",
    example: "stale")

  static let minimumIndex = Parameter.header(
    "Clean-Min-Index", .integer(0...UInt64.max),
    "The `Clean-Index` of an earlier answer: the node answers only once it is as far.")

  static let ifNoneMatch = Parameter.header(
    "If-None-Match", .text,
    "The `ETag` of an earlier answer: if nothing has changed since, the answer is 304.")

  static let ifMatch = Parameter.header(
    "If-Match", .text,
    "The `ETag` of an earlier answer to GET: only if it still holds anything is changed.")

  static let requestID = Parameter.header(
    "X-Request-Id", .text,
    "A name for the request, by which it is found in the service's logs. It is kept if it has 1 to "
      + "128 letters, digits and `-_.:`; otherwise the request gets a new one.")

  static let idempotencyKey = Parameter.header(
    "Idempotency-Key", .text(pattern: "^[!-~]{1,255}$"),
    "A name for the call and its repetitions, of the caller's choice: for 24 hours the call takes "
      + "effect once, and each repetition gets the first answer.")

  static let limit = Parameter.query(
    "limit", .integer(1...1000), "How many entries to answer at most; 100 without it.",
    example: .integer(100))

  static let cursor = Parameter.query(
    "cursor", .text(pattern: "^[0-9]{1,15}[.][0-9A-Za-z_]{1,80}$"),
    "The `next_cursor` of an earlier answer: where to go on.", example: .string(Example.cursor))

  static let workspace = Parameter.query(
    "workspace_id", .identifier(WorkspaceKind.self),
    "The workspace that the call is about. Without it: the API key's own, or the user's oldest. "
      + "The admin token has none and must name one.",
    example: .string(Example.workspace))

  /// Those that stand among the document's components.
  static let common: [(name: String, parameter: Parameter)] = [
    ("Consistency", consistency), ("MinimumIndex", minimumIndex), ("RequestID", requestID),
    ("IdempotencyKey", idempotencyKey), ("IfNoneMatch", ifNoneMatch),
    ("Limit", limit), ("Cursor", cursor), ("Workspace", workspace),
  ]
}

extension Route {
  /// The parameters of the route's kind, by their names among the components.
  var commonParameters: [String] {
    var names: [String] = []
    if case .permission(_, in: .query, _) = access { names.append("Workspace") }
    if operation.answers.contains(where: \.isPage) { names += ["Limit", "Cursor"] }
    switch (action, access) {
    case (.observe, _), (.perform, .anyone): break
    case (.query, .anyone): names.append("Consistency")
    case (.query, _): names += ["Consistency", "MinimumIndex"]
    case (.perform, _): names.append("MinimumIndex")
    }
    if case .query = action { names.append("IfNoneMatch") }
    if method == .post { names.append("IdempotencyKey") }
    return names + ["RequestID"]
  }

  /// The operation's answers, and that of the route's kind.
  var answers: [SuccessAnswer] {
    guard case .query = action else { return operation.answers }
    let notModified = SuccessAnswer(
      status: 304, description: "Nothing has changed since the answer with this `ETag`.")
    return (operation.answers + [notModified]).map { answer in
      var answer = answer
      answer.headers.append(.eTag)
      return answer
    }
  }

  /// The headers that any answer of the route has.
  var commonHeaders: [ResponseHeader] {
    if case .observe = action { return [.requestID, .cleanIndex] }
    return [.requestID, .cleanIndex, .rateLimit, .rateLimitPolicy]
  }

  /// All errors that a call may meet: the operation's own, and those of the route's kind.
  var errors: [ErrorAnswer] {
    let own = operation.errors
    let common = commonErrors.filter { kind in !own.contains { $0.kind == kind } }
    return own + common.map { ErrorAnswer($0) }
  }

  private var commonErrors: [ErrorKind] {
    var kinds: [ErrorKind] = [.headersTooLarge, .internalError]
    if case .observe = action {
      // Probes are answered on any connection.
      return HealthRoutes.probes.contains(template) ? kinds : kinds + [.overloaded]
    }
    kinds += [.invalidRequest, .rateLimited, .noLeader, .overloaded]
    if operation.body != nil { kinds += [.tooSlow, .tooLarge, .unsupportedMediaType] }
    if method == .post { kinds.append(.idempotencyKeyReused) }
    switch access {
    case .anyone: break
    case .visitor, .credential: kinds.append(.unauthenticated)
    case .user, .operator: kinds += [.unauthenticated, .forbidden]
    case .permission: kinds += [.unauthenticated, .forbidden, .notFound, .quotaExceeded]
    }
    return kinds
  }
}

extension Access {
  /// What a caller needs, in a word: the permission, or whose credential.
  var word: String {
    switch self {
    case .anyone: "anyone"
    case .visitor: "visitor"
    case .credential: "credential"
    case .user: "user"
    case .permission(let permission, _, _): permission.rawValue
    case .operator: "operator"
    }
  }
}
