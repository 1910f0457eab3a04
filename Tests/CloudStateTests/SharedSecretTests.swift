import TenantLog
import Testing

@testable import CloudState

/// Whoever has seen a secret loses it with the right to make it.
@Suite struct SharedSecretTests {
  let proposer: Proposer
  let owner: User
  let workspace: Workspace
  let admin: User
  let analyst: User

  init() throws {
    proposer = try Proposer()
    (owner, workspace) = try proposer.tenant("ann", plan: .professional)
    admin = try proposer.member("adam", .admin, in: workspace)
    analyst = try proposer.member("bob", .analyst, in: workspace)
  }

  private func makeKey(
    _ name: String, for user: User, by actor: Actor, scopes: Scopes = .all
  ) throws -> APIKeyID {
    try proposer.propose(
      CreateAPIKey(
        id: APIKeyID(rawValue: "key_" + name), workspaceID: workspace.id, userID: user.id,
        name: name, scopes: scopes, secretHash: try hash(1)), by: actor
    ).id
  }

  private func rotate(_ id: APIKeyID, to name: String, by actor: Actor) throws -> APIKeyID {
    try proposer.propose(
      RotateAPIKey(
        workspaceID: workspace.id, id: id, newID: APIKeyID(rawValue: "key_" + name),
        secretHash: try hash(2), overlap: 1_000), by: actor
    ).new.id
  }

