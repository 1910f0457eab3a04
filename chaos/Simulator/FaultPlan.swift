import Raft

/// A fault that is made again and again during a run.
enum Fault: Int, CaseIterable {
  case killProcess
  case losePower
  case blackout
  /// A member is killed again and again, soon after each start.
  case crashLoop
  case partition
  case partitionOneWay
  case pause
  case transferLeadership
  /// A member's wall clock is set forward or back.
  case clockJump
  /// The operator wants to change who takes part.
  case changeMembership
  /// A member's disk is gone for good.
  case loseDisk
  case forgetLeader
  /// A member is told to campaign.
  case campaign
  /// The leader is cut off, and another one elected at once.
  case usurp
  case slowDown
  /// A whole machine stands still for a while.
  case stopMachine
  /// A member is restarted with another version of the program.
  case changeVersion
  /// A member's disk changes what it holds.
  case bitRot
  /// A member's disk does not hold what was written last at some place.
  case loseWrite
  /// Nor that, and holds it elsewhere instead.
  case misdirectWrite
  /// A member's disk has no space for a while.
  case fillDisk
  /// A member's disk is slow for a while.
  case slowDisk
  /// A member is asked for a snapshot.
  case takeSnapshot

  /// In how many of a million seeds it is switched on: those that leave less for others to matter, in
  /// fewer.
  var share: Int {
    switch self {
    case .blackout, .bitRot, .loseWrite, .misdirectWrite, .fillDisk, .slowDisk: 250_000
    default: 500_000
    }
  }

  var kind: FaultKind {
    switch self {
    case .killProcess: .kills
    case .losePower: .powerLosses
    case .blackout: .blackouts
    case .crashLoop: .crashLoops
    case .partition: .partitions
    case .partitionOneWay: .oneWayPartitions
    case .pause: .pauses
    case .transferLeadership: .transfers
    case .clockJump: .clockJumps
    case .slowDown: .slowNodes
    case .stopMachine: .machineStops
    case .changeVersion: .versionChanges
    case .bitRot: .bitRot
    case .loseWrite: .lostWrites
    case .misdirectWrite: .misdirectedWrites
    case .fillDisk: .fullDisks
    case .slowDisk: .slowDisks
    case .takeSnapshot: .snapshots
    case .changeMembership: .membership
    case .loseDisk: .diskLoss
    case .forgetLeader: .forgottenLeaders
    case .campaign: .campaigns
    case .usurp: .usurpations
    }
  }
}

/// All that a seed decides beforehand: the sizes, the speeds, and which faults the run has at all.
///
/// Each seed switches a random subset of the faults on ("swarm testing", Groce et al. 2012): with all
/// of them always on, no run would ever get far enough for those that need calm to matter.
struct FaultPlan {
  let pace: Pace
  var members: Int
  var workload: WorkloadKind
  var replica: ReplicaOptions
  var segmentSize: Int
  var tickInterval: Microseconds
  /// Each member's clock differs by up to so many millionths.
  var drift: Int
  var network: SimulatedNetwork.Behavior
  var disk: SimulatedDisk.Behavior
  /// The faults that are switched on, each with the mean time between two of its kind.
  var faults: [(fault: Fault, period: Microseconds)]
  /// How often, of a million crashes, one comes within a disk operation, and between two effects.
  var crashInDiskWork: Int
  var crashBetweenEffects: Int
  /// How often, of a million pieces of work, a thread takes its time to begin one.
  var lateWork: Int
  /// How often, of a million messages that find no process, one is kept for the next process.
  var keptMessages: Int
  /// How often, of a million runs, a minority is cut off in the end.
  var outageChance = 500_000
  var downTime: ClosedRange<Microseconds>
  /// The most ticks that a member handles one right after the other.
  var ticksAtOnce = 1
  /// Between an event's arrival and its being handled: what comes meanwhile is handled together.
  var handlingDelay: ClosedRange<Microseconds>
  var applyDelay: ClosedRange<Microseconds>
  var habits: ClientHabits
  /// Members' priorities go up to this.
  var highestPriority: Int
  /// Whether nobody asks for anything after the faults until all members agree.
  var convergesIdle: Bool
  /// Whether disks are damaged, and not the membership changed, where a seed has chosen both.
  var favorsDamage: Bool

