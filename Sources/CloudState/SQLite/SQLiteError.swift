import CSQLite

/// What SQLite answered when it could not do what it was asked.
struct SQLiteError: Error, CustomStringConvertible {
  /// The extended result code.
  let code: Int32
  let message: String
  /// The statement or the action that failed.
  let action: String

  var description: String { "SQLite could not \(action): \(message) (code \(code))" }

  private var primaryCode: Int32 { code & 0xff }

  /// A UNIQUE, CHECK, NOT NULL or type constraint: the same on every member, whatever its disk.
  var isConstraint: Bool { primaryCode == SQLITE_CONSTRAINT }

  /// No space is left for what was to be written. Only that keeps the index of SQLite's own log from growing
  /// (`SQLITE_IOERR_SHMSIZE`, a macro that Swift does not import).
  var isDiskFull: Bool {
    primaryCode == SQLITE_FULL || code == SQLITE_IOERR | (19 << 8)
  }

  /// The file is not what was written to it, or is no database.
  var isDamage: Bool { primaryCode == SQLITE_CORRUPT || primaryCode == SQLITE_NOTADB }
}
