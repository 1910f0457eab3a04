@testable import Raft

/// Sees what happens in a `TestCluster`.
protocol ClusterObserver: AnyObject {
  /// A member took an event in; it stood as `before`, and wants these effects carried out. Messages among
  /// them are told of by `sent`.
  func stepped(
    _ id: MemberID, from before: ReplicaStatus, to after: ReplicaStatus, _ effects: [Effect])
  /// A message was given to the network.
  func sent(_ message: Message, isLost: Bool)
}

/// Replicas in one process with an instant network and disk that tests can hold up at will.
struct TestCluster {
  /// What a member's disk holds; survives `restart`.
  struct Disk {
    var log = RecoveredLog()
    var entries: [LogIndex: Entry] = [:]
    var snapshots: [LogPosition: [UInt8]] = [:]
  }

  private(set) var replicas: [MemberID: Replica] = [:]
  private(set) var disks: [MemberID: Disk] = [:]
  /// Everything each member's state machine has applied, in order.
  private(set) var applied: [MemberID: [Entry]] = [:]
  private(set) var failedProposals: [ProposalID: ProposalFailure] = [:]
  private var changesAsked: UInt64 = 0
  private(set) var changeAnswers: [ProposalID: MembershipAnswer] = [:]
  private(set) var readAnswers: [ReadID: ReadFailure?] = [:]
  private(set) var sent: [Message] = []
  /// Messages under way, oldest first.
  private(set) var network: [Message] = []
  /// Writes that a slow disk has not completed, oldest first.
  private(set) var heldWrites: [MemberID: [PersistBatch]] = [:]
  private var strangers: Set<MemberID> = []
  private var installed: [MemberID: LogPosition] = [:]

  /// Everybody's clock; `run` lets ten milliseconds pass a round.
  var now: UInt64 = 1

  let configuration: Configuration
  var options: ReplicaOptions
  /// What members' programs support, from their next start on, where that is not the first level.
  var featureLevels: [MemberID: FeatureLevel] = [:]
  /// Whether a message arrives.
  var delivers: (Message) -> Bool = { _ in true }
  /// Whether a message is lost as soon as it is sent.
  var loses: (Message) -> Bool = { _ in false }
  /// Whether a message stays under way though all others are delivered.
  var holds: (Message) -> Bool = { _ in false }
  var observer: (any ClusterObserver)?
  /// Members whose writes wait until `releaseWrites`.
  var slowDisks: Set<MemberID> = []
  private(set) var stopped: Set<MemberID> = []

  /// `count` voters, and learners with the IDs that follow upon theirs.
  init(_ count: Int, learners: Int = 0, options: ReplicaOptions = ReplicaOptions()) {
    let members = (1...count + learners).map {
      Member(id: MemberID(UInt64($0)), name: "n\($0)", address: "n\($0):1")
    }
    configuration = Configuration(
      members: members, voters: members.prefix(count).map(\.id),
      learners: members.dropFirst(count).map(\.id))
    self.options = options
    for member in members {
      disks[member.id] = Disk()
      start(member.id)
    }
  }

  /// Everybody, whether the cluster knows of them or not.
  var ids: [MemberID] { replicas.keys.sorted() }

  func status(_ id: MemberID) -> ReplicaStatus { replicas[id]!.status }

  /// The only live leader of the highest term, if all agree that far.
  var leader: MemberID? {
    let leaders = ids.filter { !stopped.contains($0) && status($0).role == .leader }
    return leaders.max { status($0).term < status($1).term }
  }

  func commands(of id: MemberID) -> [[UInt8]] {
    applied[id, default: []].compactMap {
      if case .command(let payload, _) = $0.content { payload } else { nil }
    }
  }

  // MARK: Membership

  /// Starts a member of which nobody knows yet, with an empty disk.
  mutating func addStranger(_ id: MemberID) -> Member {
    strangers.insert(id)
    disks[id] = Disk()
    start(id)
    return Member(id: id, name: "n\(id.rawValue)", address: "n\(id.rawValue):1")
  }

  /// Asks for a change on a member, delivers what follows, and returns the answer, if there is one.
  mutating func change(_ change: MembershipChange, on id: MemberID) -> MembershipAnswer? {
    changesAsked += 1
    let proposal = ProposalID(member: id, sequence: 1_000_000 + changesAsked)
    handle(.changeMembership(proposal, change), on: id)
    deliver()
    return changeAnswers[proposal]
  }

  // MARK: Driving

