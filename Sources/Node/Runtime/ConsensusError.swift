public import Raft

/// Why the cluster did not do, in time, what a member was asked.
public enum ConsensusError: Error, Hashable, CustomStringConvertible {
  /// Nobody leads, or nobody who can be reached. Nothing was changed.
  case noLeader
  /// This member or the leader has as much work as it can hold. Nothing was changed.
  case overloaded
  /// The command was handed over and no answer came: it may or may not take effect.
  case outcomeUnknown
  /// This member is stopping or has stopped. What was not handed over yet is not changed.
  case shuttingDown
  /// This member's storage can't be used at the moment, so it takes part in nothing. Nothing was changed.
  case suspended(ClusterView.Problem)
  /// The command is larger than a member takes.
  case payloadTooLarge(limit: Int)
  /// Only the leader can do it, and this member is not the leader.
  case notLeader(leader: MemberID?)
  /// There is no voting member like that, or it did not take over in time.
  case transferRefused
  /// The membership stays as it is.
  case changeRefused(MembershipRefusal)
  /// The index was not reached in time.
  case notApplied(LogIndex)
  /// The task that waited was cancelled. A command may or may not take effect.
  case cancelled

  /// What is wrong.
  public var description: String {
    switch self {
    case .noLeader: "no leader can be reached; a majority of the members must be running"
    case .overloaded: "too much is waiting; try again later"
    case .outcomeUnknown:
      "the leader did not answer in time; the command may or may not take effect"
    case .shuttingDown: "this member is stopping"
    case .suspended(let problem): problem.description
    case .payloadTooLarge(let limit): "a command may have \(limit) bytes"
    case .notLeader(let leader):
      "this member does not lead" + (leader.map { "; member \($0) does" } ?? "")
    case .transferRefused: "leadership was not taken over"
    case .changeRefused(let refusal): refusal.description
    case .notApplied(let index): "entry \(index) did not arrive here in time"
    case .cancelled: "the caller stopped waiting"
    }
  }
}

/// A command that the cluster has applied.
public struct Applied: Hashable, Sendable {
  /// Where it stands in the log.
  public var index: LogIndex
  /// What the state machine answered.
  public var result: [UInt8]
}
