import CSQLite

/// A prepared statement: bind, step, read, reset.
///
/// Used by one thread at a time, like its ``Connection``.
final class Statement {
  private let handle: OpaquePointer

  init(_ sql: String, on connection: OpaquePointer) throws {
    var prepared: OpaquePointer?
    let code = sqlite3_prepare_v3(
      connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard code == SQLITE_OK, let prepared else {
      throw SQLiteError(
        code: code, message: String(cString: sqlite3_errmsg(connection)),
        action: "prepare '\(sql)'")
    }
    handle = prepared
  }

  deinit {
    sqlite3_finalize(handle)
  }

  func reset() {
    sqlite3_reset(handle)
  }

  /// Binds the parameters in their order.
  func bind<each Value: Bindable>(_ values: repeat each Value) throws {
    var index: Int32 = 0
    for value in repeat each values {
      index += 1
      try check(value.bind(to: handle, at: index))
    }
  }

  /// Binds one parameter, counted from 1.
  func bind(_ value: some Bindable, at index: Int32) throws {
    try check(value.bind(to: handle, at: index))
  }

  /// Whether there is a (further) row.
  func step() throws -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code:
      try check(code)
      return false
    }
  }

  private func check(_ code: Int32) throws {
    guard code != SQLITE_OK else { return }
    let connection = sqlite3_db_handle(handle)
    throw SQLiteError(
      code: code, message: String(cString: sqlite3_errmsg(connection)),
      action: "run '\(String(cString: sqlite3_sql(handle)))'")
  }

  // MARK: Reading the current row

  var columnCount: Int32 { sqlite3_column_count(handle) }

  func columnName(_ column: Int32) -> String {
    sqlite3_column_name(handle, column).map { String(cString: $0) } ?? ""
  }

  func type(_ column: Int32) -> Int32 { sqlite3_column_type(handle, column) }

  func isNull(_ column: Int32) -> Bool { type(column) == SQLITE_NULL }

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  func integerIfAny(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

  func real(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

  func realIfAny(_ column: Int32) -> Double? { isNull(column) ? nil : real(column) }

  func text(_ column: Int32) -> String {
    // The text first, then its length: SQLite's documented order for a length in UTF-8.
    guard let start = sqlite3_column_text(handle, column) else { return "" }
    let count = Int(sqlite3_column_bytes(handle, column))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  func textIfAny(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

  func blob(_ column: Int32) -> [UInt8] { withBytes(column) { Array($0) } }

  /// The bytes of a text or a blob, without a copy; they live until the next step.
  func withBytes<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let start = sqlite3_column_blob(handle, column)
    let count = Int(sqlite3_column_bytes(handle, column))
    return body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
  }
}
