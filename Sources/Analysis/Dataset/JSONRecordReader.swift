/// Turns JSON objects into rows: keys become columns in the order they are first seen, keys that an
/// object lacks are missing values, nested values are kept as their JSON text.
struct JSONRecordReader: Sendable {
  private(set) var builder: TableBuilder
  /// Column by key, for keys that do not come in the usual order.
  private var columnByName: [[UInt8]: Int] = [:]
  private var keys: [[UInt8]] = []
  /// The last row in which each column had a value, plus one: tells duplicate keys from new ones.
  private var lastRow: [Int] = []
  /// How many more values of each column are strings than are numbers, truth values or nested.
  private var surplusOfStrings: [Int] = []
  private var scratch = JSONObjectScanner.Scratch()

  init(builder: TableBuilder) {
    self.builder = builder
  }

  /// Makes room for about so many rows in all.
  mutating func reserve(rows: Int) { builder.reserve(rows: rows) }

  func checkLength(_ count: Int, place: @autoclosure () -> String) throws(DatasetError) {
    guard count > builder.limits.maxLineBytes else { return }
    throw DatasetError(
      kind: .lineTooLong,
      message:
        "\(place()) is longer than \(builder.limits.maxLineBytes.grouped) bytes: shorten its values, "
        + "and check that objects are separated by line breaks or commas.",
      row: builder.rowCount)
  }

  mutating func read(
    _ text: UnsafeRawBufferPointer, place: @autoclosure () -> String
  ) throws(DatasetError) {
    let row = builder.rowCount
    if let offset = TextCheck.firstInvalidUTF8(text) {
      throw DatasetError(
        kind: .invalidEncoding,
        message: "\(place()): byte \(offset + 1) "
          + TextCheck.invalidUTF8(text[offset]),
        row: row)
    }
    var scanner = JSONObjectScanner(text, scratch: scratch)
    do throws(JSONObjectScanner.SyntaxError) {
      try scanner.begin()
    } catch {
      throw invalid(error, text, place())
    }
    var position = 0
    while true {
      let found: Bool
      do throws(JSONObjectScanner.SyntaxError) {
        found = try scanner.next()
      } catch {
        let key = scanner.isWithinValue ? scanner.withKey { TextCheck.excerpt($0) } : nil
        throw invalid(error, text, place(), column: key)
      }
      guard found else { break }
      let column = try scanner.withKey { key throws(DatasetError) in
        try self.column(for: key, expectedAt: position)
      }
      if lastRow[column] == row + 1 {
        let name = builder.columnLabel(column)
        builder.problems.add(
          FormatProblem(
            kind: .duplicateKey, row: row, column: name,
            message: "\(place()) names the key \(name) more than once; the last value counts."))
      }
      lastRow[column] = row + 1
      try scanner.withValue { value throws(DatasetError) in
        try builder.replace(value, column: column)
      }
      switch text[scanner.valueRange.lowerBound] {
      case UInt8(ascii: "\""): surplusOfStrings[column] += 1
      case UInt8(ascii: "n"): break
      default: surplusOfStrings[column] -= 1
      }
      position = column + 1
    }
    scratch = scanner.scratch
    try builder.endSparseRow()
  }

  func finish(_ layout: inout DatasetLayout) throws(DatasetError) -> TableBuilder {
    guard builder.rowCount > 0 else {
      throw DatasetError(
        kind: .empty, message: "The dataset is empty: send at least one JSON object.")
    }
    guard builder.columnCount > 0 else {
      throw DatasetError(
        kind: .empty, message: "No object has a key: send objects with a key for each column.")
    }
    layout.textColumns = surplusOfStrings.indices.filter { surplusOfStrings[$0] > 0 }
      .map(builder.columnLabel)
    for (index, key) in keys.enumerated() {
      let (name, written) = (builder.columnLabel(index), String(decoding: key, as: UTF8.self))
      if name != written { layout.spacedKeys[name] = written }
    }
    return builder
  }

  private mutating func column(
    for key: UnsafeRawBufferPointer, expectedAt position: Int
  ) throws(DatasetError) -> Int {
    if position < keys.count, key.elementsEqual(keys[position]) { return position }
    let name = Array(key)
    if let column = columnByName[name] { return column }
    try builder.addSparseColumn(named: key)
    columnByName[name] = keys.count
    keys.append(name)
    lastRow.append(0)
    surplusOfStrings.append(0)
    return keys.count - 1
  }

  private func invalid(
    _ error: JSONObjectScanner.SyntaxError, _ text: UnsafeRawBufferPointer, _ place: String,
    column: String? = nil
  ) -> DatasetError {
    DatasetError(
      kind: text.contains(0) ? .binaryContent : .invalidJSON,
      message: "\(place), byte \(error.offset + 1): \(error.message) "
        + "Each record must be one JSON object such as {\"a\": 1, \"b\": \"x\"}.",
      row: builder.rowCount, column: column)
  }
}
