/// Applies one entry of the log after another inside the store's transaction.
///
/// The order within a command is part of the replicated behaviour: read it; advance the clock;
/// forget old outcomes; answer a repetition; look for the key that vouched for the actor; return expired reservations; carry the command out;
/// write it into the audit log; remember the outcome; extend the digest.
struct Applier {
  let connection: Connection
  private(set) var position: StatePosition

  init(connection: Connection, position: StatePosition) {
    self.connection = connection
    self.position = position
  }

  /// The encoded outcome; empty for an entry without a command.
  ///
  /// - Throws: Only what the disk or a bug can cause; then the whole batch is undone.
  mutating func apply(_ record: CommandRecord) throws -> [UInt8] {
    guard record.index == position.index + 1 else {
      throw StateError.outOfOrder(expected: position.index + 1, found: record.index)
    }
    let outcome = record.payload.isEmpty ? [] : try outcome(of: record.payload, at: record.index)
    var digest = StateDigest(position.digest)
    digest.extend(
      index: record.index, term: record.term, command: record.payload, outcome: outcome)
    position.digest = digest.bytes
    position.index = record.index
    position.term = record.term
    return outcome
  }

  /// Writes the position beside the rows that belong to it.
  func savePosition() throws {
    try connection.run(
      "UPDATE position SET applied_index = ?, applied_term = ?, clock = ?, digest = ? WHERE id = 1",
      Int64(bitPattern: position.index), Int64(bitPattern: position.term), position.clock,
      position.digest)
  }

  private mutating func outcome(of payload: [UInt8], at index: UInt64) throws -> [UInt8] {
    guard let envelope = CommandEnvelope(decoding: payload) else {
      return try Outcome.rejected(.unreadableCommand).encoded()
    }
    position.clock = max(position.clock, envelope.stampedAt)
    let requests = RequestTable(connection: connection)
    try requests.forgetExpired(at: position.clock)
    if let known = try requests.request(envelope.requestID) {
      guard known.fingerprint == envelope.fingerprint else {
        return try Outcome.rejected(.requestChanged).encoded()
      }
      if let salt = known.salt, envelope.salt != salt {
        return try Outcome.rejected(.repeated(salt)).encoded()
      }
      return known.outcome
    }
    // Not remembered: with another token the same may be tried again.
    if let key = envelope.signingKeyID, try !connection.hasSigningKey(key) {
      return try Outcome.rejected(.unauthenticated).encoded()
    }
    let transition = Transition(
      connection: connection, index: index, now: position.clock, actor: envelope.actor,
      origin: envelope.origin)
    try transition.returnExpiredReservations()
    // Before: the command may end the session in which it was given.
    let userID = try transition.auditedUserID()
    let outcome = try carryOut(envelope.command, by: transition)
    try transition.audit(envelope.command, outcome, by: userID)
    let encoded = try outcome.encoded()
    if envelope.command.isRemembered, outcome.isRemembered {
      try requests.remember(
        encoded, of: envelope,
        until: position.clock.adding(milliseconds: envelope.retention.milliseconds))
    }
    return encoded
  }

  /// A command takes effect wholly or not at all, whatever it had written before it was rejected.
  private func carryOut(_ command: Command, by transition: Transition) throws -> Outcome {
    try connection.run("SAVEPOINT command")
    let rejection: Rejection
    do {
      let effect = try transition.effect(of: command)
      try connection.run("RELEASE command")
      return .accepted(effect)
    } catch let error as Rejection {
      rejection = error
    } catch let error as SQLiteError where error.isConstraint {
      // Every member has the same rows and meets the same constraint. Failing here instead would
      // stop all of them at this entry for good.
      rejection = .conflict(.constraint)
    }
    try connection.run("ROLLBACK TO command")
    try connection.run("RELEASE command")
    return .rejected(rejection)
  }
}
