import DequeModule

/// What a member currently is, each role with the state that it alone has.
enum Role {
  case follower(Follower)
  case candidate(Candidate)
  case leader(Leader)
}

/// Follows the leader of its term, if it knows one.
struct Follower {
  var leader: MemberID?
  /// The log is this leader's up to here. Never beyond the log's end.
  var matched = LogIndex.zero
}

/// Asks for votes. A pre-candidate has not yet raised its term: it first learns whether it could win
/// (dissertation §9.6).
struct Candidate {
  /// Whether this is only the inquiry.
  let isInquiry: Bool
  /// The leader asked for this election.
  let isTransfer: Bool
  private var votes: [MemberID: Bool] = [:]

  init(isInquiry: Bool, isTransfer: Bool) {
    self.isInquiry = isInquiry
    self.isTransfer = isTransfer
  }

  mutating func record(_ granted: Bool, from id: MemberID) {
    if votes[id] == nil { votes[id] = granted }
  }

  func hasWon(in configuration: Configuration) -> Bool {
    configuration.hasQuorum { votes[$0] == true }
  }

  func hasLost(in configuration: Configuration) -> Bool {
    // Lost once those who may still say yes are no quorum.
    !configuration.hasQuorum { votes[$0] != false }
  }
}

/// Rules its term.
struct Leader {
  /// Every other member's progress, and that of members which were removed a moment ago.
  var peers: Peers
  /// Those who were removed, with the ticks for which they are still told of it.
  var departing: [MemberID: Int] = [:]
  /// Where the log holds the configuration that `peers` goes by.
  var peersAsOf: LogIndex
  /// The index of this term's first entry. Until it is committed, reads wait (dissertation §6.4).
  let termStart: LogIndex
  var reads = ReadRounds()
  var lease = Lease()
  /// Whom leadership is being handed to, and for how many ticks.
  var transfer: (target: MemberID, ticks: Int)?
  /// What became of the changes of membership that were asked for.
  var changes = ChangeOutcomes()
  /// Ticks of this leadership, those since the last heartbeat, and since the last quorum check.
  var ticks = 0
  var heartbeatTicks = 0
  var quorumTicks = 0
  /// Quorum checks for which no transfer for priority's sake is tried again.
  var priorityPause = 0
  /// The oldest batch that the own disk had not completed at the last tick, and for how many ticks.
  var stall: (batch: UInt64, ticks: Int)?
  /// How much of a snapshot may be sent now.
  var snapshotBudget = 0
  /// This term's proposals that are not committed.
  var uncommitted = UncommittedEntries()

  init(peers: Peers, termStart: LogIndex, peersAsOf: LogIndex) {
    self.peers = peers
    self.termStart = termStart
    self.peersAsOf = peersAsOf
  }

  /// What stands in for the state while it is being changed, so that it is changed in place.
  static let takenOut = Leader(peers: Peers(), termStart: .zero, peersAsOf: .zero)
}

/// How many bytes wait to be committed.
struct UncommittedEntries {
  private var entries = Deque<(index: LogIndex, weight: Int)>()
  private(set) var bytes = 0

  mutating func add(_ entry: Entry) {
    entries.append((entry.index, entry.weight))
    bytes += entry.weight
  }

  mutating func committed(through index: LogIndex) {
    while let first = entries.first, first.index <= index {
      entries.removeFirst()
      bytes -= first.weight
    }
  }
}
