import CloudState

/// Counts what anybody may try, for the whole cluster and before anything is done about it, and notes for
/// the audit log what came to nothing.
struct Attempts: Sendable {
  let state: StateSource
  let proposer: Proposer
  let log: Denials

  /// Counts one. Afterwards this node has all that was acknowledged before: the command was carried out
  /// here, too.
  ///
  /// - Returns: Where it was counted.
  /// - Throws: `Rejection.rateLimited` if there were too many, or `ConsensusError`.
  @discardableResult
  func count(_ attempt: Attempt, in call: Call) async throws -> AttemptSubject? {
    let command = CountAttempt(attempt, from: Self.network(of: call.commands.origin.address))
    do {
      return try await count(command, in: call)
    } catch let rejection as Rejection {
      noteFailure(of: attempt.action, in: call)
      throw rejection
    }
  }

  /// Counts an attempt at the password of whoever has an address, likewise.
  @discardableResult
  func countPassword(of email: String, in call: Call) async throws -> AttemptSubject? {
    let attempt = Attempt.password(of: .account(email))
    let command = CountAttempt(attempt, from: Self.network(of: call.commands.origin.address))
    do {
      return try await count(command, in: call)
    } catch let rejection as Rejection {
      let locked = try await state.read { [proposer] view in
        let isLocked = try view.refusal(of: command, at: proposer.now())?.isOfAccount ?? false
        return isLocked ? try view.user(email: email) : nil
      }
      if let locked {
        noteFailure(of: "account.lock", at: locked.id, in: call, isToldToWorkspaces: true)
      } else {
        noteFailure(of: attempt.action, in: call)
      }
      throw rejection
    }
  }

  private func count(_ command: CountAttempt, in call: Call) async throws -> AttemptSubject? {
    // Whoever goes on nevertheless costs the cluster nothing: what this node knows is enough to refuse.
    let refusal = try await state.read { [proposer] view in
      try view.refusal(of: command, at: proposer.now())
    }
    if let refusal {
      throw Rejection.rateLimited(until: refusal.until)
    }
    _ = try await proposer.propose(command, in: call.commands, step: "attempt")
    return command.network
  }

  /// Notes that an attempt failed. Of an account that nobody has nothing is written down but where the
  /// attempt came from: what was typed may be anything.
  func noteFailure(
    of action: String, at account: UserID? = nil, in call: Call, isToldToWorkspaces: Bool = false
  ) {
    let origin = call.commands.origin
    let actor: Actor = call.caller.user.map { .user($0.id) } ?? .anonymous
    log.note(
      Denial(
        actor: actor, userID: account, workspaceID: nil, action: action,
        target: account?.rawValue ?? "", at: proposer.now(), origin: origin,
        isToldToWorkspaces: isToldToWorkspaces),
      from: IPAddress(origin.address)?.network(64).description ?? "")
  }

  /// One site has 64 bits of IPv6 to itself (RFC 6177).
  static func network(of address: String) -> AttemptSubject? {
    IPAddress(address).map { .network($0.network(64).description) }
  }
}

extension Attempt {
  /// What the audit log calls it, also when it succeeds.
  var action: String {
    switch self {
    case .password: "session.open"
    case .registration: "user.register"
    case .resetRequest: "password.request_reset"
    case .resetConfirmation: "password.reset"
    case .acceptance: "invitation.accept"
    case .refresh: "session.refresh"
    }
  }
}
