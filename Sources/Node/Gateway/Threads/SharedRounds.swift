import Synchronization

/// Work that many ask for at once, done once for all of them.
///
/// Whoever asks takes part in the next round. It begins after they asked, so that nobody is told anything
/// older than their question, and rounds begin at least `spacing` apart, so that what they cost does not
/// depend on how many ask.
final class SharedRounds<Value: Sendable>: Sendable {
  private struct State {
    /// The round that has not begun yet.
    var next: Task<Value, any Error>?
    var lastBeginning: ContinuousClock.Instant?
  }

  private let spacing: Duration
  private let work: @Sendable () async throws -> Value
  private let state = Mutex(State())

  /// - Parameters:
  ///   - spacing: From the beginning of a round to that of the next one.
  ///   - work: A round; it has to end by itself.
  init(spacing: Duration, _ work: @escaping @Sendable () async throws -> Value) {
    self.spacing = spacing
    self.work = work
  }

  /// What the next round brings.
  ///
  /// - Throws: What `work` throws.
  func value() async throws -> Value {
    let round = state.withLock { state in
      if let next = state.next { return next }
      let beginning = state.lastBeginning.map { $0 + spacing }
      let round = Task {
        if let beginning, beginning > .now { try await Task.sleep(until: beginning) }
        begin()
        return try await work()
      }
      state.next = round
      return round
    }
    return try await round.value
  }

  /// From here on it is too late to take part.
  private func begin() {
    state.withLock { state in
      state.next = nil
      state.lastBeginning = .now
    }
  }
}
