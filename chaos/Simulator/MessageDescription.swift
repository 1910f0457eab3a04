import Raft

extension Simulation {
  func name(_ id: MemberID) -> String {
    members.first { $0.id == id }.map { "m\($0.number)" } ?? id.description
  }

  /// A message in one line, for people.
  func describe(_ message: Message) -> String {
    "\(name(message.to)) term \(message.term) \(describe(message.body))"
  }

  private func describe(_ body: Message.Body) -> String {
    switch body {
    case .preVote(let last): "preVote last \(last)"
    case .preVoteReply(let granted): "preVoteReply \(granted ? "granted" : "refused")"
    case .vote(let last, let transfer): "vote last \(last)\(transfer ? " by transfer" : "")"
    case .voteReply(let granted): "voteReply \(granted ? "granted" : "refused")"
    case .append(let append):
      "append after \(append.previous): \(append.entries.count) up to "
        + "\((append.entries.last?.position ?? append.previous)), commit \(append.commit)"
    case .appendReply(.accepted(let match)): "accepted up to \(match)"
    case .appendReply(.rejected(let previous, let hint)): "rejected \(previous), hint \(hint)"
    case .heartbeat(let commit, let round): "heartbeat commit \(commit), round \(round)"
    case .heartbeatReply(let round, _): "heartbeatReply round \(round)"
    case .snapshotChunk(let chunk):
      "snapshot \(chunk.metadata.position) from \(chunk.offset): \(chunk.bytes.count) bytes"
        + (chunk.isLast ? ", last" : "")
    case .snapshotReply(let position, let received): "snapshot \(position) received \(received)"
    case .timeoutNow: "timeoutNow"
    case .propose(let id, let payload): "propose \(id.sequence), \(payload.count) bytes"
    case .proposalRefused(let id, let refusal): "proposal \(id.sequence) refused: \(refusal)"
    case .readIndex(let batch): "readIndex \(batch)"
    case .readIndexReply(let batch, let index):
      "readIndexReply \(batch): \(index.map(\.description) ?? "none")"
    case .proposeChange(let id, let change, let seen):
      "propose change \(id.sequence): \(change.steps), seen \(seen)"
    case .changeRefused(let id, let refusal): "change \(id.sequence) refused: \(refusal)"
    case .heal(_, let last): "heal, log ends at \(last)"
    case .healReply(_, let last): "healReply up to \(last)"
    }
  }
}
