import CSQLite

/// A database's file: its path, and which of SQLite's VFSs reaches it.
struct DatabaseFile: Sendable {
  let path: String
  /// The name of a registered VFS; the system's own files if nil.
  let vfs: String?

  /// `SQLITE_IOERR_DELETE_NOENT`, a macro that Swift does not import.
  private static let nothingToDelete = SQLITE_IOERR | (23 << 8)

  func connect(_ access: Connection.Access) throws -> Connection {
    try Connection(self, access: access)
  }

  /// Whether there is one. An empty file is none.
  func exists() throws -> Bool {
    let files = try files()
    var exists: Int32 = 0
    try check(files.pointee.xAccess(files, path, SQLITE_ACCESS_EXISTS, &exists), "look for", path)
    return exists != 0
  }

  /// Removes the file and what SQLite keeps beside it, as far as there is any of it.
  func remove() throws {
    let files = try files()
    for suffix in ["", "-wal", "-shm", "-journal"] {
      let code = files.pointee.xDelete(files, path + suffix, 0)
      if code != Self.nothingToDelete { try check(code, "remove", path + suffix) }
    }
  }

  private func files() throws -> UnsafeMutablePointer<sqlite3_vfs> {
    guard let files = sqlite3_vfs_find(vfs) else {
      throw SQLiteError(
        code: SQLITE_NOTFOUND, message: "there is none of that name",
        action: "use the VFS \(vfs ?? "of the system")")
    }
    return files
  }

  private func check(_ code: Int32, _ action: String, _ path: String) throws {
    guard code != SQLITE_OK else { return }
    throw SQLiteError(
      code: code, message: String(cString: sqlite3_errstr(code)), action: "\(action) \(path)")
  }
}
