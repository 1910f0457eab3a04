import CloudState
import HTTPTypes

/// A call with everything that was found out about it before its handler.
struct Call: Sendable {
  var request: APIRequest
  /// Where a handler that refuses looks once more before it does.
  var replica: Replica
  var caller: Caller
  /// The workspace, for routes whose access is about one.
  var workspace: WorkspaceAccess?
  /// For whom it counts.
  var account: CallAccount?
  /// The JSON body; empty if there is none.
  var body: [UInt8] = []
  /// What its commands have in common.
  var commands: CommandContext

  init(
    request: APIRequest, replica: Replica, caller: Caller, workspace: WorkspaceAccess?
  ) {
    self.request = request
    self.replica = replica
    self.caller = caller
    self.workspace = workspace
    commands = CommandContext(
      actor: caller.actor, origin: Origin(address: request.address, requestName: request.id))
  }

  /// Where everything random about the call comes from.
  var seed: RequestSeed { commands.seed }

  /// Whether the caller may repeat it, and find what came of the first one.
  var isRepeatable: Bool { request.method == .post && request.headers[.idempotencyKey] != nil }

  /// The workspace of a route whose access is about one.
  ///
  /// - Throws: ``RouteMismatch`` if the route was declared otherwise, which is a bug.
  func requireWorkspace() throws -> WorkspaceAccess {
    guard let workspace else { throw RouteMismatch() }
    return workspace
  }

  /// Notes what was asked for: method, target, type and body. Commands are then remembered for as long as
  /// it may be asked again.
  ///
  /// - Parameter type: What counts as the body's type in place of its header.
  mutating func setFingerprint(ofBody body: [UInt8], type: String? = nil) {
    let fingerprint = seed.fingerprint(
      of: [
        Array(request.method.rawValue.utf8), Array(request.target.utf8),
        Array((type ?? request.headers[.contentType] ?? "").utf8), body,
      ])
    commands.fingerprint = fingerprint
    commands.seed.bind(to: fingerprint)
  }

  /// The fields of the JSON body.
  func fields() throws(Failure) -> JSONFields {
    try JSONFields(body: body)
  }
}

/// A handler asks for what its route's declaration does not provide.
struct RouteMismatch: Error {}

/// A method of a resource: who may call it, what it does, and what is said about it.
struct Route: Sendable {
  /// What is done with a call.
  enum Action: Sendable {
    /// Answered from one moment of the state, on a thread that may block; linearizable unless the
    /// caller asks for less.
    case query(@Sendable (borrowing StateView, Call) throws -> Answer)
    /// Anything else. `body` says what is read before.
    case perform(body: Body, judge: Judge, @Sendable (Call) async throws -> Answer)
    /// Says how the node is: is answered at any load, and not counted as work.
    case observe(@Sendable () async throws -> Answer)
  }

  enum Body: Sendable {
    /// The operation has none.
    case none
    /// The handler reads it as it comes.
    case stream
    case json
  }

  /// Who has the last word on whether a caller may.
  enum Judge: Sendable {
    /// The state machine: what is done is a command, and its actor is judged again when it is applied.
    case state
    /// This node, and nobody after it. So it must know what was taken away: see ``HeldAuthority``.
    case node
    /// This node by what it has, for what must be answered without a leader.
    case replica

    var isNode: Bool { if case .node = self { true } else { false } }
  }

  var method: HTTPRequest.Method
  /// The path; parts in braces are parameters.
  var template: String
  var access: Access
  /// What the API's description says about it.
  var operation: Operation
  var action: Action
  /// Whether it is one of the API calls that a plan limits. Whoever has none left can still take rights
  /// away, and ask what is left.
  var isCounted = true

  static func query(
    _ template: String, _ access: Access, _ operation: Operation,
    _ action: @escaping @Sendable (borrowing StateView, Call) throws -> Answer
  ) -> Route {
    Route(
      method: .get, template: template, access: access, operation: operation,
      action: .query(action))
  }

  /// The operation's body says what is read before `action`.
  static func perform(
    _ method: HTTPRequest.Method, _ template: String, _ access: Access, _ operation: Operation,
    judgedBy judge: Judge = .state, _ action: @escaping @Sendable (Call) async throws -> Answer
  ) -> Route {
    Route(
      method: method, template: template, access: access, operation: operation,
      action: .perform(body: operation.body?.reading ?? .none, judge: judge, action),
      isCounted: method != .delete && method != .patch)
  }

  /// The same, but not counted as an API call.
  var uncounted: Route {
    var route = self
    route.isCounted = false
    return route
  }

  static func observe(
    _ template: String, _ operation: Operation,
    _ action: @escaping @Sendable () async throws -> Answer
  ) -> Route {
    Route(
      method: .get, template: template, access: .anyone, operation: operation,
      action: .observe(action))
  }
}
