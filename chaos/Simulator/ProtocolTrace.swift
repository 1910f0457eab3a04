import Raft

/// Watches the members' statuses, the messages they handle and their effects, and tells what they amount
/// to in the terms of etcd's TLA+ specification.
struct ProtocolTrace {
  /// Takes the events in order, each with its simulated time in microseconds.
  typealias Sink = @Sendable (Int, ProtocolEvent) -> Void

  /// What a status does not tell of a member.
  private struct Node {
    var role = ProtocolEvent.Role.follower
    /// The batch that makes the vote for itself durable, while that is awaited.
    var ownVote: (term: Term, batch: UInt64?)?
    /// The ends of its log that it acknowledged to itself since it leads.
    var acknowledged: Set<LogIndex> = []
    /// How many of the leader's messages in its outbox were told of.
    var told = 0
    var hasNews = false
  }

  struct Answer: Hashable {
    var from: MemberID
    var to: MemberID
    var term: Term
  }

  private let sink: Sink?
  private(set) var ordinals: [MemberID: Int]
  private var nodes: [MemberID: Node] = [:]
  /// How many answers to leaders of older terms are on their way.
  private(set) var answersToStale: [Answer: Int] = [:]
  private var now = 0

  /// - Parameter members: in the order in which the trace numbers them, from 1.
  init(members: [MemberID], sink: Sink?) {
    self.sink = sink
    ordinals = Dictionary(uniqueKeysWithValues: zip(members, 1...))
  }

  /// One more member. It gets the next number.
  mutating func add(_ member: MemberID) { ordinals[member] = ordinals.count + 1 }

  /// Whether anybody listens. If not, there is no need to ask for statuses.
  var isOn: Bool { sink != nil }

  // MARK: What is watched

  mutating func started(_ status: ReplicaStatus, at time: Int) {
    now = time
    nodes[status.id] = Node()
    emit(.initState, status)
    nodes[status.id]?.hasNews = false
  }

  /// A member handled an event; `outbox` is what it has not sent yet.
  mutating func handled(
    _ event: Event, _ before: ReplicaStatus, _ after: ReplicaStatus, outbox: [Message],
    at time: Int
  ) {
    now = time
    switch event {
    case .receive(let message): received(message, before, after)
    case .persisted(let batch): persisted(batch, before, after)
    default: break
    }
    changed(before, after)
    tell(outbox.filter(Self.isLeaders), after)
  }

  /// A member takes stock of what it handled.
  mutating func finished(
    _ effects: [Effect], _ before: ReplicaStatus, _ after: ReplicaStatus, at time: Int
  ) {
    now = time
    changed(before, after)
    acknowledgeToItself(after)
    let messages = effects.compactMap { if case .send(let message) = $0 { message } else { nil } }
    tell(messages.filter(Self.isLeaders), after)
    nodes[after.id]?.told = 0
    for message in messages where !Self.isLeaders(message) { sent(message, after) }
    var isReady = false
    for case .persist(let batch) in effects {
      isReady = true
      if batch.hardState?.vote == after.id, let vote = nodes[after.id]?.ownVote,
        vote.term == batch.hardState?.term
      {
        nodes[after.id]?.ownVote?.batch = batch.sequence
      }
    }
    if isReady || nodes[after.id]?.hasNews == true { emit(.ready, after) }
    nodes[after.id]?.hasNews = false
  }

  // MARK: Messages

  private mutating func received(
    _ message: Message, _ before: ReplicaStatus, _ after: ReplicaStatus
  ) {
    // A request that is ignored for a live leader's sake is as good as lost.
    if case .vote = message.body, message.term > after.term { return }
    guard let described = describe(message) else { return }
    let name: ProtocolEvent.Name =
      switch described.type {
      case .append, .heartbeat, .snapshot: .receiveAppend
      case .appendReply, .heartbeatReply: .receiveAppendReply
      case .vote: .receiveVote
      case .voteReply: .receiveVoteReply
      }
    emit(name, before) { $0.msg = described }
    if Self.isLeaders(message), message.term < before.term {
      let answer = Answer(from: before.id, to: message.from, term: before.term)
      answersToStale[answer, default: 0] += 1
    } else if described.type == .appendReply, case .heartbeatReply = message.body {
      answersToStale[Answer(from: message.from, to: message.to, term: message.term)]? -= 1
    }
  }

  /// Tells of those of a leader's messages that are new.
  private mutating func tell(_ messages: [Message], _ status: ReplicaStatus) {
    let told = nodes[status.id]?.told ?? 0
    for message in messages.dropFirst(told) { sent(message, status) }
    // A member whose log fails empties its outbox early.
    nodes[status.id]?.told = max(messages.count, told)
  }

  private mutating func sent(_ message: Message, _ status: ReplicaStatus) {
    // Requests for votes are told of when they are decided on.
    if case .vote = message.body { return }
    guard let described = describe(message) else { return }
    let name: ProtocolEvent.Name =
      switch described.type {
      case .append, .heartbeat, .snapshot: .sendAppend
      case .appendReply, .heartbeatReply: .sendAppendReply
      case .vote: .sendVote
      case .voteReply: .sendVoteReply
      }
    emit(name, status) { $0.msg = described }
  }

