import CloudState
import Raft

/// Lets calls through to their handlers: decides how fresh the state must be, who calls, and
/// whether they may.
struct Gatekeeper: Sendable {
  /// How long a call may wait for this node to come as far as the caller's `Clean-Min-Index`.
  private static let catchUpDeadline = Duration.seconds(5)

  let member: any ReplicatedState
  let state: StateSource
  let tokens: AccessTokens

  func perform(
    _ route: Route, _ request: APIRequest
  ) async throws -> (answer: Answer, caller: String?) {
    let now = Timestamp.now()
    let credential = try await Credential(request.headers, tokens: tokens, at: now)
    let isStale = try request.isStale
    if let index = try request.minimumIndex { try await catchUp(to: index) }

    switch route.action {
    case .observe(let action):
      return (try await action(), nil)

    case .query(let action):
      if !isStale { try await barrier(for: route.access) }
      return try await state.read { view in
        let caller = try Caller(credential, in: view, at: now)
        let workspace = try route.access.check(caller, request, named: nil, in: view)
        let call = Call(request: request, caller: caller, workspace: workspace)
        return (try action(view, call), caller.logName)
      }

    case .perform(let body, let action):
      let bytes = if case .json = body { try await request.jsonBody() } else { [UInt8]() }
      var call = try await admit(route, credential, request, body: bytes, at: now)
      call.body = bytes
      return (try await action(call), call.caller.logName)
    }
  }

  /// Checks access for a call that changes something.
  ///
  /// What the local replica allows is allowed: the state machine asks again when the command is
  /// applied. What it refuses may only be news that has not come here yet, so the refusal is
  /// confirmed behind a read barrier.
  private func admit(
    _ route: Route, _ credential: Credential, _ request: APIRequest, body: [UInt8],
    at now: Timestamp
  ) async throws -> Call {
    var named: String?
    if case .permission(_, .body) = route.access, !body.isEmpty {
      var fields = try JSONFields(body: body)
      named = fields.string("workspace_id")
    }
    let name = named
    func attempt() async throws -> Call {
      try await state.read { view in
        let caller = try Caller(credential, in: view, at: now)
        let workspace = try route.access.check(caller, request, named: name, in: view)
        return Call(request: request, caller: caller, workspace: workspace)
      }
    }
    do {
      return try await attempt()
    } catch let failure as Failure {
      if case .none = credential { throw failure }
      try await member.readBarrier()
      return try await attempt()
    }
  }

  /// Plans and the like are the same at every index; a caller who shows nothing cannot make the
  /// cluster work.
  private func barrier(for access: Access) async throws {
    if case .anyone = access { return }
    try await member.readBarrier()
  }

  private func catchUp(to index: UInt64) async throws {
    let index = LogIndex(index)
    if index <= member.appliedIndex { return }
    try await member.waitUntilApplied(index, timeout: Self.catchUpDeadline)
  }
}
