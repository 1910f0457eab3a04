import DequeModule

/// Linearizable reads on the leader: one round of heartbeats confirms leadership for all reads that
/// arrived before it began (read index, dissertation §6.4).
struct ReadRounds {
  /// Who asked.
  struct Request: Hashable {
    var member: MemberID
    var batch: UInt64
  }

  /// The latest round of heartbeats. Each has a number of its own.
  private(set) var round: UInt64 = 0
  private var waiting = Deque<Request>()
  private var underWay:
    (requests: [Request], index: LogIndex, since: UInt64, confirmed: Set<MemberID>)?

  /// How many may wait.
  static let limit = 4096

  /// Adds a request. Returns one that must do without an answer, if too many wait because no round can
  /// begin: the oldest, whose reader has long given up.
  mutating func add(_ request: Request) -> Request? {
    waiting.append(request)
    return waiting.count > Self.limit ? waiting.removeFirst() : nil
  }

  /// Heartbeats are about to be sent.
  mutating func nextRound() -> UInt64 {
    round += 1
    return round
  }

  /// Has the next round confirm those waiting, unless one is under way: the one after takes all that
  /// arrive meanwhile. Returns whether heartbeats must be sent.
  mutating func begin(commit: LogIndex) -> Bool {
    guard underWay == nil, !waiting.isEmpty else { return false }
    underWay = (Array(waiting), commit, round + 1, [])
    waiting = []
    return true
  }

  /// A member confirmed `round`. Returns the reads that may now be answered, with their index.
  mutating func confirm(
    _ round: UInt64, by member: MemberID, in configuration: Configuration
  ) -> (requests: [Request], index: LogIndex)? {
    guard let since = underWay?.since, round >= since, round <= self.round else { return nil }
    underWay?.confirmed.insert(member)
    guard let current = underWay, configuration.hasQuorum(where: current.confirmed.contains) else {
      return nil
    }
    underWay = nil
    return (current.requests, current.index)
  }

  /// All reads that have no answer yet: leadership is lost.
  mutating func abandon() -> [Request] {
    defer {
      waiting = []
      underWay = nil
    }
    return (underWay?.requests ?? []) + waiting
  }
}
