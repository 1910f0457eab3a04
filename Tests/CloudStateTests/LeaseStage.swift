import Testing

@testable import CloudState

/// Three nodes, each with its leases, over one state, in an order that a seed decides.
struct LeaseStage {
  /// What a node has on its way to the state or back.
  private enum Errand {
    case lease(LeaseCalls, CommandEnvelope)
    case giving(Int, CommandEnvelope)
  }

  private struct Node {
    var holder: CallLeaseHolder
    var errands: [Errand] = []
    /// Calls that have not ended.
    var open: [(receipt: CallReceipt, day: Day)] = []
    /// How far its clock is off.
    var skew: Int64 = 0
  }

  private var generator: SeededGenerator
  /// Nothing dies, gets lost or is late, and clocks agree.
  private let isCalm: Bool
  private let proposer: Proposer
  private let workspace: Workspace
  private let limit: Int64
  private var nodes: [Node] = []
  private var incarnations: UInt8 = 0
  private var uptime: Int64 = 0
  private var requests: [CallLeaseID: CommandEnvelope] = [:]
  /// The model: calls let through, by day.
  private var admitted: [Day: Int64] = [:]
  private var granted: [CallLeaseID: CallLease] = [:]
  private var spent: [CallLeaseID: Int64] = [:]

  init(seed: UInt64, isCalm: Bool = false) throws {
    self.isCalm = isCalm
    generator = SeededGenerator(seed: seed)
    proposer = try Proposer(at: Day(containing: .june(10)).end.adding(milliseconds: -20_000))
    limit = Int64.random(in: 1...400, using: &generator)
    workspace = try proposer.tenant("ann", settings: WorkspaceSettings(maxAPICalls: limit))
      .workspace
    for _ in 0..<3 { nodes.append(newNode()) }
  }

  private mutating func newNode() -> Node {
    incarnations += 1
    return Node(
      holder: CallLeaseHolder(name: "n", incarnation: [incarnations]),
      skew: isCalm ? 0 : Int64.random(in: -3_000...3_000, using: &generator))
  }

  private func clock(of number: Int) -> Timestamp {
    max(proposer.now.adding(milliseconds: nodes[number].skew), proposer.store.currentPosition.clock)
  }

  private func moment(of number: Int) -> CallMoment {
    CallMoment(clock: clock(of: number), uptime: uptime)
  }

  mutating func step() throws {
    let number = Int.random(in: 0..<nodes.count, using: &generator)
    switch Int.random(in: 0..<(isCalm ? 97 : 100), using: &generator) {
    case 0..<45: try call(number)
    case 45..<60: end(number)
    case 60..<80: try run(number)
    case 80..<88: try tidy(number)
    case 88..<97:
      if isCalm { for number in nodes.indices { while end(number) {} } }
      let length = Int64.random(in: 0...3_000, using: &generator)
      uptime += length
      proposer.advance(milliseconds: length)
    case 97: nodes[number] = newNode()
    case 98: nodes[number].skew = Int64.random(in: -70_000...70_000, using: &generator)
    default:
      let length = Int64.random(in: 0...90_000, using: &generator)
      uptime += length
      proposer.advance(milliseconds: length)
    }
  }

  private mutating func call(_ number: Int) throws {
    let moment = moment(of: number)
    switch nodes[number].holder.admit(workspace.id, limit: limit, at: moment) {
    case .admitted(let receipt):
      let day = Day(containing: moment.clock)
      admitted[day, default: 0] += 1
      spent[receipt.leaseID, default: 0] += 1
      #expect(admitted[day, default: 0] <= limit)
      let lease = try #require(granted[receipt.leaseID])
      #expect(lease.day == day)
      #expect(spent[lease.id, default: 0] <= lease.calls)
      nodes[number].open.append((receipt, day))
    case .needsLease(let command): try send(command, from: number)
    case .waits, .refused: break
    }
  }

