import Logging
import Raft

/// Opens a member's state machine, and sees to it that its state belongs to the log.
struct StateOpening: Sendable {
  /// Where the state machine keeps its state.
  let directory: String
  let trust: StateTrust
  let logger: Logger
  let make: @Sendable (ClusterMember.StateMachineStart) throws -> any StateMachine

  /// The state machine as it was left, or emptied.
  ///
  /// - Parameter admitLoss: is told where the kept state stands, which may prove that the log has lost
  ///   something, and changes what was found. When it throws, the state is left as it is.
  func open(
    _ found: inout StorageOpening.Found,
    admitLoss: (LogPosition, inout StorageOpening.Found) throws(MemberError) -> Void
  ) throws(MemberError) -> (any StateMachine, LogPosition) {
    do {
      try PosixFileSystem().createDirectory(directory)
      if let kept = try kept(&found, admitLoss) { return kept }
    } catch {
      throw Self.failure(error)
    }
    return try emptied(found)
  }

  /// The kept state, if it belongs to the log. Otherwise the state machine has been let go of when this
  /// returns.
  private func kept(
    _ found: inout StorageOpening.Found,
    _ admitLoss: (LogPosition, inout StorageOpening.Found) throws(MemberError) -> Void
  ) throws -> (any StateMachine, LogPosition)? {
    let stateMachine = try make(.init(directory: directory, mustBeEmpty: false))
    let applied = try stateMachine.applied
    try admitLoss(applied, &found)
    return keeps(applied, with: found) ? (stateMachine, applied) : nil
  }

  /// A state machine that has applied nothing.
  func emptied(
    _ found: StorageOpening.Found
  ) throws(MemberError) -> (any StateMachine, LogPosition) {
    // What the log no longer holds must come from the snapshot, or from others.
    guard found.recovered.reachesBase || !found.isAlone else {
      throw .stateLost(directory: directory)
    }
    logger.notice(
      "The state is built again from snapshot and log: what was kept does not fit them, or the disk failed"
    )
    do {
      let stateMachine = try make(.init(directory: directory, mustBeEmpty: true))
      let applied = try stateMachine.applied
      guard applied == .zero else {
        throw MemberError.stateMachine(reason: "it stands at \(applied) although it was emptied")
      }
      trust.restore()
      return (stateMachine, applied)
    } catch {
      throw Self.failure(error)
    }
  }

  /// Whether to go on with a state machine at `applied`, rather than to build the state again.
  func keeps(_ applied: LogPosition, with found: StorageOpening.Found) -> Bool {
    guard belongs(applied, to: found) else { return false }
    guard trust.isWithdrawn else { return true }
    guard found.isAlone, !found.recovered.reachesBase else { return false }
    // There is nothing else to go on with.
    trust.restore()
    return true
  }

  /// Whether a state machine at `applied` can go on with this log, or begin with it.
  private func belongs(_ applied: LogPosition, to found: StorageOpening.Found) -> Bool {
    let log = found.recovered
    // An empty state is consistent with everything, but not to be filled from a log that begins later.
    guard log.reachesBase || applied.index >= log.terms.base.index else { return false }
    return Replica.isConsistent(applied: applied, with: log)
  }

  static func failure(_ error: any Error) -> MemberError {
    error as? MemberError ?? .stateMachine(reason: "\(error)")
  }
}