  private func invite(_ name: String, as role: Role, by actor: Actor) throws -> InvitationID {
    try proposer.propose(
      Invite(
        id: InvitationID(rawValue: "inv_" + name), workspaceID: workspace.id,
        email: "\(name)@example.org", role: role,
        tokenHash: try #require(
          SecretHash(Array(name.utf8.prefix(1)) + [UInt8](repeating: 0, count: 31)))),
      by: actor
    ).id
  }

  private func change(_ user: User, to role: Role) throws {
    try proposer.propose(
      ChangeRole(workspaceID: workspace.id, userID: user.id, role: role))
  }

  private func remove(_ user: User) throws {
    try proposer.propose(RemoveMember(workspaceID: workspace.id, userID: user.id))
  }

  private func living(_ keys: APIKeyID...) throws -> [APIKeyID] {
    try proposer.view.read { view throws in
      try keys.filter { try view.apiKey($0)?.isActive(at: proposer.now) ?? false }
    }
  }

  private func openInvitations() throws -> Set<InvitationID> {
    try proposer.view.read {
      Set(try $0.invitations(of: workspace.id, at: proposer.now).items.map(\.id))
    }
  }

  /// The latest line of the workspace's log.
  private func audited() throws -> String {
    try #require(
      try proposer.view.read { try $0.auditRecords(of: workspace.id, limit: 1).items.first }
    ).target
  }

  @Test func removedAdminsKeysForOthersEnd() throws {
    let made = try makeKey("made", for: analyst, by: .user(admin.id))
    let others = try makeKey("others", for: analyst, by: .user(owner.id))
    let own = try makeKey("own", for: admin, by: .user(admin.id))
    try remove(admin)
    #expect(try living(made, others, own) == [others])
    #expect(try audited() == "usr_adam ended=key_made ended=key_own")
    #expect(throws: Rejection.unauthenticated) {
      try proposer.propose(proposer.reserve(1, in: workspace, id: "r"), by: .apiKey(made))
    }
    // Who is back has what new keys give.
    _ = try proposer.prove(admin)
    _ = try proposer.member("adam", .admin, in: workspace)
    #expect(try living(made, own) == [])
  }

  @Test func demotedAdminsKeysForOthersEnd() throws {
    let made = try makeKey("made", for: analyst, by: .user(admin.id))
    let own = try makeKey("own", for: admin, by: .user(admin.id))
    try change(admin, to: .analyst)
    // The own one is no more than its user's role is.
    #expect(try living(made, own) == [own])
    #expect(try audited() == "usr_adam analyst ended=key_made")
  }

  @Test func whoeverRotatedAKeyKnowsIt() throws {
    let others = try makeKey("others", for: analyst, by: .user(owner.id))
    let rotated = try rotate(others, to: "rotated", by: .user(admin.id))
    try remove(admin)
    #expect(try living(others, rotated) == [others])
  }

  @Test func userWhoRotatesAKeyOfTheirsKeepsIt() throws {
    let second = try proposer.member("cyd", .admin, in: workspace)
    let made = try makeKey("made", for: second, by: .user(admin.id))
    let rotated = try rotate(made, to: "rotated", by: .user(second.id))
    let byItself = try rotate(rotated, to: "itself", by: .apiKey(rotated))
    try remove(admin)
    #expect(try living(made, rotated, byItself) == [rotated, byItself])
  }

  @Test func keyThatRotatesItselfIsKnownToWhoKnewIt() throws {
    let second = try proposer.member("cyd", .admin, in: workspace)
    let made = try makeKey("made", for: second, by: .user(admin.id))
    let rotated = try rotate(made, to: "rotated", by: .apiKey(made))
    try remove(admin)
    #expect(try living(made, rotated) == [])
  }

  @Test func whatAKeyMadeEndsWithAnybodyWhoKnowsTheKey() throws {
    let second = try proposer.member("cyd", .admin, in: workspace)
    let tool = try makeKey("tool", for: second, by: .user(admin.id))
    let made = try makeKey("made", for: analyst, by: .apiKey(tool))
    let invited = try invite("dan", as: .viewer, by: .apiKey(tool))
    #expect(try proposer.view.read { try $0.apiKey(made)?.makers } == [admin.id, second.id])
    // That the tool itself has ended does not matter.
    try proposer.propose(RevokeAPIKey(workspaceID: workspace.id, id: tool))
    #expect(try openInvitations() == [invited])
    try remove(admin)
    #expect(try living(made) == [])
    #expect(try openInvitations() == [])
    #expect(try audited() == "usr_adam ended=key_made ended=inv_dan")
  }

  @Test func keyOfAnAdminDoesNotBecomeAnOwners() throws {
    let made = try makeKey("made", for: analyst, by: .user(admin.id))
    let ownersGift = try makeKey("gift", for: analyst, by: .user(owner.id))
    let operators = try makeKey("ops", for: analyst, by: .operator(name: "ops"))
    try change(analyst, to: .admin)
    #expect(try living(made, ownersGift, operators) == [made, ownersGift, operators])
    let own = try makeKey("own", for: analyst, by: .user(analyst.id))
    try change(analyst, to: .owner)
    #expect(try living(made, ownersGift, operators, own) == [ownersGift, operators, own])
    #expect(try audited() == "usr_bob owner ended=key_made")
  }

  @Test func demotedOwnerKeepsWhatAdminsMayMake() throws {
    try change(admin, to: .owner)
    let forOwner = try makeKey("owner", for: owner, by: .user(admin.id))
    let forAnalyst = try makeKey("analyst", for: analyst, by: .user(admin.id))
    let asOwner = try invite("dan", as: .owner, by: .user(admin.id))
    let asAdmin = try invite("eve", as: .admin, by: .user(admin.id))
    #expect(try openInvitations() == [asOwner, asAdmin])
    try change(admin, to: .admin)
    #expect(try living(forOwner, forAnalyst) == [forAnalyst])
    #expect(try openInvitations() == [asAdmin])
    #expect(try audited() == "usr_adam admin ended=key_owner ended=inv_dan")
  }

  @Test func invitationsOfWhoMayNoLongerInviteEnd() throws {
    _ = try invite("dan", as: .viewer, by: .user(admin.id))
    let others = try invite("eve", as: .viewer, by: .user(owner.id))
    let operators = try invite("fay", as: .viewer, by: .operator(name: "ops"))
    try change(admin, to: .analyst)
    #expect(try openInvitations() == [others, operators])
    #expect(throws: Rejection.notFound(.invitation)) {
      try proposer.propose(
        AcceptInvitation(
          tokenHash: try #require(SecretHash(Array("d".utf8) + [UInt8](repeating: 0, count: 31))),
          userID: UserID(rawValue: "usr_dan"), name: "Dan", passwordHash: "hash"), by: .anonymous)
    }
  }

  @Test func whatEndedIsCountedOutOfTheWorkspace() throws {
    for number in 0..<3 { _ = try makeKey("k\(number)", for: analyst, by: .user(admin.id)) }
    try remove(admin)
    let connection = try Connection(
      path: proposer.directory.path + "/state.sqlite", access: .readOnly)
    let active = try connection.first(
      "SELECT active_keys FROM workspaces WHERE id = ?", workspace.id
    ) { $0.integer(0) }
    #expect(active == 0)
  }

  @Test func keyPassesThroughABoundedNumberOfHands() throws {
    var key = try makeKey("k", for: admin, by: .user(owner.id))
    var proposals = 0
    #expect(throws: Rejection.forbidden(.manageKeys)) {
      for number in 0...StateLimits.makers {
        let next = try proposer.member(
          "m\(number)", .admin, in: try #require(try raised(workspace)))
        key = try makeKey("k\(number)", for: next, by: .apiKey(key))
        proposals += 1
      }
    }
    #expect(proposals == StateLimits.makers - 1)
  }

  /// The workspace, with room for everybody.
  private func raised(_ workspace: Workspace) throws -> Workspace? {
    try proposer.propose(UpdateWorkspace(workspaceID: workspace.id, planID: .enterprise))
  }

  /// In whatever order things are made and people come, go, rise and fall.
  @Test func everyLivingSecretIsOneThatWhoKnowsItCouldMake() throws {
    var judged = 0
    for seed in UInt64(11)...18 {
      let member = try Member()
      let entries = try RandomLog.entries(seed: seed, count: 3_000)
      for start in stride(from: 0, to: entries.count, by: 30) {
        _ = try member.apply(Array(entries[start..<min(start + 30, entries.count)]), batch: 30)
        judged += try judgeSecrets(of: member)
      }
    }
    // In some logs nobody makes secrets for others that live for long.
    #expect(judged > 10)
  }

  /// - Returns: How many makers of keys and invitations there were to judge.
  private func judgeSecrets(of member: Member) throws -> Int {
    let connection = try Connection(
      path: member.directory.path + "/state.sqlite", access: .readOnly)
    let keys = try connection.all(
      "SELECT * FROM api_keys WHERE revoked_at IS NULL"
    ) { try APIKey($0) }
    let invitations = try connection.all("SELECT * FROM invitations") { try Invitation($0) }
    func canGrant(_ maker: UserID, _ role: Role, in id: WorkspaceID) throws -> Bool {
      switch try connection.membership(id, maker)?.role {
      case .owner: true
      case .admin: role != .owner
      case .analyst, .viewer, nil: false
      }
    }
    var judged = 0
    for key in keys {
      // A deleted workspace is nobody's, and what is left of it goes bit by bit.
      guard try connection.workspace(key.workspaceID) != nil else { continue }
      let holder = try #require(try connection.membership(key.workspaceID, key.userID))
      for maker in key.makers {
        judged += 1
        #expect(try canGrant(maker, holder.role, in: key.workspaceID))
      }
    }
    for invitation in invitations {
      guard try connection.workspace(invitation.workspaceID) != nil else { continue }
      for maker in invitation.makers {
        judged += 1
        #expect(try canGrant(maker, invitation.role, in: invitation.workspaceID))
      }
    }
    return judged
  }
}
