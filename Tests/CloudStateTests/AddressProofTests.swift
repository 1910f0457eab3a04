import Testing

@testable import CloudState

/// Whose an address is, as somebody would ask who wants what is not theirs.
@Suite struct AddressProofTests {
  /// A team on a cluster, and a stranger who has registered with the address of somebody else.
  private struct Stage {
    let proposer: Proposer
    let ann: User
    let team: Workspace

    init() throws {
      proposer = try Proposer()
      (ann, team) = try proposer.tenant("ann", plan: .professional)
    }

    func register(_ name: String) throws -> User {
      try proposer.propose(CreateUser(user: newUser(name)), by: .anonymous).user
    }

    func user(_ name: String) throws -> User {
      try #require(try proposer.view.read { try $0.user(email: "\(name)@example.org") })
    }

    func add(_ name: String) throws -> User {
      try proposer.propose(
        AddMember(workspaceID: team.id, user: newUser(name), role: .viewer), by: .user(ann.id)
      ).member.user
    }

    func invite(_ name: String, token: UInt8 = 1, mailed: Bool) throws {
      try proposer.propose(
        Invite(
          id: InvitationID(rawValue: "inv_\(name)\(token)"), workspaceID: team.id,
          email: "\(name)@example.org", role: .admin, tokenHash: try hash(token),
          isMailed: mailed), by: .user(ann.id))
    }

    func accepting(_ token: UInt8 = 1, password: String? = "of the acceptor") throws
      -> AcceptInvitation
    {
      AcceptInvitation(
        tokenHash: try hash(token), userID: UserID(rawValue: "usr_new\(token)"), name: "New",
        passwordHash: password)
    }

    @discardableResult
    func accept(_ token: UInt8 = 1, password: String? = "of the acceptor", by actor: Actor) throws
      -> User
    {
      try proposer.propose(accepting(token, password: password), by: actor).member.user
    }

    func reset(_ user: User, to password: String) throws {
      try proposer.propose(
        RequestPasswordReset(subject: .user(user.id), tokenHash: try hash(9)))
      try proposer.propose(
        ResetPassword(tokenHash: try hash(9), passwordHash: password), by: .anonymous)
    }
  }

  // MARK: Added by somebody else

  @Test func whoRegisteredWithAnAddressIsNotAddedByIt() throws {
    let stage = try Stage()
    let stranger = try stage.register("bob")
    #expect(throws: Rejection.conflict(.emailNotVerified)) { try stage.add("bob") }
    let gift = CreateWorkspace(
      workspace: NewWorkspace(id: WorkspaceID(rawValue: "ws_gift"), name: "Gift"),
      owner: .email("bob@example.org", newID: UserID(rawValue: "usr_owner")))
    #expect(throws: Rejection.conflict(.emailNotVerified)) { try stage.proposer.propose(gift) }
    // Whoever has the address has the account, once they say so.
    try stage.reset(stranger, to: "of bob")
    #expect(try stage.add("bob").id == stranger.id)
    try stage.proposer.propose(gift)
  }

