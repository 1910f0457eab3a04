import Logging
import Raft
import Synchronization

/// What the consensus thread is told.
enum ConsensusInput: Sendable {
  case event(Event)
  /// A founder that this member has dialed said who it is.
  case met(founder: String, Hello)
  /// The connection to that founder is gone.
  case lost(founder: String)
  /// A peer says that a cluster was founded, and this member with it.
  case chartered(Charter, by: String)
  /// Hand leadership over until another member leads.
  case handOver
  /// A thread can't use the storage any more.
  case storageFailed(StorageFault)
  /// The storage is open again, and the state machine stands there.
  case reopened(RecoveredLog, applied: LogPosition)
}

/// What a member's threads share. Each thing that changes has one owner; what is here is for telling
/// the others.
///
/// Who does what, and in which order it all starts and stops: docs/decisions/threads.md.
final class Engine: Sendable {
  let options: MemberOptions
  let membership: Membership
  let logger: Logger
  let startedAt = ContinuousClock.now

  let inbox: Mailbox<ConsensusInput>
  let logJobs = Mailbox<LogJob>()
  let applierJobs = Mailbox<ApplierJob>()
  let snapshotJobs: Mailbox<SnapshotJob>

  let calls: PendingCalls
  let changes = PendingChanges()
  let board = StatusBoard()
  let peers = PeerTable()
  let clock: ClusterClock

  /// The last index that the state machine has applied.
  let applied: Atomic<UInt64>
  /// The sizes of the log and of the state machine's files.
  let logBytes = Atomic<UInt64>(0)
  let stateBytes = Atomic<UInt64>(0)

  private let suspension = Mutex<StorageFault?>(nil)

  private let ending = Mutex(Ending())

  init(options: MemberOptions, membership: Membership, applied: LogIndex, logger: Logger) {
    self.options = options
    self.membership = membership
    self.logger = logger
    clock = ClusterClock(ownTime: options.wallClock)
    inbox = Mailbox(capacity: options.limits.incomingBytes)
    snapshotJobs = Mailbox(capacity: 4 * options.replica.consensus.snapshotChunkBytes)
    calls = PendingCalls(
      member: membership.id, limits: options.limits, applied: applied, inbox: inbox)
    self.applied = Atomic(applied.rawValue)
  }

  /// What this member says first on a connection.
  var hello: Hello {
    Hello(
      cluster: membership.charter?.cluster, member: membership.id, name: options.name,
      address: options.advertisedPeer, time: clock.ownTime())
  }

  /// By this member's clock, for leases: `ContinuousClock` goes on while the machine sleeps
  /// (CLOCK_BOOTTIME on Linux). One that stopped would show a lease as valid that ran out long ago.
  func moment() -> Moment {
    Moment(rawValue: UInt64(max(0, startedAt.duration(to: .now).nanoseconds)) + 1)
  }

  /// Has a piece of the leader's snapshot stored. One that waits for long is sent again, so what does not fit
  /// is dropped.
  func store(_ chunk: SnapshotChunk, from leader: MemberID) {
    snapshotJobs.offer(.store(chunk, from: leader), weight: max(1, chunk.bytes.count))
  }

  // MARK: Failing storage

  /// A thread can't go on with the storage as it is open now.
  func storageFailed(_ error: StorageError) {
    guard let fault = StorageFault(error) else { return fail(.storage(error)) }
    inbox.put(.storageFailed(fault))
  }

  /// The storage is closed for this reason until `resume()`.
  func suspend(_ fault: StorageFault) {
    suspension.withLock { $0 = fault }
    calls.suspend(.suspended(fault.problem))
  }

  func resume() {
    suspension.withLock { $0 = nil }
    calls.resume()
  }

  /// How the storage of a member of a cluster is opened again.
  var storageOpening: StorageOpening? {
    membership.charter.map {
      StorageOpening(options: options, member: membership.id, charter: $0, logger: logger)
    }
  }

  /// Why the storage is closed; nil while it is open.
  var fault: StorageFault? { suspension.withLock { $0 } }

  /// What is wrong with this member's disk.
  var problem: ClusterView.Problem? {
    fault?.problem ?? board.status?.quarantine.map(ClusterView.Problem.init)
  }

  // MARK: Ending

  /// Why the member stops.
  enum Cause: Sendable {
    /// It was asked to stop in good order.
    case shutDown
    /// Its task was cancelled.
    case cancelled
    /// Going on would be wrong.
    case failed(MemberError)
  }

  private struct Ending {
    var cause: Cause?
    var failure: MemberError?
    var waiting: CheckedContinuation<Cause, Never>?
  }

  /// Begins the end. The first cause counts, but a failure is never forgotten.
  func end(_ cause: Cause) {
    let waiting = ending.withLock { ending -> CheckedContinuation<Cause, Never>? in
      if case .failed(let error) = cause, ending.failure == nil { ending.failure = error }
      guard ending.cause == nil else { return nil }
      ending.cause = cause
      defer { ending.waiting = nil }
      return ending.waiting
    }
    waiting?.resume(returning: cause)
  }

  /// A thread can't go on, and opening the storage again does not help.
  func fail(_ error: MemberError) {
    logger.critical("\(error) This member stops.")
    // Nothing is decided any more; what other threads still do acknowledges nothing.
    inbox.close()
    calls.close()
    changes.close()
    end(.failed(error))
  }

  var hasFailed: MemberError? { ending.withLock { $0.failure } }

  /// Returns when the member is to stop. For one caller.
  func ended() async -> Cause {
    await withCheckedContinuation { continuation in
      let cause = ending.withLock { ending -> Cause? in
        if ending.cause == nil { ending.waiting = continuation }
        return ending.cause
      }
      if let cause { continuation.resume(returning: cause) }
    }
  }
}
