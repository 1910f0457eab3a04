import Raft

/// Watches a run and keeps the first property that it breaks.
struct Checker {
  private(set) var violation: Violation?
  private(set) var ledger: CommittedLedger
  var proposals = ProposalRecords()
  /// Who takes part.
  var membership: MembershipRecord
  private var leaders: [Term: Int] = [:]
  /// The newest term that anybody has led.
  private(set) var newestLed: Term?
  private var votes: [Ballot: MemberID] = [:]
  /// Who would vote for whom in which term, as far as was told.
  private var inclinations: [Ballot: Set<MemberID>] = [:]
  /// Who was told to campaign in which term by the leader before.
  private var orders: Set<Ballot> = []
  private var known: [LogPosition: KnownEntry] = [:]

  private struct Ballot: Hashable {
    var voter: MemberID
    var term: Term
  }

  /// Log Matching by induction: when one position always has the same content and the same position
  /// before it, then equal positions mean equal logs.
  private struct KnownEntry {
    var hash: UInt64
    var previousTerm: Term
  }

  init(_ workload: any Workload, founding: Configuration) {
    ledger = CommittedLedger(workload)
    membership = MembershipRecord(founding: founding)
  }

  mutating func report(
    _ property: Violation.Property, _ details: String, at time: Microseconds
  ) {
    guard violation == nil else { return }
    violation = Violation(property: property, details: details, time: time)
  }

  static func hash(_ entry: Entry) -> UInt64 { Fingerprint.of(WireCodec.encode(entry)) }

  // MARK: Logs

  /// A member holds an entry after one of `previousTerm`.
  mutating func holds(
    _ entry: Entry, after previousTerm: Term, member: Int, at time: Microseconds
  ) {
    let found = KnownEntry(hash: Self.hash(entry), previousTerm: previousTerm)
    guard let expected = known[entry.position] else {
      known[entry.position] = found
      return
    }
    if expected.hash != found.hash {
      report(
        .logMatching, "member \(member) holds another entry at \(entry.position) than others",
        at: time)
    } else if expected.previousTerm != previousTerm {
      report(
        .logMatching,
        "member \(member) holds \(entry.position) after term \(previousTerm), "
          + "others after term \(expected.previousTerm)", at: time)
    }
  }

  /// A member takes the entries after `previous` up to `commit` for committed; it is in `term`.
  mutating func committed(
    from previous: LogIndex, to commit: LogIndex, in log: LogView, term: Term, member: Int,
    at time: Microseconds
  ) {
    var index = max(previous, log.base.index).next
    if previous < log.base.index, let term = ledger.term(at: log.base.index),
      term != log.base.term
    {
      report(
        .committedEntries,
        "member \(member)'s log begins after \(log.base), committed there is term \(term)",
        at: time)
    }
    while index <= commit, let entry = log.entry(at: index) {
      let isNews = index > ledger.last.index
      let finding =
        ledger.record(entry, hash: Self.hash(entry), in: term)
        ?? (isNews ? proposals.committed(entry) ?? membership.committed(entry) : nil)
      if let finding {
        report(finding.property, "member \(member): \(finding.details)", at: time)
        return
      }
      index = index.next
    }
    if commit > ledger.last.index {
      report(
        .committedEntries,
        "member \(member) takes \(commit) for committed, but only \(ledger.last) is", at: time)
    }
  }

  /// A member ended its quarantine in `term` without an entry that it had acknowledged: it was replaced.
  mutating func lacks(
    _ position: LogPosition, healedIn term: Term, member: Int, at time: Microseconds
  ) {
    if ledger.term(at: position.index) == position.term, ledger.binds(term, at: position.index) {
      report(
        .quarantine,
        "member \(member) ends its quarantine in term \(term) without committed entry \(position)",
        at: time)
    }
    ledger.giveUp(position, in: term)
  }

  // MARK: Leaders and votes

