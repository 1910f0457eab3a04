import CloudState

/// Counts what anybody may try, for the whole cluster and before anything is done about it.
struct Attempts: Sendable {
  let state: StateSource
  let proposer: Proposer

  /// Counts one. Afterwards this node has all that was acknowledged before: the command was carried out
  /// here, too.
  ///
  /// - Returns: Where it was counted.
  /// - Throws: `Rejection.rateLimited` if there were too many, or `ConsensusError`.
  @discardableResult
  func count(_ attempt: Attempt, in call: Call) async throws -> AttemptSubject? {
    let command = CountAttempt(attempt, from: Self.network(of: call.commands.origin.address))
    // Whoever goes on nevertheless costs the cluster nothing: what this node knows is enough to refuse.
    if let until = try await state.read({ [proposer] view in
      try view.refusal(of: command, at: proposer.now())
    }) {
      throw Rejection.rateLimited(until: until)
    }
    _ = try await proposer.propose(command, in: call.commands, step: "attempt")
    return command.network
  }

  /// One site has 64 bits of IPv6 to itself (RFC 6177).
  static func network(of address: String) -> AttemptSubject? {
    IPAddress(address).map { .network($0.network(64).description) }
  }
}