  mutating func handle(_ event: Event, on id: MemberID) {
    guard !stopped.contains(id), replicas[id] != nil else { return }
    let before = status(id)
    replicas[id]!.handle(event, at: Moment(rawValue: now))
    let effects = replicas[id]!.takeEffects()
    observer?.stepped(id, from: before, to: status(id), effects)
    carryOut(effects, of: id)
  }

  mutating func tick(_ id: MemberID, times: Int = 1) {
    for _ in 0..<times { handle(.tick, on: id) }
  }

  /// Ticks all and delivers all messages, `rounds` times.
  mutating func run(rounds: Int) {
    for _ in 0..<rounds {
      now += 10_000_000
      for id in ids { handle(.tick, on: id) }
      deliver()
    }
  }

  /// Delivers messages until none is left but those that are held.
  mutating func deliver() {
    let holds = holds
    while network.contains(where: { !holds($0) }) { deliver { !holds($0) } }
  }

  /// Delivers what is under way and `chosen`, not what is sent upon that.
  mutating func deliver(_ chosen: (Message) -> Bool) {
    for message in take(chosen) where delivers(message) {
      handle(.receive(message), on: message.to)
    }
  }

  /// Takes messages off the network: they are lost, unless the caller knows better.
  @discardableResult
  mutating func take(_ chosen: (Message) -> Bool) -> [Message] {
    let taken = network.filter(chosen)
    network.removeAll(where: chosen)
    return taken
  }

  /// Runs until there is a leader that everybody follows.
  mutating func elect() -> MemberID {
    for _ in 0..<1000 {
      if let leader, ids.allSatisfy({ stopped.contains($0) || status($0).leader == leader }) {
        return leader
      }
      run(rounds: 1)
    }
    preconditionFailure("no leader after 1000 rounds")
  }

  /// Makes this very member lead: nobody else's campaign is heard.
  mutating func elect(_ id: MemberID) {
    let network = delivers
    delivers = { message in
      switch message.body {
      case .preVote, .vote: message.from == id && network(message)
      default: network(message)
      }
    }
    for _ in 0..<1000 where leader != id { run(rounds: 1) }
    precondition(leader == id, "\(id) was not elected")
    delivers = network
    run(rounds: options.consensus.heartbeatTicks)
  }

  mutating func propose(_ text: String, on id: MemberID, sequence: UInt64? = nil) -> ProposalID {
    let proposal = ProposalID(member: id, sequence: sequence ?? UInt64(sent.count + 1))
    handle(.propose(proposal, payload: Array(text.utf8)), on: id)
    return proposal
  }

  // MARK: Faults

  mutating func stop(_ id: MemberID) {
    stopped.insert(id)
    heldWrites[id] = []
  }

  /// Starts a member with what its disk holds. Its state machine keeps what it had, or nothing.
  mutating func restart(_ id: MemberID, keepsState: Bool = true) {
    stopped.remove(id)
    heldWrites[id] = []
    if !keepsState {
      applied[id] = []
      installed[id] = nil
    }
    start(id)
  }

  mutating func cut(_ group: Set<MemberID>) {
    delivers = { group.contains($0.from) == group.contains($0.to) }
  }

  mutating func heal() { delivers = { _ in true } }

  mutating func releaseWrites(of id: MemberID, count: Int = .max) {
    let batches = heldWrites[id, default: []].prefix(count)
    heldWrites[id, default: []].removeFirst(batches.count)
    for batch in batches { write(batch, to: id) }
  }

  /// A stopped member's disk loses the entries from `index` on, and its state machine all it had.
  mutating func damage(_ id: MemberID, from index: LogIndex) {
    disks[id]!.log.terms.truncate(from: index)
    disks[id]!.log.configurations.removeAll { $0.index >= index }
    disks[id]!.log.quarantine = Quarantine(file: "wal", offset: 0, reason: "a test")
    disks[id]!.entries = disks[id]!.entries.filter { $0.key < index }
    applied[id] = []
  }

  /// A stopped member's disk may have lost entries, though it has not.
  mutating func quarantine(_ id: MemberID) {
    disks[id]!.log.quarantine = Quarantine(file: "wal", offset: 0, reason: "a test")
  }

  mutating func loseSnapshots(_ id: MemberID) {
    disks[id]!.snapshots = [:]
    disks[id]!.log.snapshot = nil
  }

  /// Puts a history onto a stopped member's disk.
  mutating func seed(_ id: MemberID, entries: [Entry], term: Term) {
    var disk = Disk()
    disk.log.hardState = HardState(term: term)
    for entry in entries {
      disk.log.terms.append(entry.position)
      disk.entries[entry.index] = entry
    }
    disks[id] = disk
    applied[id] = []
  }

