import Testing

@testable import CloudState

@Suite struct KeyTests {
  private func key(
    _ id: String, for user: User, in workspace: Workspace, scopes: Scopes = .all,
    expiresAt: Timestamp? = nil
  ) throws -> CreateAPIKey {
    CreateAPIKey(
      id: APIKeyID(rawValue: "key_" + id), workspaceID: workspace.id, userID: user.id, name: id,
      scopes: scopes, secretHash: try hash(7), expiresAt: expiresAt)
  }

  @Test func keyIsFoundListedInPagesAndRevokedOnce() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann")
    var created: [APIKey] = []
    for number in 0..<5 {
      created.append(
        try proposer.propose(key("k\(number)", for: ann, in: workspace), by: .user(ann.id)))
    }
    try proposer.view.read { view throws in
      #expect(try view.apiKey(created[0].id) == created[0])
      let first = try view.apiKeys(of: workspace.id, limit: 3)
      #expect(first.items == Array(created[..<3]))
      let next = try #require(first.next)
      let cursor = try #require(PageCursor(next.description))
      let second = try view.apiKeys(of: workspace.id, after: cursor, limit: 3)
      #expect(second.items == Array(created[3...]))
      #expect(second.next == nil)
    }
    let revoke = RevokeAPIKey(workspaceID: workspace.id, id: created[0].id)
    let revoked = try proposer.propose(revoke, by: .user(ann.id))
    proposer.advance(milliseconds: 5)
    #expect(try proposer.propose(revoke, by: .user(ann.id)) == revoked)
    #expect(!revoked.isActive(at: proposer.now))
    #expect(
      try proposer.view.read { try $0.apiKeys(of: workspace.id, limit: 10).items }
        == Array(created[1...]))
    #expect(throws: Rejection.unauthenticated) {
      try proposer.propose(revoke, by: .apiKey(created[0].id))
    }
  }

  @Test func keyCannotPassOnMoreThanItHas() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann", plan: .professional)
    let admin = try proposer.member("adam", .admin, in: workspace)
    let manage = try proposer.propose(
      key("m", for: admin, in: workspace, scopes: [.manage, .read]), by: .user(admin.id))
    #expect(throws: Rejection.forbidden(.manageKeys)) {
      try proposer.propose(
        key("n", for: admin, in: workspace, scopes: .analyze), by: .apiKey(manage.id))
    }
    #expect(throws: Rejection.forbidden(.manageOwners)) {
      try proposer.propose(key("o", for: ann, in: workspace), by: .user(admin.id))
    }
    try proposer.propose(
      key("p", for: admin, in: workspace, scopes: .read), by: .apiKey(manage.id))
    let reading = try #require(
      try proposer.view.read { try $0.apiKey(APIKeyID(rawValue: "key_p")) })
    #expect(throws: Rejection.forbidden(.analyze)) {
      try proposer.propose(proposer.reserve(1, in: workspace, id: "r"), by: .apiKey(reading.id))
    }
  }

  @Test func expiredKeyNoLongerActs() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann")
    let short = try proposer.propose(
      key("s", for: ann, in: workspace, expiresAt: proposer.now.adding(milliseconds: 1_000)))
    try proposer.propose(proposer.reserve(1, in: workspace, id: "a"), by: .apiKey(short.id))
    proposer.advance(milliseconds: 1_000)
    #expect(throws: Rejection.unauthenticated) {
      try proposer.propose(proposer.reserve(1, in: workspace, id: "b"), by: .apiKey(short.id))
    }
    #expect(throws: Rejection.invalid(field: "expires_at", message: "must be in the future")) {
      try proposer.propose(key("t", for: ann, in: workspace, expiresAt: proposer.now))
    }
  }

  @Test func removedMembersKeysStayDeadWhenTheMemberReturns() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann", plan: .professional)
    let bob = try proposer.member("bob", .analyst, in: workspace)
    let created = try proposer.propose(key("b", for: bob, in: workspace))
    try proposer.propose(RemoveMember(workspaceID: workspace.id, userID: bob.id))
    _ = try proposer.prove(bob)
    _ = try proposer.member("bob", .analyst, in: workspace)
    #expect(throws: Rejection.unauthenticated) {
      try proposer.propose(proposer.reserve(1, in: workspace, id: "r"), by: .apiKey(created.id))
    }
  }

  @Test func keyOfAnotherWorkspaceIsNotFound() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann")
    let (bob, other) = try proposer.tenant("bob")
    let created = try proposer.propose(key("a", for: ann, in: workspace))
    #expect(throws: Rejection.notFound(.apiKey)) {
      try proposer.propose(
        RevokeAPIKey(workspaceID: other.id, id: created.id), by: .user(bob.id))
    }
    #expect(throws: Rejection.notFound(.workspace)) {
      try proposer.propose(proposer.reserve(1, in: other, id: "r"), by: .apiKey(created.id))
    }
    #expect(throws: Rejection.notFound(.membership)) {
      try proposer.propose(key("c", for: bob, in: workspace))
    }
    #expect(throws: Rejection.conflict(.identifierTaken)) {
      try proposer.propose(key("a", for: ann, in: workspace))
    }
  }

  @Test func keysWithoutKnownScopesAreInvalid() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann")
    for scopes in [Scopes(), Scopes(rawValue: 16), Scopes(rawValue: -1)] {
      #expect(throws: Rejection.self) {
        try proposer.propose(key("k", for: ann, in: workspace, scopes: scopes))
      }
    }
    #expect(try proposer.view.read { try $0.apiKeys(of: workspace.id).items }.isEmpty)
  }

  @Test func activeKeysAreBounded() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann")
    let envelopes = try (0...StateLimits.activeKeys).map { number in
      try proposer.envelope(key("k\(number)", for: ann, in: workspace), by: .user(ann.id))
    }
    let outcomes = try proposer.batch(envelopes)
    #expect(outcomes.last == .rejected(.overloaded(.activeKeys)))
    try proposer.propose(
      RevokeAPIKey(workspaceID: workspace.id, id: APIKeyID(rawValue: "key_k0")))
    try proposer.propose(key("again", for: ann, in: workspace))
  }
}

