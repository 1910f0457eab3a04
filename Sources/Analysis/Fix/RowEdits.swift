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
  let flagColumn: String?
  let encoding: DatasetEncoding
  private let rowCount: Int

  init(_ plan: FixPlan) throws(FixError) {
    guard plan.version == FixPlan.currentVersion else {
      throw FixError(
        kind: .unknownVersion,
        message: "The plan is of version \(plan.version); this program knows version "
          + "\(FixPlan.currentVersion).")
    }
    if let name = plan.flagColumn, name.isEmpty || plan.dataset.columns.contains(name) {
      throw FixError(
        kind: .flagColumnExists,
        message: "A column \"\(name)\" cannot be appended: the dataset has one. Choose another "
          + "name.", column: name)
    }
    columns = plan.dataset.columns
    flagColumn = plan.flagColumn
    encoding = plan.dataset.layout.encoding
    rowCount = plan.dataset.rows
    edits = try Self.byRow(plan)
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
      message: "The plan is for \(count) rows, and the dataset has \(found): send the dataset "
        + "that it was made for.")
  }

  private static func byRow(_ plan: FixPlan) throws(FixError) -> [RowEdit] {
    let columnOfName = Dictionary(
      plan.dataset.columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let textColumns = Set(plan.dataset.textColumns)
    var edits: [Int: RowEdit] = [:]
    for action in plan.actions {
      guard (0..<plan.dataset.rows).contains(action.row) else {
        throw FixError(
          kind: .rowOutOfRange,
          message: "The plan names row \(action.row), and the dataset has the rows 0 to "
            + "\(plan.dataset.rows - 1).", row: action.row)
      }
      var edit = edits[action.row] ?? RowEdit(row: action.row)
      defer { edits[action.row] = edit }
      switch action.kind {
      case .deduplicate, .remove:
        edit.isRemoved = true
      case .flag:
        if let detector = action.detector, !edit.flags.contains(detector) {
          edit.flags.append(detector)
        }
      case .relabel, .replace, .impute:
        guard let name = action.column, let to = action.to else {
          throw FixError(
            kind: .incompleteAction,
            message: "Row \(action.row): an action of the kind \(action.kind.rawValue) needs "
              + "column and to.", row: action.row, column: action.column)
        }
        guard let column = columnOfName[name] else {
          throw FixError(
            kind: .unknownColumn,
            message: "Row \(action.row): there is no column \"\(name)\".", row: action.row,
            column: name)
        }
        guard !edit.cells.contains(where: { $0.column == column }) else {
          throw FixError(
            kind: .conflictingActions,
            message: "Row \(action.row): two actions change the column \"\(name)\"; keep one.",
            row: action.row, column: name)
        }
        edit.cells.append(
          RowEdit.Cell(
            column: column, from: action.from, to: to, isText: textColumns.contains(name)))
      }
    }
    let order = DetectorKind.allCases
    return edits.values.map { edit in
      var edit = edit
      edit.cells.sort { $0.column < $1.column }
      edit.flags = order.filter(edit.flags.contains)
      return edit
    }.sorted { $0.row < $1.row }
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