  /// What clients do.
  struct ClientHabits {
    var clients: Int
    var keys: Int
    var thinkTime: ClosedRange<Microseconds>
    var patience: Microseconds
    /// Of a million operations.
    var readShare: Int
    var padding: ClosedRange<Int>
    /// How often, of a million unknown outcomes, a client does not ask again.
    var abandonment: Int
  }

  init(_ random: inout RandomSource, members: Int?, workload: WorkloadKind?) {
    pace = Pace(&random)
    let drawn = random.draw(3...5)
    self.members = members ?? drawn
    let drawnWorkload: WorkloadKind = random.draw(0...2) == 0 ? .tenants : .registers
    self.workload = workload ?? drawnWorkload
    segmentSize = 512 * random.drawScaled(4...64)
    tickInterval = random.draw(pace.stretch(8_000...12_000))
    drift = random.coin() ? random.draw(0...50_000) : 0
    replica = Self.drawReplicaOptions(&random)
    network = Self.drawNetwork(&random, pace)
    disk = Self.drawDisk(&random, pace)
    faults = []
    for fault in Fault.allCases where random.happens(fault.share) {
      let shortest = fault == .changeMembership ? 100_000 : 500_000
      faults.append((fault, random.drawScaled(pace.stretch(shortest...8_000_000))))
    }
    crashInDiskWork = random.happens(700_000) ? random.draw(200_000...900_000) : 0
    crashBetweenEffects = random.coin() ? random.draw(100_000...300_000) : 0
    lateWork = random.coin() ? random.drawScaled(10_000...500_000) : 0
    keptMessages = random.coin() ? random.draw(200_000...900_000) : 0
    downTime = pace.stretch(
      random.pick([1_000...20_000, 20_000...300_000, 100_000...4_000_000]))
    handlingDelay = 0...random.drawScaled(pace.stretch(1...500))
    applyDelay = 10...random.drawScaled(pace.stretch(20...5_000))
    habits = ClientHabits(
      clients: random.draw(2...8), keys: random.draw(1...5),
      thinkTime: 0...random.drawScaled(pace.stretch(1_000...100_000)),
      patience: random.draw(pace.stretch(300_000...1_500_000)),
      readShare: random.draw(100_000...700_000),
      padding: 0...random.drawScaled(8...1_500), abandonment: random.draw(0...300_000))
    highestPriority = random.happens(300_000) ? random.draw(1...3) : 0
    favorsDamage = random.coin()
    convergesIdle = random.coin()
    if self.workload == .tenants { makeRoomForTenants(&random) }
    drawTime(&random)
  }

  /// A command of the tenants' costs many times what one of the registers' does, and a snapshot more yet.
  private mutating func makeRoomForTenants(_ random: inout RandomSource) {
    habits.clients = min(habits.clients, 4)
    habits.thinkTime = 0...random.drawScaled(pace.stretch(20_000...200_000))
    replica.snapshotEntries = max(replica.snapshotEntries, 24)
    replica.snapshotBytes = max(replica.snapshotBytes, 16_384)
    replica.consensus.snapshotChunkBytes *= 8
    replica.consensus.snapshotBytesPerTick *= 8
  }

  /// The faults that are a chance, or a bound, of something that happens anyway; 0 when switched off.
  private static var chances: [(kind: FaultKind, chance: WritableKeyPath<FaultPlan, Int>)] {
    [
      (.loss, \.network.dropChance),
      (.duplication, \.network.duplicateChance),
      (.delay, \.network.delayChance),
      (.diskErrors, \.disk.errorChance),
      (.diskStalls, \.disk.stallChance),
      (.tornSectors, \.disk.tearChance),
      (.diskWorkCrashes, \.crashInDiskWork),
      (.effectCrashes, \.crashBetweenEffects),
      (.lateThreads, \.lateWork),
      (.keptMessages, \.keptMessages),
      (.clockDrift, \.drift),
      (.lastOutages, \.outageChance),
      (.priorities, \.highestPriority),
    ]
  }

