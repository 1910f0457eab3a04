import Testing

@testable import CloudState

@Suite struct SessionTests {
  private func new(_ name: String) -> NewSession {
    NewSession(id: SessionID(rawValue: "ses_" + name), key: [UInt8](repeating: 7, count: 32))
  }

  @discardableResult
  private func open(
    _ name: String, of user: User, _ proposer: Proposer
  ) throws -> Session {
    try proposer.propose(
      OpenSession(
        userID: user.id, session: new(name), passwordHash: try #require(user.passwordHash)),
      by: .user(user.id))
  }

  private func refresh(
    _ session: Session, generation: Int64? = nil, _ proposer: Proposer
  ) throws -> SessionRefresh {
    try proposer.propose(
      RefreshSession(id: session.id, generation: generation ?? session.generation),
      by: .session(session.id))
  }

  private func sessions(of user: User, _ proposer: Proposer) throws -> [String] {
    try proposer.view.read { try $0.sessions(of: user.id, at: proposer.now).map(\.id.rawValue) }
  }

  @Test func registeringOpensTheFirst() throws {
    let proposer = try Proposer()
    let (user, _) = try proposer.propose(
      CreateUser(user: newUser("ann"), session: new("a")), by: .anonymous)
    let session = try #require(
      try proposer.view.read { try $0.session(SessionID(rawValue: "ses_a")) })
    #expect(session.userID == user.id)
    #expect(session.generation == 1)
    #expect(session.createdAt == user.createdAt)
    #expect(session.expiresAt == proposer.now.adding(milliseconds: StateLimits.sessionLength))
    #expect(try proposer.view.read { try $0.sessionKey(session.id) } == new("a").key)
  }

  @Test func isOpenedOnlyWithThePasswordThatHolds() throws {
    let proposer = try Proposer()
    let (ann, _) = try proposer.tenant("ann")
    let stale = OpenSession(userID: ann.id, session: new("a"), passwordHash: "another")
    #expect(throws: Rejection.unauthenticated) {
      try proposer.propose(stale, by: .user(ann.id))
    }
    let good = OpenSession(
      userID: ann.id, session: new("a"), passwordHash: try #require(ann.passwordHash))
    for actor in [Actor.anonymous, .operator(name: "ops"), .user(UserID(rawValue: "usr_eve"))] {
      #expect(throws: Rejection.unauthenticated) { try proposer.propose(good, by: actor) }
    }
    #expect(try sessions(of: ann, proposer) == [])
  }

