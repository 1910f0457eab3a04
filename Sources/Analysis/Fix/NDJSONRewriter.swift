/// Rewrites newline-delimited JSON line by line.
struct NDJSONRewriter: Sendable {
  private enum Fate: Sendable {
    case copied
    /// Collected, to be changed at its end.
    case changed(RowEdit)
    case dropped
  }

  private static let lineFeed: UInt8 = 0x0A
  private static let carriageReturn: UInt8 = 0x0D

  private var edits: RowEdits
  private let record: JSONRecordRewriter
  /// Nil between lines, and within the space that a line begins with.
  private var fate: Fate?
  private var line: [UInt8] = []
  /// Space at the beginning of a line, of which nobody knows yet whether it is blank.
  private var space: [UInt8] = []
  /// The line so far ends with CR, which belongs to the line's end if LF follows.
  private var holdsCarriageReturn = false
  private var lineEnds = LineEnds()
  private var lastIsDropped = false

  init(_ edits: RowEdits) {
    self.edits = edits
    record = JSONRecordRewriter(edits)
  }

  mutating func rewrite(
    _ bytes: UnsafeRawBufferPointer, _ output: inout [UInt8]
  ) throws(FixError) {
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if fate == nil {
        if byte == Self.lineFeed {
          passBlankLine(&output)
          output.append(byte)
          index += 1
          continue
        }
        if JSONObjectScanner.isSpace(byte) {
          space.append(byte)
          index += 1
          continue
        }
        try beginLine(&output)
      }
      let start = index
      while index < bytes.count, bytes[index] != Self.lineFeed { index += 1 }
      keep(UnsafeRawBufferPointer(rebasing: bytes[start..<index]), &output)
      if index < bytes.count {
        let endsWithBoth = holdsCarriageReturn
        holdsCarriageReturn = false
        try endLine(&output)
        if !lastIsDropped {
          if endsWithBoth { lineEnds.hold(Self.carriageReturn) }
          lineEnds.hold(Self.lineFeed)
        }
        index += 1
      }
    }
  }

  mutating func finish(_ output: inout [UInt8]) throws(FixError) {
    let isOpen = fate != nil
    if isOpen {
      releaseCarriageReturn(&output)
      try endLine(&output)
    } else if !space.isEmpty {
      passBlankLine(&output)
    }
    try edits.finish()
    lineEnds.finish(lastLineIsOpen: isOpen && lastIsDropped, &output)
  }

  private mutating func passBlankLine(_ output: inout [UInt8]) {
    lineEnds.release(to: &output)
    output += space
    space.removeAll(keepingCapacity: true)
    lastIsDropped = false
  }

  private mutating func beginLine(_ output: inout [UInt8]) throws(FixError) {
    defer { space.removeAll(keepingCapacity: true) }
    let edit = try edits.takeNext()
    if let edit, edit.isRemoved {
      fate = .dropped
      return
    }
    lineEnds.release(to: &output)
    output += space
    let isFlagged = edits.flagColumn != nil && edit?.flags.isEmpty == false
    if let edit, isFlagged || !edit.changesNothing {
      fate = .changed(edit)
    } else {
      fate = .copied
    }
  }

  private mutating func keep(_ run: UnsafeRawBufferPointer, _ output: inout [UInt8]) {
    guard let last = run.last else { return }
    releaseCarriageReturn(&output)
    holdsCarriageReturn = last == Self.carriageReturn
    append(holdsCarriageReturn ? run.dropLast() : run[...], &output)
  }

  private mutating func releaseCarriageReturn(_ output: inout [UInt8]) {
    if holdsCarriageReturn { append([Self.carriageReturn], &output) }
    holdsCarriageReturn = false
  }

  private mutating func append(_ run: some Collection<UInt8>, _ output: inout [UInt8]) {
    switch fate {
    case .copied: output.append(contentsOf: run)
    case .changed: line.append(contentsOf: run)
    case .dropped, nil: break
    }
  }

  private mutating func endLine(_ output: inout [UInt8]) throws(FixError) {
    lastIsDropped = false
    switch fate {
    case .changed(let edit):
      try edits.rewriting(line, row: edit.row, to: &output) { text, output throws(FixError) in
        try record.write(text, edit, to: &output)
      }
      line.removeAll(keepingCapacity: true)
    case .dropped: lastIsDropped = true
    case .copied, nil: break
    }
    fate = nil
  }
}
