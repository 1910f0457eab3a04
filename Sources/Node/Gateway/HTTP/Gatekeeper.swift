import CloudState
import Raft

/// Lets calls through to their handlers: decides who calls, whether they may, and how fresh the
/// state must be.
///
/// In this order, so that nobody unknown makes the node wait, read a body or ask the cluster more
/// than once; and with a slot for whatever is work.
struct Gatekeeper: Sendable {
  /// How long a call may wait for this node to come as far as the caller's `Clean-Min-Index`.
  private static let catchUpDeadline = Duration.seconds(5)

  let member: any ReplicatedState
  let state: StateSource
  let tokens: AccessTokens
  let authority: AuthorityLease
  let slots: Slots
  let keyUses: KeyUses
  let repetitions: Repetitions
  let denials: Denials
  /// How long a JSON body may take to arrive.
  let bodyTime: Duration

  func perform(
    _ route: Route, _ request: APIRequest
  ) async throws -> Answer {
    do {
      return try await admit(route, request)
    } catch let failure as Failure where failure.problem.code == .unauthenticated {
      // Guessing credentials is bounded as other calls of strangers are.
      try request.rate.admitStranger()
      throw failure
    } catch let failure as Failure where failure.isDenial {
      if let caller = request.rate.caller,
        let denial = Denial(
          failure, to: caller, route, request, at: member.now())
      {
        denials.note(denial)
      }
      throw failure
    }
  }

  private func admit(
    _ route: Route, _ request: APIRequest
  ) async throws -> Answer {
    switch route.action {
    case .observe(let action):
      return try await action()
    case .query(let action):
      return try await slots.withSlot {
        try await answer(visitor(to: route, request), action)
      }
    case .perform(let body, let judge, let action):
      let (visitor, call) = try await slots.withSlot {
        let visitor = try await self.visitor(to: route, request)
        return (visitor, try await self.admission(of: visitor))
      }
      // A body takes no slot while it comes: a few clients who send slowly could take them all. What comes
      // as a stream has places of its own.
      if case .stream = body, let call {
        keyUses.note(call.caller, at: visitor.arrival)
        return try await action(call)
      }
      let bytes = try await read(body, of: request)
      return try await slots.withSlot {
        let call = try await self.call(of: visitor, admittedAs: call, bytes, judgedBy: judge)
        return try await answer(call, action)
      }
    }
  }

  private func visitor(to route: Route, _ request: APIRequest) async throws -> Visitor {
    let visitor = Visitor(
      credential: try await credential(for: route.access, request), route: route, request: request,
      replica: Replica(member: member, state: state), arrival: member.now())
    try request.rate.admitEarly(visitor.credential)
    return visitor
  }

  private func answer(
    _ visitor: Visitor, _ action: @escaping @Sendable (borrowing StateView, Call) throws -> Answer
  ) async throws -> Answer {
    let request = visitor.request
    try await freshen(for: visitor)
    let attempt: @Sendable (borrowing StateView) throws -> Answer? = { [keyUses] view in
      let call = try visitor.call(named: nil, in: view)
      guard try request.calls.countAtOnce(call.account) else { return nil }
      keyUses.note(call.caller, at: visitor.arrival)
      return try action(view, call)
    }
    if let answered = try await state.read(attempt) { return answered }
    try await request.calls.count()
    guard let answered = try await state.read(attempt) else { throw RouteMismatch() }
    return answered
  }

  /// Finds out, before a body is read, whether it is worth it.
  ///
  /// - Returns: Nothing if the body says which workspace the call is about. That is not known then, but who
  ///   calls is.
  private func admission(of visitor: Visitor) async throws -> Call? {
    try await catchUp(for: visitor)
    if visitor.route.access.isInBody {
      _ = try await visitor.authenticate()
      return nil
    }
    let call = try await visitor.admit(named: nil)
    try await visitor.request.calls.count(call.account)
    return call
  }

  /// The call with its body. Rights that only this node judges are looked at once more: the body may have
  /// taken its time.
  private func call(
    of visitor: Visitor, admittedAs admitted: Call?, _ body: [UInt8], judgedBy judge: Route.Judge
  ) async throws -> Call {
    var call: Call
    try await prepare(for: visitor, judgedBy: judge)
    if let admitted, !judge.isNode {
      call = admitted
    } else {
      call = try await visitor.admit(
        named: visitor.route.access.isInBody ? Self.workspace(in: body) : nil)
      try await visitor.request.calls.count(call.account)
    }
    call.body = body
    return call
  }

  private func answer(
    _ call: Call, _ action: @Sendable (Call) async throws -> Answer
  ) async throws -> Answer {
    var call = call
    keyUses.note(call.caller, at: member.now())
    guard call.isRepeatable else { return try await action(call) }
    call.setFingerprint(ofBody: call.body)
    return try await repetitions.answer(call, action)
  }

