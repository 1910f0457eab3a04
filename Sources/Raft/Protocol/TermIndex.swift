/// The term of each entry of a log, run-length encoded: a log has few terms, so this stays tiny
/// however long the log is, and matching needs no entry in memory.
public struct TermIndex: Hashable, Sendable {
  /// The position before the first entry held.
  public private(set) var base: LogPosition
  /// The last entry's index; `base.index` when there is none.
  public private(set) var lastIndex: LogIndex
  /// Where each run of equal terms begins. Invariant: starts and terms both grow; the first start, if
  /// any, is `base.index + 1`.
  private var runs: [Run] = []

  private struct Run: Hashable {
    var start: LogIndex
    var term: Term
  }

  /// An index of no entries after `base`.
  public init(base: LogPosition) {
    self.base = base
    lastIndex = base.index
  }

  /// The last position.
  public var last: LogPosition {
    LogPosition(index: lastIndex, term: runs.last?.term ?? base.term)
  }

  /// The term at `index`, from `base.index` to `lastIndex`; nil outside. O(log of the runs).
  public func term(at index: LogIndex) -> Term? {
    if index == base.index { return base.term }
    guard index > base.index, index <= lastIndex else { return nil }
    return runs[run(holding: index)].term
  }

  /// The last position at or before `index` whose term is at most `term`.
  ///
  /// Used by both sides to skip over a conflicting term in one step (paper §5.3, end).
  public func lastPosition(at index: LogIndex, withTermAtMost term: Term) -> LogPosition {
    var end = min(index, lastIndex)
    guard end > base.index else { return base }
    var i = run(holding: end)
    while runs[i].term > term {
      guard i > 0 else { return base }
      end = runs[i].start.previous
      i -= 1
    }
    return LogPosition(index: end, term: runs[i].term)
  }

  /// Adds the entry after the last one.
  public mutating func append(_ position: LogPosition) {
    precondition(position.index == lastIndex.next, "log positions must be consecutive")
    precondition(position.term >= last.term, "terms never shrink along a log")
    if runs.last?.term != position.term {
      runs.append(Run(start: position.index, term: position.term))
    }
    lastIndex = position.index
  }

  /// Forgets the entries from `index` on.
  public mutating func truncate(from index: LogIndex) {
    guard index <= lastIndex else { return }
    precondition(index > base.index, "a compacted entry is never replaced")
    lastIndex = index.previous
    while let run = runs.last, run.start >= index { runs.removeLast() }
  }

  /// Forgets the entries up to `index`, which must be held.
  public mutating func compact(through index: LogIndex) {
    guard index > base.index, let term = term(at: index) else { return }
    let keep = index < lastIndex ? run(holding: index.next) : runs.count
    runs.removeFirst(keep)
    if !runs.isEmpty { runs[0].start = index.next }
    base = LogPosition(index: index, term: term)
  }

  private func run(holding index: LogIndex) -> Int {
    var low = 0
    var high = runs.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if runs[middle].start <= index { low = middle } else { high = middle - 1 }
    }
    return low
  }
}
