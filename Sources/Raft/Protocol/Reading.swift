/// Linearizable reads by read index, or by the leader's lease (dissertation §6.4).
extension Consensus {
  /// Asks up to where the state machine must be before reads of `batch` may be answered. `member` is
  /// this one or a follower that asks on behalf of its own readers.
  mutating func requestRead(batch: UInt64, by member: MemberID) {
    let request = ReadRounds.Request(member: member, batch: batch)
    if isLeader {
      updateLeader { consensus, leader in
        let isLeased = consensus.hasLease(leader)
        leader.lease.count(isAnswered: isLeased)
        if isLeased {
          consensus.answerRead(request, index: consensus.commitIndex)
        } else if let dropped = leader.reads.add(request) {
          consensus.answerRead(dropped, index: nil)
        }
      }
    } else if member == id, let leader {
      send(.readIndex(batch: batch), to: leader)
    } else {
      answerRead(request, index: nil)
    }
  }

  /// A new leader knows of all commits only when it has committed in its own term.
  func hasCommittedInTerm(_ leader: Leader) -> Bool { commitIndex >= leader.termStart }

  /// Whether no other member can lead now, provably.
  func hasLease(_ leader: Leader) -> Bool {
    guard let lease = options.lease, hasCommittedInTerm(leader) else { return false }
    return leader.lease.isValid(at: now, for: id, in: configuration, lease)
  }

  mutating func confirmRound(_ round: UInt64, by member: MemberID, leader: inout Leader) {
    leader.lease.answered(round, by: member)
    guard let confirmed = leader.reads.confirm(round, by: member, in: configuration) else { return }
    for request in confirmed.requests { answerRead(request, index: confirmed.index) }
  }

  mutating func answerRead(_ request: ReadRounds.Request, index: LogIndex?) {
    if request.member == id {
      output.readAnswers.append((request.batch, index))
    } else {
      send(.readIndexReply(batch: request.batch, index: index), to: request.member)
    }
  }
}
