import Raft
import Synchronization

/// Who leads, as this member knows it.
struct Leadership: Hashable, Sendable {
  var term = Term.zero
  var leader: MemberID?
}

/// The calls that wait for the cluster: each is resumed exactly once, with what came of it, or why
/// nothing did when its time is up.
///
/// A call is submitted to the replica, and again when that was in vain: at once when there is a new
/// leader, after a pause where no event tells when to try again. It stays in the table over all
/// attempts, under one number, so that an attempt thought lost that succeeds late still answers it.
///
/// Invariant: who removes a call from the table resumes it, and nobody else; continuations are resumed
/// without the lock.
final class PendingCalls: Sendable {
  /// What a caller waits for.
  enum Request: Sendable {
    case propose([UInt8])
    case read
    case reach(LogIndex)

    /// Whether only the cluster can answer it; what waits for an index may still be reached.
    var needsCluster: Bool { if case .reach = self { false } else { true } }

    var bytes: Int { if case .propose(let payload) = self { payload.count } else { 0 } }
  }

  typealias Answer = Result<Applied, ConsensusError>

  private struct Call {
    let request: Request
    let deadline: ContinuousClock.Instant
    let continuation: CheckedContinuation<Answer, Never>
    /// When to submit it again, if no new leader comes before; nil while an answer is awaited.
    var retryAt: ContinuousClock.Instant?
    /// Who led when it was submitted.
    var submittedUnder: Leadership
    var attempts = 1
    /// Whether an attempt ended without a certain answer.
    var mayBeInLog = false
    var refusal = ConsensusError.noLeader
  }

  private struct State {
    var calls: [UInt64: Call] = [:]
    /// Those with a `retryAt`.
    var parked: Set<UInt64> = []
    /// Of the proposals' payloads.
    var bytes = 0
    /// The number given last. Its upper half is drawn at each start, so that numbers do not repeat over
    /// restarts.
    var number: UInt64
    var applied: LogIndex
    /// The indexes that calls wait to reach, and at most the least of them.
    var reaching: [UInt64: LogIndex] = [:]
    var leastReaching: LogIndex?
    /// At or before the earliest deadline.
    var nextDeadline: ContinuousClock.Instant?
    var leadership = Leadership()
    var isClosed = false
    /// Why the member takes part in nothing at the moment.
    var suspension: ConsensusError?

    mutating func remove(_ number: UInt64) -> Call? {
      guard let call = calls.removeValue(forKey: number) else { return nil }
      parked.remove(number)
      reaching[number] = nil
      bytes -= call.request.bytes
      return call
    }
  }

  private let member: MemberID
  private let limits: MemberLimits
  private let inbox: Mailbox<ConsensusInput>
  private let state: Mutex<State>

  init(
    member: MemberID, limits: MemberLimits, applied: LogIndex, inbox: Mailbox<ConsensusInput>
  ) {
    self.member = member
    self.limits = limits
    self.inbox = inbox
    let start = UInt64(UInt32.random(in: .min ... .max)) << 32
    state = Mutex(State(number: start, applied: applied))
  }

  /// How many calls wait.
  var count: Int { state.withLock { $0.calls.count } }

  // MARK: Callers

