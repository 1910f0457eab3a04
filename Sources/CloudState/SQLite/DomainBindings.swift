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

extension RequestID: Bindable {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    bytes.bind(to: statement, at: index)
  }
}
