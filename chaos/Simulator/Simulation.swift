import Raft

/// What a run is asked for.
public struct SimulationOptions: Sendable {
  /// How many members; nil lets the seed decide, from 3 to 5.
  public var members: Int?
  /// How long there are faults; then the cluster has to converge without.
  public var duration: SimulatedDuration
  /// The kinds of fault that may occur. Each seed switches a subset of all kinds on; of those, the
  /// others are switched off again, and all else that the seed decides beforehand stays.
  public var faults: Set<FaultKind>
  /// What clients do; nil lets the seed decide.
  public var workload: WorkloadKind?
  /// A deliberate fault, to prove that it is found.
  public var sabotage: Sabotage?
  /// Takes a readable line for each event.
  public var trace: (@Sendable (String) -> Void)?
  /// Takes each event of the protocol, with its simulated time in microseconds.
  public var protocolTrace: (@Sendable (Int, ProtocolEvent) -> Void)?
  /// Whether answers to clients are also checked when they come, with what the log holds. Tests switch
  /// that off, to see what the history alone shows.
  var checksAnswers = true

  /// Makes options.
  public init(
    members: Int? = nil, duration: SimulatedDuration = .stretched(15_000_000),
    faults: Set<FaultKind> = Set(FaultKind.allCases), workload: WorkloadKind? = nil,
    sabotage: Sabotage? = nil,
    trace: (@Sendable (String) -> Void)? = nil,
    protocolTrace: (@Sendable (Int, ProtocolEvent) -> Void)? = nil
  ) {
    precondition(members.map { $0 > 0 } ?? true && duration.isPositive)
    self.members = members
    self.duration = duration
    self.faults = faults
    self.workload = workload
    self.sabotage = sabotage
    self.trace = trace
    self.protocolTrace = protocolTrace
  }
}

/// Simulated microseconds.
public enum SimulatedDuration: Sendable {
  /// So many, however slow the seed's world is.
  case exactly(Int)
  /// As many as so many are in the quickest world.
  case stretched(Int)

  var isPositive: Bool {
    switch self {
    case .exactly(let duration), .stretched(let duration): duration > 0
    }
  }
}

/// What a run showed.
public struct SimulationReport: Sendable, Codable {
  /// The seed.
  public var seed: UInt64
  /// How many members it had.
  public var members: Int
  /// The property broken first, if one was.
  public var violation: Violation?
  /// Digest of all that happened: equal for equal seeds and options.
  public var traceHash: UInt64
  /// What occurred how often.
  public var coverage: Coverage
  /// Simulated microseconds.
  public var simulated: Int
  /// Steps taken.
  public var steps: Int

  /// Makes a report.
  public init(
    seed: UInt64, members: Int, violation: Violation?, traceHash: UInt64, coverage: Coverage,
    simulated: Int, steps: Int
  ) {
    self.seed = seed
    self.members = members
    self.violation = violation
    self.traceHash = traceHash
    self.coverage = coverage
    self.simulated = simulated
    self.steps = steps
  }
}

/// A cluster of real replicas with real storage on simulated disks, network and clocks. One thread;
/// all that happens follows from the seed.
public final class Simulation {
  enum Occurrence {
    case tick(member: Int, incarnation: Int)
    case wake(member: Int, incarnation: Int)
    case arrival(Message, from: Int, to: Int, stamp: Int)
    case laneStart(member: Int, incarnation: Int, Lane)
    case laneDone(member: Int, incarnation: Int, Lane)
    case crash(member: Int, incarnation: Int, losesPower: Bool)
    case start(member: Int)
    case clientTurn(Int, operation: Int, attempt: Int)
    case clientRequest(ClientRequest, Ticket, member: Int)
    case clientAnswer(ClientAnswer, Ticket)
    /// A member has kept the answer to itself for as long as it must.
    case commitWaited(ClientAnswer, Ticket, member: Int, incarnation: Int)
    case operatorTurn(Int)
    case changeRequest(MembershipChange, turn: Int, member: Int)
    case changeAnswer(MembershipAnswer?, turn: Int)
    case fault(Fault, period: Microseconds)
    case heal(SimulatedNetwork.PartitionID)
    /// The storage of a running member is to be opened anew.
    case reopen(member: Int, incarnation: Int)
    case diskRecovers(member: Int, DiskTrouble)
    case snapshotFails(member: Int, incarnation: Int)
    case officeTurn(member: Int, incarnation: Int)
    case faultsEnd
    case convergenceCheck
  }

