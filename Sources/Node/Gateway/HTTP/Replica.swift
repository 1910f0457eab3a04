import CloudState

/// The local replica of the state, and the way to bring it up to date.
struct Replica: Sendable {
  let member: any ReplicatedState
  let state: StateSource

  /// The time as the cluster's members agree on it.
  func now() -> Timestamp { member.now() }

  /// That time, or the state's where it has seen a later one.
  func now(in view: borrowing StateView) -> Timestamp { max(member.now(), view.position.clock) }

  /// Answers a question that may be answered with a refusal.
  ///
  /// What the local replica allows is allowed: the state machine asks again when the command is
  /// applied. What it refuses may only be news that has not come here yet, so the refusal is
  /// confirmed behind a read barrier.
  func confirmingRefusals<Value: Sendable>(
    _ question: @escaping @Sendable (borrowing StateView) throws -> Value
  ) async throws -> Value {
    do {
      return try await state.read(question)
    } catch let failure as Failure where failure.dependsOnState {
      return try await readBehindBarrier(question)
    }
  }

  /// Answers from everything that was acknowledged anywhere in the cluster before the call.
  func readBehindBarrier<Value: Sendable>(
    _ question: @escaping @Sendable (borrowing StateView) throws -> Value
  ) async throws -> Value {
    try await member.readBarrier()
    return try await state.read(question)
  }
}

extension Failure {
  /// Whether another state could have meant another answer to the same request.
  fileprivate var dependsOnState: Bool {
    switch problem.code {
    case .unauthenticated, .forbidden, .notFound, .quotaExceeded: true
    default: false
    }
  }
}
