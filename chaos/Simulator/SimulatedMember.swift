import Raft

import struct CloudState.HeldAuthority

/// One machine of the cluster: its disk, and the process that runs on it when one does.
final class SimulatedMember {
  let number: Int
  let id: MemberID
  /// Whether it is one of those that the cluster was founded with. Others know nobody when they start.
  let isFounder: Bool
  let disk: SimulatedDisk
  let tickInterval: Microseconds
  var wallClock: WallClock
  var time = MemberTime()
  /// What the version of the program supports that is started next.
  var version = FeatureLevel.first
  var process: MemberProcess?
  /// Counts processes, so that what was scheduled for an earlier one is recognised.
  var incarnation = 0
  let database: any MemberDatabase
  /// The process does nothing until then.
  var pausedUntil: Microseconds = 0
  /// How many more processes are killed soon after their start.
  var shortLives = 0
  /// What the process must not forget.
  var promise = DurabilityPromise()
  /// What its disk has done to it.
  var damage = MemberDamage()
  var isBootstrapped = false
  /// Whether it can still run.
  var standing = Standing.inUse
  /// Whether a committed configuration has ever had it.
  var hasJoined = false
  /// When it is to be shut down, if it was removed.
  var shutDownAt: Microseconds?

  /// What has become of a machine.
  enum Standing {
    case inUse
    /// The operator has switched it off for good.
    case shutDown
    case diskLost
  }

  var isGone: Bool { standing != .inUse }

  init(
    number: Int, id: MemberID, isFounder: Bool, disk: SimulatedDisk, database: any MemberDatabase,
    tickInterval: Microseconds, wallClock: WallClock
  ) {
    self.number = number
    self.id = id
    self.isFounder = isFounder
    self.disk = disk
    self.database = database
    self.tickInterval = tickInterval
    self.wallClock = wallClock
  }
}

/// What a member was told is durable, and what is being written: together they say what may be found
/// after a restart.
struct DurabilityPromise {
  private(set) var hardState = HardState()
  private(set) var log = LogView()
  /// What it was told is durable, whatever has become of it since.
  private(set) var held = HeldLog()
  private var underWay: [PersistBatch] = []
  private var hasPersisted = false

  /// Whether all that it was given since its start is durable, and there was something.
  var isFulfilled: Bool { hasPersisted && underWay.isEmpty }

  mutating func issued(_ batch: PersistBatch) { underWay.append(batch) }

  /// Returns whether a quarantine has ended with it.
  mutating func persisted(through sequence: UInt64) -> Bool {
    var endsQuarantine = false
    while let batch = underWay.first, batch.sequence <= sequence {
      underWay.removeFirst()
      hasPersisted = true
      if batch.quarantine == .ends { endsQuarantine = true }
      if let new = batch.hardState { hardState = new }
      held.persisted(batch)
      // The same batch was adopted, and checked, by the log view of the running member.
      _ = try? log.adopt(batch)
    }
    return endsQuarantine
  }

  mutating func compacted(through index: LogIndex) { log.compact(through: index) }

  /// A new process goes on from what was found.
  mutating func reset(hardState: HardState, log: LogView, isWhole: Bool) {
    underWay = []
    hasPersisted = false
    held.found(log, isWhole: isWhole)
    self.hardState = hardState
    self.log = log
  }

  /// Where the log that was promised begins, and its entries.
  var positions: [LogPosition] { [log.base] + log.entries.map(\.position) }

  /// What of the promised term and vote is broken by `found`, if something is.
  func hardStateBreach(by found: RecoveredLog) -> String? {
    if !found.hardState.keeps(hardState) {
      return "the hard state was \(hardState.term), vote \(text(hardState.vote)); found is "
        + "\(found.hardState.term), vote \(text(found.hardState.vote))"
    }
    return nil
  }

  /// What of the promised log is broken by `found`, if something is.
  func logBreach(by found: RecoveredLog) -> String? {
    // A batch under way may have replaced a suffix, or all.
    var end = log.last.index
    for batch in underWay {
      if batch.restart != nil { return nil }
      if let first = batch.entries.first?.index, first <= end { end = first.previous }
    }
    var index = max(log.base.index, found.terms.base.index).next
    while index <= end {
      if found.terms.term(at: index) != log.term(at: index) {
        return "the log was durable up to \(log.last), found is \(found.terms.base) to "
          + "\(found.terms.last): entry \(index) is not the same"
      }
      index = index.next
    }
    return nil
  }

  /// Whether nothing was lost: not even what was being written.
  func isWhole(in found: RecoveredLog) -> Bool {
    var whole = log
    for batch in underWay { _ = try? whole.adopt(batch) }
    return found.terms.last == whole.last
  }