  let seed: UInt64
  let options: SimulationOptions
  let plan: FaultPlan
  /// Whether members are restarted with other versions.
  let changesVersions: Bool
  /// Who founded the cluster.
  let founding: Configuration
  /// What wall clocks show when the run begins, more or less.
  private let dawn: Int64
  var random: RandomSource
  var scheduler = Scheduler<Occurrence>()
  var network: SimulatedNetwork
  var members: [SimulatedMember] = []
  var clients: [SimulatedClient] = []
  var clusterOperator: ClusterOperator
  /// How many committed configurations were looked at.
  var configurationsNoticed = 1
  let workload: any Workload
  var checker: Checker
  var coverage = Coverage()
  var trace: Trace
  var protocolTrace: ProtocolTrace
  var clientHistory: ClientHistory
  /// The highest feature level that a member has known to be in force.
  var highestLevel = FeatureLevel.first
  /// Faults have stopped.
  var isCalm = false
  /// Since when, after the faults or the last outage.
  var calmSince: Microseconds = 0
  var lastOutage = LastOutage.ahead
  var hasConverged = false
  private var steps = 0

  /// More steps than any sound run of the default length takes.
  private static let stepLimit = 20_000_000

  /// Prepares a run.
  public init(seed: UInt64, options: SimulationOptions = SimulationOptions()) {
    self.seed = seed
    self.options = options
    var random = RandomSource(seed: seed)
    var plan = FaultPlan(&random, members: options.members, workload: options.workload)
    plan.prepare(for: options.sabotage)
    plan.restrict(to: options.faults)
    self.plan = plan
    changesVersions = plan.kinds.contains(.versionChanges)
    clusterOperator = ClusterOperator(plan.pace)
    network = SimulatedNetwork(behavior: plan.network, members: plan.members)
    // The last client asks for nothing until the faults have stopped.
    let clientCount = plan.habits.clients + 1
    workload = Self.makeWorkload(plan, clients: clientCount, sabotage: options.sabotage)
    trace = Trace(sink: options.trace)
    // A month changes while the simulation runs: 1 March 2026 in UTC.
    dawn = 1_772_323_200_000 - Int64(plan.pace.stretch(random.draw(0...20_000)))
    var founders: [Member] = []
    for number in 0..<plan.members {
      let member = Self.makeMember(
        number, isFounder: true, plan, options, workload, dawn: dawn, &random)
      members.append(member)
      founders.append(
        Member(
          id: member.id, name: "m\(number)", address: "m\(number):8100",
          priority: UInt32(random.draw(0...plan.highestPriority))))
    }
    founding = Configuration(voters: founders)
    checker = Checker(workload, founding: founding)
    protocolTrace = ProtocolTrace(members: members.map(\.id), sink: options.protocolTrace)
    clientHistory = ClientHistory(clients: clientCount)
    for number in 0..<clientCount { clients.append(SimulatedClient(number: number)) }
    self.random = random
  }

  private static func makeMember(
    _ number: Int, isFounder: Bool, _ plan: FaultPlan, _ options: SimulationOptions,
    _ workload: any Workload, dawn: Int64, _ random: inout RandomSource
  ) -> SimulatedMember {
    let disk = SimulatedDisk(seed: random.next())
    disk.behavior.ignoresDirectorySynchronization =
      options.sabotage == .neverSynchronizesDirectories
    let drift = random.draw(-plan.drift...plan.drift)
    return SimulatedMember(
      number: number, id: MemberID(random.next() | 1), isFounder: isFounder, disk: disk,
      database: workload.makeDatabase(of: number),
      tickInterval: plan.tickInterval + plan.tickInterval * drift / 1_000_000,
      wallClock: WallClock(start: dawn + Int64(random.draw(-2_000...2_000)), drift: drift))
  }

