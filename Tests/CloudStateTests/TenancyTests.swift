import Testing

@testable import CloudState

@Suite struct TenancyTests {
  @Test func registeringCreatesUserWorkspaceAndOwnerTogether() throws {
    let proposer = try Proposer()
    var ann = newUser("ann")
    ann.email = "Ann@Example.ORG"
    let (user, workspace) = try proposer.propose(
      CreateUser(
        user: ann, workspace: NewWorkspace(id: WorkspaceID(rawValue: "ws_a"), name: "A")),
      by: .anonymous)
    #expect(user.email == "ann@example.org")
    #expect(workspace?.planID == .free)
    try proposer.view.read { view throws in
      #expect(try view.user(email: "ANN@example.org") == user)
      #expect(try view.user(user.id) == user)
      let found = try view.workspaces(of: user.id)
      #expect(found.items.map(\.workspace) == [workspace])
      #expect(found.items.map(\.role) == [.owner])
      #expect(try view.userUsage(of: WorkspaceID(rawValue: "ws_a")) == UserUsage(used: 1, limit: 1))
    }
  }

  @Test func secondUserWithTheSameAddressIsRejectedInTheSameBatch() throws {
    let proposer = try Proposer()
    var other = newUser("other")
    other.email = "ANN@example.org"
    let outcomes = try proposer.batch([
      proposer.envelope(CreateUser(user: newUser("ann")), by: .anonymous),
      proposer.envelope(CreateUser(user: other), by: .anonymous),
    ])
    #expect(throws: Never.self) { try outcomes[0].get() }
    #expect(outcomes[1] == .rejected(.conflict(.emailTaken)))
  }

