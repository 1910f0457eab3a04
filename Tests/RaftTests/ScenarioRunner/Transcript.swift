@testable import Raft

/// Writes down what happens, a line for what a member does about an event and one for each message.
final class Transcript: ClusterObserver {
  private var lines: [String] = []
  /// Members whose writes take time.
  var slowDisks: Set<MemberID> = []
  /// Leaves out all but what clients are answered.
  var isQuiet = false
  /// Where each member's log ends as far as its disk was told.
  private var written: [MemberID: LogIndex] = [:]
  private var proposals: [ProposalID: String] = [:]
  /// Who was seen leading each term (Election Safety, paper §5.2).
  private var leaders: [Term: MemberID] = [:]
  /// Two leaders of one term, if there were.
  private(set) var rivals: String?

  /// The lines since the last call.
  func take() -> [String] {
    defer { lines = [] }
    return lines
  }

  func add(_ line: String) { lines.append(line) }

  func name(_ proposal: ProposalID, _ name: String) { proposals[proposal] = name }

  /// Forgets what the disk was told: it is another one now, or the member starts again.
  func starts(_ id: MemberID, last: LogIndex) { written[id] = last }

  // MARK: ClusterObserver

  func sent(_ message: Message, isLost: Bool) {
    if !isQuiet { add(Wording.message(message, isLost: isLost)) }
  }

  func stepped(
    _ id: MemberID, from before: ReplicaStatus, to after: ReplicaStatus, _ effects: [Effect]
  ) {
    if after.role == .leader {
      let known = leaders[after.term] ?? id
      leaders[after.term] = known
      if known != id { rivals = "\(known.letter) and \(id.letter) both lead term \(after.term)" }
    }
    var parts = isQuiet ? [] : Self.changes(from: before, to: after)
    parts += effects.compactMap { part($0, of: id) }
    if !parts.isEmpty { add("\(id.letter)  \(parts.joined(separator: "; "))") }
  }

  private func part(_ effect: Effect, of id: MemberID) -> String? {
    let work = work(effect, of: id)
    return answer(effect) ?? (isQuiet ? nil : work)
  }

  /// What a client is told.
  private func answer(_ effect: Effect) -> String? {
    switch effect {
    case .failProposal(let proposal, let failure):
      "proposal \(proposals[proposal] ?? "") \(Wording.failure(failure))"
    case .answerRead(let read, let failure):
      switch failure {
      case nil: "read \(read.rawValue) is answered"
      case .noLeader: "read \(read.rawValue) fails: no leader"
      case .stateBehind: "read \(read.rawValue) fails: the state is behind"
      }
    case .answerChange(_, let answer): "the change \(Wording.answer(answer))"
    default: nil
    }
  }

  /// What the disk and the state machine are given to do.
  private func work(_ effect: Effect, of id: MemberID) -> String? {
    switch effect {
    case .persist(let batch): write(batch, of: id)
    case .apply(let entries): "applies \(Wording.entries(entries))"
    case .readEntries(let read):
      switch read.purpose {
      case .send(let peer): "reads entries from \(read.from) on for \(peer.letter)"
      case .apply: "reads entries from \(read.from) on to apply them"
      }
    case .takeSnapshot(let metadata): "takes snapshot \(metadata.position)"
    case .readSnapshot(let read):
      "reads its snapshot from byte \(read.offset) for \(read.peer.letter)"
    case .storeSnapshot(let chunk, _):
      "stores bytes \(chunk.offset) to \(chunk.offset + UInt64(chunk.bytes.count))"
    case .installSnapshot(let metadata): "installs snapshot \(metadata.position)"
    default: nil
    }
  }

  private func write(_ batch: PersistBatch, of id: MemberID) -> String {
    let verb = slowDisks.contains(id) ? "begins to write" : "writes"
    var text = "\(verb) \(Self.contents(of: batch))"
    if batch.restart != nil { written[id] = batch.restart?.index }
    if let first = batch.entries.first, let last = batch.entries.last {
      if let end = written[id], end >= first.index {
        text += " over \(first.index == end ? "" : "\(first.index)…")\(end)"
      }
      written[id] = last.index
    }
    return text
  }

  static func contents(of batch: PersistBatch) -> String {
    var parts: [String] = []
    if let ballot = batch.hardState {
      parts.append(
        "term \(ballot.term)\(ballot.vote.map { " with a vote for \($0.letter)" } ?? "")")
    }
    if let restart = batch.restart { parts.append("a log that begins after \(restart)") }
    if !batch.entries.isEmpty { parts.append(Wording.positions(batch.entries)) }
    switch batch.quarantine {
    case .begins: parts.append("that it is in quarantine")
    case .ends: parts.append("that its quarantine ends")
    case nil: break
    }
    return parts.joined(separator: " and ")
  }

  // MARK: Members

  /// What is different about a member now.
  static func changes(from before: ReplicaStatus, to after: ReplicaStatus) -> [String] {
    var parts: [String] = []
    if after.isHalted, !before.isHalted { parts.append("takes part in nothing any more") }
    if after.role != before.role { parts.append("becomes \(after.role.rawValue)") }
    if after.term != before.term { parts.append("term \(after.term)") }
    if let vote = after.vote, after.vote != before.vote || after.term != before.term {
      parts.append("votes for \(vote.letter)")
    }
    if after.leader != before.leader, after.leader != after.id {
      if let leader = after.leader {
        parts.append("follows \(leader.letter)")
      } else if after.role == .follower || after.role == .learner {
        parts.append("follows nobody")
      }
    }
    if after.configuration != before.configuration {
      parts.append("goes by \(Wording.configuration(after.configuration))")
    }
    if after.commit != before.commit { parts.append("commit \(after.commit)") }
    if after.isRemoved, !before.isRemoved { parts.append("is out") }
    if after.base != before.base { parts.append("log begins after \(after.base)") }
    if before.quarantine == nil, after.quarantine != nil { parts.append("is in quarantine") }
    if before.quarantine != nil, after.quarantine == nil { parts.append("has healed") }
    return parts + changes(ofPeers: before, after)
  }

  private static func changes(ofPeers before: ReplicaStatus, _ after: ReplicaStatus) -> [String] {
    guard before.role == .leader, after.role == .leader else { return [] }
    var parts: [String] = []
    for peer in after.peers {
      guard let old = before.peers.first(where: { $0.id == peer.id }) else { continue }
      if peer.isCatchingUp != old.isCatchingUp {
        parts.append("\(peer.isCatchingUp ? "probes" : "streams to") \(peer.id.letter)")
      }
      let learns = after.configuration.learners.contains(peer.id)
      if learns, peer.hasCaughtUp, !old.hasCaughtUp {
        parts.append("sees that \(peer.id.letter) has caught up")
      }
    }
    return parts
  }

  /// What a member is, in a line.
  static func standing(_ status: ReplicaStatus) -> String {
    var parts = ["\(status.role.rawValue), term \(status.term)"]
    if let vote = status.vote { parts.append("vote for \(vote.letter)") }
    if let leader = status.leader, leader != status.id { parts.append("follows \(leader.letter)") }
    parts.append("log to \(status.last), commit \(status.commit), applied \(status.applied.index)")
    if status.base != .zero { parts.append("log begins after \(status.base)") }
    if status.quarantine != nil { parts.append("in quarantine") }
    if status.isHalted { parts.append("takes part in nothing") }
    return "\(status.id.letter)  \(parts.joined(separator: "; "))"
  }
}
