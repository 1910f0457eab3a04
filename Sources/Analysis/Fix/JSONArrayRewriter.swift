/// Rewrites a JSON array of objects element by element.
///
/// An element that is left out takes one comma with it, and space so that what stays begins and ends
/// as the array did.
struct JSONArrayRewriter: Sendable {
  private enum State: Sendable {
    case beforeArray
    /// After `[` or `,`.
    case beforeElement
    case inElement
    case afterElement
    case afterArray
  }

  private enum Fate: Sendable {
    case copied
    /// Collected, to be changed at its end.
    case changed(RowEdit)
    case dropped
  }

  private var edits: RowEdits
  private let record: JSONRecordRewriter
  private var state = State.beforeArray
  private var fate = Fate.copied
  private var element: [UInt8] = []
  /// Space after the last `[`, `,` or element of the input.
  private var space: [UInt8] = []
  /// The space before the first element, kept or not; nil before it.
  private var firstSpace: [UInt8]?
  /// The space between the last element that was kept and its comma; nil before the first.
  private var spaceBeforeComma: [UInt8]?
  private var nesting = JSONNesting()

  init(_ edits: RowEdits) {
    self.edits = edits
    record = JSONRecordRewriter(edits)
  }

  mutating func rewrite(
    _ bytes: UnsafeRawBufferPointer, _ output: inout [UInt8]
  ) throws(FixError) {
    var index = 0
    while index < bytes.count {
      if state == .inElement {
        let start = index
        while index < bytes.count, state == .inElement {
          if nesting.isClosed(by: bytes[index]) { state = .afterElement }
          index += 1
        }
        keep(UnsafeRawBufferPointer(rebasing: bytes[start..<index]), &output)
        if state == .afterElement { try endElement(&output) }
        continue
      }
      let byte = bytes[index]
      switch (state, byte) {
      case (.beforeArray, UInt8(ascii: "[")):
        output.append(byte)
        state = .beforeElement
      case (.beforeArray, _) where JSONObjectScanner.isSpace(byte),
        (.afterArray, _) where JSONObjectScanner.isSpace(byte):
        output.append(byte)
      case (.beforeElement, _) where JSONObjectScanner.isSpace(byte),
        (.afterElement, _) where JSONObjectScanner.isSpace(byte):
        space.append(byte)
      case (.beforeElement, UInt8(ascii: "{")):
        try beginElement(&output)
        state = .inElement
        continue
      case (.afterElement, UInt8(ascii: ",")):
        endSpace()
        state = .beforeElement
      case (.beforeElement, UInt8(ascii: "]")), (.afterElement, UInt8(ascii: "]")):
        output += space
        output.append(byte)
        state = .afterArray
      default:
        throw FixError(
          kind: .malformedDataset,
          message: "Element \(edits.row + 1): this is no JSON array of objects.", row: edits.row)
      }
      index += 1
    }
  }

  mutating func finish(_ output: inout [UInt8]) throws(FixError) {
    guard state == .afterArray else {
      throw FixError(
        kind: .malformedDataset,
        message: "Element \(edits.row + 1): the JSON array ends too early.", row: edits.row)
    }
    try edits.finish()
  }

  private mutating func beginElement(_ output: inout [UInt8]) throws(FixError) {
    defer { space.removeAll(keepingCapacity: true) }
    if firstSpace == nil { firstSpace = space }
    let edit = try edits.takeNext()
    if let edit, edit.isRemoved {
      fate = .dropped
      return
    }
    if let spaceBeforeComma {
      output += spaceBeforeComma
      output.append(UInt8(ascii: ","))
      output += space
    } else {
      output += firstSpace ?? []
    }
    let isFlagged = edits.flagColumn != nil && edit?.flags.isEmpty == false
    if let edit, isFlagged || !edit.changesNothing {
      fate = .changed(edit)
    } else {
      fate = .copied
    }
  }

  private mutating func keep(_ run: UnsafeRawBufferPointer, _ output: inout [UInt8]) {
    switch fate {
    case .copied: output.append(contentsOf: run)
    case .changed: element.append(contentsOf: run)
    case .dropped: break
    }
  }

  private mutating func endElement(_ output: inout [UInt8]) throws(FixError) {
    guard case .changed(let edit) = fate else { return }
    try edits.rewriting(element, row: edit.row, to: &output) { text, output throws(FixError) in
      try record.write(text, edit, to: &output)
    }
    element.removeAll(keepingCapacity: true)
  }

  /// Ends the space between an element and its comma.
  private mutating func endSpace() {
    if case .dropped = fate {} else { spaceBeforeComma = space }
    space.removeAll(keepingCapacity: true)
  }
}
