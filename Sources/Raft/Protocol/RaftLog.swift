import DequeModule

/// The log as the protocol sees it: the term of every entry, the newest entries themselves, and how
/// far the disk has followed. Older entries are read back from disk on request.
///
/// Invariants: `base.index <= durable <= lastIndex`; the cache is a contiguous suffix that ends at
/// `lastIndex`; an entry leaves the cache only after it is durable.
struct RaftLog {
  private(set) var terms: TermIndex
  private(set) var sizes: LogSizes
  /// Entries up to here are on disk just as they are in this log.
  private(set) var durable: LogIndex
  private var cache = Deque<Entry>()
  private var cachedBytes = 0
  private let cacheLimit: Int
  /// The first entry that has not been handed to the disk.
  private var unwritten: LogIndex
  /// Batches handed to the disk that have not completed. `last` shrinks when a suffix is replaced
  /// while its write is under way, so a late completion never vouches for entries that have since been
  /// replaced, even by equal ones (the ABA case of asynchronous writes).
  private var writing = Deque<(sequence: UInt64, last: LogIndex)>()

  init(terms: TermIndex, sizes: LogSizes = LogSizes(), cacheLimit: Int) {
    self.terms = terms
    self.sizes = sizes
    self.cacheLimit = cacheLimit
    durable = terms.lastIndex
    unwritten = terms.lastIndex.next
  }

  var base: LogPosition { terms.base }
  var last: LogPosition { terms.last }
  var lastIndex: LogIndex { terms.lastIndex }

  /// Whether the log holds this very position.
  func contains(_ position: LogPosition) -> Bool {
    terms.term(at: position.index) == position.term
  }

  // MARK: Growing and shrinking

  mutating func append(_ entry: Entry) {
    terms.append(entry.position)
    sizes.append(entry)
    cache.append(entry)
    cachedBytes += entry.weight
  }

  /// Forgets the entries from `index` on: a new leader's log differs there.
  mutating func truncate(from index: LogIndex) {
    guard index <= lastIndex else { return }
    terms.truncate(from: index)
    sizes.truncate(from: index)
    while let entry = cache.last, entry.index >= index {
      cachedBytes -= entry.weight
      cache.removeLast()
    }
    durable = min(durable, index.previous)
    unwritten = min(unwritten, index)
    for i in writing.indices { writing[i].last = min(writing[i].last, index.previous) }
  }

  /// Begins anew after an installed snapshot.
  mutating func restart(after position: LogPosition) {
    terms = TermIndex(base: position)
    sizes = LogSizes()
    cache.removeAll()
    cachedBytes = 0
    durable = position.index
    unwritten = position.index.next
    for i in writing.indices { writing[i].last = .zero }
  }

  /// Forgets entries that a snapshot covers. Only durable ones are forgotten.
  mutating func compact(through index: LogIndex) {
    let index = min(index, durable)
    terms.compact(through: index)
    sizes.compact(through: index)
    while let entry = cache.first, entry.index <= index { dropFirst(entry) }
  }

  // MARK: Reading

  /// Entries from `from` on, at least one, at most about `maxBytes`; nil when they must be read from
  /// disk. `from` must be in the log.
  func cached(from: LogIndex, through: LogIndex, maxBytes: Int) -> [Entry]? {
    precondition(from > base.index && through <= lastIndex, "asked for entries outside the log")
    guard let first = cache.first?.index, from >= first else { return nil }
    let start = from - first
    var end = start
    var bytes = 0
    while end <= through - first {
      bytes += cache[end].weight
      if bytes > maxBytes, end > start { break }
      end += 1
    }
    return Array(cache[start..<end])
  }

  // MARK: Writing to disk

  /// The entries that the disk has not been given yet; they count as being written under `sequence`.
  mutating func takeUnwritten(sequence: UInt64) -> [Entry] {
    defer {
      writing.append((sequence, lastIndex))
      unwritten = lastIndex.next
    }
    guard unwritten <= lastIndex, let first = cache.first?.index else { return [] }
    return Array(cache[(unwritten - first)...])
  }

  var hasUnwritten: Bool { unwritten <= lastIndex }

  /// The oldest batch that the disk has not completed.
  var oldestWriting: UInt64? { writing.first?.sequence }

  /// The disk completed all batches up to `sequence`.
  mutating func wrote(through sequence: UInt64) {
    while let batch = writing.first, batch.sequence <= sequence {
      writing.removeFirst()
      durable = max(durable, batch.last)
    }
    while cachedBytes > cacheLimit, let entry = cache.first, entry.index <= durable {
      dropFirst(entry)
    }
  }

  private mutating func dropFirst(_ entry: Entry) {
    cachedBytes -= entry.weight
    cache.removeFirst()
  }
}
