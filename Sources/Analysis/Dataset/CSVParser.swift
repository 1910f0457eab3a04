/// RFC 4180 as a machine that takes bytes in any pieces.
///
/// Beyond the RFC: lines may also end in LF or a lone CR, blank lines are skipped, text after a
/// closing quote is kept, and rows of the wrong length are mended; the last two are reported.
struct CSVParser: Sendable {
  private enum State: Sendable {
    case fieldStart
    case unquoted
    case quoted
    /// After a quote within a quoted field: its end, or the first half of a doubled quote.
    case quoteInQuoted
    /// In text after the closing quote.
    case afterQuote
  }

  private static let comma = UInt8(ascii: ",")
  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed: UInt8 = 0x0A
  private static let carriageReturn: UInt8 = 0x0D

  private(set) var builder: TableBuilder
  private var state = State.fieldStart
  /// The line break was a CR: an LF right after it belongs to it.
  private var ignoresLineFeed = false
  /// The part of the current field that came in earlier pieces or was quoted.
  private var pending: [UInt8] = []
  private var fieldIndex = 0
  private var isHeader = true

  init(builder: TableBuilder) {
    self.builder = builder
  }

  mutating func parse(_ bytes: UnsafeRawBufferPointer) throws(DatasetError) {
    var index = 0
    let count = bytes.count
    while index < count {
      let byte = bytes[index]
      switch state {
      case .fieldStart:
        if ignoresLineFeed {
          ignoresLineFeed = false
          if byte == Self.lineFeed {
            index += 1
            continue
          }
        }
        if fieldIndex == 0, byte == Self.lineFeed || byte == Self.carriageReturn {
          // A blank line.
          ignoresLineFeed = byte == Self.carriageReturn
          index += 1
        } else if byte == Self.quote {
          state = .quoted
          index += 1
        } else {
          state = .unquoted
        }
      case .unquoted:
        let start = index
        while index < count, !Self.endsField(bytes[index]) { index += 1 }
        let run = UnsafeRawBufferPointer(rebasing: bytes[start..<index])
        if index < count {
          if pending.isEmpty {
            try endField(run)
          } else {
            try keep(run)
            try endPendingField()
          }
          try endFieldAt(bytes[index])
          index += 1
        } else {
          try keep(run)
        }
      case .quoted:
        let start = index
        while index < count, bytes[index] != Self.quote { index += 1 }
        try keep(UnsafeRawBufferPointer(rebasing: bytes[start..<index]))
        if index < count {
          state = .quoteInQuoted
          index += 1
        }
      case .quoteInQuoted:
        if byte == Self.quote {
          pending.append(byte)
          state = .quoted
          index += 1
        } else if Self.endsField(byte) {
          try endPendingField()
          try endFieldAt(byte)
          index += 1
        } else {
          reportTextAfterQuote()
          state = .afterQuote
        }
      case .afterQuote:
        let start = index
        while index < count, !Self.endsField(bytes[index]) { index += 1 }
        try keep(UnsafeRawBufferPointer(rebasing: bytes[start..<index]))
        if index < count {
          try endPendingField()
          try endFieldAt(bytes[index])
          index += 1
        }
      }
    }
  }

  mutating func finish() throws(DatasetError) -> Table {
    switch state {
    case .fieldStart:
      // A comma was the last byte: an empty field follows it.
      if fieldIndex > 0 {
        try endPendingField()
        try endRecord()
      }
    case .quoted:
      throw DatasetError(
        kind: .unterminatedQuote,
        message: "\(place()): a quoted value has no closing quote before the end of the data. "
          + "Close it, and double every quote within a quoted value.",
        row: isHeader ? nil : builder.rowCount, column: builder.columnLabel(fieldIndex))
    case .unquoted, .quoteInQuoted, .afterQuote:
      try endPendingField()
      try endRecord()
    }
    if isHeader {
      throw DatasetError(
        kind: .empty, message: "The dataset is empty: send a header line and at least one row.")
    }
    return try builder.finish()
  }

  private static func endsField(_ byte: UInt8) -> Bool {
    byte == comma || byte == lineFeed || byte == carriageReturn
  }

  /// Appends to the field that is not complete yet, keeping it within its limit.
  private mutating func keep(_ run: UnsafeRawBufferPointer) throws(DatasetError) {
    guard pending.count + run.count <= builder.limits.maxFieldBytes else {
      let hint = state == .quoted ? " Perhaps a quote is not closed." : ""
      throw builder.fieldTooLong(fieldIndex, isHeader: isHeader, hint: hint)
    }
    pending.append(contentsOf: run)
  }

  private mutating func endPendingField() throws(DatasetError) {
    var field: [UInt8] = []
    swap(&field, &pending)
    defer {
      field.removeAll(keepingCapacity: true)
      swap(&field, &pending)
    }
    try field.withUnsafeBufferPointer { buffer throws(DatasetError) in
      try endField(UnsafeRawBufferPointer(buffer))
    }
  }

  private mutating func endField(_ field: UnsafeRawBufferPointer) throws(DatasetError) {
    if isHeader {
      try builder.addColumn(named: field)
    } else {
      try builder.append(field, column: fieldIndex)
    }
    fieldIndex += 1
  }

  private mutating func endFieldAt(_ separator: UInt8) throws(DatasetError) {
    state = .fieldStart
    if separator != Self.comma {
      try endRecord()
      ignoresLineFeed = separator == Self.carriageReturn
    }
  }

  private mutating func endRecord() throws(DatasetError) {
    defer { fieldIndex = 0 }
    if isHeader {
      isHeader = false
      try builder.checkHeader()
    } else {
      try builder.endRow(fieldCount: fieldIndex)
    }
  }

  private mutating func reportTextAfterQuote() {
    let row = builder.rowCount
    let column = builder.columnLabel(fieldIndex)
    guard !isHeader else { return }
    builder.problems.add(
      FormatProblem(
        kind: .textAfterQuote, row: row, column: column,
        message: "Row \(row), column \(column): text follows the closing quote; it was kept. "
          + "Double every quote within a quoted value."))
  }

  private func place() -> String {
    builder.place(fieldIndex, isHeader: isHeader)
  }
}