  @Test func rejectedWorkspaceLeavesNoUserBehind() throws {
    let proposer = try Proposer()
    let command = CreateUser(
      user: newUser("ann"),
      workspace: NewWorkspace(id: WorkspaceID(rawValue: "ws_a"), name: ""))
    #expect(throws: Rejection.invalid(field: "name", message: "must not be empty")) {
      try proposer.propose(command, by: .anonymous)
    }
    #expect(try proposer.view.read { try $0.user(email: "ann@example.org") } == nil)
  }

  @Test(arguments: [
    "", "ann", "ann@", "@example.org", "a@b@c", "änn@example.org", "a b@example.org",
    "ann@exam ple.org", "ann@пример.рф",
  ])
  func addressOutsideASCIIOrFormIsInvalid(_ address: String) throws {
    let proposer = try Proposer()
    var user = newUser("ann")
    user.email = address
    #expect(
      throws: Rejection.invalid(
        field: "email", message: "must be an ASCII address like ann@example.org")
    ) { try proposer.propose(CreateUser(user: user), by: .anonymous) }
  }

  @Test func onlyOperatorsChoosePlansAndWidenLimits() throws {
    let proposer = try Proposer()
    let ann = try proposer.prove(try proposer.tenant("ann").user)
    let wide = NewWorkspace(
      id: WorkspaceID(rawValue: "ws_wide"), name: "W", settings: WorkspaceSettings(maxUsers: 5))
    let paid = NewWorkspace(
      id: WorkspaceID(rawValue: "ws_paid"), name: "P", planID: .professional)
    let narrow = NewWorkspace(
      id: WorkspaceID(rawValue: "ws_narrow"), name: "N", settings: WorkspaceSettings(maxRows: 9))
    for workspace in [wide, paid] {
      #expect(throws: Rejection.forbidden(.operateCluster)) {
        try proposer.propose(
          CreateWorkspace(workspace: workspace, owner: .user(ann.id)), by: .user(ann.id))
      }
      try proposer.propose(
        CreateWorkspace(workspace: workspace, owner: .email("Ann@example.org", newID: nil)))
    }
    try proposer.propose(
      CreateWorkspace(workspace: narrow, owner: .user(ann.id)), by: .user(ann.id))
    try proposer.view.read { view throws in
      #expect(try view.limits(of: narrow.id)?.maxRows == 9)
      #expect(try view.limits(of: paid.id)?.maxRows == 1_000_000)
      #expect(try view.userUsage(of: wide.id)?.limit == 5)
    }
  }

  @Test func workspaceForSomebodyElseOrNobodyIsRejected() throws {
    let proposer = try Proposer()
    let (ann, _) = try proposer.tenant("ann")
    let (bob, _) = try proposer.tenant("bob")
    let new = NewWorkspace(id: WorkspaceID(rawValue: "ws_x"), name: "X")
    #expect(throws: Rejection.forbidden(.operateCluster)) {
      try proposer.propose(CreateWorkspace(workspace: new, owner: .user(bob.id)), by: .user(ann.id))
    }
    #expect(throws: Rejection.notFound(.user)) {
      try proposer.propose(
        CreateWorkspace(workspace: new, owner: .email("no@example.org", newID: nil)))
    }
    var unknownPlan = new
    unknownPlan.planID = PlanID(rawValue: "gold")
    #expect(throws: Rejection.notFound(.plan)) {
      try proposer.propose(CreateWorkspace(workspace: unknownPlan, owner: .user(bob.id)))
    }
    #expect(throws: Rejection.unauthenticated) {
      try proposer.propose(CreateWorkspace(workspace: new, owner: .user(bob.id)), by: .anonymous)
    }
  }

  @Test(arguments: ["a", "ä", "\u{1F1E8}"])
  func namesAreMeasuredInCodePoints(_ letter: String) throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann")
    func rename(_ length: Int) throws -> Workspace {
      try proposer.propose(
        UpdateWorkspace(
          workspaceID: workspace.id, name: String(repeating: letter, count: length)),
        by: .user(ann.id))
    }
    // Two of these letters may be one character, and are two code points.
    let longest = try rename(StateLimits.nameLength).name
    #expect(longest.unicodeScalars.count == StateLimits.nameLength)
    #expect(throws: Rejection.self) { try rename(StateLimits.nameLength + 1) }
  }

  @Test func operatorsMakeTheOwnerWhoIsUnknown() throws {
    let proposer = try Proposer()
    let (ann, _) = try proposer.tenant("ann")
    func command(_ name: String, _ email: String = "Bob@Example.org") -> CreateWorkspace {
      CreateWorkspace(
        workspace: NewWorkspace(id: WorkspaceID(rawValue: "ws_" + name), name: name),
        owner: .email(email, newID: UserID(rawValue: "usr_" + name)))
    }
    for actor in [Actor.user(ann.id), .node(name: "clean-0"), .anonymous] {
      #expect(throws: Rejection.self) { try proposer.propose(command("x"), by: actor) }
    }
    #expect(throws: Rejection.notFound(.plan)) {
      var unknownPlan = command("x")
      unknownPlan.workspace.planID = PlanID(rawValue: "gold")
      return try proposer.propose(unknownPlan)
    }
    #expect(try proposer.view.read { try $0.user(email: "bob@example.org") } == nil)
    // Of two at once the first makes the user, and the second finds them.
    let outcomes = try proposer.batch([
      proposer.envelope(command("one"), by: .operator(name: "ops")),
      proposer.envelope(command("two"), by: .operator(name: "ops")),
    ])
    for outcome in outcomes { _ = try outcome.get() }
    try proposer.view.read { view throws in
      let bob = try #require(try view.user(email: "bob@example.org"))
      #expect(bob.id == UserID(rawValue: "usr_one"))
      #expect(bob.passwordHash == nil)
      let owned = try view.workspaces(of: bob.id).items
      #expect(owned.map(\.workspace.name).sorted() == ["one", "two"])
      #expect(owned.allSatisfy { $0.role == .owner })
      let audit = try view.auditRecords(of: WorkspaceID(rawValue: "ws_two")).items
      #expect(audit.map(\.target) == ["ws_two owner=Bob@Example.org"])
    }
    // An identifier that somebody has already is nobody else's.
    #expect(throws: Rejection.conflict(.identifierTaken)) {
      try proposer.propose(command("one", "cyd@example.org"))
    }
  }

  @Test func membersAreAddedUpToThePlansLimit() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant(
      "ann", plan: .professional, settings: WorkspaceSettings(maxUsers: 2))
    let outcomes = try proposer.batch([
      proposer.envelope(
        AddMember(workspaceID: workspace.id, user: newUser("bob"), role: .analyst),
        by: .operator(name: "ops")),
      proposer.envelope(
        AddMember(workspaceID: workspace.id, user: newUser("eve"), role: .analyst),
        by: .operator(name: "ops")),
    ])
    let added = try outcomes[0].value(of: AddMember.self)
    #expect(added.isNewUser)
    #expect(
      outcomes[1]
        == .rejected(
          .quotaExceeded(QuotaExceeded(metric: .users, limit: 2, used: 2, resetsAt: nil))))
    #expect(try proposer.view.read { try $0.user(email: "eve@example.org") } == nil)
  }

  @Test func knownUserIsAddedUnchangedAndOnlyOnce() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann", plan: .professional)
    let bob = try proposer.prove(try proposer.tenant("bob").user)
    var disguised = newUser("bob")
    disguised.id = UserID(rawValue: "usr_other")
    disguised.passwordHash = "scrypt$attacker"
    let added = try proposer.propose(
      AddMember(workspaceID: workspace.id, user: disguised, role: .viewer))
    #expect(added.member.user == bob)
    #expect(!added.isNewUser)
    #expect(throws: Rejection.conflict(.alreadyMember)) {
      try proposer.propose(AddMember(workspaceID: workspace.id, user: disguised, role: .admin))
    }
  }

  @Test func lastOwnerCannotLeaveOrBeDemoted() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann", plan: .professional)
    let demote = ChangeRole(workspaceID: workspace.id, userID: ann.id, role: .admin)
    let leave = RemoveMember(workspaceID: workspace.id, userID: ann.id)
    #expect(throws: Rejection.conflict(.lastOwner)) { try proposer.propose(demote) }
    #expect(throws: Rejection.conflict(.lastOwner)) {
      try proposer.propose(leave, by: .user(ann.id))
    }
    let bob = try proposer.member("bob", .owner, in: workspace)
    // Both owners go at once: one of them must stay.
    let outcomes = try proposer.batch([
      proposer.envelope(leave, by: .user(ann.id)),
      proposer.envelope(
        RemoveMember(workspaceID: workspace.id, userID: bob.id), by: .user(bob.id)),
    ])
    #expect(throws: Never.self) { try outcomes[0].get() }
    #expect(outcomes[1] == .rejected(.conflict(.lastOwner)))
    let members = try proposer.view.read { try $0.members(of: workspace.id).items }
    #expect(members.map(\.user.id) == [bob.id])
  }

  @Test func adminsManageMembersButNotOwners() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann", plan: .professional)
    let admin = try proposer.member("adam", .admin, in: workspace)
    let viewer = try proposer.member("vera", .viewer, in: workspace)
    let asAdmin = Actor.user(admin.id)
    #expect(throws: Rejection.forbidden(.manageOwners)) {
      try proposer.propose(
        ChangeRole(workspaceID: workspace.id, userID: admin.id, role: .owner), by: asAdmin)
    }
    #expect(throws: Rejection.forbidden(.manageOwners)) {
      try proposer.propose(RemoveMember(workspaceID: workspace.id, userID: ann.id), by: asAdmin)
    }
    #expect(throws: Rejection.forbidden(.manageOwners)) {
      try proposer.propose(
        AddMember(workspaceID: workspace.id, user: newUser("mallory"), role: .owner), by: asAdmin)
    }
    #expect(throws: Rejection.forbidden(.manageUsers)) {
      try proposer.propose(
        RemoveMember(workspaceID: workspace.id, userID: admin.id), by: .user(viewer.id))
    }
    let changed = try proposer.propose(
      ChangeRole(workspaceID: workspace.id, userID: viewer.id, role: .analyst), by: asAdmin)
    #expect(changed.role == .analyst)
    try proposer.propose(
      RemoveMember(workspaceID: workspace.id, userID: viewer.id), by: .user(viewer.id))
    #expect(throws: Rejection.notFound(.membership)) {
      try proposer.propose(RemoveMember(workspaceID: workspace.id, userID: viewer.id), by: asAdmin)
    }
  }

  @Test func rightsLostEarlierInTheBatchAreGone() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann", plan: .professional)
    let admin = try proposer.member("adam", .admin, in: workspace)
    let outcomes = try proposer.batch([
      proposer.envelope(
        ChangeRole(workspaceID: workspace.id, userID: admin.id, role: .viewer),
        by: .operator(name: "ops")),
      proposer.envelope(
        AddMember(workspaceID: workspace.id, user: newUser("bob"), role: .viewer),
        by: .user(admin.id)),
    ])
    #expect(outcomes[1] == .rejected(.forbidden(.manageUsers)))
  }

  @Test func toOutsidersAWorkspaceDoesNotExist() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann", plan: .professional)
    let (bob, _) = try proposer.tenant("bob")
    #expect(throws: Rejection.notFound(.workspace)) {
      try proposer.propose(
        AddMember(workspaceID: workspace.id, user: newUser("eve"), role: .viewer),
        by: .user(bob.id))
    }
  }
}
