import CSQLite

/// One connection to a database, with its prepared statements.
///
/// Not thread-safe: whoever owns it sees to it that one thread at a time uses it.
final class Connection {
  enum Access {
    case readWrite
    case readOnly
  }

  private let handle: OpaquePointer
  private var statements: [UnsafeRawPointer: Statement] = [:]

  convenience init(path: String, access: Access) throws {
    try self.init(DatabaseFile(path: path, vfs: nil), access: access)
  }

  init(_ file: DatabaseFile, access: Access) throws {
    var opened: OpaquePointer?
    let mode =
      access == .readWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
    let code = sqlite3_open_v2(file.path, &opened, mode | SQLITE_OPEN_NOMUTEX, file.vfs)
    guard code == SQLITE_OK, let opened else {
      let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      sqlite3_close_v2(opened)
      throw SQLiteError(code: code, message: message, action: "open \(file.path)")
    }
    handle = opened
    sqlite3_extended_result_codes(handle, 1)
    // Only opening and checkpointing ever meet a lock; both are over in far less.
    sqlite3_busy_timeout(handle, 10_000)
  }

  deinit {
    // Closing waits for the last statement to go, in whatever order they do.
    sqlite3_close_v2(handle)
  }

  /// The statement for `sql`, prepared at its first use and found again by the address of the
  /// literal, which costs no hashing of its text. It must have been reset before it is asked for
  /// again.
  func statement(_ sql: StaticString) throws -> Statement {
    let key = UnsafeRawPointer(sql.utf8Start)
    if let cached = statements[key] { return cached }
    let statement = try prepare("\(sql)")
    statements[key] = statement
    return statement
  }

  /// A statement of the caller's own, whose text is put together at run time.
  func prepare(_ sql: String) throws -> Statement {
    try Statement(sql, on: handle)
  }

  /// Runs statements that take and return nothing.
  func execute(_ sql: String) throws {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else {
      throw SQLiteError(
        code: code, message: String(cString: sqlite3_errmsg(handle)), action: "run '\(sql)'")
    }
  }

  /// Runs one cached statement, and gives back how many rows it changed.
  @discardableResult
  func run<each Value: Bindable>(_ sql: StaticString, _ values: repeat each Value) throws -> Int {
    let statement = try statement(sql)
    defer { statement.reset() }
    try statement.bind(repeat each values)
    while try statement.step() {}
    return Int(sqlite3_changes(handle))
  }

  /// The first row of a query; nothing if there is none.
  func first<Row, each Value: Bindable>(
    _ sql: StaticString, _ values: repeat each Value, as read: (Statement) throws -> Row
  ) throws -> Row? {
    let statement = try statement(sql)
    defer { statement.reset() }
    try statement.bind(repeat each values)
    return try statement.step() ? read(statement) : nil
  }

  /// All rows of a query. The caller bounds their number.
  func all<Row, each Value: Bindable>(
    _ sql: StaticString, _ values: repeat each Value, as read: (Statement) throws -> Row
  ) throws -> [Row] {
    let statement = try statement(sql)
    defer { statement.reset() }
    try statement.bind(repeat each values)
    var rows: [Row] = []
    while try statement.step() { rows.append(try read(statement)) }
    return rows
  }

  /// Carries out `body` in a transaction that is committed at its end, or undone if it throws.
  func transaction<Result>(_ body: () throws -> Result) throws -> Result {
    try run("BEGIN IMMEDIATE")
    do {
      let result = try body()
      try run("COMMIT")
      return result
    } catch {
      // SQLite has already rolled back after some errors; a second time then says so, harmlessly.
      try? execute("ROLLBACK")
      throw error
    }
  }
}
