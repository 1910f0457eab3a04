@testable import Raft

/// How things are called in a transcript.
enum Wording {
  static func ids(_ ids: [MemberID]) -> String { ids.map(\.letter).joined(separator: " ") }

  static func configuration(_ configuration: Configuration) -> String {
    var parts = ["voters \(ids(configuration.voters))"]
    if configuration.isJoint { parts.append("outgoing \(ids(configuration.outgoingVoters))") }
    if !configuration.learners.isEmpty { parts.append("learners \(ids(configuration.learners))") }
    if !configuration.promotable.isEmpty {
      parts.append("to be promoted \(ids(configuration.promotable))")
    }
    let preferred = configuration.members.filter { $0.priority > 0 }
    if !preferred.isEmpty {
      parts.append(
        "preferred \(preferred.map { "\($0.id.letter) \($0.priority)" }.joined(separator: " "))")
    }
    if configuration.waitsInJoint { parts.append("until told") }
    return "{\(parts.joined(separator: ", "))}"
  }

  // MARK: Entries

  static func payload(_ payload: [UInt8]) -> String {
    payload.count > 16 ? "\(payload.count) bytes" : String(decoding: payload, as: UTF8.self)
  }

  static func entry(_ entry: Entry) -> String {
    switch entry.content {
    case .termStart: "\(entry.position) start"
    case .command(let payload, _): "\(entry.position) \(self.payload(payload))"
    case .configuration(let configuration, _):
      "\(entry.position) \(self.configuration(configuration))"
    }
  }

  /// The entries, or, when they are many, the first and the last.
  static func entries(_ entries: [Entry]) -> String {
    entries.count > 6
      ? "\(entry(entries[0])) … \(entry(entries[entries.count - 1]))"
      : entries.map(entry).joined(separator: ", ")
  }

  static func positions(_ entries: [Entry]) -> String {
    guard let first = entries.first, let last = entries.last else { return "nothing" }
    return entries.count == 1 ? "\(first.position)" : "\(first.position)…\(last.position)"
  }

  // MARK: Messages

  /// The arrow and the sender's term, then what is said.
  static func message(_ message: Message, isLost: Bool) -> String {
    "\(message.from.letter) \(isLost ? "↛" : "→") \(message.to.letter)  (\(message.term)) "
      + says(message.body)
  }

  private static func says(_ body: Message.Body) -> String {
    switch body {
    case .preVote(let last): "pre-vote? log ends at \(last)"
    case .preVoteReply(let granted): granted ? "pre-vote granted" : "pre-vote refused"
    case .vote(let last, let transfer):
      "vote? log ends at \(last)\(transfer ? ", by order of the leader" : "")"
    case .voteReply(let granted): granted ? "vote granted" : "vote refused"
    case .append(let append):
      "append \(append.entries.isEmpty ? "nothing" : entries(append.entries)) after "
        + "\(append.previous), commit \(append.commit)"
    case .appendReply(.accepted(let match)): "holds all up to \(match)"
    case .appendReply(.rejected(let previous, let hint)):
      "does not hold \(previous), at most \(hint)"
    case .heartbeat(let commit, let round): "heartbeat \(round), commit \(commit)"
    case .heartbeatReply(let round, _): "answers heartbeat \(round)"
    case .snapshotChunk(let chunk):
      "snapshot \(chunk.metadata.position), bytes \(chunk.offset) to "
        + "\(chunk.offset + UInt64(chunk.bytes.count))\(chunk.isLast ? ", the last" : "")"
    case .snapshotReply(let position, let received): "has \(received) bytes of snapshot \(position)"
    case .timeoutNow: "campaign now"
    case .propose(_, let payload): "proposes \(self.payload(payload))"
    case .proposalRefused(_, let refusal): "refuses the proposal: \(self.refusal(refusal))"
    case .readIndex: "from which index may I read?"
    case .readIndexReply(_, let index): index.map { "read from \($0)" } ?? "cannot say from where"
    case .proposeChange(_, let change, _): "proposes to \(self.change(change))"
    case .changeRefused(_, let refusal): "refuses the change: \(self.refusal(refusal))"
    case .heal(_, let last): "how far does your log reach? mine ends at \(last)"
    case .healReply(_, let last): "my log reaches \(last)"
    }
  }

  static func kind(_ body: Message.Body) -> String {
    switch body {
    case .preVote: "pre-votes"
    case .preVoteReply: "pre-vote replies"
    case .vote: "votes"
    case .voteReply: "vote replies"
    case .append: "appends"
    case .appendReply: "append replies"
    case .heartbeat: "heartbeats"
    case .heartbeatReply: "heartbeat replies"
    case .snapshotChunk: "snapshots"
    case .snapshotReply: "snapshot replies"
    case .timeoutNow: "hand-overs"
    case .propose, .proposeChange: "proposals"
    case .proposalRefused, .changeRefused: "refusals"
    case .readIndex: "reads"
    case .readIndexReply: "read replies"
    case .heal: "healing questions"
    case .healReply: "healing answers"
    }
  }

  static let kinds: Set<String> = [
    "pre-votes", "pre-vote replies", "votes", "vote replies", "appends", "append replies",
    "heartbeats", "heartbeat replies", "snapshots", "snapshot replies", "hand-overs", "proposals",
    "refusals", "reads", "read replies", "healing questions", "healing answers",
  ]

  // MARK: Changes and refusals

  private static func change(_ change: MembershipChange) -> String {
    if change == .leaveJoint { return "leave the joint configuration" }
    let steps = change.steps.map { step in
      switch step {
      case .addLearner(let member, let promotes):
        "add \(promotes ? "future voter" : "learner") \(member.id.letter)"
      case .addVoter(let member): "add voter \(member.id.letter)"
      case .promote(let id): "promote \(id.letter)"
      case .demote(let id): "demote \(id.letter)"
      case .remove(let id): "remove \(id.letter)"
      case .update(let member): "prefer \(member.id.letter) by \(member.priority)"
      }
    }
    let path =
      switch change.path {
      case .shortest: ""
      case .joint: " jointly"
      case .jointUntilAsked: " jointly until told"
      }
    return steps.joined(separator: ", ") + path
  }

  static func refusal(_ refusal: ProposalRefusal) -> String {
    switch refusal {
    case .noLeader: "no leader"
    case .overloaded: "too much waits"
    case .unavailable: "unavailable"
    }
  }

  static func refusal(_ refusal: MembershipRefusal) -> String {
    switch refusal {
    case .noLeader: "no leader"
    case .notReady: "not ready"
    case .changeUnderWay: "another is under way"
    case .notJoint: "there is no joint configuration to leave"
    case .unknownMember(let id): "there is no \(id.letter)"
    case .alreadyMember(let id): "\(id.letter) is a member"
    case .wrongRole(let id): "\(id.letter) has another role"
    case .notCaughtUp(let id): "\(id.letter) has not caught up"
    case .noVoters: "no voter would be left"
    case .membershipChanged: "the membership has changed since"
    case .losesQuorum(let live, let needed): "\(needed) live voters are needed, \(live) would be"
    case .featureLevelTooLow(let id, let level, let needed):
      "\(id.letter) supports level \(level), \(needed) is needed"
    }
  }

  static func failure(_ failure: ProposalFailure) -> String {
    switch failure {
    case .refused(let refusal): "is refused: \(self.refusal(refusal))"
    case .unknown: "ends unknown"
    }
  }

  static func answer(_ answer: MembershipAnswer) -> String {
    switch answer {
    case .decided: "is decided"
    case .refused(let refusal): "is refused: \(self.refusal(refusal))"
    case .unknown: "ends unknown"
    }
  }
}
