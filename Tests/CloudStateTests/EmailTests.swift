import Testing

@testable import CloudState

@Suite struct EmailVerificationTests {
  private func register(_ name: String, _ proposer: Proposer) throws -> (user: User, Actor) {
    let user = try proposer.propose(CreateUser(user: newUser(name)), by: .anonymous).user
    return (user, try proposer.session(name, of: user))
  }

  private func verifiedAt(_ user: User, _ proposer: Proposer) throws -> Timestamp? {
    try proposer.view.read { try $0.user(user.id)?.emailVerifiedAt }
  }

  @Test func aTokenProvesTheAddressOfItsUserOnce() throws {
    let proposer = try Proposer()
    let (bob, bobs) = try register("bob", proposer)
    let (_, eves) = try register("eve", proposer)
    let made = try proposer.propose(
      RequestEmailVerification(tokenHash: try hash(1)), by: bobs)
    #expect(made.email == "bob@example.org")
    let verify = VerifyEmail(tokenHash: try hash(1))
    // Neither the token alone, nor somebody else's account with it.
    for actor in [Actor.anonymous, .user(bob.id), .operator(name: "ops")] {
      #expect(throws: Rejection.unauthenticated) { try proposer.propose(verify, by: actor) }
    }
    #expect(throws: Rejection.notFound(.emailVerification)) {
      try proposer.propose(verify, by: eves)
    }
    #expect(try verifiedAt(bob, proposer) == nil)
    #expect(try proposer.propose(verify, by: bobs) == bob.id)
    #expect(try verifiedAt(bob, proposer) == proposer.now)
    #expect(throws: Rejection.notFound(.emailVerification)) {
      try proposer.propose(verify, by: bobs)
    }
    #expect(throws: Rejection.conflict(.emailVerified)) {
      try proposer.propose(RequestEmailVerification(tokenHash: try hash(2)), by: bobs)
    }
    let audit = try proposer.view.read { try $0.auditRecords(of: nil, limit: 2).items }
    #expect(audit.map(\.action) == ["email.verify", "email.request_verification"])
    #expect(audit.allSatisfy { $0.userID == bob.id && $0.target == bob.id.rawValue })
  }

  /// Whoever knows the password has the account, too.
  @Test func nothingIsProvenWithAPasswordThatSomebodyElseHasChosen() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann", plan: .professional)
    let bob = try proposer.member("bob", .viewer, in: workspace)
    let bobs = try proposer.session("bob", of: bob)
    try proposer.propose(RequestEmailVerification(tokenHash: try hash(1)), by: bobs)
    let verify = VerifyEmail(tokenHash: try hash(1))
    #expect(throws: Rejection.conflict(.passwordNotOwn)) {
      try proposer.propose(verify, by: bobs)
    }
    try proposer.propose(
      ChangePassword(current: bob.passwordHash ?? "", new: "of bob"), by: bobs)
    try proposer.propose(verify, by: bobs)
  }

  @Test func tokensRunOutAndAreForgotten() throws {
    let proposer = try Proposer()
    let (_, bobs) = try register("bob", proposer)
    try proposer.propose(RequestEmailVerification(tokenHash: try hash(1)), by: bobs)
    proposer.advance(milliseconds: StateLimits.emailVerificationLength)
    #expect(throws: Rejection.notFound(.emailVerification)) {
      try proposer.propose(VerifyEmail(tokenHash: try hash(1)), by: bobs)
    }
    #expect(try proposer.view.read { try $0.houseIsDue(at: proposer.now) })
    _ = try proposer.propose(KeepHouse(limit: 100), by: .node(name: "n"))
    #expect(try proposer.view.read { try $0.houseIsDue(at: proposer.now) } == false)
  }
}

