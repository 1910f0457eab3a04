/// A step of the protocol, with the names and fields of the events that etcd's Raft writes for the
/// validation against its TLA+ specification (etcd-io/raft, `state_trace.go`, `tla/Traceetcdraft.tla`).
/// What stands for what is described in docs/fault-model.md.
public struct ProtocolEvent: Hashable, Sendable, Codable {
  /// The kinds of event.
  public enum Name: String, Sendable, Codable, CaseIterable {
    case initState = "InitState"
    case becomeCandidate = "BecomeCandidate"
    case becomeFollower = "BecomeFollower"
    case becomeLeader = "BecomeLeader"
    case commit = "Commit"
    case replicate = "Replicate"
    case changeConfiguration = "ChangeConf"
    case applyConfiguration = "ApplyConfChange"
    case ready = "Ready"
    case sendAppend = "SendAppendEntriesRequest"
    case receiveAppend = "ReceiveAppendEntriesRequest"
    case sendAppendReply = "SendAppendEntriesResponse"
    case receiveAppendReply = "ReceiveAppendEntriesResponse"
    case sendVote = "SendRequestVoteRequest"
    case receiveVote = "ReceiveRequestVoteRequest"
    case sendVoteReply = "SendRequestVoteResponse"
    case receiveVoteReply = "ReceiveRequestVoteResponse"
  }

  /// What a member is. The specification knows no pre-candidates: they are what they were before.
  public enum Role: String, Sendable, Codable {
    case follower = "StateFollower"
    case candidate = "StateCandidate"
    case leader = "StateLeader"
  }

  /// The hard state.
  public struct State: Hashable, Sendable, Codable {
    /// The term.
    public var term: UInt64
    /// Whom the member voted for in it; "0" for nobody.
    public var vote: String
    /// The commit index.
    public var commit: UInt64
  }

  /// A message. Fields that its type does not use are 0, "0" or false.
  public struct Message: Hashable, Sendable, Codable {
    /// The types.
    public enum Kind: String, Sendable, Codable {
      case append = "MsgApp"
      case appendReply = "MsgAppResp"
      case heartbeat = "MsgHeartbeat"
      case heartbeatReply = "MsgHeartbeatResp"
      case snapshot = "MsgSnap"
      case vote = "MsgVote"
      case voteReply = "MsgVoteResp"
    }
    /// Its type.
    public var type: Kind
    /// Its sender's term.
    public var term: UInt64
    /// Its sender.
    public var from: String
    /// Its receiver.
    public var to: String
    /// How many entries it carries; of a snapshot, up to where it goes.
    public var entries = 0
    /// The term at `index`.
    public var logTerm: UInt64 = 0
    /// The position that it speaks of: before the entries, at the end of the log, or acknowledged.
    public var index: UInt64 = 0
    /// The commit index that it tells.
    public var commit: UInt64 = 0
    /// Not used.
    public var vote = "0"
    /// Whether it says no.
    public var reject = false
    /// Where the logs may meet, after a rejection.
    public var rejectHint: UInt64 = 0
  }

  /// A change of the configuration.
  public struct Change: Hashable, Sendable, Codable {
    /// One member's part in it.
    public struct Single: Hashable, Sendable, Codable {
      /// The member.
      public var nid: String
      /// `AddNewServer`, `RemoveServer` or `AddLearner`.
      public var action: String
    }
    /// What is asked for.
    public var changes: [Single]?
    /// Who votes from now on.
    public var newconf: [String]?
  }

  /// What belongs to some kinds of event only.
  public struct Properties: Hashable, Sendable, Codable {
    /// The change of the configuration.
    public var cc: Change
  }

  /// What happens.
  public var name: Name
  /// Where.
  public var nid: String
  /// The member's hard state: before a received message is handled, after all else.
  public var state: State
  /// The member's role.
  public var role: Role
  /// The index of its last entry.
  public var log: UInt64
  /// Who votes, and who voted before a change that is under way.
  public var conf: [[String]]
  /// The message that is sent or received.
  public var msg: Message?
  /// The change of the configuration.
  public var prop: Properties?
}
