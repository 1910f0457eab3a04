import CloudState
import Raft

/// A node's gateway, as far as it counts API calls: the real holder of leases, callers who call, and
/// what is proposed for them.
final class TenantOffice: NodeOffice {
  private enum Errand {
    case lease(LeaseCalls)
    case giving(attempt: Int)
  }

  let name: String
  private let node: UInt64
  private var holder: CallLeaseHolder
  private var errands: [UInt64: Errand] = [:]
  private var lastErrand: UInt64 = 0
  private var state = Timestamp(milliseconds: 0)
  private unowned let workload: TenantWorkload

  init(of member: Int, process: Int, _ workload: TenantWorkload) {
    name = "m\(member)-\(process)"
    node = UInt64(member) << 32 | UInt64(process)
    self.workload = workload
    holder = CallLeaseHolder(
      name: name, incarnation: withUnsafeBytes(of: node.bigEndian) { Array($0) })
  }

  func turn(
    _ machine: any SimulatedMachine, wallClock: Int64, uptime: Int64, isCalm: Bool,
    _ random: inout RandomSource
  ) throws -> [(number: UInt64, command: [UInt8])] {
    guard let machine = machine as? TenantMachine else { return [] }
    state = machine.clock
    let present = max(Timestamp(milliseconds: 0).adding(milliseconds: wallClock), state)
    let moment = CallMoment(clock: present, uptime: uptime)
    var proposals: [(number: UInt64, command: [UInt8])] = []
    func propose(_ errand: Errand, _ command: Command, as request: RequestID) throws {
      lastErrand += 1
      errands[lastErrand] = errand
      let envelope = CommandEnvelope(
        requestID: request, stampedAt: present, actor: .node(name: name), command: command)
      proposals.append(
        (lastErrand, try machine.command(for: try envelope.encoded(), at: wallClock)))
    }
    // Calm callers call no more: what is left goes back when nobody has called for a while.
    if !isCalm {
      for _ in 0..<random.draw(1...4) {
        guard let command = try call(at: moment, &random) else { continue }
        try propose(.lease(command), command.command, as: Self.request(command.id))
      }
    }
    for command in holder.takeUnanswered(limit: 8) {
      workload.calls.coverage.count(.callLeasesAskedAgain)
      try propose(.lease(command), command.command, as: Self.request(command.id))
    }
    if let (attempt, returns) = holder.takeReturns(at: moment) {
      try propose(
        .giving(attempt: attempt), ReturnCalls(returns).command, as: request(UInt64(attempt)))
    }
    return proposals
  }

  func answerAlone(
    _ machine: any SimulatedMachine, _ random: inout RandomSource
  ) throws -> Finding? {
    try (machine as? TenantMachine).flatMap { try workload.ask($0, &random) }
  }

  /// Somebody calls. Returns the lease to ask for, if one is needed.
  private func call(at moment: CallMoment, _ random: inout RandomSource) throws -> LeaseCalls? {
    guard let id = workload.called(&random) else { return nil }
    switch try admit(id, at: moment) {
    case .admitted, .waits: return nil
    case .refused:
      workload.calls.coverage.count(.callsRefused)
      return nil
    case .needsLease(let command): return command
    }
  }

  private func admit(_ id: WorkspaceID, at moment: CallMoment) throws -> CallAdmission {
    let admission = holder.admit(id, limit: workload.calls.limit(of: id), at: moment)
    if case .admitted(let receipt) = admission {
      holder.ended(receipt, counts: true)
      if let finding = workload.calls.admitted(receipt, at: moment.clock) { throw finding }
    }
    return admission
  }

  /// Somebody calls until there is nothing left.
  ///
  /// - Parameters:
  ///   - most: It ends after so many calls, too.
  ///   - commit: Carries a command out.
  /// - Returns: How many calls were let through.
  func useUp(
    _ id: WorkspaceID, most: Int64, at moment: CallMoment,
    commit: (CommandEnvelope) throws -> Outcome?
  ) throws -> Int64 {
    var calls: Int64 = 0
    while calls < most {
      switch try admit(id, at: moment) {
      case .admitted: calls += 1
      case .needsLease(let command):
        let envelope = CommandEnvelope(
          requestID: Self.request(command.id), stampedAt: moment.clock, actor: .node(name: name),
          command: command.command)
        hear(try commit(envelope), of: command, at: moment)
      case .waits, .refused: return calls
      }
    }
    return calls
  }

  private func hear(_ outcome: Outcome?, of command: LeaseCalls, at moment: CallMoment) {
    switch outcome {
    case .accepted(.callsLeased(let grant))?: holder.granted(grant)
    case .rejected(let rejection)?: holder.refused(command, rejection, at: moment)
    default: holder.unanswered(command)
    }
  }

  func answered(_ number: UInt64, _ result: [UInt8]?, uptime: Int64) {
    guard let errand = errands.removeValue(forKey: number) else { return }
    let outcome = result.flatMap { try? Outcome(decoding: $0) }
    switch errand {
    case .lease(let command):
      hear(outcome, of: command, at: CallMoment(clock: state, uptime: uptime))
    case .giving(let attempt):
      if outcome == nil { holder.unreturned(attempt) } else { holder.returned(attempt) }
    }
  }

  var unfinished: String? { holder.isEmpty ? nil : "\(name) still holds leases of calls" }

  private static func request(_ id: CallLeaseID) -> RequestID {
    let hash = Fingerprint.of(Array(id.rawValue.utf8))
    return requestID(hash, 0x1ea5e)
  }

  private func request(_ attempt: UInt64) -> RequestID {
    Self.requestID(node, attempt << 16 | 0xbacc)
  }

  private static func requestID(_ high: UInt64, _ low: UInt64) -> RequestID {
    let bytes = [high, low].flatMap { word in
      withUnsafeBytes(of: word.littleEndian) { Array($0) }
    }
    guard let id = RequestID(bytes) else { preconditionFailure("two words are sixteen bytes") }
    return id
  }
}
