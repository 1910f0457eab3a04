/// RFC 4180 as a machine that takes bytes in any pieces.
///
/// Beyond the RFC: another delimiter may have been detected, lines may also end in LF or a lone CR,
/// blank lines are skipped, text after a closing quote is kept, and rows of the wrong length are
/// mended; the last two are reported.
///
/// Fields that lie within a piece are read in place by ``readFields(_:from:)``; the machine sees to
/// those that are cut, and to what is rare.
struct CSVParser: DatasetParser {
  private enum State: Sendable {
    case fieldStart
    case unquoted
    case quoted
    /// After a quote within a quoted field: its end, or the first half of a doubled quote.
    case quoteInQuoted
    /// In text after the closing quote.
    case afterQuote
  }

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed: UInt8 = 0x0A
  private static let carriageReturn: UInt8 = 0x0D

  private var builder: TableBuilder
  private let scanner: FieldScanner
  private var state = State.fieldStart
  /// The line break was a CR: an LF right after it belongs to it.
  private var ignoresLineFeed = false
  /// The part of the current field that came in earlier pieces or was quoted.
  private var pending: [UInt8] = []
  private var fieldIndex = 0
  private var isHeader = true
  private var lineEnding: DatasetLayout.LineEnding?
  private var quotes = QuoteCensus()

  init(builder: TableBuilder, delimiter: UInt8) {
    self.builder = builder
    scanner = FieldScanner(delimiter: delimiter)
  }

  var rowCount: Int { builder.rowCount }

  mutating func reserve(rows: Int) { builder.reserve(rows: rows) }

  mutating func parse(_ bytes: UnsafeRawBufferPointer) throws(DatasetError) {
    var index = 0
    let count = bytes.count
    while index < count {
      if state == .fieldStart, !isHeader, !ignoresLineFeed {
        index = try readFields(bytes, from: index)
        guard index < count else { return }
      }
      index = try step(bytes, from: index)
    }
  }

  mutating func finish(_ layout: inout DatasetLayout) throws(DatasetError) -> TableBuilder {
    let endsWithLineEnding = state == .fieldStart && fieldIndex == 0
    switch state {
    case .fieldStart:
      // A delimiter was the last byte: an empty field follows it.
      if fieldIndex > 0 {
        try endPendingField(isQuoted: false)
        try endRecord()
      }
    case .quoted:
      throw DatasetError(
        kind: .unterminatedQuote,
        message: "\(place()): a quoted value has no closing quote before the end of the data. "
          + "Close it, and double every quote within a quoted value.",
        row: isHeader ? nil : builder.rowCount, column: builder.columnLabel(fieldIndex))
    case .unquoted, .quoteInQuoted, .afterQuote:
      try endPendingField(isQuoted: state != .unquoted)
      try endRecord()
    }
    if isHeader {
      throw DatasetError(
        kind: .empty, message: "The dataset is empty: send a header line and at least one row.")
    }
    layout.lineEnding = lineEnding
    layout.endsWithLineEnding = endsWithLineEnding
    layout.quoting = quotes.quoting
    return builder
  }

  /// Whether a comma may be part of a value that is not in quotes.
  private var takesCommas: Bool { scanner.delimiter != UInt8(ascii: ",") }

  private func place() -> String {
    builder.place(fieldIndex, isHeader: isHeader)
  }
}

// MARK: - Fields within a piece

extension CSVParser {
  /// Reads fields of data rows as long as each lies within the piece and is written plainly.
  ///
  /// - Returns: Where the first other field, or a blank line, begins.
  private mutating func readFields(
    _ bytes: UnsafeRawBufferPointer, from start: Int
  ) throws(DatasetError) -> Int {
    guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return start }
    let count = bytes.count
    let takesCommas = self.takesCommas
    var index = start
    while index < count {
      let first = base[index]
      let length: Int
      if first &- 0x30 <= 9 || first == UInt8(ascii: "-"),
        let (cell, digits) = PackedCell.scan(
          base + index, count - index, takesGroups: true, takesCommas: takesCommas),
        index + digits < count, scanner.endsField(base[index + digits])
      {
        quotes.addUnquoted(cell)
        try builder.append(cell, length: digits, column: fieldIndex)
        length = digits
      } else if first == Self.quote {
        guard let close = bytes.firstIndex(of: Self.quote, from: index + 1), close + 1 < count,
          scanner.endsField(base[close + 1])
        else { return index }
        quotes.hasQuoted = true
        try builder.append(
          UnsafeRawBufferPointer(rebasing: bytes[(index + 1)..<close]), column: fieldIndex)
        length = close + 1 - index
      } else {
        guard let run = scanner.run(base + index, count - index) else { return index }
        if run.length == 0, fieldIndex == 0, first != scanner.delimiter { return index }
        let field = UnsafeRawBufferPointer(start: base + index, count: run.length)
        quotes.addUnquoted(field)
        try builder.append(word: field, column: fieldIndex, isPlain: run.isPlain)
        length = run.length
      }
      fieldIndex += 1
      index += length + 1
      let end = base[index - 1]
      guard end != scanner.delimiter else { continue }
      try endRecord()
      if end == Self.carriageReturn {
        guard index < count else {
          ignoresLineFeed = true
          return index
        }
        if base[index] == Self.lineFeed { index += 1 }
      }
    }
    return index
  }
}