@Suite struct MailLimitTests {
  private func invite(
    _ number: Int64, _ email: String, to workspace: Workspace, mailed: Bool = true
  ) throws -> Invite {
    Invite(
      id: InvitationID(rawValue: "inv_\(workspace.name)\(number)"), workspaceID: workspace.id,
      email: email, role: .viewer,
      tokenHash: try #require(
        SecretHash(
          Array(workspace.name.utf8.prefix(4))
            + (0..<28).map { UInt8(truncatingIfNeeded: number >> ($0 % 8)) })), isMailed: mailed)
  }

  @Test func anAddressGetsAFewFromEverybody() throws {
    let proposer = try Proposer()
    let teams = try ["ann1", "bob2", "cyd3", "dan4"].map {
      try proposer.tenant($0, plan: .professional)
    }
    func invite(from team: Int) throws {
      try proposer.propose(
        self.invite(0, "Victim@example.org", to: teams[team].workspace),
        by: .user(teams[team].user.id))
    }
    for team in 0..<3 { try invite(from: team) }
    let until = proposer.now.adding(milliseconds: AttemptLimit.mail.interval)
    #expect(throws: Rejection.rateLimited(until: until)) { try invite(from: 3) }
    // Nor can one be had by asking in vain; what is not mailed is not counted.
    try proposer.propose(
      self.invite(1, "victim@example.org", to: teams[3].workspace, mailed: false),
      by: .user(teams[3].user.id))
    proposer.advance(milliseconds: AttemptLimit.mail.interval)
    try proposer.propose(
      RevokeInvitation(
        workspaceID: teams[0].workspace.id, id: InvitationID(rawValue: "inv_ann10")))
    try invite(from: 0)
  }

  @Test func anOperatorsInvitationsCountForNobody() throws {
    let proposer = try Proposer()
    let teams = try ["ann1", "bob2", "cyd3", "dan4", "eve5", "fay6"].map {
      try proposer.tenant($0, plan: .professional)
    }
    for team in teams.prefix(4) {
      try proposer.propose(invite(0, "victim@example.org", to: team.workspace))
    }
    try proposer.propose(
      invite(0, "victim@example.org", to: teams[4].workspace), by: .user(teams[4].user.id))
    for number in Int64(1)...2 {
      let command = try invite(number, "other\(number)@example.org", to: teams[4].workspace)
      try proposer.propose(command, by: .user(teams[4].user.id))
    }
    try proposer.propose(
      invite(0, "victim@example.org", to: teams[5].workspace), by: .user(teams[5].user.id))
  }

  private func askForProof(_ byte: UInt8, _ session: Actor, _ proposer: Proposer) throws {
    try proposer.propose(RequestEmailVerification(tokenHash: try hash(byte)), by: session)
  }

  private func askForReset(_ byte: UInt8, _ proposer: Proposer) throws -> Bool {
    try proposer.propose(
      RequestPasswordReset(subject: .email("ann@example.org"), tokenHash: try hash(byte)),
      by: .anonymous
    ).isMade
  }

  @Test func strangersUseUpNothingThatAUserAsksFor() throws {
    let proposer = try Proposer()
    let user = try proposer.propose(CreateUser(user: newUser("ann")), by: .anonymous).user
    let session = try proposer.session("ann", of: user)
    for name in ["bob1", "cyd2", "dan3"] {
      let (owner, workspace) = try proposer.tenant(name, plan: .professional)
      try proposer.propose(invite(0, user.email, to: workspace), by: .user(owner.id))
    }
    #expect(try (UInt8(1)...4).map { try askForReset($0, proposer) } == [true, true, true, false])
    for byte in UInt8(5)...7 { try askForProof(byte, session, proposer) }
    let until = proposer.now.adding(milliseconds: AttemptLimit.mail.interval)
    #expect(throws: Rejection.rateLimited(until: until)) {
      try askForProof(8, session, proposer)
    }
    proposer.advance(milliseconds: AttemptLimit.mail.interval)
    try askForProof(8, session, proposer)
  }

  @Test func resetsHaveACountOfTheirOwn() throws {
    let proposer = try Proposer()
    let user = try proposer.propose(CreateUser(user: newUser("ann")), by: .anonymous).user
    let session = try proposer.session("ann", of: user)
    for byte in UInt8(1)...3 { try askForProof(byte, session, proposer) }
    #expect(try (UInt8(1)...3).map { try askForReset($0, proposer) } == [true, true, true])
    // With one of them all have ended, and there is room for tokens, but not for mail.
    try proposer.propose(
      ResetPassword(tokenHash: try hash(1), passwordHash: "new"), by: .anonymous)
    #expect(try askForReset(4, proposer) == false)
    // What the operator hands over is no mail.
    try proposer.propose(
      RequestPasswordReset(subject: .user(user.id), tokenHash: try hash(5)))
    proposer.advance(milliseconds: AttemptLimit.mail.interval)
    #expect(try (UInt8(6)...7).map { try askForReset($0, proposer) } == [true, false])
  }

  @Test func whoInvitesManyWaits() throws {
    let proposer = try Proposer()
    let (ann, first) = try proposer.tenant("ann1", plan: .professional)
    let (_, second) = try proposer.tenant("bob2", plan: .professional)
    let admin = try proposer.member("adam", .admin, in: first)
    let other = try proposer.member("olga", .admin, in: second)
    for number in 0..<AttemptLimit.invitations.burst {
      try proposer.propose(
        invite(number, "u\(number)@example.org", to: first), by: .user(ann.id))
    }
    let until = proposer.now.adding(milliseconds: AttemptLimit.invitations.interval)
    // Neither the same user, nor another one of the same workspace.
    for user in [ann, admin] {
      #expect(throws: Rejection.rateLimited(until: until)) {
        try proposer.propose(invite(100, "new@example.org", to: first), by: .user(user.id))
      }
    }
    try proposer.propose(
      invite(101, "new@example.org", to: second), by: .user(other.id))
    proposer.advance(milliseconds: AttemptLimit.invitations.interval)
    try proposer.propose(invite(100, "new@example.org", to: first), by: .user(admin.id))
  }

  @Test func aRefusalForAWhileIsNotRemembered() throws {
    let proposer = try Proposer()
    let user = try proposer.propose(CreateUser(user: newUser("ann")), by: .anonymous).user
    let session = try proposer.session("ann", of: user)
    for byte in UInt8(1)...3 {
      try proposer.propose(RequestEmailVerification(tokenHash: try hash(byte)), by: session)
    }
    var again = try proposer.envelope(
      RequestEmailVerification(tokenHash: try hash(4)), by: session, retention: .idempotencyKey)
    guard case .rejected(.rateLimited(let until)) = try proposer.apply(again) else {
      Issue.record("there is no limit")
      return
    }
    proposer.jump(to: until)
    again.stampedAt = until
    _ = try proposer.apply(again).get()
  }
}
