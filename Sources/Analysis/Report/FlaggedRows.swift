/// The rows that a detector flags, in the order in which a report lists them.
///
/// A dataset may have tens of millions of them. Long lists are put into words row by row when they are
/// read: until then they take a few bytes a row, and the table that they tell of.
public struct FlaggedRows: RandomAccessCollection, Sendable {
  /// Lists of up to so many are put into words at once.
  static let longest = AnalysisOptions.defaultMaxFlaggedRows

  /// 0.
  public var startIndex: Int { 0 }
  /// How many there are.
  public let endIndex: Int
  /// The row of an index, whose reason may be left out: it takes most of the time.
  let facts: @Sendable (Int) -> FlaggedRow
  /// The reason of an index.
  let reason: @Sendable (Int) -> String

  /// Takes rows that are in order.
  public init(_ rows: [FlaggedRow] = []) {
    self.init(count: rows.count, facts: { rows[$0] }, reason: { rows[$0].reason })
  }

  /// Takes rows that are put into words when they are read.
  ///
  /// - Parameters:
  ///   - facts: Makes the row of an index, its reason left out; the same whenever it is asked.
  ///   - reason: Makes the reason of an index.
  init(
    count: Int, facts: @escaping @Sendable (Int) -> FlaggedRow,
    reason: @escaping @Sendable (Int) -> String
  ) {
    endIndex = count
    self.facts = facts
    self.reason = reason
  }

  /// A row.
  public subscript(index: Int) -> FlaggedRow {
    precondition(indices.contains(index), "row \(index) of \(count) flagged ones")
    var row = facts(index)
    row.reason = reason(index)
    return row
  }

  /// The first `limit` of them, in words if they are few.
  func first(_ limit: Int) -> FlaggedRows {
    let count = Swift.min(endIndex, Swift.max(0, limit))
    return count <= Self.longest
      ? FlaggedRows(Array(prefix(count))) : FlaggedRows(count: count, facts: facts, reason: reason)
  }
}

extension FlaggedRows: Equatable {
  /// Whether both list the same.
  public static func == (left: FlaggedRows, right: FlaggedRows) -> Bool {
    left.elementsEqual(right)
  }
}

extension FlaggedRows: ExpressibleByArrayLiteral {
  /// Takes rows that are in order.
  public init(arrayLiteral rows: FlaggedRow...) { self.init(rows) }
}

extension [FlaggedRow] {
  /// The order in which a report lists rows.
  func sortedByScore() -> FlaggedRows {
    FlaggedRows(sorted { ($1.score, $0.row) < ($0.score, $1.row) })
  }
}