// MARK: - Fields in pieces

extension CSVParser {
  /// Goes on as far as the state lasts.
  ///
  /// - Returns: Where the next step begins.
  private mutating func step(
    _ bytes: UnsafeRawBufferPointer, from start: Int
  ) throws(DatasetError) -> Int {
    let byte = bytes[start]
    switch state {
    case .fieldStart:
      if ignoresLineFeed {
        ignoresLineFeed = false
        if byte == Self.lineFeed {
          if builder.rowCount == 0, lineEnding == .carriageReturn {
            lineEnding = .carriageReturnLineFeed
          }
          return start + 1
        }
      }
      if fieldIndex == 0, byte == Self.lineFeed || byte == Self.carriageReturn {
        // A blank line.
        ignoresLineFeed = byte == Self.carriageReturn
        return start + 1
      }
      state = byte == Self.quote ? .quoted : .unquoted
      return byte == Self.quote ? start + 1 : start
    case .quoted:
      let end = bytes.firstIndex(of: Self.quote, from: start)
      try keep(UnsafeRawBufferPointer(rebasing: bytes[start..<(end ?? bytes.count)]))
      guard let end else { return bytes.count }
      state = .quoteInQuoted
      return end + 1
    case .quoteInQuoted:
      if byte == Self.quote {
        try keep(UnsafeRawBufferPointer(rebasing: bytes[start...start]))
        state = .quoted
        return start + 1
      }
      guard scanner.endsField(byte) else {
        reportTextAfterQuote()
        state = .afterQuote
        return start
      }
      try endPendingField(isQuoted: true)
      try endFieldAt(byte)
      return start + 1
    case .unquoted, .afterQuote:
      var index = start
      while index < bytes.count, !scanner.endsField(bytes[index]) { index += 1 }
      try keep(UnsafeRawBufferPointer(rebasing: bytes[start..<index]))
      guard index < bytes.count else { return index }
      try endPendingField(isQuoted: state == .afterQuote)
      try endFieldAt(bytes[index])
      return index + 1
    }
  }

  /// Appends to the field that is not complete yet, keeping it within its limit.
  private mutating func keep(_ run: UnsafeRawBufferPointer) throws(DatasetError) {
    guard pending.count + run.count <= builder.limits.maxFieldBytes else {
      let hint = state == .quoted ? " Perhaps a quote is not closed." : ""
      throw builder.fieldTooLong(fieldIndex, isHeader: isHeader, hint: hint)
    }
    pending.append(contentsOf: run)
  }

  private mutating func endPendingField(isQuoted: Bool) throws(DatasetError) {
    var field: [UInt8] = []
    swap(&field, &pending)
    defer {
      field.removeAll(keepingCapacity: true)
      swap(&field, &pending)
    }
    try field.withUnsafeBufferPointer { buffer throws(DatasetError) in
      let field = UnsafeRawBufferPointer(buffer)
      if isQuoted {
        quotes.hasQuoted = true
      } else {
        quotes.addUnquoted(field)
      }
      if isHeader {
        try builder.addColumn(named: field)
      } else {
        try builder.append(field, column: fieldIndex)
      }
      fieldIndex += 1
    }
  }

  private mutating func endFieldAt(_ separator: UInt8) throws(DatasetError) {
    state = .fieldStart
    guard separator != scanner.delimiter else { return }
    if isHeader { lineEnding = separator == Self.lineFeed ? .lineFeed : .carriageReturn }
    try endRecord()
    ignoresLineFeed = separator == Self.carriageReturn
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
}

/// Which fields are in quotes.
private struct QuoteCensus: Sendable {
  var hasQuoted = false
  private var hasUnquoted = false
  /// A word that is neither a number nor stands for a missing value.
  private var hasUnquotedWord = false

  @inline(__always)
  mutating func addUnquoted(_ cell: PackedCell) {
    hasUnquoted = true
    if cell.isMoment { hasUnquotedWord = true }
  }

  @inline(__always)
  mutating func addUnquoted(_ field: UnsafeRawBufferPointer) {
    hasUnquoted = true
    if !hasUnquotedWord, !field.isEmpty { look(field) }
  }

  private mutating func look(_ field: UnsafeRawBufferPointer) {
    let bytes = Array(field)[...]
    let isNumber =
      NumberParser.parse(bytes) != nil || WrittenNumber(bytes) != nil
      || NumberParser.parse(bytes, point: NumberMark.comma.byte) != nil
    hasUnquotedWord = !isNumber && !MissingTokens.contains(bytes)
  }

  var quoting: DatasetLayout.Quoting {
    if !hasQuoted { return .none }
    if !hasUnquoted { return .all }
    return hasUnquotedWord ? .someWords : .words
  }
}
