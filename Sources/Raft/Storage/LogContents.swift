import DequeModule

/// Where an entry's record is.
struct EntryLocation {
  /// The lower half of the segment's sequence number: 64 PiB of log before it repeats.
  var segment: UInt32
  /// Where the record begins.
  var offset: UInt32
  /// Bytes of the record's payload.
  var length: UInt32
}

/// What the records of a log, applied one after the other, amount to.
struct LogContents {
  var hardState = HardState()
  var terms = TermIndex(base: .zero)
  var configurations: [(index: LogIndex, configuration: Configuration)] = []
  /// Of the entries after `terms.base`, in order: 12 bytes each.
  var locations: Deque<EntryLocation> = []

  /// Bytes of the entries' records, by consecutive pieces of ``LogSizes/stride`` or of one entry.
  var sizes: [(through: LogIndex, bytes: Int)] {
    var sizes: [(through: LogIndex, bytes: Int)] = []
    for (i, location) in locations.enumerated() {
      let through = terms.base.index + (i + 1)
      let bytes = RecordFrame.headerSize + Int(location.length)
      if let last = sizes.last, last.bytes + bytes <= LogSizes.stride {
        sizes[sizes.count - 1] = (through, last.bytes + bytes)
      } else {
        sizes.append((through, bytes))
      }
    }
    return sizes
  }

  /// Applies a record that was just made.
  mutating func apply(_ record: LogRecord, at location: EntryLocation) {
    switch record {
    case .opening, .synchronized: break
    case .hardState(let new): hardState = new
    case .truncate(let position): truncate(to: position)
    case .restart(let position): restart(at: position)
    case .entry(let entry):
      terms.append(entry.position)
      locations.append(location)
      if case .configuration(let configuration, _) = entry.content {
        configurations.append((entry.index, configuration))
      }
    }
  }

  /// Applies a record that was read, unless it can't follow what was read before. Then returns why.
  mutating func applyRead(
    _ record: LogRecord, at location: EntryLocation, opensLog: Bool
  ) -> String? {
    switch record {
    case .opening(let state, let last):
      if opensLog {
        hardState = state
        terms = TermIndex(base: last)
      } else if state != hardState || last != terms.last {
        return "the opening record does not repeat the end of the segment before"
      }
    case .entry(let entry):
      guard entry.index == terms.lastIndex.next, entry.term >= terms.last.term else {
        return "entry \(entry.position) can't follow \(terms.last)"
      }
    case .truncate(let position):
      // Below the base the log is what the segments that were dropped said.
      guard
        position.index < terms.base.index || terms.term(at: position.index) == position.term
      else { return "the log can't end at \(position): it has another entry there" }
    case .hardState, .restart, .synchronized: break
    }
    apply(record, at: location)
    return nil
  }

  /// Forgets entries up to `index`, which must be held.
  mutating func compact(through index: LogIndex) {
    guard index > terms.base.index else { return }
    locations.removeFirst(index - terms.base.index)
    terms.compact(through: index)
    configurations.removeAll { $0.index <= index }
  }

  private mutating func truncate(to position: LogPosition) {
    guard position.index >= terms.base.index else { return restart(at: position) }
    terms.truncate(from: position.index.next)
    locations.removeLast(locations.count - (position.index - terms.base.index))
    configurations.removeAll { $0.index > position.index }
  }

  private mutating func restart(at position: LogPosition) {
    terms = TermIndex(base: position)
    locations.removeAll()
    configurations.removeAll()
  }
}
