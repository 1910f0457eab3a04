@testable import Simulator

/// The transitions of etcd's TLA+ specification of Raft, as far as a trace without changes of membership
/// and without snapshots takes them (etcd-io/raft, `tla/etcdraft.tla`), one method an action. Each event
/// of a trace must be a step that the specification allows from where the events before it have led.
struct ProtocolModel {
  struct Mismatch: Error, CustomStringConvertible {
    var description: String
  }

  private struct Node {
    var term: UInt64
    var vote: String
    var commit: UInt64
    var role = ProtocolEvent.Role.follower
    /// The terms of the entries from index 1 on.
    var log: [UInt64] = []
    var votes: Set<String> = []
    var match: [String: UInt64] = [:]
    /// Whether a leader of the term is known. The specification has no such thing: it lets a follower
    /// vote that has not voted and already follows. Neither etcd's Raft nor this one does.
    var followsLeader = false
    var lastLine: ProtocolEvent?

    func term(at index: UInt64) -> UInt64? {
      index == 0 ? 0 : index <= log.count ? log[Int(index) - 1] : nil
    }
  }

  /// A message on its way, with the terms of its entries.
  private struct Packet: Hashable {
    var message: ProtocolEvent.Message
    var terms: [UInt64] = []
  }

  private var nodes: [String: Node] = [:]
  private var pending: [String: [Packet]] = [:]
  private var network: [ProtocolEvent.Message: [Packet]] = [:]

  mutating func take(_ event: ProtocolEvent) throws {
    let id = event.nid
    if event.name == .initState {
      guard nodes[id] == nil else { throw Mismatch(description: "a restart is not modelled") }
      nodes[id] = Node(term: event.state.term, vote: event.state.vote, commit: event.state.commit)
      return
    }
    guard var node = nodes[id] else { throw Mismatch(description: "\(id) has not started") }
    if let message = event.msg, Self.receipts.contains(event.name) {
      try expect(node, event)
      try receive(message, &node, event)
    } else {
      try step(&node, event)
    }
    node.lastLine = event
    nodes[id] = node
  }

  private static let receipts: Set<ProtocolEvent.Name> = [
    .receiveAppend, .receiveAppendReply, .receiveVote, .receiveVoteReply,
  ]

  private func expect(_ node: Node, _ event: ProtocolEvent) throws {
    guard node.term == event.state.term, node.vote == event.state.vote,
      node.commit == event.state.commit, node.role == event.role, node.log.count == event.log
    else {
      throw Mismatch(
        description: "term \(node.term), vote \(node.vote), commit \(node.commit), \(node.role), "
          + "log \(node.log.count) is expected of \(event)")
    }
  }

  private func require(_ condition: Bool, _ event: ProtocolEvent) throws {
    if !condition { throw Mismatch(description: "not enabled: \(event)") }
  }

  private func isQuorum(_ members: [String], _ event: ProtocolEvent) -> Bool {
    event.conf[0].count(where: members.contains) * 2 > event.conf[0].count
  }

  // MARK: Steps of a member

  private mutating func step(_ node: inout Node, _ event: ProtocolEvent) throws {
    switch event.name {
    case .becomeCandidate:
      try require(node.role != .leader, event)
      node.role = .candidate
      node.term += 1
      node.vote = event.nid
      node.votes = []
      node.followsLeader = false
      try expect(node, event)
    case .becomeFollower: try becomeFollower(&node, event)
    case .becomeLeader:
      try require(node.role == .candidate && isQuorum(Array(node.votes), event), event)
      node.role = .leader
      node.match = [event.nid: UInt64(node.log.count)]
      try expect(node, event)
    case .replicate:
      try require(node.role == .leader, event)
      try expect(node, event)
      node.log.append(node.term)
    case .commit:
      let reached = (node.commit..<UInt64(node.log.count)).map { $0 + 1 }.last { index in
        isQuorum(node.match.filter { $0.value >= index }.map(\.key), event)
      }
      if let reached, node.term(at: reached) == node.term { node.commit = reached }
      try expect(node, event)
    case .sendAppend, .sendVote: try send(&node, event)
    case .sendAppendReply, .sendVoteReply:
      // Answers to others come to be when the request is handled.
      if event.msg?.to == event.nid { try send(&node, event) }
    case .ready:
      try expect(node, event)
      for packet in pending.removeValue(forKey: event.nid) ?? [] {
        network[packet.message, default: []].append(packet)
      }
    default: throw Mismatch(description: "not modelled: \(event)")
    }
  }

  private func becomeFollower(_ node: inout Node, _ event: ProtocolEvent) throws {
    if let line = node.lastLine, let message = line.msg, Self.receipts.contains(line.name),
      message.term == event.state.term,
      message.term > line.state.term || line.name == .receiveAppend && line.role == .candidate
    {
      return  // A part of handling that message.
    }
    // An inquiry's answer, which the specification does not know, may bring a newer term.
    if event.state.term > node.term { node.vote = "0" }
    node.term = max(node.term, event.state.term)
    node.role = .follower
    node.followsLeader = false
    try expect(node, event)
  }

