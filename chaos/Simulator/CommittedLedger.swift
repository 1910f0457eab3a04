import Raft

/// All that was ever committed, by whoever knew it first, and what a flawless state machine makes of
/// it. Index 0 stands for the empty beginning.
struct CommittedLedger {
  private(set) var terms = [Term.zero]
  private var hashes: [UInt64] = [0]
  private(set) var digests: [UInt64]
  private(set) var model: RegisterState
  /// Where each value was written; values are unique.
  private var effects: [UInt64: LogIndex] = [:]

  init(registers: Int, clients: Int) {
    model = RegisterState(registers: registers, clients: clients)
    digests = [model.digest]
  }

  var last: LogPosition { model.applied }

  /// Takes note that an entry is committed.
  ///
  /// - Returns: what is wrong with that, if something is.
  mutating func record(_ entry: Entry, hash: UInt64) -> String? {
    let place = Int(entry.index.rawValue)
    if place < terms.count {
      guard terms[place] != entry.term || hashes[place] != hash else { return nil }
      return "entry \(entry.position) is taken for committed, "
        + "but \(LogPosition(index: entry.index, term: terms[place])) was committed before"
    }
    guard place == terms.count else {
      return "entry \(entry.position) is taken for committed, but only \(last) is"
    }
    terms.append(entry.term)
    hashes.append(hash)
    if case .written(let index)? = model.apply(entry),
      case .command(let payload, _) = entry.content,
      let command = RegisterCommand(payload)
    {
      effects[command.value] = index
    }
    digests.append(model.digest)
    return nil
  }

  func term(at index: LogIndex) -> Term? {
    index <= last.index ? terms[Int(index.rawValue)] : nil
  }

  func digest(at index: LogIndex) -> UInt64? {
    index <= last.index ? digests[Int(index.rawValue)] : nil
  }

  /// Where a value took effect; zero for the value of a register that was never written.
  func effect(of value: UInt64) -> LogIndex? { value == 0 ? .zero : effects[value] }
}
