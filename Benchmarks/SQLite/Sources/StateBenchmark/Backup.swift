import CSQLite

/// What SQLite said when a copy failed.
struct CopyFailed: Error {
  let code: Int32
}

/// Writes the content of one file to another, without its free pages.
func vacuum(_ source: String, into copy: String) throws {
  let handle = try open(source)
  defer { sqlite3_close(handle) }
  try check(sqlite3_exec(handle, "VACUUM INTO '\(copy)'", nil, nil, nil))
}

/// Copies all pages of one file to another with SQLite's backup API.
func backUp(_ source: String, to copy: String) throws {
  let from = try open(source)
  let to = try open(copy)
  defer {
    sqlite3_close(from)
    sqlite3_close(to)
  }
  try check(sqlite3_exec(to, "PRAGMA synchronous = OFF", nil, nil, nil))
  guard let backup = sqlite3_backup_init(to, "main", from, "main") else {
    throw CopyFailed(code: sqlite3_errcode(to))
  }
  sqlite3_backup_step(backup, -1)
  try check(sqlite3_backup_finish(backup))
}

/// The bytes of a database's pages, without those that are free.
func usedBytes(of path: String) throws -> Int {
  let handle = try open(path)
  defer { sqlite3_close(handle) }
  func pragma(_ name: String) -> Int {
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    sqlite3_prepare_v2(handle, "PRAGMA \(name)", -1, &statement, nil)
    return sqlite3_step(statement) == SQLITE_ROW ? Int(sqlite3_column_int64(statement, 0)) : 0
  }
  return (pragma("page_count") - pragma("freelist_count")) * pragma("page_size")
}

private func open(_ path: String) throws -> OpaquePointer {
  var handle: OpaquePointer?
  let code = sqlite3_open(path, &handle)
  guard code == SQLITE_OK, let handle else { throw CopyFailed(code: code) }
  return handle
}

private func check(_ code: Int32) throws {
  guard code == SQLITE_OK else { throw CopyFailed(code: code) }
}
