import CSQLite

// How the values of the model stand in columns.

extension Identifier: Bindable {}
extension PlanID: Bindable {}
extension Role: Bindable {}
extension Scopes: Bindable {}
extension Reservation.Purpose: Bindable {}
extension AnalysisRecord.Status: Bindable {}
extension AuditRecord.ActorKind: Bindable {}
extension AuditRecord.Outcome: Bindable {}

/// Users in one column: no identifier has a space in it.
struct UserList: Bindable {
  let users: [UserID]

  init(_ users: [UserID]) {
    self.users = users
  }

  init(_ row: Statement, _ column: Int32) {
    users = row.text(column).split(separator: " ").map { UserID(rawValue: String($0)) }
  }

  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    users.map(\.rawValue).joined(separator: " ").bind(to: statement, at: index)
  }
}

extension Timestamp: Bindable {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    milliseconds.bind(to: statement, at: index)
  }
}

extension Month: Bindable {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    ordinal.bind(to: statement, at: index)
  }
}

extension Day: Bindable {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    ordinal.bind(to: statement, at: index)
  }
}

extension SecretHash: Bindable {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    bytes.bind(to: statement, at: index)
  }
}

extension AttemptSubject: Bindable {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    bytes.bind(to: statement, at: index)
  }
}

extension RequestFingerprint: Bindable {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    bytes.bind(to: statement, at: index)
  }
}

extension RequestSalt: Bindable {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    bytes.bind(to: statement, at: index)
  }
}

extension RequestID: Bindable {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    bytes.bind(to: statement, at: index)
  }
}
