import Raft

/// What a member's disk was reported to hold, at any time and not replaced since: what a leader may count
/// on. A disk that is lost, or loses something, does not take it back: an acknowledgement that was given
/// before may still be counted.
struct HeldLog {
  /// A snapshot stands for all up to here.
  private var base = LogIndex.zero
  /// The terms of the entries after it.
  private var terms: [Term] = []

  private var last: LogIndex { base + terms.count }

  func holds(_ position: LogPosition) -> Bool {
    if position.index <= base { return true }
    return position.index <= last && terms[position.index - base - 1] == position.term
  }

  /// A batch was reported durable.
  mutating func persisted(_ batch: PersistBatch) {
    if let restart = batch.restart { begin(after: restart) }
    hold(batch.entries)
  }

  /// A new process found this, and has synchronized it.
  ///
  /// - Parameter isWhole: Whether nothing was lost. Else entries may be seen again that were replaced
  ///   behind the damage: what was reported stays, and what follows upon it is held, too.
  mutating func found(_ log: LogView, isWhole: Bool) {
    if log.base.index > last {
      base = log.base.index
      terms = []
    }
    let end = last
    hold(isWhole ? log.entries : log.entries.filter { $0.index > end })
  }

  /// What follows upon a position that is held stays: the log begins anew because it has lost entries.
  private mutating func begin(after position: LogPosition) {
    guard position.index > base else { return }
    if holds(position) { terms.removeFirst(position.index - base) } else { terms = [] }
    base = position.index
  }

  /// What is held already stays with all after it: a disk that lost it is given it again.
  private mutating func hold(_ entries: [Entry]) {
    for entry in entries where !holds(entry.position) {
      truncate(from: entry.index)
      hold(entry.position)
    }
  }

  private mutating func truncate(from index: LogIndex) {
    guard index > base, index <= last else { return }
    terms.removeLast(last - index + 1)
  }

  private mutating func hold(_ position: LogPosition) {
    guard position.index > base else { return }
    if position.index > last.next {
      // What is missing between was lost with a disk and is covered by a snapshot now.
      base = position.index.previous
      terms = []
    }
    terms.append(position.term)
  }
}
