import CloudState

/// Counts attempts at passwords before they are looked at, for the whole cluster.
struct PasswordAttempts: Sendable {
  let proposer: Proposer

  /// Counts one. Afterwards this node has all that was acknowledged before: the command was carried out
  /// here, too.
  ///
  /// - Returns: Where it was counted besides the account.
  /// - Throws: `Rejection.rateLimited` if there were too many, or `ConsensusError`.
  @discardableResult
  func count(_ email: String, in call: Call) async throws -> AttemptSubject? {
    let network = Self.network(of: call.commands.origin.address)
    _ = try await proposer.propose(
      CountAttempt(account: .account(email), network: network), in: call.commands, step: "attempt")
    return network
  }

  /// One site has 64 bits of IPv6 to itself (RFC 6177).
  static func network(of address: String) -> AttemptSubject? {
    IPAddress(address).map { .network($0.network(64).description) }
  }
}
