@testable import Raft

/// What a log must hold, kept as simply as possible.
struct LogModel: Equatable {
  var hardState = HardState()
  /// The position that the log was last begun after.
  var restart = LogPosition.zero
  var entries: [Entry] = []

  var last: LogPosition { entries.last?.position ?? restart }

  /// Applies a batch. Returns the log after each step of it: a batch may survive in part.
  mutating func apply(_ batch: PersistBatch) -> [LogModel] {
    var steps: [LogModel] = []
    if let hardState = batch.hardState {
      self.hardState = hardState
      steps.append(self)
    }
    if let restart = batch.restart {
      self.restart = restart
      entries = []
      steps.append(self)
    }
    if let first = batch.entries.first,
      let i = entries.firstIndex(where: { $0.index == first.index })
    {
      entries.removeSubrange(i...)
      steps.append(self)
    }
    for entry in batch.entries {
      entries.append(entry)
      steps.append(self)
    }
    return steps
  }

  /// What a store says that it holds, read back entry by entry.
  init(reading store: LogStore, restart: LogPosition) throws {
    hardState = store.hardState
    self.restart = restart
    let base = store.terms.base.index
    if store.terms.lastIndex > base {
      entries = try store.entries(
        from: base.next, through: store.terms.lastIndex, maxBytes: .max)
    }
  }

  init() {}

  /// Whether a store that may have dropped entries up to `compacted` holds this log.
  func isHeld(by store: LogStore, compacted: LogIndex) -> Bool {
    let base = store.terms.base
    guard store.hardState == hardState, store.terms.last == last,
      base.index <= max(compacted, restart.index), base.index >= restart.index,
      let held = try? LogModel(reading: store, restart: restart)
    else { return false }
    return held.entries == entries.filter { $0.index > base.index }
      && (base.index == restart.index ? base == restart : true)
  }
}

/// Draws batches as a replica would write them.
struct Workload {
  var generator: SeededGenerator
  var model = LogModel()
  /// What was asked to be dropped.
  var compacted = LogIndex.zero
  private var sequence: UInt64 = 0

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func payload() -> [UInt8] {
    let size =
      switch Int.random(in: 0..<20, using: &generator) {
      case 0: Int.random(in: 1500...5000, using: &generator)
      case 1...4: Int.random(in: 200...900, using: &generator)
      default: Int.random(in: 0...60, using: &generator)
      }
    let bytes = withUnsafeBytes(of: generator.next()) { Array($0) }
    return Array(bytes.prefix(size)) + repeatElement(bytes[0], count: max(0, size - bytes.count))
  }

  mutating func content() -> Entry.Content {
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: return .termStart
    case 1:
      let members = (1...3).map { Member(id: MemberID($0), name: "m\($0)", address: "h\($0):1") }
      return .configuration(Configuration(voters: members))
    case 2: return .command(payload(), proposal: ProposalID(member: MemberID(7), sequence: .max))
    default: return .command(payload(), proposal: nil)
    }
  }

  /// The next batch. Nothing at or below `compacted` is replaced.
  mutating func batch() -> PersistBatch {
    sequence += 1
    var batch = PersistBatch(sequence: sequence)
    var term = max(model.last.term, model.hardState.term)
    if Int.random(in: 0..<4, using: &generator) == 0 {
      term = term.next
      batch.hardState = HardState(
        term: term, vote: Bool.random(using: &generator) ? MemberID(3) : nil)
    }
    var start = model.last.index.next
    let roll = Int.random(in: 0..<12, using: &generator)
    if roll == 0 {
      let position = LogPosition(
        index: start + Int.random(in: 0..<20, using: &generator), term: term)
      batch.restart = position
      start = position.index.next
    } else if roll <= 2, let first = model.entries.first {
      // Replaces a suffix by entries of a newer term.
      let lowest = max(first.index, compacted.next)
      if lowest < start {
        start = LogIndex(
          UInt64.random(in: lowest.rawValue..<start.rawValue, using: &generator))
        term = term.next
      }
    }
    for i in 0..<Int.random(in: 0...6, using: &generator) {
      batch.entries.append(
        Entry(position: LogPosition(index: start + i, term: term), content: content()))
    }
    return batch
  }
}
