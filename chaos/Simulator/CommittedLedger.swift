import Raft

/// All that was ever committed, by whoever knew it first, and the digests of what a flawless state
/// machine makes of it. Index 0 stands for the empty beginning.
struct CommittedLedger {
  private(set) var terms = [Term.zero]
  /// In which term each was committed, which may be later than the term it was made in.
  private var committedIn = [Term.zero]
  private var hashes: [UInt64] = [0]
  private var digests: [UInt64]
  private let workload: any Workload
  /// What a member ended its quarantine without, and the term in which: it must not have been committed
  /// in that term or an earlier one.
  private var givenUp: [LogPosition: Term] = [:]

  init(_ workload: any Workload) {
    self.workload = workload
    digests = [workload.digest]
  }

  var last: LogPosition {
    LogPosition(index: LogIndex(UInt64(terms.count - 1)), term: terms[terms.count - 1])
  }

  /// Takes note that a member ended its quarantine without an entry that it had acknowledged, in `term`.
  mutating func giveUp(_ position: LogPosition, in term: Term) {
    givenUp[position] = max(term, givenUp[position] ?? .zero)
  }

  /// Takes note that an entry is committed, as a member knows that is in `term`.
  ///
  /// - Returns: what is wrong with that, if something is.
  mutating func record(_ entry: Entry, hash: UInt64, in term: Term) -> Finding? {
    func wrong(_ details: String) -> Finding {
      Finding(property: .committedEntries, details: details)
    }
    let place = Int(entry.index.rawValue)
    if place < terms.count {
      guard terms[place] != entry.term || hashes[place] != hash else { return nil }
      return wrong(
        "entry \(entry.position) is taken for committed, "
          + "but \(LogPosition(index: entry.index, term: terms[place])) was committed before")
    }
    guard place == terms.count else {
      return wrong("entry \(entry.position) is taken for committed, but only \(last) is")
    }
    if let healed = givenUp[entry.position], term <= healed {
      return Finding(
        property: .quarantine,
        details: "entry \(entry.position) is committed, without which a member ended its quarantine"
      )
    }
    let finding = workload.commit(entry)
    terms.append(entry.term)
    committedIn.append(term)
    hashes.append(hash)
    digests.append(workload.digest)
    return finding
  }

  func term(at index: LogIndex) -> Term? {
    index <= last.index ? terms[Int(index.rawValue)] : nil
  }

  /// Whether a leader of `term` must hold the entry, which is committed: it was so by a leader of an
  /// earlier term, or its own. One that was elected with old votes, while others went on, need not.
  func binds(_ term: Term, at index: LogIndex) -> Bool { committedIn[Int(index.rawValue)] <= term }

  func digest(at index: LogIndex) -> UInt64? {
    index <= last.index ? digests[Int(index.rawValue)] : nil
  }
}
