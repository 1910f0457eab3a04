/// A dataset in memory, by column.
public struct Table: Sendable {
  /// How it was written down.
  public let layout: DatasetLayout
  /// Data rows.
  public let rowCount: Int
  /// The columns in the order of the header, or in which keys were first seen.
  public let columns: [Column]
  /// Flaws of the format that reading mended, the first 1,000 of them, in row order within a kind.
  public let formatProblems: [FormatProblem]
  /// How many flaws there were in all.
  public let formatProblemCount: Int

  /// The column names in order.
  public var names: [String] { columns.map(\.name) }

  /// The index of the column of that name, exactly as written or else without regard to spaces
  /// around it.
  public func columnIndex(named name: String) -> Int? {
    if let index = columns.firstIndex(where: { $0.name == name }) { return index }
    let trimmed = String(decoding: Array(name.utf8)[...].trimmingSpaces(), as: UTF8.self)
    return columns.firstIndex { $0.name == trimmed }
  }

  /// Columns, those of many values first.
  func byDistinctValues(_ indices: some Sequence<Int>) -> [Int] {
    indices.sorted {
      (columns[$1].distinctCount, $0) < (columns[$0].distinctCount, $1)
    }
  }
}
