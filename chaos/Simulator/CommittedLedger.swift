import Raft

/// All that was ever committed, by whoever knew it first, and the digests of what a flawless state
/// machine makes of it. Index 0 stands for the empty beginning.
struct CommittedLedger {
  private(set) var terms = [Term.zero]
  private var hashes: [UInt64] = [0]
  private var digests: [UInt64]
  private let workload: any Workload

  init(_ workload: any Workload) {
    self.workload = workload
    digests = [workload.digest]
  }

  var last: LogPosition {
    LogPosition(index: LogIndex(UInt64(terms.count - 1)), term: terms[terms.count - 1])
  }

  /// Takes note that an entry is committed.
  ///
  /// - Returns: what is wrong with that, if something is.
  mutating func record(_ entry: Entry, hash: UInt64) -> Finding? {
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
    let finding = workload.commit(entry)
    terms.append(entry.term)
    hashes.append(hash)
    digests.append(workload.digest)
    return finding
  }

  func term(at index: LogIndex) -> Term? {
    index <= last.index ? terms[Int(index.rawValue)] : nil
  }

  func digest(at index: LogIndex) -> UInt64? {
    index <= last.index ? digests[Int(index.rawValue)] : nil
  }
}
