import Raft

/// How members, messages and configurations are written in a trace.
extension ProtocolTrace {
  func name(_ id: MemberID) -> String {
    ordinals[id].map { String($0) } ?? String(id.rawValue)
  }

  func configuration(_ status: ReplicaStatus) -> [[String]] {
    [status.configuration.voters, status.configuration.outgoingVoters].map { voters in
      voters.map(name).sorted { ($0.count, $0) < ($1.count, $1) }
    }
  }

  /// What a change of the configuration asks for.
  func changes(
    from old: Configuration, to new: Configuration
  ) -> [ProtocolEvent.Change.Single] {
    var changes: [ProtocolEvent.Change.Single] = []
    for id in new.ids {
      if new.voters.contains(id), !old.voters.contains(id) {
        changes.append(.init(nid: name(id), action: "AddNewServer"))
      } else if new.learners.contains(id), !old.learners.contains(id) {
        changes.append(.init(nid: name(id), action: "AddLearner"))
      }
    }
    for id in old.ids where !new.ids.contains(id) {
      changes.append(.init(nid: name(id), action: "RemoveServer"))
    }
    return changes
  }

  // MARK: Messages

  /// Whether only a leader sends such a message.
  static func isLeaders(_ message: Message) -> Bool {
    switch message.body {
    case .append, .heartbeat, .snapshotChunk: true
    default: false
    }
  }

  /// A message as the specification knows it; nil when it knows none of the kind.
  func describe(_ message: Message) -> ProtocolEvent.Message? {
    var described = ProtocolEvent.Message(
      type: .append, term: message.term.rawValue, from: name(message.from), to: name(message.to))
    switch message.body {
    case .vote(let last, _):
      described.type = .vote
      described.index = last.index.rawValue
      described.logTerm = last.term.rawValue
    case .voteReply(let granted):
      described.type = .voteReply
      described.reject = !granted
    case .append(let append):
      described.entries = append.entries.count
      described.index = append.previous.index.rawValue
      described.logTerm = append.previous.term.rawValue
      // The receiver takes no more for committed than what it now holds.
      let end = append.entries.last?.index ?? append.previous.index
      described.commit = min(append.commit, end).rawValue
    case .appendReply(.accepted(let match)):
      described.type = .appendReply
      described.index = match.rawValue
    case .appendReply(.rejected(let previous, let hint)):
      described.type = .appendReply
      described.index = previous.rawValue
      described.reject = true
      described.rejectHint = hint.index.rawValue
      described.logTerm = hint.term.rawValue
    case .heartbeat(let commit, _):
      described.type = .heartbeat
      described.commit = commit.rawValue
    case .heartbeatReply(let round, _):
      // To a leader of an older term it says that a newer one has begun. It looks like the answer to
      // a heartbeat before the first round; neither does more than confirm the term.
      let answer = Answer(from: message.from, to: message.to, term: message.term)
      described.reject = round == 0 && answersToStale[answer, default: 0] > 0
      described.type = described.reject ? .appendReply : .heartbeatReply
    case .snapshotChunk(let chunk) where chunk.isLast:
      described.type = .snapshot
      described.entries = Int(chunk.metadata.position.index.rawValue)
    case .preVote, .preVoteReply, .snapshotChunk, .snapshotReply, .timeoutNow, .propose,
      .proposalRefused, .readIndex, .readIndexReply, .proposeChange, .changeRefused, .heal,
      .healReply:
      return nil
    }
    return described
  }
}

extension ProtocolEvent.Message {
  /// What a member tells itself, in the term of the event that it belongs to.
  static func toItself(
    _ type: Kind, _ event: ProtocolEvent, index: UInt64 = 0
  ) -> ProtocolEvent.Message {
    ProtocolEvent.Message(
      type: type, term: event.state.term, from: event.nid, to: event.nid, index: index)
  }
}
