import Testing

@testable import CloudState

@Suite struct PasswordTests {
  private func sessions(of user: User, _ proposer: Proposer) throws -> [String] {
    try proposer.view.read { try $0.sessions(of: user.id, at: proposer.now).map(\.id.rawValue) }
  }

  private func request(
    _ byte: UInt8, for name: String, _ proposer: Proposer
  ) throws -> PasswordReset? {
    try proposer.propose(
      RequestPasswordReset(subject: .email("\(name)@example.org"), tokenHash: try hash(byte)),
      by: .anonymous
    ).reset
  }

  @Test func changeEndsAllOtherSessions() throws {
    let proposer = try Proposer()
    let (ann, _) = try proposer.tenant("ann")
    let mine = try proposer.open("mine", of: ann)
    _ = try proposer.open("other", of: ann)
    _ = try request(1, for: "ann", proposer)
    let old = try #require(ann.passwordHash)
    let change = ChangePassword(current: old, new: "new")
    try proposer.propose(change, by: .session(mine.id))
    #expect(try sessions(of: ann, proposer) == ["ses_mine"])
    #expect(try proposer.view.read { try $0.user(ann.id)?.passwordHash } == "new")
    #expect(throws: Rejection.notFound(.passwordReset)) {
      try proposer.propose(
        ResetPassword(tokenHash: try hash(1), passwordHash: "x"), by: .anonymous)
    }
    #expect(throws: Rejection.conflict(.passwordChanged)) {
      try proposer.propose(change, by: .session(mine.id))
    }
    for actor in [Actor.anonymous, .user(ann.id), .operator(name: "ops")] {
      #expect(throws: Rejection.unauthenticated) { try proposer.propose(change, by: actor) }
    }
    let audit = try proposer.view.read { try $0.auditRecords(of: nil).items }
    #expect(audit.first?.action == "password.change")
    #expect(audit.first?.target == ann.id.rawValue)
  }

  @Test func oneOfTwoChangesInABatchWins() throws {
    let proposer = try Proposer()
    let (ann, _) = try proposer.tenant("ann")
    let (one, two) = (try proposer.open("a", of: ann), try proposer.open("b", of: ann))
    let old = try #require(ann.passwordHash)
    let outcomes = try proposer.batch([
      proposer.envelope(ChangePassword(current: old, new: "1"), by: .session(one.id)),
      proposer.envelope(ChangePassword(current: old, new: "2"), by: .session(two.id)),
    ])
    #expect(outcomes == [.accepted(.passwordChanged(ann.id)), .rejected(.unauthenticated)])
  }

  @Test func anotherFormOfThePasswordEndsNothing() throws {
    let proposer = try Proposer()
    let (ann, _) = try proposer.tenant("ann")
    let session = try proposer.open("a", of: ann)
    let old = try #require(ann.passwordHash)
    let upgrade = UpgradePasswordHash(userID: ann.id, current: old, new: "costlier")
    try proposer.propose(upgrade, by: .user(ann.id))
    #expect(try sessions(of: ann, proposer) == [session.id.rawValue])
    #expect(throws: Rejection.conflict(.passwordChanged)) {
      try proposer.propose(upgrade, by: .user(ann.id))
    }
    #expect(throws: Rejection.unauthenticated) { try proposer.propose(upgrade, by: .anonymous) }
    #expect(
      throws: Rejection.invalid(field: "password", message: "must be hashed to 1 to 1024 bytes")
    ) {
      try proposer.propose(
        UpgradePasswordHash(userID: ann.id, current: "costlier", new: ""), by: .user(ann.id))
    }
  }

  @Test func resetIsGoodOnceAndEndsAllSessions() throws {
    let proposer = try Proposer()
    let (ann, _) = try proposer.tenant("ann")
    _ = try proposer.open("a", of: ann)
    let reset = try #require(try request(1, for: "ANN", proposer))
    #expect(reset.userID == ann.id)
    #expect(reset.email == ann.email)
    _ = try request(2, for: "ann", proposer)
    let use = ResetPassword(tokenHash: try hash(1), passwordHash: "new")
    #expect(try proposer.propose(use, by: .anonymous) == ann.id)
    #expect(try sessions(of: ann, proposer) == [])
    for byte in [1, 2] as [UInt8] {
      #expect(throws: Rejection.notFound(.passwordReset)) {
        try proposer.propose(
          ResetPassword(tokenHash: try hash(byte), passwordHash: "x"), by: .anonymous)
      }
    }
  }

  @Test func resetRunsOut() throws {
    let proposer = try Proposer()
    _ = try proposer.tenant("ann")
    _ = try request(1, for: "ann", proposer)
    proposer.advance(milliseconds: StateLimits.passwordResetLength)
    #expect(throws: Rejection.notFound(.passwordReset)) {
      try proposer.propose(
        ResetPassword(tokenHash: try hash(1), passwordHash: "x"), by: .anonymous)
    }
    _ = try proposer.propose(KeepHouse(), by: .node(name: "n"))
    #expect(try proposer.view.read { try $0.houseIsDue(at: proposer.now) } == false)
  }

  @Test func strangersLearnNothingAndSendFewMails() throws {
    let proposer = try Proposer()
    let (ann, _) = try proposer.tenant("ann")
    #expect(try request(1, for: "nobody", proposer) == nil)
    for number in 1...3 as ClosedRange<UInt8> {
      #expect(try request(number, for: "ann", proposer) != nil)
    }
    #expect(try request(4, for: "ann", proposer) == nil)
    #expect(throws: Rejection.forbidden(.operateCluster)) {
      try proposer.propose(
        RequestPasswordReset(subject: .user(ann.id), tokenHash: try hash(5)), by: .anonymous)
    }
    // An operator's takes the place of the oldest.
    try proposer.propose(RequestPasswordReset(subject: .user(ann.id), tokenHash: try hash(5)))
    let open = try (1...5 as ClosedRange<UInt8>).filter { byte in
      let token = try hash(byte)
      return try proposer.view.read { try $0.isPasswordReset(token, at: proposer.now) }
    }
    #expect(open == [2, 3, 5])
    #expect(throws: Rejection.notFound(.user)) {
      try proposer.propose(
        RequestPasswordReset(
          subject: .user(UserID(rawValue: "usr_no")), tokenHash: try hash(6)))
    }
  }
}

