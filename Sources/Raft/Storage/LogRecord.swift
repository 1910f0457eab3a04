/// What one record of the write-ahead log says.
enum LogRecord: Hashable {
  /// The first record of each segment: all that must be known of the log before it.
  case opening(HardState, last: LogPosition)
  /// The hard state changed.
  case hardState(HardState)
  /// The entry after the last one.
  case entry(Entry)
  /// The log ends at this position: entries after it are to be replaced.
  case truncate(LogPosition)
  /// The log is empty and goes on after this position.
  case restart(LogPosition)
  /// Everything before this record was made durable.
  case synchronized
}

extension LogRecord: WireMessage {
  func write(to writer: inout WireWriter) {
    switch self {
    case .opening(let hardState, let last):
      writer.message(1) {
        $0.message(1, hardState)
        $0.message(2, last)
      }
    case .hardState(let hardState): writer.message(2, hardState)
    case .entry(let entry): writer.message(3, entry)
    case .truncate(let position): writer.message(4, position)
    case .restart(let position): writer.message(5, position)
    case .synchronized: writer.message(6) { _ in }
    }
  }

  init(from reader: inout WireReader) throws(WireError) {
    var record: LogRecord?
    while let field = try reader.nextField() {
      switch field {
      case 1:
        var inner = try reader.nested()
        record = try Self.opening(from: &inner)
      case 2: record = .hardState(try reader.message())
      case 3: record = .entry(try reader.message())
      case 4: record = .truncate(try reader.message())
      case 5: record = .restart(try reader.message())
      case 6:
        var inner = try reader.nested()
        try inner.skipAll()
        record = .synchronized
      default: try reader.skip()
      }
    }
    self = try record.required("LogRecord.content")
  }

  private static func opening(from reader: inout WireReader) throws(WireError) -> LogRecord {
    var hardState: HardState?
    var last: LogPosition?
    while let field = try reader.nextField() {
      switch field {
      case 1: hardState = try reader.message()
      case 2: last = try reader.message()
      default: try reader.skip()
      }
    }
    return .opening(
      try hardState.required("Opening.hard_state"), last: try last.required("Opening.last"))
  }
}

extension HardState: WireMessage {
  func write(to writer: inout WireWriter) {
    writer.uint64(1, term.rawValue)
    writer.fixed64(2, vote?.rawValue ?? 0)
  }

  init(from reader: inout WireReader) throws(WireError) {
    self.init()
    while let field = try reader.nextField() {
      switch field {
      case 1: term = try reader.term()
      case 2:
        let id = try reader.fixed64()
        vote = id == 0 ? nil : MemberID(id)
      default: try reader.skip()
      }
    }
  }
}
