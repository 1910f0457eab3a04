/// What one member says to another.
public struct Message: Hashable, Sendable {
  /// The sender.
  public var from: MemberID
  /// The receiver.
  public var to: MemberID
  /// The sender's term; for a pre-vote request, the term that it would campaign for.
  public var term: Term
  /// What is said.
  public var body: Body

  /// Makes a message.
  public init(from: MemberID, to: MemberID, term: Term, body: Body) {
    self.from = from
    self.to = to
    self.term = term
    self.body = body
  }

  /// The largest term of a position in the message. No member's log has one above the member's term.
  var highestPosition: Term {
    switch body {
    case .append(let append): max(append.previous.term, append.entries.last?.term ?? .zero)
    case .snapshotChunk(let chunk): chunk.metadata.position.term
    case .vote(let last, _), .preVote(let last), .heal(_, let last): last.term
    default: .zero
    }
  }

  /// The kinds of message, with their contents.
  public enum Body: Hashable, Sendable {
    /// Would you vote for me? Changes nobody's term (dissertation §9.6).
    case preVote(last: LogPosition)
    /// The answer to a pre-vote; `term` of the message echoes the asked one when granted.
    case preVoteReply(granted: Bool)
    /// Vote for me. `transfer` when the leader asked for this election (dissertation §3.10, §4.2.3).
    case vote(last: LogPosition, transfer: Bool)
    /// The answer to a vote request.
    case voteReply(granted: Bool)
    /// The leader's entries after `previous`, which may be none.
    case append(Append)
    /// The answer to `append`.
    case appendReply(AppendReply)
    /// The leader lives. `commit` never exceeds what the receiver is known to hold.
    case heartbeat(commit: LogIndex, round: UInt64)
    /// The answer to a heartbeat: confirms leadership for all reads that waited for `round`, and tells
    /// which level the sender's program supports.
    case heartbeatReply(round: UInt64, supports: FeatureLevel = .first)
    /// A piece of the leader's snapshot.
    case snapshotChunk(SnapshotChunk)
    /// How much of the snapshot has been written down; the leader sends from there.
    case snapshotReply(position: LogPosition, received: UInt64)
    /// Campaign at once: the leader hands over (dissertation §3.10).
    case timeoutNow
    /// A follower passes a proposal to the leader.
    case propose(ProposalID, payload: [UInt8])
    /// The proposal was not put into the log.
    case proposalRefused(ProposalID, ProposalRefusal)
    /// A follower asks up to where it must have applied before it may read (dissertation §6.4).
    case readIndex(batch: UInt64)
    /// The answer; nil when the receiver can't vouch for any index.
    case readIndexReply(batch: UInt64, index: LogIndex?)
    /// A follower passes a change of membership to the leader. It was asked for by somebody who could know
    /// of the configurations up to `seen`, what the follower then knew to be committed.
    case proposeChange(ProposalID, MembershipChange, seen: LogIndex)
    /// The change was not put into the log.
    case changeRefused(ProposalID, MembershipRefusal)
    /// A member whose disk lost entries asks how far the leader's log reaches, and says where its own
    /// ends now; see `Healing.swift`.
    case heal(nonce: UInt64, last: LogPosition)
    /// The answer.
    case healReply(nonce: UInt64, last: LogIndex)
  }
}

/// Entries for a follower, with the position that they follow.
public struct Append: Hashable, Sendable {
  /// The position before the first entry; the receiver must hold it.
  public var previous: LogPosition
  /// Entries with consecutive indexes from `previous.index + 1`.
  public var entries: [Entry]
  /// The leader's commit index.
  public var commit: LogIndex
  /// Makes an append.
  public init(previous: LogPosition, entries: [Entry], commit: LogIndex) {
    self.previous = previous
    self.entries = entries
    self.commit = commit
  }
}

/// A follower's answer to `Append`.
public enum AppendReply: Hashable, Sendable {
  /// The follower's log is durably the leader's up to `match`.
  case accepted(match: LogIndex)
  /// The follower doesn't hold `previous`. `hint` is the last position of its log that can still
  /// agree with a leader that probed there: the last one, at or before `previous`, whose term is not
  /// above the probed term.
  case rejected(previous: LogIndex, hint: LogPosition)
}

/// A piece of a snapshot file.
public struct SnapshotChunk: Hashable, Sendable {
  /// Which snapshot.
  public var metadata: SnapshotMetadata
  /// Where the piece begins, in bytes.
  public var offset: UInt64
  /// The piece.
  public var bytes: [UInt8]
  /// Whether it is the last piece.
  public var isLast: Bool
  /// The CRC-32C of the piece, made where it was read.
  public var check: UInt32
  /// Makes a chunk; without `check`, one that is whole.
  public init(
    metadata: SnapshotMetadata, offset: UInt64, bytes: [UInt8], isLast: Bool, check: UInt32? = nil
  ) {
    self.metadata = metadata
    self.offset = offset
    self.bytes = bytes
    self.isLast = isLast
    self.check = check ?? bytes.withUnsafeBytes { crc32c($0) }
  }

  /// Whether the piece is what was read at its sender. Reads all of it.
  var isIntact: Bool { bytes.withUnsafeBytes { crc32c($0) } == check }
}

/// Why a proposal is certainly not in the log.
public enum ProposalRefusal: UInt8, Hashable, Sendable {
  /// The receiver is not the leader, or knows none.
  case noLeader = 1
  /// Too much is waiting to be committed.
  case overloaded = 2
  /// The leader is handing over or can't write its disk.
  case unavailable = 3
}
