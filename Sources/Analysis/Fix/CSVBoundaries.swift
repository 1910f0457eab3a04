/// Tells where fields and records of CSV end, byte by byte, as ``CSVParser`` does.
struct CSVBoundaries: Sendable {
  enum Boundary {
    /// The byte belongs to a field.
    case none
    /// The byte separates two fields.
    case field
    /// The byte is the first one after a record.
    case record
  }

  private enum State: Sendable {
    case fieldStart
    /// In a field without quotes, or in text after the closing one, where quotes mean nothing.
    case unquoted
    case quoted
    /// After a quote within a quoted field.
    case quoteInQuoted
  }

  static let quote = UInt8(ascii: "\"")
  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D

  let delimiter: UInt8
  private var state = State.fieldStart

  init(delimiter: UInt8) {
    self.delimiter = delimiter
  }

  static func isLineEnd(_ byte: UInt8) -> Bool { byte == lineFeed || byte == carriageReturn }

  mutating func advance(_ byte: UInt8) -> Boundary {
    switch state {
    case .quoted:
      if byte == Self.quote { state = .quoteInQuoted }
      return .none
    case .quoteInQuoted where byte == Self.quote:
      state = .quoted
      return .none
    case .fieldStart where byte == Self.quote:
      state = .quoted
      return .none
    case .fieldStart, .unquoted, .quoteInQuoted:
      state = .fieldStart
      if byte == delimiter { return .field }
      if Self.isLineEnd(byte) { return .record }
      state = .unquoted
      return .none
    }
  }
}

/// A field of CSV as it is written.
enum CSVField {
  /// What a field says: without its quotes, doubled quotes being one.
  static func content(_ field: ArraySlice<UInt8>) -> [UInt8] {
    guard field.first == CSVBoundaries.quote else { return Array(field) }
    var content: [UInt8] = []
    var isQuoted = true
    var index = field.startIndex + 1
    while index < field.endIndex {
      let byte = field[index]
      index += 1
      if isQuoted, byte == CSVBoundaries.quote {
        if index < field.endIndex, field[index] == CSVBoundaries.quote {
          index += 1
        } else {
          isQuoted = false
          continue
        }
      }
      content.append(byte)
    }
    return content
  }

  /// Writes a value, in quotes where it must be or the field had them.
  ///
  /// - Parameter isAlone: Whether it is its record's only field: an empty one would be a blank line.
  static func append(
    _ value: String, delimiter: UInt8, isQuoted: Bool, isAlone: Bool, to output: inout [UInt8]
  ) {
    let quote = CSVBoundaries.quote
    let needsQuotes =
      isQuoted || (isAlone && value.isEmpty)
      || value.utf8.contains { $0 == delimiter || $0 == quote || CSVBoundaries.isLineEnd($0) }
    guard needsQuotes else {
      output += value.utf8
      return
    }
    output.append(quote)
    for byte in value.utf8 {
      if byte == quote { output.append(quote) }
      output.append(byte)
    }
    output.append(quote)
  }
}
