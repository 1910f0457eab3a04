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

  @Test func repetitionWithAnotherSaltIsToldTheFirst() throws {
    let proposer = try Proposer()
    var envelope = try proposer.envelope(
      CreateUser(user: newUser("ann")), by: .anonymous, retention: .idempotencyKey)
    let salts = try (1...2).map { try #require(RequestSalt(repeatElement($0, count: 16))) }
    envelope.fingerprint = try fingerprint(1)
    envelope.salt = salts[0]
    let first = try proposer.apply(envelope)
    envelope.salt = salts[1]
    #expect(try proposer.apply(envelope) == .rejected(.repeated(salts[0])))
    envelope.salt = nil
    #expect(try proposer.apply(envelope) == .rejected(.repeated(salts[0])))
    let id = envelope.requestID
    #expect(try proposer.view.read { try $0.rememberedRequest(id)?.salt } == salts[0])
    envelope.salt = salts[0]
    #expect(try proposer.apply(envelope) == first)
    // The salt is no secret of another request.
    envelope.fingerprint = try fingerprint(2)
    envelope.salt = salts[1]
    #expect(try proposer.apply(envelope) == .rejected(.requestChanged))
    // What is forgotten is forgotten with its salt.
    envelope.stampedAt = envelope.stampedAt.adding(
      milliseconds: OutcomeRetention.idempotencyKey.milliseconds)
    #expect(try proposer.apply(envelope) == .rejected(.conflict(.emailTaken)))
    #expect(try proposer.view.read { try $0.rememberedRequest(id)?.salt } == salts[1])
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

  @Test func refusalForWantOfRoomIsNotRemembered() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann", plan: .enterprise)
    func reserve(_ id: String) throws -> CommandEnvelope {
      try proposer.envelope(
        proposer.reserve(1, in: workspace, id: id), by: .operator(name: "ops"),
        retention: .idempotencyKey)
    }
    _ = try proposer.batch(try (0..<StateLimits.openReservations).map { try reserve("r\($0)") })
    let late = try reserve("late")
    #expect(try proposer.apply(late) == .rejected(.overloaded(.openReservations)))
    try proposer.propose(
      ReleaseReservation(workspaceID: workspace.id, id: ReservationID(rawValue: "rsv_r0")))
    _ = try proposer.apply(late).get()
  }

  /// Who has enough workspaces is to delete one, and need not try later: that is a refusal like others.
  @Test func refusalForWhatTheCallerHasEnoughOfIsRemembered() throws {
    let proposer = try Proposer()
    let (ann, _) = try proposer.tenant("ann")
    func make(_ number: Int64) throws -> CommandEnvelope {
      try proposer.envelope(
        CreateWorkspace(
          workspace: NewWorkspace(id: WorkspaceID(rawValue: "ws_\(number)"), name: "w"),
          owner: .user(ann.id)), by: .user(ann.id), retention: .idempotencyKey)
    }
    _ = try proposer.batch(try (1...StateLimits.freeWorkspaces).map(make))
    let refused = try make(100)
    #expect(try proposer.apply(refused) == .rejected(.overloaded(.freeWorkspaces)))
    try proposer.propose(DeleteWorkspace(workspaceID: WorkspaceID(rawValue: "ws_1")))
    #expect(try proposer.apply(refused) == .rejected(.overloaded(.freeWorkspaces)))
  }
}