  /// Waits for what is asked for, no longer than `timeout`.
  func perform(_ request: Request, timeout: Duration) async -> Answer {
    let deadline = ContinuousClock.now.advanced(by: timeout)
    let number = state.withLock { state in
      state.number &+= 1
      return state.number
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if let answer = add(request, number, deadline, continuation) {
          continuation.resume(returning: answer)
        } else if Task.isCancelled {
          // The handler may have run before there was anything to cancel.
          finish(number, .failure(.cancelled))
        } else if let event = event(for: request, number), !inbox.put(.event(event)) {
          finish(number, .failure(.shuttingDown))
        }
      }
    } onCancel: {
      finish(number, .failure(.cancelled))
    }
  }

  /// Takes the call in, or returns its answer at once.
  private func add(
    _ request: Request, _ number: UInt64, _ deadline: ContinuousClock.Instant,
    _ continuation: CheckedContinuation<Answer, Never>
  ) -> Answer? {
    state.withLock { state in
      if case .reach(let index) = request, state.applied >= index {
        return .success(Applied(index: index, result: []))
      }
      if state.isClosed { return .failure(.shuttingDown) }
      if let suspension = state.suspension, request.needsCluster { return .failure(suspension) }
      let bytes = state.bytes + request.bytes
      guard state.calls.count < limits.waitingCalls, bytes <= limits.waitingBytes else {
        return .failure(.overloaded)
      }
      state.bytes = bytes
      state.calls[number] = Call(
        request: request, deadline: deadline, continuation: continuation,
        submittedUnder: state.leadership)
      state.nextDeadline = min(state.nextDeadline ?? deadline, deadline)
      if case .reach(let index) = request {
        state.reaching[number] = index
        state.leastReaching = min(state.leastReaching ?? index, index)
      }
      return nil
    }
  }

  private func event(for request: Request, _ number: UInt64) -> Event? {
    switch request {
    case .propose(let payload):
      .propose(ProposalID(member: member, sequence: number), payload: payload)
    case .read: .read(ReadID(rawValue: number))
    case .reach: nil
    }
  }

  private func finish(_ number: UInt64, _ answer: Answer) {
    let call = state.withLock { $0.remove(number) }
    call?.continuation.resume(returning: answer)
  }

  // MARK: The state machine's thread

  /// The state machine has applied `entries`, with these results.
  func applied(_ entries: [Entry], _ results: [[UInt8]]) {
    let own = zip(entries, results).compactMap { entry, result -> (UInt64, Applied)? in
      guard case .command(_, let proposal?) = entry.content, proposal.member == member else {
        return nil
      }
      return (proposal.sequence, Applied(index: entry.index, result: result))
    }
    let finished = state.withLock { state in
      own.compactMap { number, applied -> (Call, Applied)? in
        state.remove(number).map { ($0, applied) }
      }
    }
    for (call, applied) in finished { call.continuation.resume(returning: .success(applied)) }
    if let last = entries.last { reached(last.index) }
  }

  /// The state machine stands at `index`.
  func reached(_ index: LogIndex) {
    let finished = state.withLock { state -> [(LogIndex, Call)] in
      state.applied = max(state.applied, index)
      guard let least = state.leastReaching, least <= index else { return [] }
      var finished: [(LogIndex, Call)] = []
      for (number, wanted) in state.reaching where wanted <= index {
        if let call = state.remove(number) { finished.append((wanted, call)) }
      }
      state.leastReaching = state.reaching.values.min()
      return finished
    }
    for (index, call) in finished {
      call.continuation.resume(returning: .success(Applied(index: index, result: [])))
    }
  }

  // MARK: The consensus thread

  /// An attempt to propose ended without a result.
  func failed(_ proposal: ProposalID, _ failure: ProposalFailure) {
    state.withLock { state in
      switch failure {
      case .unknown:
        state.calls[proposal.sequence]?.mayBeInLog = true
        Self.park(proposal.sequence, after: .zero, in: &state)
      case .refused(.overloaded):
        state.calls[proposal.sequence]?.refusal = .overloaded
        Self.park(proposal.sequence, after: .milliseconds(10), in: &state)
      case .refused(.noLeader), .refused(.unavailable):
        state.calls[proposal.sequence]?.refusal = .noLeader
        Self.park(proposal.sequence, after: .milliseconds(25), in: &state)
      }
    }
  }

  /// A read has its answer.
  func answered(_ read: ReadID, _ failure: ReadFailure?, applied: LogIndex) {
    guard failure != nil else {
      return finish(read.rawValue, .success(Applied(index: applied, result: [])))
    }
    state.withLock { Self.park(read.rawValue, after: .milliseconds(25), in: &$0) }
  }

  /// Lets a call wait for a new leader, or for a while that grows with each attempt. Jitter keeps
  /// calls that were refused together from coming back together.
  private static func park(_ number: UInt64, after pause: Duration, in state: inout State) {
    guard var call = state.calls[number] else { return }
    let grown = min(pause * (1 << min(call.attempts - 1, 4)), .milliseconds(200))
    call.retryAt = .now + grown * Double.random(in: 0.5...1)
    state.calls[number] = call
    state.parked.insert(number)
  }

  /// Time has passed or leadership has changed: ends the calls whose time is up and returns what is to
  /// be submitted again.
  func advance(now: ContinuousClock.Instant, leadership: Leadership) -> [Event] {
    let (events, expired) = state.withLock { state -> ([Event], [Call]) in
      state.leadership = leadership
      return (resubmit(now, &state), Self.expire(now, &state))
    }
    for call in expired { call.continuation.resume(returning: .failure(Self.timeoutError(call))) }
    return events
  }

  private func resubmit(_ now: ContinuousClock.Instant, _ state: inout State) -> [Event] {
    guard state.leadership.leader != nil, !state.parked.isEmpty else { return [] }
    let due = state.parked.filter { number in
      guard let call = state.calls[number], let retryAt = call.retryAt else { return false }
      return retryAt <= now || call.submittedUnder != state.leadership
    }
    // In the order of their numbers: the order in which they were made.
    return due.sorted().compactMap { number in
      guard var call = state.calls[number] else { return nil }
      call.retryAt = nil
      call.submittedUnder = state.leadership
      call.attempts += 1
      state.calls[number] = call
      state.parked.remove(number)
      return event(for: call.request, number)
    }
  }

  private static func expire(_ now: ContinuousClock.Instant, _ state: inout State) -> [Call] {
    guard let next = state.nextDeadline, next <= now else { return [] }
    var expired: [Call] = []
    var earliest: ContinuousClock.Instant?
    for (number, call) in state.calls {
      if call.deadline <= now {
        if let call = state.remove(number) { expired.append(call) }
      } else {
        earliest = min(earliest ?? call.deadline, call.deadline)
      }
    }
    state.nextDeadline = earliest
    return expired
  }

  private static func timeoutError(_ call: Call) -> ConsensusError {
    switch call.request {
    case .propose: call.mayBeInLog || call.retryAt == nil ? .outcomeUnknown : call.refusal
    case .read: .noLeader
    case .reach(let index): .notApplied(index)
    }
  }

  // MARK: Members that stand still or end

  /// This member can't take part for a while: who waits for the cluster is answered, and who comes is
  /// refused for this reason, until `resume()`. Others can be asked meanwhile.
  func suspend(_ reason: ConsensusError) {
    let calls = state.withLock { state in
      state.suspension = reason
      return state.calls.filter(\.value.request.needsCluster).keys.compactMap { state.remove($0) }
    }
    Self.end(calls, reason)
  }

  func resume() { state.withLock { $0.suspension = nil } }

  /// The state machine was emptied: what was reached before counts no more.
  func emptied() { state.withLock { $0.applied = .zero } }

  /// Ends all calls and takes no more.
  func close() {
    let calls = state.withLock { state in
      state.isClosed = true
      return Array(state.calls.keys).compactMap { state.remove($0) }
    }
    Self.end(calls, .shuttingDown)
  }

  private static func end(_ calls: [Call], _ error: ConsensusError) {
    for call in calls {
      var error = error
      if case .propose = call.request, call.mayBeInLog || call.retryAt == nil {
        error = .outcomeUnknown
      }
      call.continuation.resume(returning: .failure(error))
    }
  }
}
