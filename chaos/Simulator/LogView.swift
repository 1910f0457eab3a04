import Raft

/// A member's log as its persist batches describe it.
struct LogView {
  private(set) var base: LogPosition
  private(set) var entries: [Entry] = []

  init(base: LogPosition = .zero) { self.base = base }

  var last: LogPosition { entries.last?.position ?? base }

  func entry(at index: LogIndex) -> Entry? {
    guard index > base.index, index <= last.index else { return nil }
    return entries[index - base.index - 1]
  }

  func term(at index: LogIndex) -> Term? {
    index == base.index ? base.term : entry(at: index)?.term
  }

  /// Takes a batch over. Entries from the first one's index on are replaced.
  ///
  /// - Returns: the index of the first entry replaced, if any; nil also when the log begins anew.
  /// - Throws: a description of why the batch does not fit.
  mutating func adopt(_ batch: PersistBatch) throws(Misfit) -> LogIndex? {
    if let restart = batch.restart { self = LogView(base: restart) }
    guard let first = batch.entries.first else { return nil }
    var truncated: LogIndex?
    if first.index <= last.index {
      guard first.index > base.index else {
        throw Misfit(text: "entry \(first.position) replaces a compacted one (base \(base))")
      }
      truncated = first.index
      entries.removeLast(last.index - first.index + 1)
    }
    for entry in batch.entries {
      guard entry.index == last.index.next, entry.term >= last.term else {
        throw Misfit(text: "entry \(entry.position) does not follow \(last)")
      }
      entries.append(entry)
    }
    return truncated
  }

  mutating func compact(through index: LogIndex) {
    guard index > base.index, let term = term(at: index) else { return }
    entries.removeFirst(index - base.index)
    base = LogPosition(index: index, term: term)
  }

  struct Misfit: Error { var text: String }
}