  private mutating func send(_ node: inout Node, _ event: ProtocolEvent) throws {
    guard let message = event.msg else { throw Mismatch(description: "no message: \(event)") }
    try expect(node, event)
    var terms: [UInt64] = []
    switch message.type {
    case .append:
      let end = message.index + UInt64(message.entries)
      try require(
        node.role == .leader && message.index >= node.match[message.to] ?? 0
          && end <= node.log.count && node.term(at: message.index) == message.logTerm
          && message.commit == min(node.commit, end), event)
      terms = Array(node.log[Int(message.index)..<Int(end)])
    case .heartbeat:
      try require(
        node.role == .leader && message.commit == min(node.commit, node.match[message.to] ?? 0),
        event)
    case .vote:
      try require(
        node.role == .candidate && message.index == node.log.count
          && message.logTerm == node.log.last ?? 0, event)
    case .voteReply: try require(node.role == .candidate && !message.reject, event)
    case .appendReply:
      try require(node.role == .leader && message.index == node.log.count, event)
    case .heartbeatReply, .snapshot: throw Mismatch(description: "not modelled: \(event)")
    }
    pending[event.nid, default: []].append(Packet(message: message, terms: terms))
  }

  // MARK: Receiving

  private mutating func receive(
    _ message: ProtocolEvent.Message, _ node: inout Node, _ event: ProtocolEvent
  ) throws {
    let key = Self.essence(of: message)
    guard let packet = network[key]?.popLast() else {
      throw Mismatch(description: "was not sent: \(event)")
    }
    if message.term > node.term {
      node.term = message.term
      node.vote = "0"
      node.role = .follower
      node.followsLeader = false
    }
    switch message.type {
    case .vote: answerVote(message, &node, event)
    case .voteReply:
      if message.term == node.term, !message.reject { node.votes.insert(message.from) }
    case .append, .heartbeat: try follow(packet, &node, event)
    case .appendReply, .heartbeatReply:
      if message.term == node.term, !message.reject {
        node.match[message.from] = max(node.match[message.from] ?? 0, message.index)
      }
    case .snapshot: throw Mismatch(description: "not modelled: \(event)")
    }
  }

  /// Of an answer, what the specification compares.
  private static func essence(of message: ProtocolEvent.Message) -> ProtocolEvent.Message {
    guard message.type == .appendReply else { return message }
    return ProtocolEvent.Message(
      type: .appendReply, term: message.term, from: message.from, to: message.to,
      index: message.reject ? 0 : message.index, reject: message.reject)
  }

  private mutating func answer(
    _ event: ProtocolEvent, _ node: Node, _ type: ProtocolEvent.Message.Kind, to: String,
    index: UInt64 = 0, reject: Bool = false
  ) {
    let message = ProtocolEvent.Message(
      type: type, term: node.term, from: event.nid, to: to, index: index, reject: reject)
    pending[event.nid, default: []].append(Packet(message: message))
  }

  private mutating func answerVote(
    _ message: ProtocolEvent.Message, _ node: inout Node, _ event: ProtocolEvent
  ) {
    let last = (node.log.last ?? 0, UInt64(node.log.count))
    let isFree = node.vote == "0" && !node.followsLeader
    let grants =
      message.term == node.term && (message.logTerm, message.index) >= last
      && (isFree || node.vote == message.from)
    if grants { node.vote = message.from }
    answer(event, node, .voteReply, to: message.from, reject: !grants)
  }

  private mutating func follow(
    _ packet: Packet, _ node: inout Node, _ event: ProtocolEvent
  ) throws {
    let message = packet.message
    guard message.term == node.term else {
      return answer(event, node, .appendReply, to: message.from, reject: true)
    }
    try require(node.role != .leader, event)
    node.role = .follower
    node.followsLeader = true
    if message.type == .heartbeat {
      node.commit = max(node.commit, message.commit)
      return answer(event, node, .heartbeatReply, to: message.from)
    }
    if message.index < node.commit {
      return answer(event, node, .appendReply, to: message.from, index: node.commit)
    }
    guard node.term(at: message.index) == message.logTerm else {
      return answer(event, node, .appendReply, to: message.from, reject: true)
    }
    for (offset, term) in packet.terms.enumerated() {
      let place = Int(message.index) + offset
      if place < node.log.count, node.log[place] != term {
        node.log.removeLast(node.log.count - place)
      }
      if place == node.log.count { node.log.append(term) }
    }
    let end = message.index + UInt64(packet.terms.count)
    node.commit = max(node.commit, min(message.commit, end))
    answer(event, node, .appendReply, to: message.from, index: end)
  }
}