@Suite struct KeyRotationTests {
  private let old = APIKeyID(rawValue: "key_old")
  private let new = APIKeyID(rawValue: "key_new")

  private func keyed(_ proposer: Proposer) throws -> (user: User, workspace: Workspace) {
    let (ann, workspace) = try proposer.tenant("ann", plan: .professional)
    try proposer.propose(
      CreateAPIKey(
        id: old, workspaceID: workspace.id, userID: ann.id, name: "ci", scopes: [.read, .analyze],
        secretHash: try hash(1)), by: .user(ann.id))
    return (ann, workspace)
  }

  private func rotate(_ workspace: Workspace, overlap: Int64 = 1_000) throws -> RotateAPIKey {
    RotateAPIKey(
      workspaceID: workspace.id, id: old, newID: new, secretHash: try hash(2), overlap: overlap)
  }

  @Test func bothKeysHoldUntilTheOverlapEnds() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try keyed(proposer)
    let keys = try proposer.propose(try rotate(workspace), by: .user(ann.id))
    #expect(keys.new.scopes == [.read, .analyze])
    #expect(keys.new.name == "ci")
    #expect(keys.new.expiresAt == nil)
    #expect(keys.old.replacedBy == new)
    #expect(keys.old.isActive(at: proposer.now.adding(milliseconds: 999)))
    #expect(!keys.old.isActive(at: proposer.now.adding(milliseconds: 1_000)))
    #expect(try proposer.view.read { try $0.apiKey(old) } == keys.old)
    #expect(try proposer.view.read { try $0.apiKey(new) } == keys.new)
  }

  @Test func overlapNeverProlongsAKey() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann")
    let end = proposer.now.adding(milliseconds: 500)
    try proposer.propose(
      CreateAPIKey(
        id: old, workspaceID: workspace.id, userID: ann.id, name: "ci", scopes: .all,
        secretHash: try hash(1), expiresAt: end), by: .user(ann.id))
    let keys = try proposer.propose(try rotate(workspace), by: .user(ann.id))
    #expect(keys.old.expiresAt == end)
    #expect(keys.new.expiresAt == end)
  }

  @Test func keyIsRotatedOnceAndOnlyWhileItHolds() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try keyed(proposer)
    try proposer.propose(try rotate(workspace), by: .user(ann.id))
    var again = try rotate(workspace)
    again.newID = APIKeyID(rawValue: "key_third")
    #expect(throws: Rejection.conflict(.keyNotActive)) {
      try proposer.propose(again, by: .user(ann.id))
    }
    again.id = new
    try proposer.propose(RevokeAPIKey(workspaceID: workspace.id, id: new), by: .user(ann.id))
    #expect(throws: Rejection.conflict(.keyNotActive)) {
      try proposer.propose(again, by: .user(ann.id))
    }
  }

  @Test func nobodyRotatesToMoreRightsThanTheirs() throws {
    let proposer = try Proposer()
    let (_, workspace) = try keyed(proposer)
    let bob = try proposer.member("bob", .admin, in: workspace)
    #expect(throws: Rejection.forbidden(.manageOwners)) {
      try proposer.propose(try rotate(workspace), by: .user(bob.id))
    }
    let (eve, _) = try proposer.tenant("eve")
    #expect(throws: Rejection.notFound(.workspace)) {
      try proposer.propose(try rotate(workspace), by: .user(eve.id))
    }
  }

  @Test func latestUseIsKeptWhateverTheOrder() throws {
    let proposer = try Proposer()
    let (_, workspace) = try keyed(proposer)
    _ = workspace
    let node = Actor.node(name: "n")
    let late = proposer.now
    let early = late.adding(milliseconds: -5_000)
    #expect(try proposer.propose(NoteKeyUse(uses: [.init(id: old, at: late)]), by: node) == 1)
    #expect(try proposer.propose(NoteKeyUse(uses: [.init(id: old, at: early)]), by: node) == 0)
    #expect(try proposer.view.read { try $0.apiKey(old)?.lastUsedAt } == late)
    #expect(throws: Rejection.forbidden(.operateCluster)) {
      try proposer.propose(NoteKeyUse(uses: []))
    }
  }

  @Test func expiredKeysMakeRoomAndAreForgotten() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try keyed(proposer)
    try proposer.propose(try rotate(workspace, overlap: 0), by: .user(ann.id))
    try proposer.propose(KeepHouse(), by: .node(name: "n"))
    let retired = try #require(try proposer.view.read { try $0.apiKey(old) })
    #expect(retired.revokedAt == retired.expiresAt)
    proposer.advance(milliseconds: StateLimits.revokedKeyLength)
    try proposer.propose(KeepHouse(), by: .node(name: "n"))
    #expect(try proposer.view.read { try $0.apiKey(old) } == nil)
    #expect(try proposer.view.read { try $0.apiKey(new) } != nil)
  }
}
