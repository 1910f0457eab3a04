import Raft
import Synchronization

/// Changes of membership that were asked for on this member and have no answer yet. The replica answers
/// each, in time, as long as its thread runs.
final class PendingChanges: Sendable {
  private struct State {
    var waiting: [ProposalID: CheckedContinuation<MembershipAnswer, Never>] = [:]
    var isClosed = false
  }

  private let state = Mutex(State())

  /// Has a change asked for by `ask`, and returns what became of it.
  func perform(_ id: ProposalID, ask: () -> Bool) async -> MembershipAnswer {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        if !state.isClosed { state.waiting[id] = continuation }
        return !state.isClosed
      }
      guard isOpen else { return continuation.resume(returning: .unknown) }
      if !ask() { answered(id, .unknown) }
    }
  }

  /// The replica has answered.
  func answered(_ id: ProposalID, _ answer: MembershipAnswer) {
    state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(returning: answer)
  }

  /// No answer will come any more.
  func close() {
    let waiting = state.withLock { state in
      state.isClosed = true
      defer { state.waiting = [:] }
      return state.waiting
    }
    for continuation in waiting.values { continuation.resume(returning: .unknown) }
  }
}
