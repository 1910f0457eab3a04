import CSQLite

/// Triggers that spoil a database, so that the program runs as it is and its state goes wrong.
struct DatabaseSabotage {
  let statements: String

  private static let forgetting = """
    CREATE TRIGGER IF NOT EXISTS sabotage AFTER INSERT ON requests
    BEGIN DELETE FROM requests WHERE request_id = NEW.request_id; END
    """

  /// What a sabotage does to the database of a member; nothing for most. `member` is nil for the one
  /// without faults, which a sabotage of all members has to spoil too: else digests alone would tell.
  init?(_ sabotage: Sabotage?, member: Int?) {
    switch sabotage {
    case .forgetsRequests: statements = Self.forgetting
    case .overAdmits:
      statements = """
        CREATE TRIGGER IF NOT EXISTS sabotage AFTER INSERT ON workspaces
        BEGIN UPDATE workspaces SET max_rows = max_rows + 500 WHERE id = NEW.id; END
        """
    case .skipsRequestTable where member == 0: statements = Self.forgetting
    case .addsToOneDatabase where member == 0:
      // How many analyses there were is counted for reports alone: no outcome tells.
      statements = """
        CREATE TRIGGER IF NOT EXISTS sabotage AFTER INSERT ON usage
        BEGIN UPDATE usage SET analyses = analyses + 1; END
        """
    default: return nil
    }
  }

  func apply(to path: String, of vfs: String) throws {
    var connection: OpaquePointer?
    defer { sqlite3_close_v2(connection) }
    guard sqlite3_open_v2(path, &connection, SQLITE_OPEN_READWRITE, vfs) == SQLITE_OK,
      sqlite3_exec(connection, statements, nil, nil, nil) == SQLITE_OK
    else { throw Failure(text: String(cString: sqlite3_errmsg(connection))) }
  }

  struct Failure: Error { var text: String }
}
