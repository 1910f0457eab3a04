/// Changes the values of one JSON object, and leaves the rest of its text as it is.
struct JSONRecordRewriter: Sendable {
  private let columns: [String]
  /// The columns' names as the dataset's keys are written.
  private let keys: [String]
  private let flagColumn: String?
  private let columnOfKey: [String: Int]

  init(_ edits: RowEdits) {
    columns = edits.columns
    keys = edits.keys
    flagColumn = edits.flagColumn
    columnOfKey = Dictionary(
      columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// A value of the object, where a key that comes twice has its last.
  private struct Member {
    var range: Range<Int>
    var content: [UInt8]
  }

  /// How the object separates its members, for one that is added.
  private struct Spacing {
    var end = 0
    var beforeKey: Range<Int> = 0..<0
    var beforeValue: Range<Int> = 0..<0
    var isEmpty = true
  }

  /// Writes an object with a row's changes.
  func write(
    _ text: [UInt8], _ edit: RowEdit, to output: inout [UInt8]
  ) throws(FixError) {
    try text.withUnsafeBufferPointer { text throws(FixError) in
      try write(UnsafeRawBufferPointer(text), edit, to: &output)
    }
  }

  private func write(
    _ text: UnsafeRawBufferPointer, _ edit: RowEdit, to output: inout [UInt8]
  ) throws(FixError) {
    let wanted = Set(edit.cells.map(\.column))
    var members: [Int: Member] = [:]
    var spacing = Spacing()
    try scan(text, edit.row) { column, member in
      if wanted.contains(column) { members[column] = member }
    } spacing: {
      spacing = $0
    }
    var changes: [(range: Range<Int>, value: [UInt8])] = []
    var additions: [UInt8] = []
    for cell in edit.cells {
      let member = members[cell.column]
      let name = columns[cell.column]
      try cell.requireOriginal(member?.content ?? [], row: edit.row, column: name)
      if let member {
        changes.append(
          (member.range, JSONText.value(cell.to, isText: Self.isText(member, text, cell))))
      } else {
        add(
          keys[cell.column], JSONText.value(cell.to, isText: cell.isText), text, &spacing,
          to: &additions)
      }
    }
    if let flagColumn, !edit.flags.isEmpty {
      add(flagColumn, JSONText.string(edit.flagText), text, &spacing, to: &additions)
    }
    var copied = 0
    for change in changes.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      output.append(contentsOf: text[copied..<change.range.lowerBound])
      output += change.value
      copied = change.range.upperBound
    }
    output.append(contentsOf: text[copied..<spacing.end])
    output += additions
    output.append(contentsOf: text[spacing.end...])
  }

  /// Whether a value is to be a string: as the one that was there, if that said anything.
  private static func isText(
    _ member: Member, _ text: UnsafeRawBufferPointer, _ cell: RowEdit.Cell
  ) -> Bool {
    switch text[member.range.lowerBound] {
    case UInt8(ascii: "\""): !MissingTokens.contains(member.content[...]) || cell.isText
    case UInt8(ascii: "n"): cell.isText
    default: false
    }
  }

  private func add(
    _ key: String, _ value: [UInt8], _ text: UnsafeRawBufferPointer, _ spacing: inout Spacing,
    to output: inout [UInt8]
  ) {
    if !spacing.isEmpty { output.append(UInt8(ascii: ",")) }
    spacing.isEmpty = false
    output.append(contentsOf: text[spacing.beforeKey])
    output += JSONText.string(key)
    output.append(UInt8(ascii: ":"))
    output.append(contentsOf: text[spacing.beforeValue])
    output += value
  }

  /// Finds the members that are columns, and how they are separated.
  private func scan(
    _ text: UnsafeRawBufferPointer, _ row: Int, member: (Int, Member) -> Void,
    spacing report: (Spacing) -> Void
  ) throws(FixError) {
    var spacing = Spacing()
    do throws(JSONObjectScanner.SyntaxError) {
      var scanner = JSONObjectScanner(text, scratch: JSONObjectScanner.Scratch())
      try scanner.begin()
      spacing.end = scanner.offset
      while try scanner.next() {
        let column = scanner.withKey { columnOfKey[Self.name(of: $0)] }
        if let column {
          member(
            column, Member(range: scanner.valueRange, content: scanner.withValue { Array($0) }))
        }
        spacing.isEmpty = false
        spacing.end = scanner.valueRange.upperBound
        spacing.beforeKey = Self.space(before: scanner.keyRange.lowerBound, in: text)
        spacing.beforeValue = Self.space(before: scanner.valueRange.lowerBound, in: text)
      }
    } catch {
      throw FixError(
        kind: .malformedDataset,
        message: "Row \(row), byte \(error.offset + 1): \(error.message)", row: row)
    }
    report(spacing)
  }

  /// A key as a table names its column.
  private static func name(of key: UnsafeRawBufferPointer) -> String {
    String(decoding: Array(key)[...].trimmingSpaces(), as: UTF8.self)
  }

  private static func space(
    before index: Int, in text: UnsafeRawBufferPointer
  ) -> Range<Int> {
    var start = index
    while start > 0, JSONObjectScanner.isSpace(text[start - 1]) { start -= 1 }
    return start..<index
  }
}

extension JSONText {
  /// A value as a string, or else as it is if JSON has such a value.
  fileprivate static func value(_ text: String, isText: Bool) -> [UInt8] {
    !isText && isBareValue(text) ? Array(text.utf8) : string(text)
  }

  /// Whether a text is a JSON number, `true`, `false`, an array or an object.
  private static func isBareValue(_ text: String) -> Bool {
    guard let first = text.utf8.first, first != UInt8(ascii: "\""), first != UInt8(ascii: "n"),
      !JSONObjectScanner.isSpace(first)
    else { return false }
    let object = Array("{\"\":\(text)}".utf8)
    return object.withUnsafeBytes { bytes in
      var scanner = JSONObjectScanner(bytes, scratch: JSONObjectScanner.Scratch())
      do throws(JSONObjectScanner.SyntaxError) {
        try scanner.begin()
        guard try scanner.next() else { return false }
        let isWhole = scanner.valueRange == 4..<(bytes.count - 1)
        let hasMore = try scanner.next()
        return isWhole && !hasMore
      } catch {
        return false
      }
    }
  }
}
