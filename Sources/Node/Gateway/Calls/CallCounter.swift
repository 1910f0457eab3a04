import CloudState
import Dispatch
import Logging
import NodeRuntime
import Synchronization

/// Counts the API calls of workspaces on this node, within what the cluster has leased to it.
///
/// A call for which there is a lease costs a lock. Otherwise it waits until a lease is there, together
/// with all others of its workspace: one is asked for at a time. What nobody needs goes back soon.
final class CallCounter: Sendable {
  private struct State {
    var holder: CallLeaseHolder
    /// Calls that wait for a lease of their workspace.
    var waiting: [WorkspaceID: [CheckedContinuation<Void, any Error>]] = [:]
    /// The latest that the state's clock was seen to show.
    var clock = Timestamp(milliseconds: 0)
    var isClosed = false

    func moment(at now: Timestamp) -> CallMoment {
      CallMoment(
        clock: max(clock, now),
        uptime: Int64(DispatchTime.now().uptimeNanoseconds / 1_000_000))
    }
  }

  /// How often it is looked for what is to be returned.
  private static let rhythm = Duration.milliseconds(500)
  /// Leases that are asked for again at a time.
  private static let repetitions = 32

  private let proposer: Proposer
  private let commands: CommandContext
  private let logger: Logger
  private let state: Mutex<State>

  /// - Parameter nodeName: Which node asks.
  init(nodeName: String, proposer: Proposer, logger: Logger) {
    self.proposer = proposer
    self.logger = logger
    commands = CommandContext(actor: .node(name: nodeName))
    state = Mutex(
      State(holder: CallLeaseHolder(name: nodeName, incarnation: Random.bytes(8))))
  }

  // MARK: Counting

  /// Counts a call if there is a lease; if there is none, one is asked for.
  ///
  /// - Returns: Nothing if the call has to wait: ``count(_:)``.
  /// - Throws: ``Failure`` if the quota is used up.
  func countAtOnce(_ account: CallAccount) throws -> CallReceipt? {
    try receipt(of: admit(account) { $0.admit(account.workspaceID, limit: account.limit, at: $1) })
  }

  /// Counts a call for which there was no lease, as soon as there is one.
  ///
  /// - Throws: ``Failure`` if the quota is used up, or the cluster does not answer.
  func count(_ account: CallAccount) async throws -> CallReceipt {
    while true {
      try await hear(of: account.workspaceID)
      let admission = try admit(account) {
        $0.admitAgain(account.workspaceID, at: $1)
      }
      if let receipt = try receipt(of: admission) { return receipt }
    }
  }

  /// A call that was counted has ended, and counts or does not.
  func ended(_ receipt: CallReceipt, counts: Bool) {
    state.withLock { $0.holder.ended(receipt, counts: counts) }
  }

  /// How many calls of a workspace this node has let through that the cluster has not heard of.
  func unsettled(of workspaceID: WorkspaceID) -> Int64 {
    state.withLock { $0.holder.unsettled(of: workspaceID) }
  }

  private func admit(
    _ account: CallAccount, _ admission: (inout CallLeaseHolder, CallMoment) -> CallAdmission
  ) throws(Failure) -> CallAdmission {
    let now = proposer.now()
    let result: CallAdmission? = state.withLock { state in
      guard !state.isClosed else { return nil }
      state.clock = max(state.clock, account.clock)
      return admission(&state.holder, state.moment(at: now))
    }
    guard let result else { throw Failure(ConsensusError.shuttingDown) }
    return result
  }

  private func receipt(of admission: CallAdmission) throws(Failure) -> CallReceipt? {
    switch admission {
    case .admitted(let receipt): return receipt
    case .refused(let quota): throw Failure(Rejection.quotaExceeded(quota))
    case .waits: return nil
    case .needsLease(let command):
      // Not cancelled with the request: others wait for it, too.
      Task { await ask(for: command) }
      return nil
    }
  }

  /// Returns when it is known what came of the lease that is being asked for.
  private func hear(of workspaceID: WorkspaceID) async throws {
    try await withCheckedThrowingContinuation { continuation in
      let isAsking = state.withLock { state in
        guard state.holder.isAsking(for: workspaceID) else { return false }
        state.waiting[workspaceID, default: []].append(continuation)
        return true
      }
      if !isAsking { continuation.resume() }
    }
  }

  // MARK: Leases

  private func ask(for command: LeaseCalls) async {
    let result: Result<Void, any Error>
    let settle: @Sendable (inout CallLeaseHolder, CallMoment) -> Void
    do {
      let grant = try await proposer.propose(command, in: commands, step: "\(command.id)")
      settle = { holder, _ in holder.granted(grant) }
      result = .success(())
    } catch let rejection as Rejection {
      settle = { holder, moment in holder.refused(command, rejection, at: moment) }
      switch rejection {
      // What the quota says they are told when they try again; a name that is taken is not used again.
      case .quotaExceeded, .conflict: result = .success(())
      case .notFound: result = .failure(rejection)
      default: result = .failure(LeaseRefused(rejection: rejection))
      }
    } catch {
      settle = { holder, _ in holder.unanswered(command) }
      result = .failure(Self.failure(error))
    }
    let now = proposer.now()
    let waiting = state.withLock { state in
      settle(&state.holder, state.moment(at: now))
      return state.waiting.removeValue(forKey: command.workspaceID)
    }
    for continuation in waiting ?? [] { continuation.resume(with: result) }
  }

  /// What is unknown is the lease; nothing was done for the caller.
  private static func failure(_ error: any Error) -> any Error {
    switch error {
    case ConsensusError.outcomeUnknown, ConsensusError.cancelled:
      Failure.noLeader("the cluster did not count the call, so nothing was done; try again")
    default: error
    }
  }

  /// The state does not accept what this program made up: a bug.
  struct LeaseRefused: Error {
    var rejection: Rejection
  }

  /// Returns what nobody needs while `body` serves requests, and then all that is held: no call is
  /// counted any more.
  func running(_ body: () async throws -> Void) async throws {
    let tidying = Task { [self] in
      while (try? await Task.sleep(for: Self.rhythm)) != nil { await tidyUp() }
    }
    let result: Result<Void, any Error>
    do {
      result = .success(try await body())
    } catch {
      result = .failure(error)
    }
    tidying.cancel()
    await tidying.value
    state.withLock { state in
      state.isClosed = true
      state.holder.close()
    }
    await tidyUp()
    try result.get()
  }

  private func tidyUp() async {
    let unanswered = state.withLock { $0.holder.takeUnanswered(limit: Self.repetitions) }
    await withDiscardingTaskGroup { tasks in
      for command in unanswered { tasks.addTask { await self.ask(for: command) } }
    }
    while await returnSome() {}
  }

  /// Whether there may be more to return.
  private func returnSome() async -> Bool {
    let now = proposer.now()
    guard let (attempt, returns) = state.withLock({ $0.holder.takeReturns(at: $0.moment(at: now)) })
    else {
      return false
    }
    do {
      _ = try await proposer.propose(ReturnCalls(returns), by: commands.actor)
    } catch let rejection as Rejection {
      // They expire, and count.
      logger.error("leases of calls cannot be returned", metadata: ["error": "\(rejection)"])
    } catch {
      state.withLock { $0.holder.unreturned(attempt) }
      return false
    }
    state.withLock { $0.holder.returned(attempt) }
    return returns.count >= StateLimits.returnsAtOnce
  }
}
