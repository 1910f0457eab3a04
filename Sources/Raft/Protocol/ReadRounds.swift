/// Linearizable reads on the leader: one round of heartbeats confirms leadership for all reads that
/// arrived before it began (read index, dissertation §6.4).
struct ReadRounds {
  /// Who asked.
  struct Request: Hashable {
    var member: MemberID
    var batch: UInt64
  }

  /// The latest round begun. Heartbeats carry it.
  private(set) var round: UInt64 = 0
  private var waiting: [Request] = []
  private var underWay: (requests: [Request], index: LogIndex, confirmed: Set<MemberID>)?

  mutating func add(_ request: Request) { waiting.append(request) }

  /// Begins a round for those waiting, unless one is under way: the next takes all that arrive
  /// meanwhile. Returns whether heartbeats must be sent.
  mutating func begin(commit: LogIndex) -> Bool {
    guard underWay == nil, !waiting.isEmpty else { return false }
    round += 1
    underWay = (waiting, commit, [])
    waiting = []
    return true
  }

  /// A member confirmed `round`. Returns the reads that may now be answered, with their index.
  mutating func confirm(
    _ round: UInt64, by member: MemberID, in configuration: Configuration
  ) -> (requests: [Request], index: LogIndex)? {
    guard round == self.round, underWay != nil else { return nil }
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
