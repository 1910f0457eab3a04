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
  /// Every other member's progress.
  var peers: [MemberID: Progress]
  /// The index of this term's first entry. Until it is committed, reads wait (dissertation §6.4).
  let termStart: LogIndex
  var reads = ReadRounds()
  /// Whom leadership is being handed to, and for how many ticks.
  var transfer: (target: MemberID, ticks: Int)?
  /// Ticks since the last heartbeat and the last quorum check.
  var heartbeatTicks = 0
  var quorumTicks = 0
  /// This term's proposals that are not committed.
  var uncommitted = UncommittedEntries()

  init(peers: [MemberID: Progress], termStart: LogIndex) {
    self.peers = peers
    self.termStart = termStart
  }
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
