import Foundation
import TenantLog
import Testing

@testable import CloudState

@Suite struct StoreTests {
  @Test func repeatedRequestIsAnsweredWithTheFirstOutcome() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann")
    let envelope = try proposer.envelope(
      proposer.reserve(6_000, in: workspace, id: "a"), by: .operator(name: "ops"))
    let outcomes = try proposer.batch([envelope, envelope])
    #expect(outcomes[0] == outcomes[1])
    // A retry may be stamped anew.
    var retry = envelope
    retry.stampedAt = proposer.now.adding(milliseconds: 30_000)
    #expect(try proposer.apply(retry) == outcomes[0])
    #expect(try proposer.rows(of: workspace).reserved == 6_000)
  }

  @Test func anEmptiedStoreBeginsAnewUnderTheEyesOfItsReaders() throws {
    let proposer = try Proposer()
    let reader = proposer.view
    let first = proposer.store.currentPosition
    let envelope = try proposer.envelope(
      RegisterAdminToken(memberName: "n", memberID: 1, tokenHash: try hash(1)), by: .node(name: "n")
    )
    let outcome = try proposer.apply(envelope)
    let applied = proposer.store.currentPosition
    #expect(try reader.read { view in try view.adminTokens().count } == 1)
    try proposer.store.empty()
    #expect(proposer.store.currentPosition == first)
    #expect(try reader.read { view in try view.adminTokens().count } == 0)
    #expect(try proposer.apply(envelope) == outcome)
    #expect(proposer.store.currentPosition == applied)
  }

  @Test func rejectionsAreRepeatedToo() throws {
    let proposer = try Proposer()
    let early = try proposer.envelope(
      AddMember(
        workspaceID: WorkspaceID(rawValue: "ws_ann"), user: newUser("bob"), role: .viewer),
      by: .operator(name: "ops"))
    #expect(try proposer.apply(early) == .rejected(.notFound(.workspace)))
    _ = try proposer.tenant("ann", plan: .professional)
    #expect(try proposer.apply(early) == .rejected(.notFound(.workspace)))
  }

  @Test(arguments: OutcomeRetention.allCases)
  func outcomeIsForgottenAfterItsRetention(_ retention: OutcomeRetention) throws {
    let proposer = try Proposer()
    let envelope = try proposer.envelope(
      CreateUser(user: newUser("ann")), by: .anonymous, retention: retention)
    let first = try proposer.apply(envelope)
    func repeated(after milliseconds: Int64) throws -> Outcome {
      var later = envelope
      later.stampedAt = envelope.stampedAt.adding(milliseconds: milliseconds)
      return try proposer.apply(later)
    }
    #expect(try repeated(after: retention.milliseconds - 1) == first)
    #expect(
      try repeated(after: retention.milliseconds) == .rejected(.conflict(.emailTaken)))
  }

  @Test func forgettingKeepsUpWithRemembering() throws {
    let proposer = try Proposer()
    for _ in 0..<100 {
      try proposer.propose(RegisterAdminToken(memberName: "n", memberID: 1, tokenHash: try hash(1)))
    }
    proposer.advance(milliseconds: OutcomeRetention.retry.milliseconds)
    for _ in 0..<20 {
      try proposer.propose(RegisterAdminToken(memberName: "n", memberID: 1, tokenHash: try hash(1)))
    }
    let connection = try Connection(
      path: proposer.directory.path + "/state.sqlite", access: .readOnly)
    #expect(try connection.first("SELECT count(*) FROM requests") { $0.integer(0) } == 20)
  }

  @Test func firstInitializationWins() throws {
    let proposer = try Proposer()
    func initialize(_ name: String) -> InitializeCluster {
      InitializeCluster(
        clusterID: name, signingKeyID: "k-" + name, signingPrivateKey: [1, 2],
        secret: [UInt8](repeating: 3, count: 32))
    }
    let identity = try proposer.propose(initialize("one"), by: .node(name: "clean-0"))
    #expect(try proposer.propose(initialize("two"), by: .node(name: "clean-1")) == identity)
    #expect(throws: Rejection.forbidden(.operateCluster)) {
      try proposer.propose(initialize("three"), by: .user(UserID(rawValue: "usr_a")))
    }
    try proposer.view.read { view throws in
      #expect(try view.clusterIdentity() == identity)
      #expect(try view.signingKeys().map(\.id) == ["k-one"])
    }
  }

  @Test func eachNodeHasOneAdminToken() throws {
    let proposer = try Proposer()
    try proposer.propose(RegisterAdminToken(memberName: "b", memberID: 1, tokenHash: try hash(1)))
    try proposer.propose(RegisterAdminToken(memberName: "a", memberID: 1, tokenHash: try hash(2)))
    try proposer.propose(RegisterAdminToken(memberName: "b", memberID: 1, tokenHash: try hash(3)))
    #expect(throws: Rejection.unauthenticated) {
      try proposer.propose(
        RegisterAdminToken(memberName: "c", memberID: 1, tokenHash: try hash(4)), by: .anonymous)
    }
    try proposer.view.read { view throws in
      #expect(try view.adminTokens().map(\.memberName) == ["a", "b"])
      #expect(try view.adminToken(hash: try hash(3))?.memberName == "b")
      #expect(try view.adminToken(hash: try hash(1)) == nil)
    }
  }

  @Test func builtInPlansAreThere() throws {
    let proposer = try Proposer()
    let plans = try proposer.view.read { try $0.plans() }
    #expect(plans.map(\.id) == [.free, .professional, .enterprise])
    #expect(plans.map(\.maxRows) == [10_000, 1_000_000, nil])
  }

  @Test func garbageIsRejectedAndAdvancesTheIndex() throws {
    let proposer = try Proposer()
    var unknownCommand = try proposer.envelope(
      CreateUser(user: newUser("ann")), by: .anonymous
    ).encoded()
    // Field 18 becomes field 19 of another wire type: no command that this version knows.
    let tag = try #require(unknownCommand.firstRange(of: [0x92, 0x01])).lowerBound
    unknownCommand[tag] = 0x9b
    for payload in [[0], [0xff, 0xff], Array("{}".utf8), unknownCommand] {
      #expect(try proposer.apply(raw: payload) == .rejected(.unreadableCommand))
    }
    #expect(proposer.store.lastApplied.index == 4)
    #expect(try proposer.view.read { $0.position.clock.milliseconds } == 0)
  }

  @Test func stampBeyondAllCalendarsDoesNotStopTheClock() throws {
    let proposer = try Proposer()
    var envelope = try proposer.envelope(CreateUser(user: newUser("ann")), by: .anonymous)
    for stamp in [Int64.max, -1] {
      envelope.stampedAt = Timestamp(milliseconds: stamp)
      #expect(try proposer.apply(envelope) == .rejected(.unreadableCommand))
    }
    _ = try proposer.tenant("ann")
    #expect(try proposer.view.read { $0.position.clock } == proposer.now)
  }

  @Test func entriesWithoutACommandAdvanceTheIndex() throws {
    let proposer = try Proposer()
    let outcomes = try proposer.store.apply([
      CommandRecord(index: 1, term: 1), CommandRecord(index: 2, term: 4),
    ])
    #expect(outcomes == [[], []])
    #expect(proposer.store.lastApplied == (index: 2, term: 4))
  }

  @Test func gapOrRepetitionInTheLogUndoesTheBatch() throws {
    let proposer = try Proposer()
    let payload = try proposer.envelope(
      CreateUser(user: newUser("ann")), by: .anonymous
    ).encoded()
    #expect(throws: StateError.outOfOrder(expected: 2, found: 3)) {
      try proposer.store.apply([
        CommandRecord(index: 1, term: 1, payload: payload), CommandRecord(index: 3, term: 1),
      ])
    }
    #expect(proposer.store.lastApplied == (index: 0, term: 0))
    #expect(try proposer.view.read { try $0.user(email: "ann@example.org") } == nil)
  }

  @Test func untrustedFileIsDiscarded() throws {
    let directory = try TestDirectory()
    do {
      let store = try StateStore(directory: directory.path, trustExistingFile: true)
      #expect(store.opening == .created)
      _ = try store.apply([CommandRecord(index: 1, term: 1)])
    }
    do {
      let store = try StateStore(directory: directory.path, trustExistingFile: true)
      #expect(store.opening == .reused)
      #expect(store.lastApplied == (index: 1, term: 1))
    }
    let store = try StateStore(directory: directory.path, trustExistingFile: false)
    guard case .discarded = store.opening else {
      Issue.record("the file was kept: \(store.opening)")
      return
    }
    #expect(store.lastApplied == (index: 0, term: 0))
  }

  @Test func foreignOrDamagedFileIsDiscarded() throws {
    for damage in Damage.allCases {
      let directory = try TestDirectory()
      let path = directory.path + "/state.sqlite"
      switch damage {
      case .noDatabase:
        try Data(repeating: 7, count: 5_000).write(to: URL(fileURLWithPath: path))
      case .foreignDatabase:
        try Connection(path: path, access: .readWrite).execute("CREATE TABLE t (x)")
      case .otherSchema:
        _ = try StateStore(directory: directory.path, trustExistingFile: true)
        try Connection(path: path, access: .readWrite).execute("PRAGMA user_version = 99")
      case .noPosition:
        _ = try StateStore(directory: directory.path, trustExistingFile: true)
        try Connection(path: path, access: .readWrite).execute("DELETE FROM position")
      }
      let store = try StateStore(directory: directory.path, trustExistingFile: true)
      guard case .discarded = store.opening else {
        Issue.record("\(damage) was not noticed")
        continue
      }
      _ = try store.apply([CommandRecord(index: 1, term: 1)])
      #expect(store.lastApplied == (index: 1, term: 1))
    }
  }

  enum Damage: CaseIterable {
    case noDatabase
    case foreignDatabase
    case otherSchema
    case noPosition
  }

  @Test func integrityCheckFindsDamagedPages() throws {
    let member = try Member()
    _ = try member.apply(try RandomLog.entries(seed: 31, count: 600), batch: 100)
    #expect(try member.store.integrityProblems() == [])
    // Into the file, so that the pages are where they are damaged.
    try Connection(path: member.directory.path + "/state.sqlite", access: .readWrite)
      .execute("PRAGMA wal_checkpoint(TRUNCATE)")
    let file = try #require(
      FileHandle(forUpdatingAtPath: member.directory.path + "/state.sqlite"))
    let size = try file.seekToEnd()
    for page in 3..<(size / 4_096) {
      try file.seek(toOffset: page * 4_096)
      try file.write(contentsOf: Data(repeating: 0xee, count: 64))
    }
    try file.close()
    do {
      #expect(try member.store.integrityProblems() != [])
    } catch StateError.damagedDatabase {
      // Damage may be met before the check can speak of it.
    }
  }

  @Test func readsFromManyThreadsSeeWholeBatches() async throws {
    let proposer = try Proposer()
    let reader = proposer.store.makeReader(idleConnections: 2)
    let store = proposer.store
    let batches = try (0..<60).map { batch in
      try (0..<10).map { offset in
        let number = batch * 10 + offset
        let envelope = try proposer.envelope(
          CreateUser(user: newUser("u\(number)")), by: .anonymous)
        return CommandRecord(
          index: UInt64(number + 1), term: 1, payload: try envelope.encoded())
      }
    }
    try await withThrowingTaskGroup { group in
      group.addTask { for batch in batches { _ = try store.apply(batch) } }
      for _ in 0..<3 {
        group.addTask {
          var last: UInt64 = 0
          while last < 600 {
            last = try reader.read { view throws in
              let index = view.position.index
              #expect(index % 10 == 0)
              #expect(index >= last)
              let newest = UserID(rawValue: "usr_u\(Int(index) - 1)")
              #expect(try (index == 0) == (view.user(newest) == nil))
              #expect(try view.user(UserID(rawValue: "usr_u\(index)")) == nil)
              return index
            }
            await Task.yield()
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
