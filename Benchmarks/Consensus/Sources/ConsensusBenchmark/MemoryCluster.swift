import Raft

/// Replicas of one cluster in one thread: what one sends the others have at once, and a disk is done
/// as soon as it is asked. What is left to measure is the protocol.
struct MemoryCluster {
  private var replicas: [Replica]
  private var inboxes: [[Event]]
  /// Which one leads.
  private(set) var leader = 0
  /// Commands that the leader has applied.
  private(set) var completed = 0
  /// Events that were handled by anybody.
  private(set) var events = 0
  private var proposed: UInt64 = 0

  /// A cluster that has a leader.
  init(members: Int) {
    let configuration = Configuration(
      voters: (1...members).map {
        Member(id: MemberID(UInt64($0)), name: "n\($0)", address: "n\($0)")
      })
    replicas = configuration.ids.map { id in
      Replica(
        id: id, options: ReplicaOptions(), recovered: RecoveredLog(), initial: configuration,
        applied: .zero, seed: id.rawValue)
    }
    inboxes = replicas.map { _ in [] }
    while !hasLeader {
      for i in replicas.indices { inboxes[i].append(.tick) }
      settle()
    }
  }

  private var hasLeader: Bool {
    mutating get {
      leader = replicas.firstIndex { $0.status.role == .leader } ?? 0
      return replicas.allSatisfy { $0.status.leader == replicas[leader].id }
    }
  }

  /// Has the leader commit and apply commands, `outstanding` at a time, until `count` are through.
  mutating func run(_ count: Int, outstanding: Int, payload: [UInt8]) {
    let end = completed + count
    var begun = completed
    while completed < end {
      while begun < end, begun - completed < outstanding {
        proposed += 1
        begun += 1
        let id = ProposalID(member: replicas[leader].id, sequence: proposed)
        inboxes[leader].append(.propose(id, payload: payload))
      }
      turn()
    }
    settle()
  }

  private mutating func settle() {
    while inboxes.contains(where: { !$0.isEmpty }) { turn() }
  }

  /// Each member handles all that came, then does what must be done about it, as a node does.
  private mutating func turn() {
    for i in replicas.indices where !inboxes[i].isEmpty {
      let inbox = inboxes[i]
      inboxes[i].removeAll(keepingCapacity: true)
      events += inbox.count
      for event in inbox { replicas[i].handle(event) }
      for effect in replicas[i].takeEffects() { carryOut(effect, of: i) }
    }
  }

  private mutating func carryOut(_ effect: Effect, of member: Int) {
    switch effect {
    case .send(let message):
      inboxes[Int(message.to.rawValue) - 1].append(.receive(message))
    case .persist(let batch): inboxes[member].append(.persisted(batch.sequence))
    case .apply(let entries):
      if member == leader {
        completed += entries.count { if case .command = $0.content { true } else { false } }
      }
      if let last = entries.last { inboxes[member].append(.applied(last.position)) }
    case .takeSnapshot(let metadata): inboxes[member].append(.snapshotTaken(metadata))
    case .compactLog, .answerRead, .answerChange: break
    case .readEntries, .readSnapshot, .storeSnapshot, .installSnapshot, .failProposal:
      preconditionFailure("nobody lags here, and nothing fails: \(effect)")
    }
  }
}
