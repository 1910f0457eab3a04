/// Counts cells without a value, by column and by row.
///
/// ``Column/isMissing(_:)`` lists the spellings that count as missing. A row is flagged if any of
/// its cells is missing; its score is the share of its cells that are. See Little and Rubin,
/// "Statistical Analysis with Missing Data" (2002), for what to do about them.
struct MissingValuesDetector: Detector {
  static let kind = DetectorKind.missingValues
  static let weight = 0.12

  func run(
    _ subject: AnalysisSubject, _ parameters: ParameterValues, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Finding<MissingValuesDetails> {
    let table = subject.table
    var missingInRow = [Int](repeating: 0, count: table.rowCount)
    /// The first three columns missing in each row that misses any.
    var examples: [Int: [Int]] = [:]
    for (index, column) in table.columns.enumerated() where column.missingCount > 0 {
      try checkpoint.reached(Double(index) / Double(table.columns.count))
      for row in 0..<table.rowCount where column.isMissing(row) {
        missingInRow[row] += 1
        if missingInRow[row] <= 3 { examples[row, default: []].append(index) }
      }
    }

    let width = table.columns.count
    let flagged = missingInRow.indices.filter { missingInRow[$0] > 0 }.map { row in
      let columns = examples[row] ?? []
      let names = columns.map { table.columns[$0].name }.joined(separator: ", ")
      let rest = missingInRow[row] - columns.count
      return FlaggedRow(
        row: row, score: Double(missingInRow[row]) / Double(width),
        reason: "\(missingInRow[row]) of \(width) values are missing: \(names)"
          + (rest > 0 ? " and \(rest) more." : "."),
        column: columns.first.map { table.columns[$0].name })
    }
    let cells = table.rowCount * width
    let missing = missingInRow.reduce(0, +)
    let affected = table.columns.count { $0.missingCount > 0 }
    let worst = table.columns.max { $0.missingCount < $1.missingCount }
    var sentence = "No value is missing."
    if let worst, missing > 0 {
      sentence =
        "\(missing) of \(cells) values are missing (\((Double(missing) / Double(cells)).percent)), "
        + "in \(affected) of \(width) columns; most in \"\(worst.name)\" (\(worst.missingCount))."
    }
    return .done(
      Finding<MissingValuesDetails>.Evidence(
        flagged: flagged.sortedByScore(),
        soundness: 100 * (1 - Double(missing) / Double(cells)),
        details: MissingValuesDetails(
          missingCells: missing, completeRows: table.rowCount - flagged.count,
          columns: table.columns.filter { $0.missingCount > 0 }.map {
            MissingValuesDetails.ColumnRate(
              column: $0.name, missing: $0.missingCount,
              rate: (Double($0.missingCount) / Double(table.rowCount)).reported)
          }),
        sentence: sentence))
  }
}

/// Missing values by column.
public struct MissingValuesDetails: DetectorDetails {
  /// A column with missing values.
  public struct ColumnRate: Codable, Sendable, Equatable {
    /// Its name.
    public var column: String
    /// Cells without a value.
    public var missing: Int
    /// Their share of the rows.
    public var rate: Double
  }

  /// Cells without a value, in all columns.
  public var missingCells: Int
  /// Rows with a value in every column.
  public var completeRows: Int
  /// The columns with missing values, in table order.
  public var columns: [ColumnRate]

  enum CodingKeys: String, CodingKey {
    case columns
    case missingCells = "missing_cells"
    case completeRows = "complete_rows"
  }
}
