/// Puts the rows of a snapshot in place of those there are, within the caller's transaction.
struct SnapshotRestore {
  let connection: Connection

  func run(from next: () throws -> [UInt8]?) throws {
    try withoutActuallyEscaping(next) { next in
      var input = try SnapshotInput(next)
      try Schema.dropTables(on: connection)
      try Schema.createTables(on: connection)
      do {
        for table in Schema.tables { try restore(table, from: &input) }
        guard try input.byte() == SnapshotFormat.Tag.end else { throw unexpected() }
        try input.requireMatchingEnd()
        try connection.execute(Schema.indexes)
        _ = try connection.position()
      } catch let error as SQLiteError where error.isConstraint {
        throw StateError.damagedSnapshot("its rows contradict each other: \(error.message)")
      } catch StateError.damagedDatabase(let reason) {
        throw StateError.damagedSnapshot(reason)
      }
    }
  }

  private func restore(_ table: Schema.Table, from input: inout SnapshotInput) throws {
    guard try input.byte() == SnapshotFormat.Tag.table,
      try input.text() == Array(table.name.utf8)
    else { throw unexpected() }
    let columns = try connection.prepare("SELECT * FROM \(table.name)").columnCount
    guard try input.count() == UInt64(columns) else { throw unexpected() }
    let places = repeatElement("?", count: Int(columns)).joined(separator: ", ")
    let insert = try connection.prepare("INSERT INTO \(table.name) VALUES (\(places))")
    var rows: UInt64 = 0
    while true {
      switch try input.byte() {
      case SnapshotFormat.Tag.row:
        for column in 1...columns { try bindValue(at: column, of: insert, from: &input) }
        _ = try insert.step()
        insert.reset()
        rows += 1
      case SnapshotFormat.Tag.tableEnd:
        guard try input.count() == rows else { throw unexpected() }
        return
      default:
        throw unexpected()
      }
    }
  }

  private func bindValue(
    at index: Int32, of statement: Statement, from input: inout SnapshotInput
  ) throws {
    switch try input.byte() {
    case SnapshotFormat.Value.null: try statement.bind(Int64?.none, at: index)
    case SnapshotFormat.Value.integer: try statement.bind(input.signed(), at: index)
    case SnapshotFormat.Value.real: try statement.bind(input.real(), at: index)
    case SnapshotFormat.Value.blob: try statement.bind(input.text(), at: index)
    case SnapshotFormat.Value.text:
      guard let text = String(validating: try input.text(), as: UTF8.self) else {
        throw unexpected()
      }
      try statement.bind(text, at: index)
    default: throw unexpected()
    }
  }

  private func unexpected() -> StateError {
    .damagedSnapshot("a record is not what should be there")
  }
}