  @Test func malformedOnesAreRefused() throws {
    let proposer = try Proposer()
    let (ann, _) = try proposer.tenant("ann")
    let hash = try #require(ann.passwordHash)
    let short = NewSession(id: SessionID(rawValue: "ses_a"), key: [1])
    #expect(throws: Rejection.invalid(field: "session_key", message: "must be 32 bytes")) {
      try proposer.propose(
        OpenSession(userID: ann.id, session: short, passwordHash: hash), by: .user(ann.id))
    }
    try open("a", of: ann, proposer)
    #expect(throws: Rejection.conflict(.identifierTaken)) { try open("a", of: ann, proposer) }
  }

  @Test func isRenewedAgainAndAgain() throws {
    let proposer = try Proposer()
    let (ann, _) = try proposer.tenant("ann")
    var session = try open("a", of: ann, proposer)
    for generation in 2...4 as ClosedRange<Int64> {
      proposer.advance(milliseconds: StateLimits.sessionLength - 1)
      guard case .renewed(let renewed) = try refresh(session, proposer) else {
        Issue.record("a good token was taken for a copy")
        return
      }
      #expect(renewed.generation == generation)
      #expect(renewed.refreshedAt == proposer.now)
      #expect(renewed.createdAt == session.createdAt)
      session = renewed
    }
    proposer.advance(milliseconds: StateLimits.sessionLength)
    #expect(throws: Rejection.unauthenticated) { try refresh(session, proposer) }
  }

  @Test func oldRefreshTokenEndsTheSessionForBoth() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann")
    let session = try open("a", of: ann, proposer)
    try open("b", of: ann, proposer)
    guard case .renewed(let renewed) = try refresh(session, proposer) else {
      Issue.record("a good token was taken for a copy")
      return
    }
    #expect(try refresh(session, generation: 1, proposer) == .reused(renewed))
    #expect(throws: Rejection.unauthenticated) { try refresh(renewed, proposer) }
    #expect(throws: Rejection.unauthenticated) {
      try proposer.propose(
        proposer.reserve(1, in: workspace, id: "r"), by: .session(session.id))
    }
    #expect(try sessions(of: ann, proposer) == ["ses_b"])
    let audit = try proposer.view.read { try $0.auditRecords(of: nil).items }
    #expect(audit.first?.action == "session.reuse")
    #expect(audit.first?.userID == ann.id)
    #expect(audit.first?.actorID == ann.id.rawValue)
  }

  @Test func oneOfTwoRenewalsInABatchIsACopy() throws {
    let proposer = try Proposer()
    let (ann, _) = try proposer.tenant("ann")
    let session = try open("a", of: ann, proposer)
    let command = RefreshSession(id: session.id, generation: 1)
    let outcomes = try proposer.batch([
      proposer.envelope(command, by: .session(session.id)),
      proposer.envelope(command, by: .session(session.id)),
      proposer.envelope(command, by: .session(session.id)),
    ])
    guard case .renewed = try outcomes[0].value(of: RefreshSession.self),
      case .reused = try outcomes[1].value(of: RefreshSession.self)
    else {
      Issue.record("\(outcomes)")
      return
    }
    #expect(outcomes[2] == .rejected(.unauthenticated))
  }

  @Test func repeatedRenewalIsNoCopy() throws {
    let proposer = try Proposer()
    let (ann, _) = try proposer.tenant("ann")
    let session = try open("a", of: ann, proposer)
    let envelope = try proposer.envelope(
      RefreshSession(id: session.id, generation: 1), by: .session(session.id))
    let first = try proposer.apply(envelope)
    #expect(try proposer.apply(envelope) == first)
    #expect(try sessions(of: ann, proposer) == ["ses_a"])
  }

  @Test func tokensOfAGenerationToComeAreNoProofOfACopy() throws {
    let proposer = try Proposer()
    let (ann, _) = try proposer.tenant("ann")
    let session = try open("a", of: ann, proposer)
    #expect(throws: Rejection.unauthenticated) { try refresh(session, generation: 2, proposer) }
    #expect(throws: Rejection.unauthenticated) {
      try proposer.propose(RefreshSession(id: session.id, generation: 1), by: .user(ann.id))
    }
    #expect(try sessions(of: ann, proposer) == ["ses_a"])
  }

  @Test func actsForItsUserAsLongAsItLives() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann", plan: .professional)
    let (bob, _) = try proposer.tenant("bob")
    let session = try open("a", of: ann, proposer)
    try proposer.propose(proposer.reserve(1, in: workspace, id: "r"), by: .session(session.id))
    try proposer.propose(
      CreateWorkspace(
        workspace: NewWorkspace(id: WorkspaceID(rawValue: "ws_x"), name: "X"),
        owner: .user(ann.id)), by: .session(session.id))
    #expect(throws: Rejection.forbidden(.operateCluster)) {
      try proposer.propose(
        CreateWorkspace(
          workspace: NewWorkspace(id: WorkspaceID(rawValue: "ws_y"), name: "Y"),
          owner: .user(bob.id)), by: .session(session.id))
    }
    try proposer.propose(CloseSession(id: session.id), by: .session(session.id))
    #expect(throws: Rejection.unauthenticated) {
      try proposer.propose(proposer.reserve(1, in: workspace, id: "s"), by: .session(session.id))
    }
  }

  @Test func membersLeaveWithTheirSession() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann", plan: .professional)
    let bob = try proposer.member("bob", .viewer, in: workspace)
    let session = try open("b", of: bob, proposer)
    try proposer.propose(
      RemoveMember(workspaceID: workspace.id, userID: bob.id), by: .session(session.id))
    #expect(try proposer.view.read { try $0.membership(workspace.id, bob.id) } == nil)
  }

  @Test func isEndedByItsUserAlone() throws {
    let proposer = try Proposer()
    let (ann, _) = try proposer.tenant("ann")
    let (eve, _) = try proposer.tenant("eve")
    let session = try open("a", of: ann, proposer)
    let other = try open("b", of: ann, proposer)
    let foreign = try open("e", of: eve, proposer)
    let close = CloseSession(id: session.id)
    #expect(throws: Rejection.notFound(.session)) {
      try proposer.propose(close, by: .session(foreign.id))
    }
    #expect(throws: Rejection.unauthenticated) { try proposer.propose(close, by: .anonymous) }
    #expect(try proposer.propose(close, by: .session(other.id)) == 1)
    #expect(throws: Rejection.notFound(.session)) {
      try proposer.propose(close, by: .session(other.id))
    }
    let audit = try proposer.view.read { try $0.auditRecords(of: nil).items }
    #expect(audit.first?.action == "session.close")
    #expect(audit.first?.target == "ses_a")
    #expect(audit.first?.userID == ann.id)
  }

  @Test func allOfAUserEndAtOnce() throws {
    let proposer = try Proposer()
    let (ann, _) = try proposer.tenant("ann")
    let (bob, _) = try proposer.tenant("bob")
    let session = try open("a", of: ann, proposer)
    for name in ["b", "c"] { try open(name, of: ann, proposer) }
    try open("o", of: bob, proposer)
    let close = CloseSession(id: session.id, everywhere: true)
    #expect(try proposer.propose(close, by: .session(session.id)) == 3)
    #expect(try sessions(of: ann, proposer) == [])
    #expect(try sessions(of: bob, proposer) == ["ses_o"])
  }

  @Test func theOneRenewedLongestAgoMakesRoom() throws {
    let proposer = try Proposer()
    let (ann, _) = try proposer.tenant("ann")
    let oldest = try open("oldest", of: ann, proposer)
    proposer.advance(milliseconds: 1)
    try open("unused", of: ann, proposer)
    for number in 2..<StateLimits.sessions {
      proposer.advance(milliseconds: 1)
      try open("s\(number)", of: ann, proposer)
    }
    proposer.advance(milliseconds: 1)
    _ = try refresh(oldest, proposer)
    try open("new", of: ann, proposer)
    let left = try sessions(of: ann, proposer)
    #expect(left.count == Int(StateLimits.sessions))
    #expect(left.prefix(2) == ["ses_oldest", "ses_new"])
    #expect(!left.contains("ses_unused"))
  }

  @Test func expiredOnesAreRemovedByAndBy() throws {
    let proposer = try Proposer()
    let (ann, _) = try proposer.tenant("ann")
    let session = try open("a", of: ann, proposer)
    proposer.advance(milliseconds: StateLimits.sessionLength)
    #expect(try sessions(of: ann, proposer) == [])
    #expect(try proposer.view.read { try $0.houseIsDue(at: proposer.now) })
    _ = try proposer.propose(KeepHouse(), by: .node(name: "n"))
    #expect(try proposer.view.read { try $0.session(session.id) } == nil)
    #expect(try proposer.view.read { try $0.houseIsDue(at: proposer.now) } == false)
  }
}
