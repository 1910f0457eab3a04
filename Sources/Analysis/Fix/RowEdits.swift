/// What a plan does to one row.
struct RowEdit: Sendable, Equatable {
  struct Cell: Sendable, Equatable {
    /// The column's place in ``FixPlan/Dataset/columns``.
    var column: Int
    /// What the cell must hold; nil if that does not matter.
    var from: String?
    var to: String
    /// Whether ``to`` is written as a string where JSON has nothing to go by.
    var isText: Bool
  }

  var row: Int
  var isRemoved = false
  /// By ascending column, at most one a column.
  var cells: [Cell] = []
  /// Detectors that flagged the row, in the order of ``DetectorKind``.
  var flags: [DetectorKind] = []

  /// Whether the row stays as it is, a flag column aside.
  var changesNothing: Bool { !isRemoved && cells.isEmpty }

  /// What a flag column says of the row.
  var flagText: String { flags.map(\.rawValue).joined(separator: ";") }
}

/// A plan by row, read once from the first row to the last.
struct RowEdits: Sendable {
  private let edits: [RowEdit]
  private var next = 0
  /// The rows met so far.
  private(set) var row = 0
  /// How many of them are left out.
  private(set) var removed = 0

  let columns: [String]
  /// The columns' names as JSON has them for keys.
  let keys: [String]
  let flagColumn: String?
  let encoding: DatasetEncoding
  private let rowCount: Int

  init(_ plan: FixPlan) throws(FixError) {
    guard plan.version == FixPlan.currentVersion else {
      throw FixError(unknownVersion: plan.version)
    }
    try Self.checkFlagColumn(plan)
    columns = plan.dataset.columns
    let spaced = plan.dataset.spacedKeys ?? [:]
    keys = columns.map { spaced[$0] ?? $0 }
    flagColumn = plan.flagColumn
    encoding = plan.dataset.layout.encoding
    rowCount = plan.dataset.rows
    edits = try Self.byRow(plan)
  }

  /// Names are read without the space around them.
  private static func checkFlagColumn(_ plan: FixPlan) throws(FixError) {
    guard let name = plan.flagColumn else { return }
    let read = String(decoding: Array(name.utf8)[...].trimmingSpaces(), as: UTF8.self)
    guard !read.isEmpty else {
      throw FixError(kind: .flagColumnExists, message: "A column to append needs a name.")
    }
    guard !plan.dataset.columns.contains(read) else {
      throw FixError(
        kind: .flagColumnExists,
        message:
          "A column \"\(TextCheck.excerpt(Array(read.utf8)))\" cannot be appended: the dataset "
          + "has one. Choose another name.", column: read)
    }
  }

  /// What is done to the next row; nil if nothing.
  mutating func takeNext() throws(FixError) -> RowEdit? {
    guard row < rowCount else { throw Self.otherRowCount(rowCount, "more") }
    defer { row += 1 }
    guard next < edits.count, edits[next].row == row else { return nil }
    defer { next += 1 }
    if edits[next].isRemoved { removed += 1 }
    return edits[next]
  }

  /// Checks that all rows were met.
  func finish() throws(FixError) {
    guard row == rowCount else { throw Self.otherRowCount(rowCount, "fewer") }
  }

  private static func otherRowCount(_ count: Int, _ found: String) -> FixError {
    FixError(
      kind: .otherDataset,
      message: "The plan is for \(count.counted("row")), and the dataset has \(found): "
        + "send the dataset that it was made for.")
  }

  private static func byRow(_ plan: FixPlan) throws(FixError) -> [RowEdit] {
    let columnOfName = Dictionary(
      plan.dataset.columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let textColumns = Set(plan.dataset.textColumns)
    // A plan is in order, but a log may have been edited.
    let order = plan.actions.indices.sorted {
      (plan.actions[$0].row, $0) < (plan.actions[$1].row, $1)
    }
    var edits: [RowEdit] = []
    for index in order {
      let action = plan.actions[index]
      guard action.row >= 0, action.row < plan.dataset.rows else {
        throw FixError(
          kind: .rowOutOfRange,
          message: "The plan names row \(action.row), and the dataset has the rows 0 to "
            + "\(plan.dataset.rows - 1).", row: action.row)
      }
      if edits.last?.row != action.row { edits.append(RowEdit(row: action.row)) }
      try edits[edits.count - 1].add(action, columnOfName, textColumns)
    }
    for index in edits.indices {
      edits[index].cells.sort { $0.column < $1.column }
      edits[index].flags = DetectorKind.allCases.filter(edits[index].flags.contains)
    }
    return edits
  }
}

extension RowEdit {
  fileprivate mutating func add(
    _ action: FixAction, _ columnOfName: [String: Int], _ textColumns: Set<String>
  ) throws(FixError) {
    switch action.kind {
    case .deduplicate, .remove:
      isRemoved = true
    case .flag:
      if let detector = action.detector, !flags.contains(detector) { flags.append(detector) }
    case .relabel, .replace, .impute:
      guard let name = action.column, let to = action.to else {
        throw FixError(
          kind: .incompleteAction,
          message: "Row \(row): an action of the kind \(action.kind.rawValue) needs column and to.",
          row: row, column: action.column)
      }
      guard let column = columnOfName[name] else {
        throw FixError(
          kind: .unknownColumn,
          message: "Row \(row): there is no column \"\(TextCheck.excerpt(Array(name.utf8)))\".",
          row: row, column: name)
      }
      guard !cells.contains(where: { $0.column == column }) else {
        throw FixError(
          kind: .conflictingActions,
          message: "Row \(row): two actions change the column \"\(name)\"; keep one.",
          row: row, column: name)
      }
      cells.append(
        Cell(column: column, from: action.from, to: to, isText: textColumns.contains(name)))
    }
  }
}

extension RowEdit.Cell {
  /// Checks that the cell holds what the plan says.
  func requireOriginal(_ found: some Collection<UInt8>, row: Int, column: String) throws(FixError) {
    guard let from, !from.utf8.elementsEqual(found) else { return }
    throw FixError(
      kind: .valueDiffers,
      message: "Row \(row), column \(column): the plan is about "
        + "\"\(TextCheck.excerpt(Array(from.utf8)))\", and the dataset has "
        + "\"\(TextCheck.excerpt(Array(found)))\" there. Send the dataset that the plan was made "
        + "for.", row: row, column: column)
  }
}
