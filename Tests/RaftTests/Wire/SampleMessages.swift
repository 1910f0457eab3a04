@testable import Raft

/// Draws values of every kind that goes over the wire.
struct SampleMessages {
  var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func number() -> UInt64 {
    // Every length of a varint is drawn, and zero often.
    let bits = UInt64.random(in: 0...62, using: &generator)
    return bits == 0 ? 0 : generator.next() >> (64 - bits)
  }

  mutating func flag() -> Bool { Bool.random(using: &generator) }

  mutating func bytes() -> [UInt8] {
    (0..<Int.random(in: 0...300, using: &generator)).map { _ in
      UInt8(truncatingIfNeeded: generator.next())
    }
  }

  mutating func id() -> MemberID { MemberID(max(1, number() << 1 | number() & 1)) }

  mutating func position() -> LogPosition {
    LogPosition(index: LogIndex(number()), term: Term(number()))
  }

  mutating func level() -> FeatureLevel {
    FeatureLevel(rawValue: flag() ? 1 : UInt32(max(1, number() >> 31)))
  }

  mutating func proposal() -> ProposalID { ProposalID(member: id(), sequence: generator.next()) }

  mutating func configuration() -> Configuration {
    var ids: Set<MemberID> = []
    for _ in 0..<Int.random(in: 0...7, using: &generator) { ids.insert(id()) }
    let members = ids.sorted().map { id in
      Member(
        id: id, name: flag() ? "clean-\(id)" : "", address: "höst-\(number()):8100",
        priority: flag() ? UInt32(number() >> 31) : 0)
    }
    func some() -> [MemberID] { members.map(\.id).filter { _ in flag() } }
    return Configuration(
      members: members, voters: some(), outgoingVoters: some(), learners: some(),
      promotable: some(), waitsInJoint: flag(), featureLevel: level())
  }

  mutating func entries(after previous: LogPosition) -> [Entry] {
    var position = previous
    return (0..<Int.random(in: 0...5, using: &generator)).map { _ in
      position.index = position.index.next
      if flag() { position.term = position.term.next }
      let content: Entry.Content =
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: .termStart
        case 1: .configuration(configuration(), proposal: flag() ? proposal() : nil)
        case 2: .command(bytes(), proposal: proposal())
        default: .command(bytes(), proposal: nil)
        }
      return Entry(position: position, content: content)
    }
  }

  static let kinds = 20

  mutating func body(_ kind: Int) -> Message.Body {
    switch kind {
    case 0: .preVote(last: position())
    case 1: .preVoteReply(granted: flag())
    case 2: .vote(last: position(), transfer: flag())
    case 3: .voteReply(granted: flag())
    case 4:
      {
        let previous = position()
        return .append(
          Append(
            previous: previous, entries: entries(after: previous), commit: LogIndex(number())))
      }()
    case 5: .appendReply(.accepted(match: LogIndex(number())))
    case 6: .appendReply(.rejected(previous: LogIndex(number()), hint: position()))
    case 7: .heartbeat(commit: LogIndex(number()), round: generator.next())
    case 8: .heartbeatReply(round: generator.next(), supports: level())
    case 9:
      .snapshotChunk(
        SnapshotChunk(
          metadata: SnapshotMetadata(position: position(), configuration: configuration()),
          offset: number(), bytes: [0] + bytes(), isLast: flag(),
          check: flag() ? nil : UInt32(truncatingIfNeeded: generator.next())))
    case 10: .snapshotReply(position: position(), received: number())
    case 11: .timeoutNow
    case 12: .propose(proposal(), payload: bytes())
    case 13:
      .proposalRefused(
        proposal(), [.noLeader, .overloaded, .unavailable][Int(number() % 3)])
    case 14: .readIndex(batch: generator.next())
    case 15: .readIndexReply(batch: generator.next(), index: flag() ? LogIndex(number()) : nil)
    case 16: .proposeChange(proposal(), change(), seen: LogIndex(number()))
    case 17: .changeRefused(proposal(), refusal())
    case 18: .heal(nonce: generator.next(), last: position())
    default: .healReply(nonce: generator.next(), last: LogIndex(number()))
    }
  }

  mutating func change() -> MembershipChange {
    let member = Member(id: id(), name: "n", address: "n:1")
    let steps: [MembershipChange.Step] = [
      .addLearner(member, promotes: flag()), .addVoter(member), .promote(id()), .demote(id()),
      .remove(id()), .update(member),
    ]
    let paths: [MembershipChange.Path] = [.shortest, .joint, .jointUntilAsked]
    return MembershipChange(
      steps.filter { _ in flag() }, path: paths[Int(number() % 3)])
  }

  mutating func refusal() -> MembershipRefusal {
    let refusals: [MembershipRefusal] = [
      .noLeader, .notReady, .changeUnderWay, .notJoint, .unknownMember(id()), .alreadyMember(id()),
      .wrongRole(id()), .notCaughtUp(id()), .noVoters, .losesQuorum(live: 1, needed: 2),
      .featureLevelTooLow(id(), has: level(), needs: level()), .membershipChanged,
    ]
    return refusals[Int(number() % UInt64(refusals.count))]
  }

  mutating func message(_ kind: Int) -> Message {
    Message(from: id(), to: id(), term: Term(number()), body: body(kind))
  }
}
