extension LogStore {
  /// Reads entries back, verifying their checksums: as many from `from` on, up to `through`, as take
  /// no more than `maxBytes`, and at least one. One read for each run of entries in a segment.
  ///
  /// Throws `StorageError.notStored` when not all of them are in the log, `damaged` when the disk no
  /// longer holds what was written.
  public func entries(
    from: LogIndex, through: LogIndex, maxBytes: Int
  ) throws(StorageError) -> [Entry] {
    try checkUsable()
    let base = terms.base.index
    guard from > base, from <= through, through <= terms.lastIndex else {
      throw .notStored(from: from, through: through, base: base, last: terms.lastIndex)
    }
    let wanted = limit(from - base - 1..<through - base, maxBytes)
    var entries: [Entry] = []
    entries.reserveCapacity(wanted.count)
    var next = wanted.lowerBound
    while next < wanted.upperBound {
      let run = run(next..<wanted.upperBound)
      try read(run, into: &entries)
      next = run.upperBound
    }
    return entries
  }

  /// As many of these entries as take no more than `maxBytes`, and at least one.
  private func limit(_ range: Range<Int>, _ maxBytes: Int) -> Range<Int> {
    var bytes = 0
    let end = range.first { i in
      bytes += Int(contents.locations[i].length)
      return bytes > maxBytes && i > range.lowerBound
    }
    return range.lowerBound..<(end ?? range.upperBound)
  }

  /// The first of these entries that stand in one segment, without much between them.
  private func run(_ range: Range<Int>) -> Range<Int> {
    var end = range.lowerBound + 1
    var last = contents.locations[range.lowerBound]
    while end < range.upperBound {
      let location = contents.locations[end]
      guard location.segment == last.segment, location.start - last.end <= 4096 else { break }
      last = location
      end += 1
    }
    return range.lowerBound..<end
  }

  private func read(_ run: Range<Int>, into entries: inout [Entry]) throws(StorageError) {
    let first = contents.locations[run.lowerBound]
    let sequence = UInt32(truncatingIfNeeded: segments[0].header.sequence)
    let place = Int(first.segment &- sequence)
    let segment = segments[place]
    let file =
      if place == segments.count - 1 {
        tailFile
      } else {
        try storing { () throws(FileError) in try files.file(of: segment) }
      }
    let bytes = try file.readBytes(
      at: first.start, count: contents.locations[run.upperBound - 1].end - first.start)
    for i in run {
      let location = contents.locations[i]
      let frame = bytes.withUnsafeBytes {
        RecordFrame(
          $0, at: location.start - first.start, origin: first.start, seed: segment.header.check)
      }
      let index = terms.base.index + (i + 1)
      guard let frame,
        case .entry(let entry)? = try? WireCodec.value(
          of: Array(bytes[frame.payload]), as: LogRecord.self),
        entry.index == index, entry.term == terms.term(at: index)
      else {
        throw .damaged(
          file: segment.path, offset: location.start,
          reason: "entry \(index) is no longer what was written")
      }
      entries.append(entry)
    }
  }
}

extension EntryLocation {
  /// Where the record begins.
  fileprivate var start: Int { Int(offset) }
  /// Where the record ends.
  fileprivate var end: Int { start + RecordFrame.headerSize + Int(length) }
}

// MARK: Compaction

extension LogStore {
  /// Drops the oldest segments, as many as hold nothing above `index`; `terms.base` moves to the last
  /// entry dropped, which is at or before `index`.
  ///
  /// Synchronizes first: what makes old segments needless must be durable before they go. Files that
  /// were set aside go too, unless the member is still in quarantine.
  public func compact(through index: LogIndex) throws(StorageError) {
    try checkUsable()
    let count = droppable(through: index)
    guard count > 0 else { return }
    try synchronize()
    try writing { () throws(FileError) in
      contents.compact(through: segments[count].opening.index)
      for _ in 0..<count {
        let segment = segments.removeFirst()
        files.close(segment)
        try fileSystem.remove(segment.path)
        // Each by itself: removals that a crash reorders would look like a missing segment.
        try fileSystem.synchronizeDirectory(directory)
      }
      if quarantine == nil { try removeSetAside() }
    }
  }

  /// How many segments can go. The one that is the first then must begin after an entry that is in
  /// the log still: if it began after one that was replaced, the log's base would be right only
  /// thanks to a record later in the segment, and wrong if damage cost that one.
  private func droppable(through index: LogIndex) -> Int {
    let limit = max(index, terms.base.index)
    return segments.indices.last { i in
      let opening = segments[i].opening
      return opening.index <= limit && terms.term(at: opening.index) == opening.term
    } ?? 0
  }
}
