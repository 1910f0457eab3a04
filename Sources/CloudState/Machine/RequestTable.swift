/// The outcomes of recent requests, by which a repetition is recognised and answered.
///
/// An outcome is kept until its retention has passed in command time, and then forgotten by one of
/// the next commands. Each command adds at most one and forgets up to ``sweep``, so the table never
/// grows beyond what the retention holds.
struct RequestTable {
  /// How many a command forgets at most: more than it adds, and few enough not to be felt.
  static let sweep: Int64 = 8

  let connection: Connection

  /// What is remembered of a request.
  struct Row {
    let outcome: [UInt8]
    let fingerprint: RequestFingerprint?
    let salt: RequestSalt?
  }

  func request(_ id: RequestID) throws -> Row? {
    try connection.first(
      "SELECT outcome, fingerprint, salt FROM requests WHERE request_id = ?", id
    ) {
      Row(
        outcome: $0.blob(0), fingerprint: $0.isNull(1) ? nil : RequestFingerprint($0.blob(1)),
        salt: $0.isNull(2) ? nil : RequestSalt($0.blob(2)))
    }
  }

  func remember(
    _ outcome: [UInt8], of envelope: CommandEnvelope, until expiry: Timestamp
  ) throws {
    try connection.run(
      "INSERT INTO requests VALUES (?, ?, ?, ?, ?)", envelope.requestID, expiry,
      envelope.fingerprint, outcome, envelope.salt)
  }

  @discardableResult
  func forgetExpired(at now: Timestamp, limit: Int64 = RequestTable.sweep) throws -> Int {
    try connection.run(
      """
      DELETE FROM requests WHERE request_id IN (
        SELECT request_id FROM requests WHERE expires_at <= ?
        ORDER BY expires_at, request_id LIMIT ?)
      """, now, limit)
  }
}

extension Command {
  /// Whether a repetition must find the outcome of the first. Keeping house twice is keeping house,
  /// and would leave something to be removed each time; a lease that is returned twice is returned. Each
  /// attempt at a password is one, also when its request is repeated.
  public var isRemembered: Bool {
    switch self {
    case .keepHouse, .returnCalls, .countAttempt: false
    default: true
    }
  }
}

extension Outcome {
  /// Whether a repetition must find it. What was refused only for a while has changed nothing, and whoever
  /// comes again then asks anew, as the answer says. Other bounds than that on reservations are met until
  /// the caller gives something up.
  public var isRemembered: Bool {
    switch self {
    case .rejected(.rateLimited), .rejected(.overloaded(.openReservations)): false
    default: true
    }
  }
}