  /// What the caller shows. Where nobody asks for a credential none is looked at: one that has run
  /// out is no reason to refuse a login.
  private func credential(for access: Access, _ request: APIRequest) async throws -> Credential {
    if case .anyone = access {
      try request.rate.admitStranger()
      return .none
    }
    do {
      // A token of a key that nobody knows has the cluster asked: strangers can ask so often.
      let credential = try await Credential(request.headers, tokens: tokens, at: member.now()) {
        try request.rate.admitStranger()
      }
      if case .none = credential {
        guard case .visitor = access else { throw Access.credentialMissing }
        try request.rate.admitStranger()
      }
      return credential
    } catch let refusal as AccessTokens.Refusal {
      throw Failure(refusal)
    }
  }

  private func freshen(for visitor: Visitor) async throws {
    let isStale = try visitor.request.isStale
    if isStale { try await authority.hold() } else { try await authority.renew() }
    try await catchUp(for: visitor)
  }

  /// What no command follows must find the state as it is: rights that were taken away, and the answer
  /// that another node gave to the same request.
  private func prepare(for visitor: Visitor, judgedBy judge: Route.Judge) async throws {
    switch (judge, visitor.credential) {
    case (.node, _): break
    // Commands are given in an operator's name; whether the token still holds the state does not ask again.
    case (.state, .adminToken): break
    case (.state, _), (.replica, _): return
    }
    if visitor.request.headers[.idempotencyKey] == nil {
      try await authority.hold()
    } else {
      try await authority.renew()
    }
  }

  private func catchUp(for visitor: Visitor) async throws {
    guard let number = try visitor.request.minimumIndex else { return }
    // A stranger's word is no reason to wait; what was acknowledged before a read, it sees anyway.
    if case .anyone = visitor.route.access { return }
    let index = LogIndex(number)
    if index <= member.appliedIndex { return }
    // The credential may be as new as the index, so a refusal is confirmed.
    _ = try await visitor.authenticate()
    try await member.waitUntilApplied(index, timeout: Self.catchUpDeadline)
  }

  private func read(_ body: Route.Body, of request: APIRequest) async throws -> [UInt8] {
    switch body {
    case .none, .stream: []
    case .json: try await request.jsonBody(within: bodyTime)
    }
  }

  private static func workspace(in body: [UInt8]) throws(Failure) -> String? {
    guard !body.isEmpty else { return nil }
    var fields = try JSONFields(body: body)
    return fields.string("workspace_id")
  }
}

/// Somebody at the gate: what they show and what they want.
private struct Visitor: Sendable {
  let credential: Credential
  let route: Route
  let request: APIRequest
  let replica: Replica
  let arrival: Timestamp

  /// Who it is.
  func authenticate() async throws -> Caller {
    try await replica.confirmingRefusals { view in try caller(in: view) }
  }

  /// Checks access for a call that changes something.
  func admit(named name: String?) async throws -> Call {
    try await replica.confirmingRefusals { view in try call(named: name, in: view) }
  }

  private func caller(in view: borrowing StateView) throws -> Caller {
    let caller = try Caller(credential, in: view, at: arrival) {
      Set(replica.member.clusterView().members.map(\.id.rawValue))
    }
    // Of a route that is open to anyone, the caller was counted before.
    if case .nobody = caller { return caller }
    try request.rate.admit(caller)
    return caller
  }

  func call(named name: String?, in view: borrowing StateView) throws -> Call {
    let caller = try caller(in: view)
    try route.requireKnownQuery(of: request)
    let workspace = try route.access.check(caller, request, named: name, in: view)
    var call = Call(request: request, replica: replica, caller: caller, workspace: workspace)
    call.commands.signingKeyID = credential.signingKeyID
    if route.isCounted { call.account = try CallAccount(caller, workspace, in: view) }
    if let key = try request.idempotencyKey {
      guard let secret = try view.clusterSecret() else {
        throw Failure.noLeader("this node has not yet learnt the cluster's secret; try again")
      }
      call.commands.seed = RequestSeed(key, of: caller.logName, secret: secret)
    }
    return call
  }
}

extension Denial {
  /// Nothing to nobody known.
  fileprivate init?(
    _ failure: Failure, to caller: Caller, _ route: Route, _ request: APIRequest, at now: Timestamp
  ) {
    var workspaceID = failure.workspaceID
    let actor: Actor
    switch caller {
    case .nobody: return nil
    case .user(let user, in: _): actor = .user(user.id)
    case .operator(let name): actor = .operator(name: name)
    case .apiKey(let key, of: _):
      actor = .apiKey(key.id)
      // What it may not do where it works concerns that workspace, whatever it was about.
      if !failure.isForeign { workspaceID = key.workspaceID }
    }
    let path = AccessLog.shown(request.path).prefix(Self.maxPath)
    let isPlain = path.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    self.init(
      actor: actor, userID: caller.user?.id, workspaceID: workspaceID,
      action: "call.\(route.operation.id)",
      target: "\(request.method.rawValue) \(isPlain ? String(path) : route.template)", at: now,
      origin: Origin(address: request.address, requestName: request.id))
  }

  private static let maxPath = 160
}