  /// A new machine with an empty disk, which knows nobody. Its process starts at once.
  func addMachine() -> SimulatedMember {
    let member = Self.makeMember(
      members.count, isFounder: false, plan, options, workload, dawn: dawn, &random)
    if isCalm { member.version = .newest }
    members.append(member)
    network.addMember()
    protocolTrace.add(member.id)
    start(member)
    member.disk.behavior = plannedDisk
    return member
  }

  /// The kinds of fault that this run has switched on.
  public var faults: Set<FaultKind> { plan.kinds }

  /// Simulated microseconds with faults.
  public var duration: Int {
    switch options.duration {
    case .exactly(let duration): duration
    case .stretched(let duration): pace.stretch(duration)
    }
  }

  /// How many members this run has.
  public var memberCount: Int { plan.members }

  private static func makeWorkload(
    _ plan: FaultPlan, clients: Int, sabotage: Sabotage?
  ) -> any Workload {
    switch plan.workload {
    case .registers:
      return RegisterWorkload(
        plan.habits, clients: clients, remembersRequests: sabotage != .forgetsRequests)
    case .tenants: return TenantWorkload(plan.habits, clients: clients, sabotage: sabotage)
    }
  }

  var now: Microseconds { scheduler.now }

  var pace: Pace { plan.pace }

  /// Runs until the cluster has converged after the faults, or a property is broken.
  public func run() -> SimulationReport {
    describePlan()
    for member in members { start(member) }
    for member in members { member.disk.behavior = plannedDisk }
    for fault in plan.faults { scheduleFault(fault.fault, period: fault.period) }
    for client in clients.dropLast() {
      scheduleTurn(client.number, after: random.draw(pace.stretch(0...200_000)))
    }
    if hasOperator { scheduleOperator(after: random.draw(pace.stretch(0...200_000))) }
    scheduler.schedule(.faultsEnd, after: duration)
    while checker.violation == nil, !hasConverged, let occurrence = scheduler.next() {
      steps += 1
      handle(occurrence)
      if steps > Self.stepLimit {
        report(.liveness, "the run takes more than \(Self.stepLimit) steps")
      }
    }
    if checker.violation == nil { judgeHistory() }
    completeCoverage()
    return SimulationReport(
      seed: seed, members: plan.members, violation: checker.violation,
      traceHash: trace.fingerprint.value, coverage: coverage, simulated: now, steps: steps)
  }

  func report(_ property: Violation.Property, _ details: String) {
    checker.report(property, details, at: now)
  }

  func report(_ finding: Finding) { report(finding.property, finding.details) }

  private var plannedDisk: SimulatedDisk.Behavior {
    var behavior = plan.disk
    if isCalm { (behavior.errorChance, behavior.stallChance) = (0, 0) }
    behavior.ignoresDirectorySynchronization = options.sabotage == .neverSynchronizesDirectories
    return behavior
  }

  private func completeCoverage() {
    for member in members {
      coverage.count(.diskErrors, member.disk.errors)
      coverage.count(.diskStalls, member.disk.stalls)
      coverage.count(.refusedForSpace, member.disk.refusals)
    }
    coverage.add(workload.coverage)
    coverage.count(.entriesCommitted, Int(checker.ledger.last.index.rawValue))
  }

  private func describePlan() {
    trace.note(now, "=", 0, as: "seed \(seed): \(plan.members) members, \(plan)")
  }

  // MARK: Steps