  /// A member leads. `log` is its log.
  mutating func leads(
    _ term: Term, member: Int, log: LogView, at time: Microseconds
  ) {
    if let other = leaders[term], other != member {
      report(.electionSafety, "members \(other) and \(member) both lead term \(term)", at: time)
    }
    leaders[term] = member
    newestLed = max(newestLed ?? term, term)
    checkCompleteness(member: member, term: term, log: log, at: time)
  }

  /// The newest term up to `last` that a member has led.
  func newestTerm(ledBy member: Int, upTo last: Term) -> Term? {
    leaders.filter { $0.value == member && $0.key <= last }.keys.max()
  }

  /// A leader's log against all that is committed, by leaders of its own or earlier terms.
  mutating func checkCompleteness(
    member: Int, term: Term, log: LogView, at time: Microseconds
  ) {
    var index = ledger.last.index
    while index > log.base.index {
      let expected = ledger.term(at: index)
      if ledger.binds(term, at: index), log.term(at: index) != expected {
        report(
          .leaderCompleteness,
          "member \(member) leads term \(term) with a log up to \(log.last), which lacks committed "
            + "entry \(index)@\(expected.map(\.description) ?? "?")", at: time)
        return
      }
      index = index.previous
    }
  }

  mutating func sends(_ message: Message, member: Int, at time: Microseconds) {
    if let candidate = message.vote {
      votes(message.from, for: candidate, in: message.term, at: time)
    }
    switch message.body {
    case .append, .heartbeat, .snapshotChunk, .timeoutNow:
      if leaders[message.term] != member {
        report(
          .electionSafety,
          "member \(member) speaks as leader of term \(message.term), "
            + "which \(leaders[message.term].map { "member \($0)" } ?? "nobody") leads", at: time)
      }
    default: break
    }
    switch message.body {
    case .preVoteReply(granted: true):
      let campaign = Ballot(voter: message.to, term: message.term)
      inclinations[campaign, default: []].insert(message.from)
    case .timeoutNow:
      orders.insert(Ballot(voter: message.to, term: message.term.next))
    default: break
    }
  }

  /// Whether `candidate` may begin `term`: it was ordered to, or each of its majorities would vote for it.
  func mayBegin(_ term: Term, candidate: MemberID, rules: [Configuration]) -> Bool {
    let campaign = Ballot(voter: candidate, term: term)
    if orders.contains(campaign) { return true }
    let inclined = inclinations[campaign] ?? []
    return rules.contains {
      $0.hasMajorities { $0 == candidate || inclined.contains($0) }
    }
  }

  /// Whether `voter` gave its vote to `candidate` in this term.
  func voted(_ voter: MemberID, for candidate: MemberID, in term: Term) -> Bool {
    votes[Ballot(voter: voter, term: term)] == candidate
  }

  private mutating func votes(
    _ voter: MemberID, for candidate: MemberID, in term: Term, at time: Microseconds
  ) {
    let ballot = Ballot(voter: voter, term: term)
    if let other = votes[ballot], other != candidate {
      report(
        .voteOnce, "\(voter) votes for \(candidate) in term \(term), but voted for \(other)",
        at: time)
    }
    votes[ballot] = candidate
  }

  // MARK: State machines

  mutating func applied(_ state: StateMark, member: Int, at time: Microseconds) {
    guard let expected = ledger.digest(at: state.applied.index) else {
      return report(
        .committedEntries,
        "member \(member) applied \(state.applied), but only \(ledger.last) is committed", at: time)
    }
    if expected != state.digest {
      report(
        .stateMachineSafety,
        "member \(member)'s state at \(state.applied) is not what the committed entries make",
        at: time)
    }
  }
}

extension Message {
  /// Whom its sender votes for with it: a candidate asks for votes with its own.
  var vote: MemberID? {
    switch body {
    case .voteReply(granted: true): to
    case .vote: from
    default: nil
    }
  }
}