  /// A call ends; one in five was refused after all.
  @discardableResult
  private mutating func end(_ number: Int) -> Bool {
    guard !nodes[number].open.isEmpty else { return false }
    let place = Int.random(in: 0..<nodes[number].open.count, using: &generator)
    let (receipt, day) = nodes[number].open.remove(at: place)
    let counts = Int.random(in: 0..<5, using: &generator) > 0
    nodes[number].holder.ended(receipt, counts: counts)
    if !counts {
      admitted[day, default: 0] -= 1
      spent[receipt.leaseID, default: 0] -= 1
    }
    return true
  }

  private mutating func send(_ command: LeaseCalls, from number: Int) throws {
    var envelope =
      try requests[command.id] ?? proposer.envelope(command, by: .node(name: "n"))
    envelope.stampedAt = proposer.now.adding(milliseconds: nodes[number].skew)
    requests[command.id] = envelope
    nodes[number].errands.append(.lease(command, envelope))
  }

  private mutating func tidy(_ number: Int) throws {
    for command in nodes[number].holder.takeUnanswered(limit: 10) {
      try send(command, from: number)
    }
    guard let (attempt, returns) = nodes[number].holder.takeReturns(at: moment(of: number)) else {
      return
    }
    var envelope = try proposer.envelope(ReturnCalls(returns), by: .node(name: "n"))
    envelope.stampedAt = proposer.now.adding(milliseconds: nodes[number].skew)
    nodes[number].errands.append(.giving(attempt, envelope))
  }

  /// Something that was sent arrives, or is lost, or its answer is.
  private mutating func run(_ number: Int) throws {
    guard !nodes[number].errands.isEmpty else { return }
    let place = Int.random(in: 0..<nodes[number].errands.count, using: &generator)
    let errand = nodes[number].errands.remove(at: place)
    let fate = Int.random(in: (isCalm ? 2 : 0)..<10, using: &generator)
    switch errand {
    case .lease(let command, let envelope):
      let outcome = fate == 0 ? nil : try apply(envelope)
      if fate == 1 || outcome == nil { return nodes[number].holder.unanswered(command) }
      switch outcome {
      case .accepted(.callsLeased(let grant)): nodes[number].holder.granted(grant)
      case .rejected(let rejection):
        nodes[number].holder.refused(command, rejection, at: moment(of: number))
      default: Issue.record("\(String(describing: outcome))")
      }
    case .giving(let attempt, let envelope):
      if fate != 0 { _ = try apply(envelope) }
      if fate <= 1 {
        nodes[number].holder.unreturned(attempt)
      } else {
        nodes[number].holder.returned(attempt)
      }
    }
  }

  private mutating func apply(_ envelope: CommandEnvelope) throws -> Outcome {
    let outcome = try proposer.apply(envelope)
    if case .accepted(.callsLeased(let grant)) = outcome { granted[grant.lease.id] = grant.lease }
    let clock = proposer.store.currentPosition.clock
    let usage = try #require(
      try proposer.view.read {
        try $0.callUsage(of: workspace.id, on: Day(containing: clock))
      })
    #expect(usage.count.taken <= limit)
    return outcome
  }

  /// Everything that is alive gives back what it has. Then what is counted is what was let through, and
  /// what was in leases that nobody could return.
  mutating func finish() throws {
    for number in nodes.indices {
      if isCalm { while end(number) {} }
      nodes[number].holder.close()
      for _ in 0..<200 where !nodes[number].holder.isEmpty {
        try tidy(number)
        try run(number)
      }
      #expect(nodes[number].holder.isEmpty)
    }
    // Expired leases, of the dead and of those who were late, count as spent.
    proposer.jump(to: clock(of: 0).adding(milliseconds: 700_000))
    try proposer.propose(KeepHouse(limit: 10_000), by: .node(name: "n"))
    for day in Set(granted.values.map(\.day)) {
      let usage = try #require(
        try proposer.view.read { try $0.callUsage(of: workspace.id, on: day) })
      let leases = granted.values.filter { $0.day == day }
      #expect(usage.count.outstanding == 0)
      #expect(usage.count.spent >= admitted[day, default: 0])
      if isCalm { #expect(usage.count.spent == admitted[day, default: 0]) }
      #expect(usage.count.spent <= limit)
      #expect(usage.count.spent <= leases.reduce(0) { $0 + $1.calls })
    }
  }
}
