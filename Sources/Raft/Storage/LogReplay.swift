/// Reads a whole log, checks every byte of it, and tells a torn tail from damage.
///
/// The rule (docs/storage-format.md): segments but the last were complete and durable before the next
/// one got its name, so anything invalid in them is damage. In the last one, an invalid record is
/// damage if any record after it says that the log was durable beyond that place already; otherwise
/// it was never synchronized, nobody was promised it, and it is cut.
struct LogReplay {
  /// Where a damaged log is to end: what stands from there on is not looked at.
  struct Cut {
    var sequence: UInt64
    /// Where in that segment; none of it is kept when it has no record before that.
    var offset: Int

    var keepsRecords: Bool { offset > SegmentHeader.size }

    /// The place that is damaged; nil when it is not in a segment.
    init?(_ damage: Quarantine) {
      let name = damage.file.split(separator: "/").last.map(String.init) ?? ""
      guard let sequence = SegmentHeader.sequence(ofFileNamed: name) else { return nil }
      self.sequence = sequence
      offset = damage.offset
    }
  }

  /// Memory used: one segment and its index.
  private(set) var contents = LogContents()
  private(set) var segments: [LogSegment] = []
  /// The last segment's file, to be written on.
  private(set) var lastFile: (any File)?
  /// Up to where the last segment is known to be durable.
  private(set) var durable = 0
  /// Whether the last record says so itself.
  private(set) var endsWithMark = false
  /// What has to be written again from `durable` on, and made durable, before the log is relied on:
  /// the records found there, then zeros over a torn tail.
  private(set) var rewrite: [UInt8] = []
  private let cut: Cut?
  private let segmentSize: Int

  /// Replays the segments named, up to `cut`. Throws `StorageError.damaged` at the first damage that
  /// is found before it.
  init(
    fileSystem: any FileSystem, directory: String, sequences: [UInt64], options: LogStore.Options,
    cut: Cut? = nil
  ) throws(StorageError) {
    self.cut = cut
    segmentSize = options.segmentSize
    for sequence in sequences where cut.map({ $0.keeps(sequence) }) ?? true {
      let path = directory + "/" + SegmentHeader.fileName(sequence)
      if let last = segments.last, last.header.sequence + 1 != sequence {
        throw .damaged(
          file: directory + "/" + SegmentHeader.fileName(last.header.sequence + 1), offset: 0,
          reason: "the segment is missing, but later ones are there")
      }
      let file = try storing { () throws(FileError) in try fileSystem.open(path, .read) }
      let header = try SegmentHeader(file: file, sequence: sequence, member: options.member)
      try storing { () throws(FileError) in try file.close() }
      segments.append(LogSegment(path: path, header: header))
    }
    for (i, segment) in segments.enumerated() {
      let isLast = i == segments.count - 1
      let file = try storing { () throws(FileError) in
        try fileSystem.open(segment.path, isLast ? .update : .read)
      }
      try replay(i, file)
      if isLast {
        lastFile = file
      } else {
        try storing { () throws(FileError) in try file.close() }
      }
    }
  }

  private mutating func replay(_ i: Int, _ file: any File) throws(StorageError) {
    let size = try storing { () throws(FileError) in try file.size() }
    let next = i + 1 < segments.count ? segments[i + 1].header : nil
    let limit = min(next?.previousEnd ?? size, size)
    // A file may be larger than it was made, for a record that is; how large, that record says.
    let usual = next?.previousEnd ?? max(segments[i].header.fileSize, segmentSize)
    var bytes = try file.readBytes(at: 0, count: min(usual, limit))
    func damaged(_ offset: Int, _ reason: String) -> StorageError {
      .damaged(file: file.path, offset: offset, reason: reason)
    }
    let stop = cut?.sequence == segments[i].header.sequence ? cut?.offset ?? .max : .max
    var isFirst = true
    while segments[i].end < stop, let frame = try nextFrame(&bytes, i, file, limit) {
      let record: LogRecord
      do {
        // The payload alone: a reader of the whole segment would keep it from being released.
        record = try WireCodec.value(of: Array(bytes[frame.payload]))
      } catch {
        // What it says is what was written, by a newer program then: to drop it would be to lose it.
        throw .unknownRecord(file: file.path, offset: segments[i].end, reason: "\(error)")
      }
      try check(record, isFirst, i)
      let location = EntryLocation(
        segment: UInt32(truncatingIfNeeded: segments[i].header.sequence),
        offset: UInt32(segments[i].end), length: UInt32(frame.payload.count))
      if let reason = contents.applyRead(record, at: location, opensLog: isFirst && i == 0) {
        throw damaged(segments[i].end, reason)
      }
      if case .opening(_, let last) = record { segments[i].opening = last }
      durable = isFirst ? frame.payload.upperBound : max(durable, frame.durable)
      endsWithMark = record == .synchronized && frame.durable == segments[i].end
      segments[i].end = frame.payload.upperBound
      segments[i].chain = frame.check
      isFirst = false
    }
    let end = segments[i].end
    guard !isFirst else { throw damaged(end, "the segment's opening record is not valid") }
    if let next {
      guard end == next.previousEnd, segments[i].chain == next.previousChain else {
        throw damaged(end, "the record is not valid, but a later segment follows")
      }
    } else {
      try examineTail(bytes, segments[i], file, size)
    }
  }

