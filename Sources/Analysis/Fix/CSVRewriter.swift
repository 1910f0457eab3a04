/// Rewrites CSV as ``CSVParser`` reads it, record by record.
struct CSVRewriter: Sendable {
  /// What becomes of the record that is being read.
  private enum Fate: Sendable {
    case copied
    /// Collected, to be changed at its end.
    case changed(RowEdit)
    case dropped
  }

  private var boundaries: CSVBoundaries
  private var edits: RowEdits
  /// Whether a record has begun: line ends outside of one are blank lines.
  private var isInRecord = false
  private var fate = Fate.copied
  private var isHeader = true
  private var record: [UInt8] = []
  private var lineEnds = LineEnds()
  /// The record or blank line before ended with CR: an LF right after it belongs to it.
  private var mayEndWithLineFeed = false
  private var lastIsDropped = false

  init(_ edits: RowEdits, delimiter: UInt8) {
    self.edits = edits
    boundaries = CSVBoundaries(delimiter: delimiter)
  }

  mutating func rewrite(
    _ bytes: UnsafeRawBufferPointer, _ output: inout [UInt8]
  ) throws(FixError) {
    var index = 0
    while index < bytes.count {
      if !isInRecord {
        if CSVBoundaries.isLineEnd(bytes[index]) {
          betweenRecords(bytes[index], &output)
          index += 1
          continue
        }
        try beginRecord(&output)
      }
      let start = index
      while index < bytes.count, boundaries.advance(bytes[index]) != .record { index += 1 }
      keep(UnsafeRawBufferPointer(rebasing: bytes[start..<index]), &output)
      if index < bytes.count {
        try endRecord(&output)
        endLine(bytes[index])
        index += 1
      }
    }
  }

  mutating func finish(_ output: inout [UInt8]) throws(FixError) {
    let isOpen = isInRecord
    if isOpen { try endRecord(&output) }
    try edits.finish()
    lineEnds.finish(lastLineIsOpen: isOpen && lastIsDropped, &output)
  }

  // MARK: Records

  private mutating func beginRecord(_ output: inout [UInt8]) throws(FixError) {
    isInRecord = true
    mayEndWithLineFeed = false
    if isHeader {
      fate = edits.flagColumn == nil ? .copied : .changed(RowEdit(row: -1))
    } else {
      let edit = try edits.takeNext()
      if edit?.isRemoved == true {
        fate = .dropped
      } else if edits.flagColumn != nil || edit.map({ !$0.changesNothing }) == true {
        fate = .changed(edit ?? RowEdit(row: edits.row - 1))
      } else {
        fate = .copied
      }
    }
    if case .dropped = fate { return }
    lineEnds.release(to: &output)
  }

  private mutating func keep(_ run: UnsafeRawBufferPointer, _ output: inout [UInt8]) {
    switch fate {
    case .copied: output.append(contentsOf: run)
    case .changed: record.append(contentsOf: run)
    case .dropped: break
    }
  }

  private mutating func endRecord(_ output: inout [UInt8]) throws(FixError) {
    lastIsDropped = false
    switch fate {
    case .copied: break
    case .dropped: lastIsDropped = true
    case .changed(let edit):
      try edits.rewriting(record, row: edit.row, to: &output) { text, output throws(FixError) in
        try write(text, edit, &output)
      }
      record.removeAll(keepingCapacity: true)
    }
    isHeader = false
    isInRecord = false
  }

  private mutating func endLine(_ byte: UInt8) {
    mayEndWithLineFeed = byte == CSVBoundaries.carriageReturn
    if !lastIsDropped { lineEnds.hold(byte) }
  }

  private mutating func betweenRecords(_ byte: UInt8, _ output: inout [UInt8]) {
    if byte == CSVBoundaries.lineFeed, mayEndWithLineFeed {
      mayEndWithLineFeed = false
      if !lastIsDropped { lineEnds.hold(byte) }
    } else {
      // A blank line, which no action is about.
      lineEnds.release(to: &output)
      output.append(byte)
      mayEndWithLineFeed = false
      lastIsDropped = false
    }
  }

  // MARK: Fields

  /// Writes a record with its changes.
  private func write(
    _ record: [UInt8], _ edit: RowEdit, _ output: inout [UInt8]
  ) throws(FixError) {
    let fields = fields(of: record)
    let width = edits.columns.count
    let count = max(
      fields.count, edits.flagColumn == nil ? (edit.cells.last?.column ?? -1) + 1 : width)
    var cells = edit.cells[...]
    for index in 0..<count {
      if index > 0 { output.append(boundaries.delimiter) }
      // Before surplus fields, which have no header.
      if index == width, edits.flagColumn != nil {
        append(flags(of: edit), isQuoted: false, isAlone: false, &output)
        output.append(boundaries.delimiter)
      }
      let field = index < fields.count ? record[fields[index]] : []
      guard let cell = cells.first, cell.column == index else {
        output += field
        continue
      }
      cells.removeFirst()
      try cell.requireOriginal(
        CSVField.content(field), row: edit.row, column: edits.columns[index])
      append(
        cell.to, isQuoted: field.first == CSVBoundaries.quote, isAlone: count == 1, &output)
    }
    if count == width, edits.flagColumn != nil {
      output.append(boundaries.delimiter)
      append(flags(of: edit), isQuoted: false, isAlone: false, &output)
    }
  }

  private func append(
    _ value: String, isQuoted: Bool, isAlone: Bool, _ output: inout [UInt8]
  ) {
    CSVField.append(
      value, delimiter: boundaries.delimiter, isQuoted: isQuoted, isAlone: isAlone, to: &output)
  }

  /// What the appended column holds: in the header its name.
  private func flags(of edit: RowEdit) -> String {
    edit.row < 0 ? edits.flagColumn ?? "" : edit.flagText
  }

  /// Where the fields of a record are, with their quotes.
  private func fields(of record: [UInt8]) -> [Range<Int>] {
    var boundaries = CSVBoundaries(delimiter: boundaries.delimiter)
    var fields: [Range<Int>] = []
    var start = 0
    for index in record.indices where boundaries.advance(record[index]) == .field {
      fields.append(start..<index)
      start = index + 1
    }
    fields.append(start..<record.count)
    return fields
  }
}