  // MARK: Effects

  private mutating func start(_ id: MemberID) {
    let position = applied[id]?.last?.position ?? installed[id] ?? .zero
    var options = options
    options.consensus.featureLevel = featureLevels[id] ?? .first
    let replica = Replica(
      id: id, options: options, recovered: disks[id]!.log,
      initial: strangers.contains(id) ? Configuration() : configuration,
      applied: position, seed: id.rawValue)
    replicas[id] = replica
    let effects = replicas[id]!.takeEffects()
    observer?.stepped(id, from: replica.status, to: status(id), effects)
    carryOut(effects, of: id)
  }

  private mutating func carryOut(_ effects: [Effect], of id: MemberID) {
    for effect in effects {
      switch effect {
      case .send(let message):
        sent.append(message)
        let isLost = loses(message)
        observer?.sent(message, isLost: isLost)
        if !isLost { network.append(message) }
      case .persist(let batch):
        if slowDisks.contains(id) {
          heldWrites[id, default: []].append(batch)
        } else {
          write(batch, to: id)
        }
      case .readEntries(let read):
        let last = min(read.through, disks[id]!.log.terms.lastIndex)
        var entries: [Entry] = []
        var bytes = 0
        var index = read.from
        while index <= last, let entry = disks[id]!.entries[index] {
          bytes += entry.weight
          if bytes > read.maxBytes, !entries.isEmpty { break }
          entries.append(entry)
          index = index.next
        }
        handle(.entriesRead(read, entries), on: id)
      case .apply(let entries):
        applied[id, default: []] += entries
        handle(.applied(entries.last!.position), on: id)
      case .takeSnapshot(let metadata):
        disks[id]!.snapshots[metadata.position] = Array("state@\(metadata.position)".utf8)
        disks[id]!.log.snapshot = metadata
        handle(.snapshotTaken(metadata), on: id)
      case .compactLog(let index): disks[id]!.log.terms.compact(through: index)
      case .readSnapshot(let read):
        let bytes = disks[id]!.snapshots[read.metadata.position]
        let chunk = bytes.map { bytes in
          let start = Int(read.offset)
          let end = min(bytes.count, start + read.maxBytes)
          return SnapshotChunk(
            metadata: read.metadata, offset: read.offset, bytes: Array(bytes[start..<end]),
            isLast: end == bytes.count)
        }
        handle(.snapshotRead(read, chunk), on: id)
      case .storeSnapshot(let chunk, let leader):
        let position = chunk.metadata.position
        var bytes = disks[id]!.snapshots[position, default: []]
        // What another leader sends of the same snapshot goes on where the last one stopped.
        let follows = chunk.offset == bytes.count
        if follows { bytes += chunk.bytes }
        disks[id]!.snapshots[position] = bytes
        if follows, chunk.isLast {
          disks[id]!.log.snapshot = chunk.metadata
          handle(.snapshotReceived(chunk.metadata), on: id)
        } else {
          let received = UInt64(bytes.count)
          handle(.snapshotStored(chunk.metadata, from: leader, received: received), on: id)
        }
      case .installSnapshot(let metadata):
        applied[id] = []
        installed[id] = metadata.position
        handle(.snapshotInstalled(metadata.position), on: id)
      case .failProposal(let proposal, let failure): failedProposals[proposal] = failure
      case .answerChange(let id, let answer): changeAnswers[id] = answer
      case .answerRead(let read, let failure): readAnswers[read] = .some(failure)
      }
    }
  }

  private mutating func write(_ batch: PersistBatch, to id: MemberID) {
    if case .begins(let loss) = batch.quarantine { disks[id]!.log.quarantine = loss }
    if let hardState = batch.hardState { disks[id]!.log.hardState = hardState }
    if let restart = batch.restart {
      disks[id]!.log.terms = TermIndex(base: restart)
      disks[id]!.entries = [:]
    }
    for entry in batch.entries {
      disks[id]!.log.terms.truncate(from: entry.index)
      disks[id]!.log.terms.append(entry.position)
      disks[id]!.entries[entry.index] = entry
    }
    for entry in batch.entries {
      guard case .configuration(let configuration, _) = entry.content else { continue }
      disks[id]!.log.configurations.removeAll { $0.index >= entry.index }
      disks[id]!.log.configurations.append((entry.index, configuration))
    }
    if batch.quarantine == .ends { disks[id]!.log.quarantine = nil }
    handle(.persisted(batch.sequence), on: id)
  }
}