  /// Takes out all faults but those of `kinds`. The rest stays as it was drawn.
  mutating func restrict(to kinds: Set<FaultKind>) {
    faults.removeAll { !kinds.contains($0.fault.kind) }
    keepDamageApart()
    for (kind, chance) in Self.chances where !kinds.contains(kind) { self[keyPath: chance] = 0 }
  }

  /// Disks are damaged in a minority of members, and lost or taken out in a minority: both at once would be
  /// more than that. So a run has one of the two.
  private mutating func keepDamageApart() {
    let damages: Set<Fault> = [.bitRot, .loseWrite, .misdirectWrite]
    let changes: Set<Fault> = [.changeMembership, .loseDisk]
    guard faults.contains(where: { changes.contains($0.fault) }),
      faults.contains(where: { damages.contains($0.fault) })
    else { return }
    let excluded = favorsDamage ? changes : damages
    faults.removeAll { excluded.contains($0.fault) }
  }

  /// The kinds of fault that are switched on.
  var kinds: Set<FaultKind> {
    var kinds = Set(faults.map(\.fault.kind))
    for (kind, chance) in Self.chances where self[keyPath: chance] > 0 { kinds.insert(kind) }
    return kinds
  }

  private static func drawReplicaOptions(_ random: inout RandomSource) -> ReplicaOptions {
    let heartbeat = random.draw(2...5)
    return ReplicaOptions(
      consensus: ConsensusOptions(
        heartbeatTicks: heartbeat, electionTicks: random.draw(2 * heartbeat + 1...25),
        appendBytes: random.drawScaled(64...8_192), inflightAppends: random.drawScaled(1...32),
        inflightBytes: random.drawScaled(256...65_536),
        uncommittedBytes: random.drawScaled(2_048...65_536),
        cacheBytes: random.drawScaled(64...16_384),
        snapshotChunkBytes: random.drawScaled(48...512),
        snapshotBytesPerTick: random.drawScaled(32...8_192)),
      applyBytes: random.drawScaled(64...8_192), snapshotEntries: random.drawScaled(2...512),
      snapshotBytes: random.drawScaled(4_096...262_144),
      retainedEntries: random.pick([0, 1, 5, 20, 100]),
      retainedBytes: random.drawScaled(512...262_144), answerTicks: random.draw(20...150))
  }

  private static func drawNetwork(
    _ random: inout RandomSource, _ pace: Pace
  ) -> SimulatedNetwork.Behavior {
    var behavior = SimulatedNetwork.Behavior()
    let quickest = random.draw(pace.stretch(20...150))
    behavior.latency = quickest...random.drawScaled(pace.stretch(200...20_000))
    if random.coin() { behavior.dropChance = random.drawScaled(1_000...200_000) }
    if random.coin() { behavior.duplicateChance = random.drawScaled(1_000...100_000) }
    if random.coin() {
      behavior.delayChance = random.drawScaled(1_000...300_000)
      behavior.longDelay =
        pace.stretch(10_000)...random.drawScaled(pace.stretch(50_000...3_000_000))
    }
    return behavior
  }

  /// A disk's operations take as long as they take; how long it takes until something is durable depends
  /// on where the disk is.
  private static func drawDisk(
    _ random: inout RandomSource, _ pace: Pace
  ) -> SimulatedDisk.Behavior {
    var behavior = SimulatedDisk.Behavior()
    behavior.operationLatency = 1...random.drawScaled(2...100)
    behavior.synchronizeLatency = 20...random.drawScaled(pace.stretch(50...20_000))
    behavior.scattersNames = random.coin()
    behavior.writeBackChance = random.pick([0, 20_000, 300_000])
    if random.coin() { behavior.tearChance = random.draw(200_000...1_000_000) }
    if random.happens(300_000) { behavior.stallChance = random.drawScaled(100...10_000) }
    if random.happens(250_000) { behavior.errorChance = random.drawScaled(10...1_000) }
    return behavior
  }
}