  @Test func registeringAndBeingAddedDoNotBothSucceed() throws {
    for strangerIsFirst in [true, false] {
      let stage = try Stage()
      let register = try stage.proposer.envelope(
        CreateUser(user: newUser("bob")), by: .anonymous)
      var new = newUser("bob")
      new.id = UserID(rawValue: "usr_real")
      let add = try stage.proposer.envelope(
        AddMember(workspaceID: stage.team.id, user: new, role: .viewer), by: .user(stage.ann.id))
      let outcomes = try stage.proposer.batch(strangerIsFirst ? [register, add] : [add, register])
      #expect(throws: Never.self) { try outcomes[0].get() }
      #expect(
        outcomes[1] == .rejected(.conflict(strangerIsFirst ? .emailNotVerified : .emailTaken)))
    }
  }

  @Test func anAccountThatNobodyEverHadIsAddedAnywhere() throws {
    let stage = try Stage()
    let (eve, other) = try stage.proposer.tenant("eve", plan: .professional)
    var bob = newUser("bob")
    bob.passwordHash = nil
    let added = try stage.proposer.propose(
      AddMember(workspaceID: other.id, user: bob, role: .viewer), by: .user(eve.id)
    ).member.user
    #expect(!added.mustChangePassword)
    #expect(try stage.add("bob").id == added.id)
    #expect(try stage.user("bob").emailVerifiedAt == nil)
  }

  // MARK: Passwords that somebody else has chosen

  @Test func whoWasGivenAPasswordJoinsNothingElseWithIt() throws {
    let stage = try Stage()
    let proposer = stage.proposer
    let (eve, other) = try proposer.tenant("eve", plan: .professional)
    let bob = try proposer.propose(
      AddMember(workspaceID: other.id, user: newUser("bob"), role: .viewer), by: .user(eve.id)
    ).member.user
    #expect(bob.mustChangePassword)
    #expect(throws: Rejection.conflict(.emailNotVerified)) { try stage.add("bob") }
    // Eve has logged in as Bob, and made a key.
    let eves = try proposer.session("eves", of: bob)
    let key = try proposer.propose(
      CreateAPIKey(
        id: APIKeyID(rawValue: "key_e"), workspaceID: other.id, userID: bob.id, name: "e",
        scopes: .read, secretHash: try hash(7)))
    try stage.invite("bob", mailed: true)
    #expect(throws: Rejection.conflict(.passwordNotOwn)) { try stage.accept(by: eves) }
    let bobs = try proposer.session("bobs", of: bob)
    try proposer.propose(
      ChangePassword(current: bob.passwordHash ?? "", new: "of bob"), by: bobs)
    #expect(try stage.user("bob").mustChangePassword == false)
    #expect(throws: Rejection.unauthenticated) { try stage.accept(by: eves) }
    #expect(try proposer.view.read { try $0.apiKey(key.id)?.revokedAt } != nil)
    #expect(try stage.accept(by: bobs).id == bob.id)
    #expect(try stage.user("bob").passwordHash == "of bob")
  }

  @Test func aChosenPasswordIsOneOnlyUntilAReset() throws {
    let stage = try Stage()
    let bob = try stage.add("bob")
    #expect(bob.mustChangePassword)
    try stage.reset(bob, to: "of bob")
    let known = try stage.user("bob")
    #expect(!known.mustChangePassword)
    #expect(known.emailVerifiedAt == stage.proposer.now)
  }

  // MARK: Invitations

  @Test func theInviterWhoSeesTheTokenTakesNoAccount() throws {
    let stage = try Stage()
    let victim = try stage.register("bob")
    let session = try stage.proposer.session("b", of: victim)
    try stage.invite("bob", mailed: false)
    for actor in [Actor.anonymous, .user(stage.ann.id), .operator(name: "ops")] {
      #expect(throws: Rejection.conflict(.emailNotVerified)) { try stage.accept(by: actor) }
    }
    #expect(try stage.user("bob") == victim)
    // In a session of the account, the token needs to prove nothing, and proves nothing.
    #expect(try stage.accept(by: session) == victim)
  }

  @Test func theInviterWhoSeesTheTokenTakesNoAccountWithoutPasswordEither() throws {
    let stage = try Stage()
    var bob = newUser("bob")
    bob.passwordHash = nil
    try stage.proposer.propose(
      AddMember(
        workspaceID: try stage.proposer.tenant("eve", plan: .professional).workspace.id, user: bob,
        role: .owner))
    try stage.invite("bob", mailed: false)
    #expect(try stage.accept(by: .anonymous).passwordHash == nil)
    #expect(try stage.user("bob").passwordHash == nil)
  }

  @Test func aProvenUserKeepsThePasswordWhateverIsSent() throws {
    for mailed in [true, false] {
      let stage = try Stage()
      let bob = try stage.proposer.prove(try stage.register("bob"))
      try stage.invite("bob", mailed: mailed)
      #expect(try stage.accept(by: .anonymous) == bob)
      #expect(try stage.user("bob") == bob)
    }
  }

  @Test func aMailedTokenTakesAnAccountFromAStranger() throws {
    let stage = try Stage()
    let proposer = stage.proposer
    let (stranger, lair) = try proposer.propose(
      CreateUser(
        user: newUser("bob"),
        workspace: NewWorkspace(id: WorkspaceID(rawValue: "ws_lair"), name: "Lair")),
      by: .anonymous)
    let strangers = try proposer.session("s", of: stranger)
    let key = try proposer.propose(
      CreateAPIKey(
        id: APIKeyID(rawValue: "key_s"), workspaceID: try #require(lair).id, userID: stranger.id,
        name: "s", scopes: .all, secretHash: try hash(7)), by: strangers)
    try proposer.propose(
      RequestPasswordReset(subject: .email("bob@example.org"), tokenHash: try hash(8)),
      by: .anonymous)
    try stage.invite("bob", mailed: true)
    #expect(throws: Rejection.self) { try stage.accept(password: nil, by: .anonymous) }
    // Two at once, and one of them by the stranger's other account.
    let (eve, _) = try proposer.tenant("eve")
    let outcomes = try proposer.batch([
      proposer.envelope(stage.accepting(password: "of bob"), by: .anonymous),
      proposer.envelope(stage.accepting(password: "of eve"), by: .user(eve.id)),
    ])
    guard case .accepted(let effect) = outcomes[0] else {
      Issue.record("\(outcomes[0])")
      return
    }
    #expect(effect.takesRightsAway)
    #expect(outcomes[1] == .rejected(.notFound(.invitation)))
    let bob = try stage.user("bob")
    #expect(bob.id == stranger.id)
    #expect(bob.passwordHash == "of bob")
    #expect(bob.emailVerifiedAt == proposer.now)
    #expect(try proposer.view.read { try $0.sessions(of: bob.id, at: proposer.now) } == [])
    #expect(try proposer.view.read { try $0.apiKey(key.id)?.revokedAt } == proposer.now)
    #expect(throws: Rejection.notFound(.passwordReset)) {
      try proposer.propose(
        ResetPassword(tokenHash: try hash(8), passwordHash: "x"), by: .anonymous)
    }
    let audit = try proposer.view.read { try $0.auditRecords(of: stage.team.id).items }
    #expect(audit.first?.target == "bob@example.org claimed")
  }

  @Test func nothingEndsIfThereIsNoSeat() throws {
    let stage = try Stage()
    let stranger = try stage.register("bob")
    try stage.proposer.propose(
      UpdateWorkspace(
        workspaceID: stage.team.id, settings: WorkspaceSettingsChange(maxUsers: .set(1))))
    try stage.invite("bob", mailed: true)
    #expect(throws: Rejection.self) { try stage.accept(by: .anonymous) }
    #expect(try stage.user("bob") == stranger)
  }

  @Test func aMailedTokenProvesTheAddressOfWhoIsLoggedInOrNew() throws {
    let stage = try Stage()
    let bob = try stage.register("bob")
    try stage.invite("bob", token: 1, mailed: true)
    let accepted = try stage.accept(1, by: try stage.proposer.session("b", of: bob))
    #expect(accepted.passwordHash == bob.passwordHash)
    #expect(accepted.emailVerifiedAt == stage.proposer.now)
    try stage.invite("cyd", token: 2, mailed: true)
    #expect(try stage.accept(2, by: .anonymous).emailVerifiedAt == stage.proposer.now)
    try stage.invite("dan", token: 3, mailed: false)
    let dan = try stage.accept(3, by: .anonymous)
    #expect(dan.emailVerifiedAt == nil)
    #expect(!dan.mustChangePassword)
  }

  // MARK: What was begun before

  @Test func aFirstProofEndsWhatNobodyAnswersFor() throws {
    let stage = try Stage()
    let proposer = stage.proposer
    func key(_ name: String, by actor: Actor, for user: User) throws -> APIKey {
      try proposer.propose(
        CreateAPIKey(
          id: APIKeyID(rawValue: "key_" + name), workspaceID: stage.team.id, userID: user.id,
          name: name, scopes: .read, secretHash: try hash(7)), by: actor)
    }
    func isActive(_ key: APIKey) throws -> Bool? {
      try proposer.view.read { try $0.apiKey(key.id)?.isActive(at: proposer.now) }
    }
    let bob = try stage.add("bob")
    try proposer.propose(
      ChangeRole(workspaceID: stage.team.id, userID: bob.id, role: .admin))
    let viewer = try stage.add("vera")
    let given = try key("given", by: .user(stage.ann.id), for: bob)
    let own = try key("own", by: .user(bob.id), for: bob)
    let forVera = try key("vera", by: .user(bob.id), for: viewer)
    let invitation = try proposer.propose(
      Invite(
        id: InvitationID(rawValue: "inv_b"), workspaceID: stage.team.id,
        email: "cyd@example.org", role: .viewer, tokenHash: try hash(5)), by: .user(bob.id))
    try stage.reset(bob, to: "of bob")
    #expect(try [given, own, forVera].map(isActive) == [true, false, false])
    #expect(throws: Rejection.notFound(.invitation)) {
      try proposer.propose(
        RevokeInvitation(workspaceID: stage.team.id, id: invitation.id))
    }
    // From now on a reset is a lost password, and not news of whose the account is.
    let later = try key("later", by: .user(bob.id), for: bob)
    try stage.reset(bob, to: "of bob, too")
    #expect(try isActive(later) == true)
    // Who never had a password has made nothing.
    var dan = newUser("dan")
    dan.passwordHash = nil
    let added = try proposer.propose(
      AddMember(workspaceID: stage.team.id, user: dan, role: .viewer)
    ).member.user
    let kept = try key("kept", by: .operator(name: "ops"), for: added)
    try stage.reset(added, to: "of dan")
    #expect(try isActive(kept) == true)
  }
}