  /// The record at the segment's end so far, if it is valid and follows the one before. Reads on, if what was
  /// read of the file ends before the record does.
  private func nextFrame(
    _ bytes: inout [UInt8], _ i: Int, _ file: any File, _ size: Int
  ) throws(StorageError) -> RecordFrame? {
    let segment = segments[i]
    func read(through end: Int) throws(StorageError) {
      let end = min(end, size)
      if end > bytes.count {
        bytes += try file.readBytes(at: bytes.count, count: end - bytes.count)
      }
    }
    try read(through: segment.end + RecordFrame.headerSize)
    let length = bytes.withUnsafeBytes {
      RecordFrame.length($0, at: segment.end, origin: 0, seed: segment.header.check)
    }
    if let length { try read(through: segment.end + length) }
    return validFrame(bytes, i)
  }

  private func validFrame(_ bytes: [UInt8], _ i: Int) -> RecordFrame? {
    let segment = segments[i]
    let frame = bytes.withUnsafeBytes {
      RecordFrame($0, at: segment.end, origin: 0, seed: segment.header.check)
    }
    return frame?.previous == segment.chain ? frame : nil
  }

  private func check(_ record: LogRecord, _ isFirst: Bool, _ i: Int) throws(StorageError) {
    let opens = if case .opening = record { true } else { false }
    guard opens == isFirst else {
      throw .damaged(
        file: segments[i].path, offset: segments[i].end,
        reason: isFirst ? "the first record is no opening record" : "a second opening record")
    }
  }

  private mutating func examineTail(
    _ bytes: [UInt8], _ segment: LogSegment, _ file: any File, _ size: Int
  ) throws(StorageError) {
    let end = segment.end
    let used = max(end, lengthWithoutTrailingZeros(bytes))
    if cut == nil {
      var found = witness(in: bytes, before: used, of: segment)
      if found == nil {
        found = try lateMark(in: file, from: bytes.count, to: size, of: segment)
      }
      if let witness = found {
        throw .damaged(
          file: segment.path, offset: end,
          reason: "the record is not valid, but the record at byte \(witness) was written after it "
            + "was durable")
      }
      guard size >= segment.header.fileSize else {
        throw .damaged(
          file: segment.path, offset: size,
          reason: "the file is cut short: it was made with \(segment.header.fileSize) bytes")
      }
    }
    let length = size < segment.header.fileSize ? segment.header.fileSize : used
    rewrite = Array(bytes[durable..<end]) + repeatElement(0, count: length - end)
  }

  /// A record in the tail which says that where the tail begins was durable before it was written.
  private func witness(in bytes: [UInt8], before used: Int, of segment: LogSegment) -> Int? {
    bytes.withUnsafeBytes { bytes in
      (segment.end..<used).first { offset in
        RecordFrame(bytes, at: offset, origin: 0, seed: segment.header.check)
          .map { $0.durable > segment.end } ?? false
      }
    }
  }
}

extension LogReplay {
  /// The same behind what was read of the file: where it is larger than it was made, for a record that is, a
  /// mark may be left of that.
  private func lateMark(
    in file: any File, from start: Int, to end: Int, of segment: LogSegment
  ) throws(StorageError) -> Int? {
    let block = 1 << 16
    let first = max(segment.end, start - LogStore.markSize)
    for start in stride(from: first, to: end, by: block) {
      let bytes = try file.readBytes(at: start, count: block + LogStore.markSize)
      let used = lengthWithoutTrailingZeros(bytes)
      let mark = bytes.withUnsafeBytes { bytes in
        (0..<used).first { offset in
          RecordFrame(bytes, at: offset, origin: start, seed: segment.header.check)
            .map { $0.durable > segment.end } ?? false
        }
      }
      if let mark { return start + mark }
    }
    return nil
  }
}

extension LogReplay.Cut {
  /// Whether the log has something of this segment.
  func keeps(_ segment: UInt64) -> Bool {
    segment < sequence || (segment == sequence && keepsRecords)
  }
}

/// How many bytes are left when zeros at the end are taken off. Most of a new segment is zeros, so
/// they are compared by the word.
private func lengthWithoutTrailingZeros(_ bytes: [UInt8]) -> Int {
  bytes.withUnsafeBytes { bytes in
    var length = bytes.count
    while length >= 8, bytes.number(at: length - 8, as: UInt64.self) == 0 { length -= 8 }
    while length > 0, bytes[length - 1] == 0 { length -= 1 }
    return length
  }
}

extension LogSegment {
  /// A segment whose records are yet to be read.
  fileprivate init(path: String, header: SegmentHeader) {
    self.init(header: header, path: path, end: SegmentHeader.size, chain: header.check)
  }
}
