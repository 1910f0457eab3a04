import Raft
import Synchronization

/// Where the consensus thread says how the replica stands, for everybody to read and to wait for.
final class StatusBoard: Sendable {
  private struct Waiter {
    let deadline: ContinuousClock.Instant
    let condition: @Sendable (ReplicaStatus) -> Bool
    let continuation: CheckedContinuation<Bool, Never>
  }

  private struct State {
    var status: ReplicaStatus?
    var waiters: [Waiter] = []
    var isClosed = false
  }

  private let state = Mutex(State())

  /// How the replica stood last; nil before there is one.
  var status: ReplicaStatus? { state.withLock { $0.status } }

  /// Returns whether `condition`, which must be pure, became true of the status before `deadline`.
  func wait(
    until deadline: ContinuousClock.Instant,
    for condition: @escaping @Sendable (ReplicaStatus) -> Bool
  ) async -> Bool {
    await withCheckedContinuation { continuation in
      let answer: Bool? = state.withLock { state in
        if let status = state.status, condition(status) { return true }
        if state.isClosed { return false }
        state.waiters.append(
          Waiter(deadline: deadline, condition: condition, continuation: continuation))
        return nil
      }
      if let answer { continuation.resume(returning: answer) }
    }
  }

  /// Shows a new status. To be called at every tick too, because deadlines are looked at here.
  func update(_ status: ReplicaStatus) {
    let finished = state.withLock { state -> [(Waiter, Bool)] in
      state.status = status
      guard !state.waiters.isEmpty else { return [] }
      let now = ContinuousClock.now
      var finished: [(Waiter, Bool)] = []
      state.waiters.removeAll { waiter in
        let holds = waiter.condition(status)
        guard holds || waiter.deadline <= now else { return false }
        finished.append((waiter, holds))
        return true
      }
      return finished
    }
    for (waiter, holds) in finished { waiter.continuation.resume(returning: holds) }
  }

  /// Ends all waiting: the status will not change any more.
  func close() {
    let waiters = state.withLock { state in
      state.isClosed = true
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.continuation.resume(returning: false) }
  }
}
