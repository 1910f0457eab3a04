// The rows of the tables as entities. Columns are read by their position in the schema.

extension Identifier {
  init(_ row: Statement, _ column: Int32) {
    self.init(rawValue: row.text(column))
  }
}

extension Timestamp {
  init(_ row: Statement, _ column: Int32) {
    self.init(milliseconds: row.integer(column))
  }

  init?(ifAnyIn row: Statement, _ column: Int32) {
    guard let milliseconds = row.integerIfAny(column) else { return nil }
    self.init(milliseconds: milliseconds)
  }
}

extension Statement {
  /// A value of a closed set. Only this module writes them, so an unknown one is damage.
  func value<Value: RawRepresentable<String>>(_ column: Int32) throws -> Value {
    let text = text(column)
    guard let value = Value(rawValue: text) else {
      throw StateError.damagedDatabase("'\(text)' is no \(Value.self)")
    }
    return value
  }

  func attemptSubject(_ column: Int32) throws -> AttemptSubject {
    guard let subject = AttemptSubject(blob(column)) else {
      throw StateError.damagedDatabase("the subject of an attempt is not 32 bytes long")
    }
    return subject
  }

  func secretHash(_ column: Int32) throws -> SecretHash {
    guard let hash = SecretHash(blob(column)) else {
      throw StateError.damagedDatabase("a secret's hash is not 32 bytes long")
    }
    return hash
  }
}

extension User {
  init(_ row: Statement, from first: Int32 = 0) {
    id = UserID(row, first)
    email = row.text(first + 1)
    name = row.text(first + 2)
    passwordHash = row.textIfAny(first + 3)
    createdAt = Timestamp(row, first + 4)
    emailVerifiedAt = Timestamp(ifAnyIn: row, first + 5)
    mustChangePassword = row.integer(first + 6) != 0
  }
}

extension Session {
  init(_ row: Statement) {
    id = SessionID(row, 0)
    userID = UserID(row, 1)
    generation = row.integer(2)
    createdAt = Timestamp(row, 3)
    refreshedAt = Timestamp(row, 4)
    expiresAt = Timestamp(row, 5)
  }
}

extension Invitation {
  init(_ row: Statement) throws {
    id = InvitationID(row, 0)
    workspaceID = WorkspaceID(row, 1)
    email = row.text(2)
    role = try row.value(3)
    invitedBy = row.textIfAny(4).map(UserID.init(rawValue:))
    createdAt = Timestamp(row, 5)
    expiresAt = Timestamp(row, 6)
    makers = UserList(row, 8).users
    isMailed = row.integer(9) != 0
  }
}

extension Workspace {
  static let columnCount: Int32 = 16

  init(_ row: Statement) {
    id = WorkspaceID(row, 0)
    name = row.text(1)
    planID = PlanID(rawValue: row.text(2))
    settings = WorkspaceSettings(
      maxRows: row.integerIfAny(3), maxAPICalls: row.integerIfAny(4),
      maxUsers: row.integerIfAny(5), maxDatasets: row.integerIfAny(6),
      retentionDays: row.integerIfAny(7))
    createdAt = Timestamp(row, 8)
    memberCount = row.integer(9)
    revision = UInt64(bitPattern: row.integer(13))
    setByOperator = SettingNames(rawValue: UInt8(truncatingIfNeeded: row.integer(15)))
  }
}

extension Membership {
  static let columnCount: Int32 = 4

  init(_ row: Statement, from first: Int32 = 0) throws {
    workspaceID = WorkspaceID(row, first)
    userID = UserID(row, first + 1)
    role = try row.value(first + 2)
    createdAt = Timestamp(row, first + 3)
  }
}

extension APIKey {
  init(_ row: Statement) throws {
    id = APIKeyID(row, 0)
    workspaceID = WorkspaceID(row, 1)
    userID = UserID(row, 2)
    name = row.text(3)
    scopes = Scopes(rawValue: row.integer(4))
    secretHash = try row.secretHash(5)
    createdAt = Timestamp(row, 6)
    expiresAt = Timestamp(ifAnyIn: row, 7)
    revokedAt = Timestamp(ifAnyIn: row, 8)
    lastUsedAt = Timestamp(ifAnyIn: row, 9)
    replacedBy = row.textIfAny(10).map(APIKeyID.init(rawValue:))
    makers = UserList(row, 11).users
  }
}

extension Plan {
  init(_ row: Statement) {
    id = PlanID(rawValue: row.text(0))
    maxRows = row.integerIfAny(1)
    maxAPICalls = row.integerIfAny(2)
    maxUsers = row.integerIfAny(3)
    maxDatasets = row.integerIfAny(4)
    retentionDays = row.integer(5)
    monthlyPriceCents = row.integerIfAny(6)
    allFeatures = row.integer(7) != 0
  }
}

extension Reservation {
  init(_ row: Statement) throws {
    id = ReservationID(row, 0)
    workspaceID = WorkspaceID(row, 1)
    userID = row.textIfAny(2).map(UserID.init(rawValue:))
    purpose = try row.value(3)
    month = Month(ordinal: row.integer(4))
    rows = row.integer(5)
    expiresAt = Timestamp(row, 6)
  }
}

extension CallLease {
  init(_ row: Statement) {
    id = CallLeaseID(row, 0)
    workspaceID = WorkspaceID(row, 1)
    day = Day(ordinal: row.integer(2))
    holder = row.text(3)
    calls = row.integer(4)
    expiresAt = Timestamp(row, 5)
  }
}

extension LedgerRecord {
  init(_ row: Statement) {
    analysisID = AnalysisID(row, 0)
    workspaceID = WorkspaceID(row, 2)
    month = Month(ordinal: row.integer(3))
    rows = row.integer(4)
    settledAt = Timestamp(row, 5)
  }
}

extension AnalysisRecord {
  init(_ row: Statement) throws {
    id = AnalysisID(row, 0)
    workspaceID = WorkspaceID(row, 1)
    userID = row.textIfAny(2).map(UserID.init(rawValue:))
    name = row.text(3)
    purpose = try row.value(4)
    status = try row.value(5)
    rows = row.integer(6)
    month = Month(ordinal: row.integer(7))
    qualityScore = row.realIfAny(8)
    createdAt = Timestamp(row, 9)
  }
}

extension SigningKey {
  init(_ row: Statement) {
    id = row.text(0)
    privateKey = row.blob(1)
    createdAt = Timestamp(row, 2)
    retiredAt = Timestamp(ifAnyIn: row, 3)
  }
}

extension AuditRecord {
  init(_ row: Statement) throws {
    id = row.integer(0)
    workspaceID = row.textIfAny(1).map(WorkspaceID.init(rawValue:))
    at = Timestamp(row, 2)
    actorKind = try row.value(3)
    actorID = row.text(4)
    userID = row.textIfAny(5).map(UserID.init(rawValue:))
    action = row.text(6)
    target = row.text(7)
    outcome = try row.value(8)
    origin = Origin(address: row.text(9), requestName: row.text(10))
  }
}

extension AdminToken {
  init(_ row: Statement) throws {
    memberName = row.text(0)
    memberID = UInt64(bitPattern: row.integer(3))
    hash = try row.secretHash(1)
    registeredAt = Timestamp(row, 2)
  }
}
