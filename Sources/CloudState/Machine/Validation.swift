// What no state would make acceptable. Lengths of what people write are in code points, as in JSON Schema:
// the number of characters depends on the version of Unicode, and members of different versions must agree.

extension Rejection {
  static func requireName(
    _ name: String, field: String, mayBeEmpty: Bool = false
  ) throws(Rejection) {
    let bytes = name.utf8
    guard mayBeEmpty || !bytes.isEmpty else {
      throw .invalid(field: field, message: "must not be empty")
    }
    guard name.unicodeScalars.count <= StateLimits.nameLength else {
      throw .invalid(
        field: field, message: "must be at most \(StateLimits.nameLength) characters long")
    }
    guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
      throw .invalid(field: field, message: "must not contain control characters")
    }
  }

  static func requirePasswordHash(_ hash: String) throws(Rejection) {
    guard (1...1_024).contains(hash.utf8.count) else {
      throw .invalid(field: "password", message: "must be hashed to 1 to 1024 bytes")
    }
  }

  static func requireSigningKey(_ key: [UInt8]) throws(Rejection) {
    guard (1...4_096).contains(key.count) else {
      throw .invalid(field: "signing_private_key", message: "must be 1 to 4096 bytes")
    }
  }

  static func requireWellFormed<Kind>(
    _ id: Identifier<Kind>, field: String
  ) throws(Rejection) {
    guard id.isWellFormed else {
      throw .invalid(field: field, message: "must be an identifier like \(Kind.prefix)_7f3a")
    }
  }

  static func requireRange(
    _ value: Int64, _ range: ClosedRange<Int64>, field: String
  ) throws(Rejection) {
    guard range.contains(value) else {
      throw .invalid(
        field: field, message: "must be from \(range.lowerBound) to \(range.upperBound)")
    }
  }
}

extension NewUser {
  /// The normalised address.
  func validated() throws(Rejection) -> EmailAddress {
    try Rejection.requireWellFormed(id, field: "user_id")
    try Rejection.requireName(name, field: "name", mayBeEmpty: true)
    if let passwordHash { try Rejection.requirePasswordHash(passwordHash) }
    return try EmailAddress(validating: email, field: "email")
  }
}

extension EmailAddress {
  init(validating text: String, field: String) throws(Rejection) {
    guard let address = EmailAddress(text) else {
      throw .invalid(field: field, message: "must be an ASCII address like ann@example.org")
    }
    self = address
  }
}

extension WorkspaceSettings {
  func validate() throws(Rejection) {
    let settings: [(field: String, value: Int64?, least: Int64)] = [
      ("settings.max_rows", maxRows, 0), ("settings.max_api_calls", maxAPICalls, 0),
      ("settings.max_users", maxUsers, 1), ("settings.max_datasets", maxDatasets, 0),
      ("settings.retention_days", retentionDays, 1),
    ]
    for setting in settings {
      guard let value = setting.value else { continue }
      try Rejection.requireRange(
        value, setting.least...StateLimits.highestLimit, field: setting.field)
    }
  }
}
