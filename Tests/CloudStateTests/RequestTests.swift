import Testing

@testable import CloudState

@Suite struct RequestTests {
  private func fingerprint(_ byte: UInt8) throws -> RequestFingerprint {
    try #require(RequestFingerprint(repeatElement(byte, count: 16)))
  }

  @Test func repetitionIsAnsweredWithTheFirstOutcome() throws {
    let proposer = try Proposer()
    var envelope = try proposer.envelope(
      CreateUser(user: newUser("ann")), by: .anonymous, retention: .idempotencyKey)
    envelope.fingerprint = try fingerprint(1)
    let first = try proposer.apply(envelope)
    proposer.advance(milliseconds: OutcomeRetention.idempotencyKey.milliseconds - 1)
    envelope.stampedAt = proposer.now
    #expect(try proposer.apply(envelope) == first)
  }

  @Test func anotherRequestUnderTheSameIdentifierIsRefused() throws {
    let proposer = try Proposer()
    var envelope = try proposer.envelope(CreateUser(user: newUser("ann")), by: .anonymous)
    envelope.fingerprint = try fingerprint(1)
    _ = try proposer.apply(envelope)
    envelope.fingerprint = try fingerprint(2)
    #expect(try proposer.apply(envelope) == .rejected(.requestChanged))
    envelope.fingerprint = nil
    #expect(try proposer.apply(envelope) == .rejected(.requestChanged))
  }

  @Test func refusalIsRememberedToo() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann")
    try proposer.propose(proposer.reserve(10_000, in: workspace, id: "a"))
    let reserve = try proposer.envelope(
      proposer.reserve(1, in: workspace, id: "b"), by: .operator(name: "ops"))
    let refused = try proposer.apply(reserve)
    #expect(throws: Rejection.self) { try refused.get() }
    // Two copies of a request may stand in the log. Was the first refused, then the caller has heard
    // so, and the second must not take effect.
    try proposer.propose(
      ReleaseReservation(workspaceID: workspace.id, id: ReservationID(rawValue: "rsv_a")))
    #expect(try proposer.apply(reserve) == refused)
  }
}
