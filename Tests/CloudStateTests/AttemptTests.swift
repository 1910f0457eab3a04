import Testing

@testable import CloudState

@Suite struct AttemptTests {
  private let network = AttemptSubject.network("192.0.2.7")

  private func count(
    _ proposer: Proposer, _ name: String = "ann", from network: AttemptSubject? = nil
  ) throws {
    try proposer.propose(
      CountAttempt(.password(of: .account("\(name)@example.org")), from: network), by: .anonymous)
  }

  private func logIn(
    _ user: User, _ number: Int, from network: AttemptSubject, _ proposer: Proposer
  ) throws {
    try proposer.propose(
      OpenSession(
        userID: user.id,
        session: NewSession(
          id: SessionID(rawValue: "ses_\(number)"), key: [UInt8](repeating: 1, count: 32)),
        passwordHash: try #require(user.passwordHash), network: network), by: .user(user.id))
  }

  @Test func burstIsAllowedAndThenOneAnInterval() throws {
    let proposer = try Proposer()
    let limit = AttemptLimit.account
    for _ in 0..<limit.burst { try count(proposer) }
    let until = proposer.now.adding(milliseconds: limit.interval)
    for wait in [0, limit.interval - 1] {
      proposer.advance(milliseconds: wait)
      #expect(throws: Rejection.rateLimited(until: until)) { try count(proposer) }
    }
    proposer.advance(milliseconds: 1)
    try count(proposer)
    #expect(throws: Rejection.self) { try count(proposer) }
    // Of others nobody has made too many.
    try count(proposer, "bob")
  }

  @Test func attemptsInOneBatchAreCountedToo() throws {
    let proposer = try Proposer()
    let outcomes = try proposer.batch(
      (0...AttemptLimit.account.burst).map { _ in
        try proposer.envelope(
          CountAttempt(.password(of: .account("ann@example.org")), from: nil), by: .anonymous)
      })
    #expect(outcomes.dropLast().allSatisfy { $0 == .accepted(.attemptCounted) })
    guard case .rejected(.rateLimited)? = outcomes.last else {
      Issue.record("\(outcomes)")
      return
    }
  }

  @Test func repeatedAttemptIsAnother() throws {
    let proposer = try Proposer()
    let envelope = try proposer.envelope(
      CountAttempt(.password(of: .account("ann@example.org")), from: nil), by: .anonymous)
    for _ in 0..<AttemptLimit.account.burst {
      #expect(try proposer.apply(envelope) == .accepted(.attemptCounted))
    }
    guard case .rejected(.rateLimited) = try proposer.apply(envelope) else {
      Issue.record("repetitions are not counted")
      return
    }
  }

  @Test func networkThatMadeTooManyUsesUpNoAccount() throws {
    let proposer = try Proposer()
    for number in 0..<AttemptLimit.network.burst {
      try count(proposer, "u\(number)", from: network)
    }
    for _ in 0..<20 {
      #expect(throws: Rejection.self) { try count(proposer, from: network) }
    }
    for _ in 0..<AttemptLimit.account.burst { try count(proposer) }
  }

  @Test func loginGivesItsAttemptsBack() throws {
    let proposer = try Proposer()
    let (ann, _) = try proposer.tenant("ann")
    for number in 0..<200 {
      try count(proposer, from: network)
      try logIn(ann, number, from: network, proposer)
    }
    for number in 0..<AttemptLimit.network.burst {
      try count(proposer, "u\(number)", from: network)
    }
  }

  @Test func addressesAreOneInAnyCase() {
    #expect(AttemptSubject.account("Ann@Example.org") == .account("ann@example.org"))
    #expect(AttemptSubject.account("no address") != .account("another"))
    #expect(AttemptSubject.account("a") != .network("a"))
  }

  // MARK: Familiar networks

  @Test func strangersKeepNobodyOutWhereTheyHaveLoggedIn() throws {
    let proposer = try Proposer()
    let (ann, _) = try proposer.tenant("ann")
    try count(proposer, from: network)
    try logIn(ann, 1, from: network, proposer)
    let stranger = AttemptSubject.network("203.0.113.9")
    for _ in 0..<AttemptLimit.account.burst { try count(proposer, from: stranger) }
    #expect(throws: Rejection.self) { try count(proposer, from: stranger) }
    // Nor those who come from yet another network, or from none.
    #expect(throws: Rejection.self) { try count(proposer, from: .network("203.0.113.10")) }
    #expect(throws: Rejection.self) { try count(proposer) }
    // Ann's own mistakes are counted for themselves, and a login makes good for them.
    for _ in 0..<AttemptLimit.account.burst { try count(proposer, from: network) }
    #expect(throws: Rejection.self) { try count(proposer, from: network) }
    proposer.advance(milliseconds: AttemptLimit.account.interval)
    try count(proposer, from: network)
    try logIn(ann, 2, from: network, proposer)
    for _ in 0..<AttemptLimit.account.burst { try count(proposer, from: network) }
  }

  @Test func loginsDoNotMakeGoodForStrangers() throws {
    let proposer = try Proposer()
    let (ann, _) = try proposer.tenant("ann")
    let stranger = AttemptSubject.network("203.0.113.9")
    for _ in 0..<(AttemptLimit.account.burst - 1) { try count(proposer, from: stranger) }
    // The last attempt is Ann's, from where she was never before, and is given back.
    try count(proposer, from: network)
    try logIn(ann, 1, from: network, proposer)
    try count(proposer, from: stranger)
    #expect(throws: Rejection.self) { try count(proposer, from: stranger) }
    try count(proposer, from: network)
    try logIn(ann, 2, from: network, proposer)
    #expect(throws: Rejection.self) { try count(proposer, from: stranger) }
  }

  @Test func networkOfOneAccountIsAStrangerToOthers() throws {
    let proposer = try Proposer()
    let (ann, _) = try proposer.tenant("ann")
    _ = try proposer.tenant("bob")
    try logIn(ann, 1, from: network, proposer)
    for _ in 0..<AttemptLimit.account.burst { try count(proposer, "bob", from: network) }
    #expect(throws: Rejection.self) { try count(proposer, "bob", from: network) }
    #expect(throws: Rejection.self) { try count(proposer, "bob") }
  }

  @Test func onlySoManyNetworksAreFamiliarForSoLong() throws {
    let proposer = try Proposer()
    let (ann, _) = try proposer.tenant("ann")
    let networks = (0...StateLimits.familiarNetworks).map { AttemptSubject.network("\($0)") }
    for (number, network) in networks.enumerated() {
      proposer.advance(milliseconds: 1)
      try logIn(ann, number, from: network, proposer)
    }
    let stranger = AttemptSubject.network("203.0.113.9")
    for _ in 0..<AttemptLimit.account.burst { try count(proposer, from: stranger) }
    #expect(throws: Rejection.self) { try count(proposer, from: networks[0]) }
    for network in networks.dropFirst() { try count(proposer, from: network) }

    proposer.advance(milliseconds: StateLimits.familiarityLength)
    for _ in 0..<AttemptLimit.account.burst { try count(proposer, from: stranger) }
    for network in networks {
      #expect(throws: Rejection.self) { try count(proposer, from: network) }
    }
    // Nothing of it is left when all counts are full again.
    proposer.advance(milliseconds: AttemptLimit.account.interval * AttemptLimit.account.burst)
    try proposer.propose(KeepHouse(), by: .node(name: "n"))
    let store = try Connection(
      path: proposer.directory.path + "/state.sqlite", access: .readOnly)
    for table in ["familiar_networks", "attempts"] {
      let rows = try store.prepare("SELECT count(*) FROM \(table)")
      #expect(try rows.step())
      #expect(rows.integer(0) == 0, "\(table)")
    }
  }

  @Test func networkOfARegistrationOrAResetIsFamiliar() throws {
    let proposer = try Proposer()
    let stranger = AttemptSubject.network("203.0.113.9")
    let elsewhere = AttemptSubject.network("198.51.100.3")
    let (ann, _) = try proposer.propose(
      CreateUser(user: newUser("ann"), network: network), by: .anonymous)
    func guessAll() {
      while (try? count(proposer, from: stranger)) != nil {}
    }
    guessAll()
    try count(proposer, from: network)
    #expect(throws: Rejection.self) { try count(proposer, from: elsewhere) }
    try proposer.propose(
      RequestPasswordReset(subject: .user(ann.id), tokenHash: try hash(7)))
    try proposer.propose(
      ResetPassword(tokenHash: try hash(7), passwordHash: "new", network: elsewhere),
      by: .anonymous)
    guessAll()
    try count(proposer, from: elsewhere)
  }

  // MARK: Other attempts

  @Test func eachKindHasItsOwnCount() throws {
    let proposer = try Proposer()
    let others: [Attempt] = [
      .registration, .resetRequest, .resetConfirmation, .acceptance, .refresh,
    ]
    for attempt in others {
      let (limit, command) = (attempt.networkLimit, CountAttempt(attempt, from: network))
      for _ in 0..<limit.burst { try proposer.propose(command, by: .anonymous) }
      let until = proposer.now.adding(milliseconds: limit.interval)
      let moment = proposer.now
      #expect(throws: Rejection.rateLimited(until: until), "\(attempt)") {
        try proposer.propose(command, by: .anonymous)
      }
      #expect(try proposer.view.read { try $0.refusal(of: command, at: moment)?.until } == until)
      #expect(try proposer.view.read { try $0.refusal(of: command, at: until) } == nil)
      // Not for those who come from elsewhere.
      try proposer.propose(CountAttempt(attempt, from: .network("203.0.113.9")), by: .anonymous)
    }
    // Whoever did all that may still log in.
    try count(proposer, from: network)
  }

  @Test func whoIsFullAgainIsForgotten() throws {
    let proposer = try Proposer()
    try count(proposer, from: network)
    #expect(try proposer.view.read { try $0.houseIsDue(at: proposer.now) } == false)
    proposer.advance(milliseconds: AttemptLimit.account.interval)
    #expect(try proposer.view.read { try $0.houseIsDue(at: proposer.now) })
    #expect(try proposer.propose(KeepHouse(), by: .node(name: "n")) == 2)
    #expect(try proposer.view.read { try $0.houseIsDue(at: proposer.now) } == false)
  }
}
