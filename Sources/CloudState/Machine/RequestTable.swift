/// The outcomes of recent requests, by which a repetition is recognised and answered.
///
/// An outcome is kept until its retention has passed in command time, and then forgotten by one of
/// the next commands. Each command adds at most one and forgets up to ``sweep``, so the table never
/// grows beyond what the retention holds.
struct RequestTable {
  /// How many a command forgets at most: more than it adds, and few enough not to be felt.
  static let sweep: Int64 = 8

  let connection: Connection

  func outcome(of id: RequestID) throws -> [UInt8]? {
    try connection.first("SELECT outcome FROM requests WHERE request_id = ?", id) { $0.blob(0) }
  }

  func remember(_ outcome: [UInt8], of id: RequestID, until expiry: Timestamp) throws {
    try connection.run("INSERT INTO requests VALUES (?, ?, ?)", id, expiry, outcome)
  }

  func forgetExpired(at now: Timestamp) throws {
    try connection.run(
      """
      DELETE FROM requests WHERE request_id IN (
        SELECT request_id FROM requests WHERE expires_at <= ?
        ORDER BY expires_at, request_id LIMIT ?)
      """, now, RequestTable.sweep)
  }
}
