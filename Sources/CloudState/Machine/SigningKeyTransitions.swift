// The keys that sign access tokens.
//
// A token is signed by the key that was in force at the time of the command it comes from, so a node
// that carries out the command knows the key: both stand in one log, and the rotation stands before. A
// retired key is kept until all that it signed has run out. A revoked one goes at once: nodes look whether
// the key of a token is there, and so does the state for each command that came with a token.
extension Transition {
  func rotateSigningKey(_ command: RotateSigningKey) throws -> Effect {
    guard isOperator else { throw Rejection.forbidden(.operateCluster) }
    try Rejection.requireName(command.id, field: "signing_key_id")
    try Rejection.requireSigningKey(command.privateKey)
    let keys = try connection.first("SELECT count(*) FROM signing_keys") { $0.integer(0) } ?? 0
    guard keys > 0 else { throw Rejection.conflict(.clusterNotInitialized) }
    guard command.revokesPrevious || keys < StateLimits.signingKeys else {
      throw Rejection.overloaded(.signingKeys)
    }
    guard try !connection.hasSigningKey(command.id) else {
      throw Rejection.conflict(.identifierTaken)
    }
    if command.revokesPrevious {
      try connection.run("DELETE FROM signing_keys")
    } else {
      try connection.run("UPDATE signing_keys SET retired_at = ? WHERE retired_at IS NULL", now)
    }
    try connection.run(
      "INSERT INTO signing_keys VALUES (?, ?, ?, NULL)", command.id, command.privateKey, now)
    return command.revokesPrevious ? .signingKeysRevoked(now) : .signingKeyRotated(now)
  }

  /// Keys whose last tokens have run out.
  func forgetSigningKeys(limit: Int64) throws -> Int {
    try connection.run(
      """
      DELETE FROM signing_keys WHERE id IN (
        SELECT id FROM signing_keys WHERE retired_at <= ? ORDER BY retired_at, id LIMIT ?)
      """, SigningKey.lastUse(at: now), limit)
  }
}

extension SigningKey {
  /// What was retired by then has signed nothing that still holds.
  static func lastUse(at now: Timestamp) -> Timestamp {
    now.adding(milliseconds: -StateLimits.signingKeyRetention)
  }
}
