extension Append: WireMessage {
  func write(to writer: inout WireWriter) {
    writer.message(1, previous)
    for entry in entries { writer.message(2, entry) }
    writer.uint64(3, commit.rawValue)
  }

  init(from reader: inout WireReader) throws(WireError) {
    var previous: LogPosition?
    var entries: [Entry] = []
    var commit = LogIndex.zero
    while let field = try reader.nextField() {
      switch field {
      case 1: previous = try reader.message()
      case 2: entries.append(try reader.message())
      case 3: commit = try reader.index()
      default: try reader.skip()
      }
    }
    self.init(
      previous: try previous.required("Append.previous"), entries: entries, commit: commit)
    var last = self.previous
    for entry in entries {
      guard entry.index == last.index.next, entry.term >= last.term else {
        throw .invalidValue("Append.entries")
      }
      last = entry.position
    }
  }
}

extension SnapshotChunk: WireMessage {
  func write(to writer: inout WireWriter) {
    writer.message(1, metadata)
    writer.uint64(2, offset)
    writer.bytes(3, bytes)
    writer.bool(4, isLast)
    writer.presentFixed32(5, check)
  }

  init(from reader: inout WireReader) throws(WireError) {
    var metadata: SnapshotMetadata?
    var offset: UInt64 = 0
    var bytes: [UInt8] = []
    var isLast = false
    var check: UInt32?
    while let field = try reader.nextField() {
      switch field {
      case 1: metadata = try reader.message()
      case 2: offset = try reader.offset()
      case 3: bytes = try reader.bytes()
      case 4: isLast = try reader.bool()
      case 5: check = try reader.fixed32()
      default: try reader.skip()
      }
    }
    // Whoever has received everything asks for nothing more: no piece is empty.
    guard !bytes.isEmpty else { throw .missingField("SnapshotChunk.bytes") }
    self.init(
      metadata: try metadata.required("SnapshotChunk.metadata"), offset: offset, bytes: bytes,
      isLast: isLast, check: check)
  }
}