@Suite struct SigningKeyTests {
  private func found(_ proposer: Proposer) throws {
    try proposer.propose(
      InitializeCluster(
        clusterID: "c", signingKeyID: "first", signingPrivateKey: [1],
        secret: [UInt8](repeating: 1, count: 32)), by: .node(name: "n"))
  }

  private func keys(_ proposer: Proposer) throws -> [String] {
    try proposer.view.read { try $0.signingKeys().map(\.id) }
  }

  @Test func theOneBeforeStaysUntilItsTokensHaveRunOut() throws {
    let proposer = try Proposer()
    try found(proposer)
    proposer.advance(milliseconds: 1)
    let since = try proposer.propose(RotateSigningKey(id: "second", privateKey: [2]))
    #expect(since == proposer.now)
    let stored = try proposer.view.read { try $0.signingKeys() }
    #expect(stored.map(\.id) == ["first", "second"])
    #expect(stored.map(\.retiredAt) == [proposer.now, nil])
    proposer.advance(milliseconds: StateLimits.signingKeyRetention - 1)
    _ = try proposer.propose(KeepHouse(), by: .node(name: "n"))
    #expect(try keys(proposer) == ["first", "second"])
    proposer.advance(milliseconds: 1)
    #expect(try proposer.view.read { try $0.houseIsDue(at: proposer.now) })
    _ = try proposer.propose(KeepHouse(), by: .node(name: "n"))
    #expect(try keys(proposer) == ["second"])
  }

  @Test func revokedKeysAndWhatTheySignedAreWorthNothing() throws {
    let proposer = try Proposer()
    try found(proposer)
    let (ann, workspace) = try proposer.tenant("ann")
    for number in 1..<StateLimits.signingKeys {
      try proposer.propose(RotateSigningKey(id: "k\(number)", privateKey: [1]))
    }
    // A rename in the name of a session whose token a key had signed.
    func rename(_ key: String?) throws -> Outcome {
      var envelope = try proposer.envelope(
        UpdateWorkspace(workspaceID: workspace.id, name: "Other"), by: .user(ann.id))
      envelope.signingKeyID = key
      return try proposer.apply(envelope)
    }
    _ = try rename("first").get()
    // There is room for it though there are as many as there may be.
    let revoke = RotateSigningKey(id: "new", privateKey: [2], revokesPrevious: true)
    let outcome = try proposer.apply(
      proposer.envelope(revoke, by: .operator(name: "ops")))
    #expect(try outcome.get() == .signingKeysRevoked(proposer.now))
    #expect(try outcome.get().takesRightsAway)
    #expect(try keys(proposer) == ["new"])
    for key in ["first", "k1", "none"] {
      #expect(throws: Rejection.unauthenticated) { try rename(key).get() }
    }
    _ = try rename("new").get()
    _ = try rename(nil).get()
    let audit = try proposer.view.read { try $0.auditRecords(of: nil).items }
    #expect(audit.contains { $0.action == "signing_key.revoke" && $0.target == "new" })
  }

  @Test func aRefusalForWantOfTheKeyIsNotRemembered() throws {
    let proposer = try Proposer()
    try found(proposer)
    let (ann, workspace) = try proposer.tenant("ann")
    var envelope = try proposer.envelope(
      UpdateWorkspace(workspaceID: workspace.id, name: "Other"), by: .user(ann.id))
    envelope.signingKeyID = "gone"
    #expect(throws: Rejection.unauthenticated) { try proposer.apply(envelope).get() }
    envelope.signingKeyID = "first"
    _ = try proposer.apply(envelope).get()
  }

  @Test func rotationIsForOperatorsAndBounded() throws {
    let proposer = try Proposer()
    #expect(throws: Rejection.conflict(.clusterNotInitialized)) {
      try proposer.propose(RotateSigningKey(id: "early", privateKey: [1]))
    }
    try found(proposer)
    for actor in [Actor.anonymous, .node(name: "n"), .user(UserID(rawValue: "usr_a"))] {
      #expect(throws: Rejection.forbidden(.operateCluster)) {
        try proposer.propose(RotateSigningKey(id: "k", privateKey: [1]), by: actor)
      }
    }
    #expect(throws: Rejection.conflict(.identifierTaken)) {
      try proposer.propose(RotateSigningKey(id: "first", privateKey: [1]))
    }
    #expect(throws: Rejection.self) {
      try proposer.propose(RotateSigningKey(id: "k", privateKey: []))
    }
    for number in 1..<StateLimits.signingKeys {
      try proposer.propose(RotateSigningKey(id: "k\(number)", privateKey: [1]))
    }
    #expect(throws: Rejection.overloaded(.signingKeys)) {
      try proposer.propose(RotateSigningKey(id: "more", privateKey: [1]))
    }
  }
}