  private func text(_ vote: MemberID?) -> String { vote?.description ?? "none" }
}

extension HardState {
  /// Whether whoever has this on its disk still knows of a promised term and vote.
  func keeps(_ promised: HardState) -> Bool {
    term > promised.term
      || term == promised.term && (promised.vote == nil || vote == promised.vote)
  }
}

/// The threads of a process that take work off the replica's, each with a queue.
enum Lane: Int, CaseIterable {
  /// Owns the log.
  case log
  /// Owns the snapshots.
  case snapshots
  /// Owns the state machine.
  case applier
}

/// A piece of work for a lane.
enum LaneTask {
  case persist(PersistBatch)
  case readEntries(EntryRead)
  case compactLog(LogIndex)
  case writeSnapshot(SnapshotMetadata, any StateCapture)
  case readSnapshot(SnapshotRead)
  case storeSnapshot(SnapshotChunk, from: MemberID, term: Term)
  case apply([Entry])
  case takeSnapshot(SnapshotMetadata)
  case installSnapshot(SnapshotMetadata)
}

/// What is known when a lane's work is done.
struct LaneCompletion {
  var events: [Event] = []
  var answers: [(ticket: Ticket, answer: ClientAnswer)] = []
  var errands: [(number: UInt64, result: [UInt8])] = []
  var followUp: (lane: Lane, task: LaneTask)?
}

/// A read that a member has not answered.
struct PendingRead {
  /// When the member was asked, by its own clock.
  var asked: Duration
  /// The newest entry that was committed then.
  var floor: LogIndex
  /// Who asked what; nil for callers of the member's own, who only want it to be up to date.
  var client: (ticket: Ticket, question: [UInt8])?
  /// Whether the member would have answered by itself, had its authority lease not run out.
  var isStale = false
}

/// A running member: the real replica with the real storage.
final class MemberProcess {
  struct LaneState {
    var queue: [LaneTask] = []
    /// What the work under way will have brought; nil when there is none.
    var completion: LaneCompletion?
    /// The disk stopped under it, or the lane is idle for good.
    var isStuck = false
    /// Its thread will begin in a while.
    var isLate = false

    var isFree: Bool { completion == nil && !isStuck && !isLate }
  }

  private(set) var replica: Replica
  /// How the replica stood when its effects were taken last.
  private(set) var status: ReplicaStatus
  let fileSystem: any FileSystem
  let log: LogStore
  let snapshots: SnapshotStore
  let machine: any SimulatedMachine
  var lanes = [LaneState](repeating: LaneState(), count: Lane.allCases.count)
  var inbox: [Event] = []
  var isWakeScheduled = false
  /// The replica's log, as its batches describe it.
  var view: LogView
  /// The configurations in that log.
  var configurations: ConfigurationView
  var commit = LogIndex.zero
  var term: Term
  var isLeader = false
  /// What was last seen of its lease.
  var lease: (term: Term, status: LeaseStatus)?
  /// The term of the leader who sent the last piece that was stored of the snapshot being received.
  var receptionTerm = Term.zero
  /// What it sends of snapshots.
  var pace = SnapshotPace()
  /// The next entry for the state machine.
  var nextApplied: LogIndex
  /// Clients that wait for an answer.
  var proposals: [ProposalID: Ticket] = [:]
  var reads: [ReadID: PendingRead] = [:]
  /// How long it may answer by itself.
  var authority = HeldAuthority()
  /// What the process does by itself, and the commands that it waits for.
  var office: (any NodeOffice)?
  var errands: [ProposalID: UInt64] = [:]
  /// The operator's changes that wait for an answer, each with its turn.
  var changes: [ProposalID: Int] = [:]
  var requests: UInt64 = 0
  /// The process dies before it carries out the effect that comes after so many.
  var effectsUntilCrash: Int?
  /// The log can't be written any more: another process object takes this one's place.
  var isHalted = false

  init(
    replica: Replica, fileSystem: any FileSystem, log: LogStore, snapshots: SnapshotStore,
    machine: any SimulatedMachine,
    applied: LogPosition, view: LogView, term: Term
  ) {
    self.replica = replica
    status = replica.status
    self.fileSystem = fileSystem
    self.log = log
    self.snapshots = snapshots
    self.machine = machine
    self.view = view
    configurations = ConfigurationView(view)
    self.term = term
    nextApplied = applied.index.next
  }

  func handle(_ event: Event, at moment: Moment) { replica.handle(event, at: moment) }

  func takeEffects() -> [Effect] {
    defer { status = replica.look() }
    return replica.takeEffects()
  }
}

extension Replica {
  /// Its status. Changes nothing, but who may change a replica looks at it where it stands, and who may
  /// not, at a copy of all of it.
  fileprivate mutating func look() -> ReplicaStatus { status }
}