  private func handle(_ occurrence: Occurrence) {
    switch occurrence {
    case .tick(let number, let incarnation): tick(number, incarnation)
    case .wake(let number, let incarnation): wake(number, incarnation)
    case .arrival(let message, let from, let to, let stamp):
      arrive(message, from: from, to: to, stamp: stamp)
    case .laneStart(let number, let incarnation, let lane): laneStart(number, incarnation, lane)
    case .laneDone(let number, let incarnation, let lane): laneDone(number, incarnation, lane)
    case .crash(let number, let incarnation, let losesPower):
      if members[number].incarnation == incarnation {
        crash(members[number], losesPower: losesPower)
      }
    case .start(let number): start(members[number])
    case .clientTurn(let number, let operation, let attempt):
      clientTurn(number, operation: operation, attempt: attempt)
    case .clientRequest(let request, let ticket, let member):
      serve(request, ticket, on: members[member])
    case .clientAnswer(let answer, let ticket): hear(answer, ticket)
    case .commitWaited(let answer, let ticket, let member, let incarnation):
      commitWaited(answer, ticket, member, incarnation)
    case .operatorTurn(let turn): operatorTurn(turn)
    case .changeRequest(let change, let turn, let member):
      serve(change, turn: turn, on: members[member])
    case .changeAnswer(let answer, let turn): hear(answer, turn: turn)
    case .fault(let fault, let period): make(fault, period: period)
    case .heal(let partition):
      trace.note(now, "h", 0, UInt64(partition), as: "partition \(partition) heals")
      network.heal(partition)
    case .reopen(let number, let incarnation): reopen(number, incarnation)
    case .diskRecovers(let number, let trouble): diskRecovers(number, trouble)
    case .snapshotFails(let number, let incarnation):
      if members[number].incarnation == incarnation { give([.snapshotFailed], to: members[number]) }
    case .officeTurn(let number, let incarnation): officeTurn(number, incarnation)
    case .faultsEnd: endFaults()
    case .convergenceCheck: checkConvergence()
    }
  }

  private func arrive(_ message: Message, from: Int, to: Int, stamp: Int) {
    guard !network.isBroken(from: from, to: to) else {
      coverage.count(.messagesCut)
      return loseConnection(of: members[from], to: members[to])
    }
    // The connection of a machine that stands still breaks, or its peer's system tries again too late.
    guard lateness(at: members[to]) == nil else { return coverage.count(.messagesDropped) }
    guard members[to].process != nil else {
      return keep(message, from: from, to: to, stamp: stamp)
    }
    if network.arrives(stamp, from: from, to: to) { coverage.count(.messagesReordered) }
    trace.note(
      now, "r", to, UInt64(stamp), UInt64(from), as: "m\(to) ← m\(from) \(describe(message))")
    give([.receive(message)], to: members[to])
  }

  /// Whoever sent what a partition has taken may be told.
  func loseConnection(of sender: SimulatedMember, to receiver: SimulatedMember) {
    guard sender.process != nil, random.happens(50_000) else { return }
    coverage.count(.connectionsLost)
    give([.unreachable(receiver.id)], to: sender)
  }

  /// A message to a process that has ended may wait with its sender until there is another one.
  private func keep(_ message: Message, from: Int, to: Int, stamp: Int) {
    guard !isCalm, random.happens(plan.keptMessages) else { return }
    coverage.count(.messagesKept)
    scheduler.schedule(
      .arrival(message, from: from, to: to, stamp: stamp),
      after: random.drawScaled(pace.stretch(500...100_000)))
  }

  /// Puts events into a member's inbox; it handles them soon, together with what comes meanwhile.
  func give(_ events: [Event], to member: SimulatedMember) {
    guard let process = member.process else { return }
    process.inbox += events
    scheduleWake(of: member, process)
  }

  /// The member handles soon what is there for it.
  func scheduleWake(of member: SimulatedMember, _ process: MemberProcess) {
    guard !process.isWakeScheduled else { return }
    process.isWakeScheduled = true
    let delay = max(
      random.draw(plan.handlingDelay) + slowness(of: member), member.pausedUntil - now)
    scheduler.schedule(
      .wake(member: member.number, incarnation: member.incarnation), after: delay)
  }
}