  // MARK: A member's messages to itself

  private mutating func persisted(
    _ batch: UInt64, _ before: ReplicaStatus, _ after: ReplicaStatus
  ) {
    if let vote = nodes[before.id]?.ownVote, let awaited = vote.batch, awaited <= batch {
      nodes[before.id]?.ownVote = nil
      if vote.term == before.term, nodes[before.id]?.role == .candidate {
        emit(.receiveVoteReply, before) { $0.msg = .toItself(.voteReply, $0) }
      }
    }
    if before.role == .leader, after.durable > before.durable,
      nodes[before.id]?.acknowledged.remove(after.durable) != nil
    {
      emit(.receiveAppendReply, before) {
        $0.msg = .toItself(.appendReply, $0, index: after.durable.rawValue)
      }
    }
  }

  /// The specification lets a leader count itself by an answer to itself.
  private mutating func acknowledgeToItself(_ status: ReplicaStatus) {
    guard status.role == .leader, status.last.term == status.term,
      status.last.index > status.durable,
      nodes[status.id]?.acknowledged.insert(status.last.index).inserted == true
    else { return }
    emit(.sendAppendReply, status) {
      $0.msg = .toItself(.appendReply, $0, index: status.last.index.rawValue)
    }
  }

  // MARK: Changes of the status

  private mutating func changed(_ before: ReplicaStatus, _ after: ReplicaStatus) {
    let old = nodes[after.id]?.role ?? .follower
    let isNewTerm = after.term > before.term
    var logged = before.last.index
    switch after.role {
    case .candidate:
      // An inquiry leaves the term as it is.
      if isNewTerm { campaign(after) }
    case .follower, .learner:
      guard old != .follower || isNewTerm else { break }
      become(.follower, after.id)
      emit(.becomeFollower, before) {
        if isNewTerm { $0.state.vote = "0" }
        $0.state.term = after.term.rawValue
      }
    case .leader:
      guard old != .leader || isNewTerm else { break }
      become(.leader, after.id)
      emit(.becomeLeader, after) {
        $0.log = logged.rawValue
        $0.state.commit = before.commit.rawValue
      }
    }
    guard after.role == .leader else { return configure(before, after) }
    let conf = configuration(before)
    while logged < after.last.index {
      if logged.next == after.configurationIndex {
        propose(before, after)
      } else {
        emit(.replicate, after) {
          $0.log = logged.rawValue
          $0.state.commit = before.commit.rawValue
          $0.conf = conf
        }
      }
      logged = logged.next
    }
    configure(before, after)
    if after.commit > before.commit { emit(.commit, after) }
  }

  private mutating func become(_ role: ProtocolEvent.Role, _ id: MemberID) {
    nodes[id]?.role = role
    nodes[id]?.acknowledged = []
  }

  private mutating func campaign(_ status: ReplicaStatus) {
    become(.candidate, status.id)
    nodes[status.id]?.ownVote = (status.term, nil)
    emit(.becomeCandidate, status)
    for peer in status.configuration.ids
    where peer != status.id && status.configuration.isVoter(peer) {
      let request = Message(
        from: status.id, to: peer, term: status.term,
        body: .vote(last: status.last, transfer: false))
      let described = describe(request)
      emit(.sendVote, status) { $0.msg = described }
    }
    emit(.sendVoteReply, status) { $0.msg = .toItself(.voteReply, $0) }
  }

  // MARK: Configurations

  /// The leader's log has a new configuration.
  private mutating func propose(_ before: ReplicaStatus, _ after: ReplicaStatus) {
    let changes = changes(from: before.configuration, to: after.configuration)
    emit(.changeConfiguration, before) { $0.prop = .init(cc: .init(changes: changes)) }
  }

  /// A configuration is in force, from the moment it is in the log.
  private mutating func configure(_ before: ReplicaStatus, _ after: ReplicaStatus) {
    guard after.configuration != before.configuration else { return }
    let conf = configuration(before)
    let change = ProtocolEvent.Change(newconf: configuration(after)[0])
    emit(.applyConfiguration, after) {
      $0.conf = conf
      $0.prop = .init(cc: change)
    }
  }

  // MARK: Writing

  private mutating func emit(
    _ event: ProtocolEvent.Name, _ status: ReplicaStatus,
    _ complete: (inout ProtocolEvent) -> Void = { _ in }
  ) {
    var described = ProtocolEvent(
      name: event, nid: name(status.id),
      state: ProtocolEvent.State(
        term: status.term.rawValue, vote: status.vote.map(name) ?? "0",
        commit: status.commit.rawValue),
      role: nodes[status.id]?.role ?? .follower, log: status.last.index.rawValue,
      conf: configuration(status))
    complete(&described)
    nodes[status.id]?.hasNews = true
    sink?(now, described)
  }
}
