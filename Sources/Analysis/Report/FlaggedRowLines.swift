/// All rows that a report lists, a line each, in the detectors' order and by descending score: made
/// piece by piece while they are sent, so that a million of them need no second copy.
///
///     for piece in report.flaggedRows(as: .csv) { try file.write(contentsOf: piece) }
public struct FlaggedRowLines: Sequence, Sendable {
  /// How a line is written.
  public enum Format: Sendable {
    /// RFC 4180, with a header line. Cells that a spreadsheet would take for a formula have an
    /// apostrophe before them.
    case csv
    /// An object in each line.
    case ndjson
  }

  /// Large enough that handing it on is cheap beside making it.
  private static let pieceBytes = 64 << 10

  let results: [DetectorResult]
  let format: Format

  /// Makes the pieces.
  public struct Iterator: IteratorProtocol {
    private let results: [DetectorResult]
    private let format: Format
    private var result = 0
    private var row = 0
    private var isBegun = false

    fileprivate init(_ lines: FlaggedRowLines) {
      results = lines.results
      format = lines.format
    }

    /// The next whole lines in UTF-8; nil after the last.
    public mutating func next() -> [UInt8]? {
      var piece: [UInt8] = []
      if !isBegun, case .csv = format { piece += FlaggedRowLines.header.utf8 }
      isBegun = true
      while result < results.count, piece.count < FlaggedRowLines.pieceBytes {
        guard row < results[result].flagged.count else {
          (result, row) = (result + 1, 0)
          continue
        }
        let (detector, flagged) = (results[result].detector, results[result].flagged[row])
        switch format {
        case .csv: piece.appendCSV(flagged, of: detector)
        case .ndjson: piece.appendJSON(flagged, of: detector)
        }
        row += 1
      }
      return piece.isEmpty ? nil : piece
    }
  }

  /// Begins anew.
  public func makeIterator() -> Iterator { Iterator(self) }

  fileprivate static let header =
    "detector,row,score,reason,column,given_label,suggested_label,duplicate_of,"
    + "suggested_value\r\n"
}

extension Report {
  /// The rows that the report lists, a line each. Those beyond ``AnalysisOptions/maxFlaggedRows``
  /// are not among them.
  public func flaggedRows(as format: FlaggedRowLines.Format) -> FlaggedRowLines {
    FlaggedRowLines(results: detectors, format: format)
  }

  /// The rows that the report lists as CSV; see ``FlaggedRowLines``.
  public func csv() -> [UInt8] { flaggedRows(as: .csv).reduce(into: []) { $0 += $1 } }
}

extension [UInt8] {
  fileprivate mutating func appendCSV(_ row: FlaggedRow, of detector: DetectorKind) {
    self += "\(detector.rawValue),\(row.row),\(row.score),".utf8
    for (place, text) in [row.reason, row.column, row.givenLabel, row.suggestedLabel].enumerated() {
      if place > 0 { append(UInt8(ascii: ",")) }
      appendCell(text ?? "")
    }
    append(UInt8(ascii: ","))
    if let earlier = row.duplicateOf { self += "\(earlier)".utf8 }
    append(UInt8(ascii: ","))
    appendCell(row.suggestedValue ?? "")
    self += "\r\n".utf8
  }

  /// A cell of CSV (RFC 4180 §2). What begins as a formula does is made text (OWASP, "CSV
  /// Injection"), and semicolons and tabs are quoted, too, as some programs split at them.
  private mutating func appendCell(_ text: String) {
    let isFormula = text.unicodeScalars.first.map { "=+-@\t\r\n＝＋－＠".unicodeScalars.contains($0) }
    let mustQuote = text.utf8.contains { byte in
      [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\""), 0x09, 0x0A, 0x0D].contains(byte)
    }
    if mustQuote { append(UInt8(ascii: "\"")) }
    if isFormula == true { append(UInt8(ascii: "'")) }
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { append(byte) }
      append(byte)
    }
    if mustQuote { append(UInt8(ascii: "\"")) }
  }

  fileprivate mutating func appendJSON(_ row: FlaggedRow, of detector: DetectorKind) {
    self += #"{"detector":"\#(detector.rawValue)","row":\#(row.row),"score":\#(row.score)"#.utf8
    for (name, text) in [
      ("reason", row.reason), ("column", row.column), ("given_label", row.givenLabel),
      ("suggested_label", row.suggestedLabel), ("suggested_value", row.suggestedValue),
    ] {
      guard let text else { continue }
      self += ",\"\(name)\":".utf8
      JSONText.appendString(text, to: &self)
    }
    if let earlier = row.duplicateOf { self += ",\"duplicate_of\":\(earlier)".utf8 }
    self += "}\n".utf8
  }
}
