import Testing

@testable import CloudState

@Suite struct WorkspaceTests {
  private func limits(_ proposer: Proposer, _ workspace: Workspace) throws -> Limits {
    try #require(try proposer.view.read { try $0.limits(of: workspace.id) })
  }

  @Test func adminRenamesAndNarrows() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann", plan: .professional)
    let bob = try proposer.member("bob", .admin, in: workspace)
    let changed = try proposer.propose(
      UpdateWorkspace(
        workspaceID: workspace.id, name: "New",
        settings: WorkspaceSettingsChange(maxUsers: .set(3), retentionDays: .set(9))),
      by: .user(bob.id))
    #expect(changed.name == "New")
    #expect(changed.revision > workspace.revision)
    let limits = try limits(proposer, workspace)
    #expect(limits.maxUsers == 3)
    #expect(limits.retentionDays == 9)
    #expect(limits.maxRows == 1_000_000)
    let again = try proposer.propose(
      UpdateWorkspace(
        workspaceID: workspace.id, settings: WorkspaceSettingsChange(maxUsers: .asInPlan)),
      by: .user(bob.id))
    #expect(again.settings == WorkspaceSettings(retentionDays: 9))
    #expect(again.name == "New")
  }

  @Test func tenantsNeitherWidenLimitsNorChooseThePlan() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann")
    let wider = UpdateWorkspace(
      workspaceID: workspace.id, settings: WorkspaceSettingsChange(maxRows: .set(10_001)))
    let plan = UpdateWorkspace(workspaceID: workspace.id, planID: .professional)
    for command in [wider, plan] {
      #expect(throws: Rejection.forbidden(.operateCluster)) {
        try proposer.propose(command, by: .user(ann.id))
      }
    }
    let bob = try proposer.member(
      "bob", .analyst, in: try proposer.propose(wider.onPlan(.professional)))
    #expect(throws: Rejection.forbidden(.manageWorkspace)) {
      try proposer.propose(
        UpdateWorkspace(workspaceID: workspace.id, name: "Mine"), by: .user(bob.id))
    }
  }

  @Test func whatAnOperatorWidenedStaysUntilThePlanChanges() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann")
    try proposer.propose(
      UpdateWorkspace(
        workspaceID: workspace.id,
        settings: WorkspaceSettingsChange(maxRows: .set(2_000_000), maxUsers: .set(2))))
    try proposer.propose(
      UpdateWorkspace(workspaceID: workspace.id, name: "B"), by: .user(ann.id))
    #expect(try limits(proposer, workspace).maxRows == 2_000_000)
    // Two users are within the new plan, two million rows are not.
    let changed = try proposer.propose(
      UpdateWorkspace(workspaceID: workspace.id, planID: .professional))
    #expect(changed.settings == WorkspaceSettings(maxUsers: 2))
  }

  @Test func whatATenantSetNeverExceedsThePlanAsItIsNow() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann")
    // As wide as the plan allows, so that nothing changes today.
    try proposer.propose(
      UpdateWorkspace(
        workspaceID: workspace.id,
        settings: WorkspaceSettingsChange(
          maxRows: .set(10_000), maxAPICalls: .set(100), maxUsers: .set(1), maxDatasets: .set(10),
          retentionDays: .set(7))), by: .user(ann.id))
    let registered = try #require(
      try proposer.propose(
        CreateUser(
          user: newUser("bob"),
          workspace: NewWorkspace(
            id: WorkspaceID(rawValue: "ws_bob"), name: "bob",
            settings: WorkspaceSettings(maxRows: 9_000))), by: .anonymous
      ).workspace)
    let free = try #require(try proposer.view.read { try $0.plan(.free) })
    var less = free
    (less.maxRows, less.maxAPICalls, less.maxDatasets, less.retentionDays) = (1_000, 10, 2, 3)
    try proposer.propose(DefinePlan(less))
    #expect(
      try limits(proposer, workspace) == Limits(plan: less, settings: WorkspaceSettings()))
    #expect(try proposer.rows(of: workspace).limit == 1_000)
    #expect(try limits(proposer, registered).maxRows == 1_000)
    #expect(throws: Rejection.self) {
      try proposer.propose(proposer.reserve(1_001, in: workspace, id: "a"), by: .user(ann.id))
    }
    // They are not forgotten.
    try proposer.propose(DefinePlan(free))
    #expect(try limits(proposer, registered).maxRows == 9_000)
  }

  @Test func membersBeyondThePlanAsItIsNowAreRefused() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann", plan: .professional)
    try proposer.propose(
      UpdateWorkspace(
        workspaceID: workspace.id, settings: WorkspaceSettingsChange(maxUsers: .set(10))),
      by: .user(ann.id))
    var less = try #require(try proposer.view.read { try $0.plan(.professional) })
    less.maxUsers = 2
    try proposer.propose(DefinePlan(less))
    _ = try proposer.member("bob", .viewer, in: workspace)
    #expect(throws: Rejection.self) { try proposer.member("cyd", .viewer, in: workspace) }
  }

  @Test func whatAnOperatorSetHoldsWhateverThePlanBecomes() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann", settings: WorkspaceSettings(maxRows: 50_000))
    try proposer.propose(
      UpdateWorkspace(
        workspaceID: workspace.id, settings: WorkspaceSettingsChange(maxAPICalls: .set(80))))
    try proposer.propose(
      UpdateWorkspace(
        workspaceID: workspace.id, settings: WorkspaceSettingsChange(maxDatasets: .set(9))),
      by: .user(ann.id))
    var less = try #require(try proposer.view.read { try $0.plan(.free) })
    (less.maxRows, less.maxAPICalls, less.maxDatasets) = (1_000, 10, 2)
    try proposer.propose(DefinePlan(less))
    let limits = try limits(proposer, workspace)
    #expect(limits.maxRows == 50_000)
    #expect(limits.maxAPICalls == 80)
    #expect(limits.maxDatasets == 2)
    // A tenant who changes it has it by their own right from then on.
    try proposer.propose(
      UpdateWorkspace(
        workspaceID: workspace.id, settings: WorkspaceSettingsChange(maxRows: .set(900))),
      by: .user(ann.id))
    less.maxRows = 500
    try proposer.propose(DefinePlan(less))
    #expect(try self.limits(proposer, workspace).maxRows == 500)
  }

  @Test func downgradeBelowUseStopsNewUseAndTakesNothingAway() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann", plan: .professional)
    let bob = try proposer.member("bob", .analyst, in: workspace)
    try proposer.propose(proposer.reserve(50_000, in: workspace, id: "a"), by: .user(bob.id))
    try proposer.propose(UpdateWorkspace(workspaceID: workspace.id, planID: .free))
    #expect(throws: Rejection.self) {
      try proposer.propose(proposer.reserve(1, in: workspace, id: "b"), by: .user(bob.id))
    }
    #expect(try proposer.propose(proposer.settle(50_000, in: workspace, id: "a")).rows == 50_000)
    #expect(throws: Rejection.self) {
      try proposer.propose(
        AddMember(workspaceID: workspace.id, user: newUser("cyd"), role: .viewer),
        by: .user(ann.id))
    }
    #expect(try proposer.view.read { try $0.members(of: workspace.id).items.count } == 2)
  }

  @Test func changeOfSomethingElseMeanwhileIsNoticed() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann")
    let first = UpdateWorkspace(
      workspaceID: workspace.id, name: "One", revision: workspace.revision)
    try proposer.propose(first, by: .user(ann.id))
    var second = first
    second.name = "Two"
    #expect(throws: Rejection.conflict(.changedMeanwhile)) {
      try proposer.propose(second, by: .user(ann.id))
    }
    #expect(throws: Rejection.conflict(.changedMeanwhile)) {
      try proposer.propose(
        DeleteWorkspace(workspaceID: workspace.id, revision: workspace.revision),
        by: .user(ann.id))
    }
  }

  @Test func deletedWorkspaceIsGoneAtOnceAndWithAllRowsInTheEnd() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann", plan: .professional)
    let (_, other) = try proposer.tenant("eve", plan: .professional)
    for name in ["bob", "cyd"] { _ = try proposer.member(name, .admin, in: workspace) }
    for (number, place) in [workspace, other].enumerated() {
      let owner = try #require(
        try proposer.view.read { try $0.members(of: place.id).items.first?.user })
      try proposer.propose(
        CreateAPIKey(
          id: APIKeyID(rawValue: "key_\(number)"), workspaceID: place.id, userID: owner.id,
          name: "k", scopes: .all, secretHash: try hash(1)))
      try proposer.propose(
        Invite(
          id: InvitationID(rawValue: "inv_\(number)"), workspaceID: place.id,
          email: "dan@example.org", role: .viewer, tokenHash: try hash(UInt8(number))))
      try proposer.propose(proposer.reserve(5, in: place, id: "open\(number)"))
      try proposer.propose(proposer.reserve(5, in: place, id: "done\(number)"))
      try proposer.propose(proposer.settle(5, in: place, id: "done\(number)"))
    }
    let before = try rows(proposer, of: other)

    try proposer.propose(DeleteWorkspace(workspaceID: workspace.id), by: .user(ann.id))
    try proposer.view.read { view throws in
      #expect(try view.workspace(workspace.id) == nil)
      #expect(try view.workspaces(of: ann.id).items.isEmpty)
      #expect(try view.user(ann.id) != nil)
    }
    #expect(throws: Rejection.notFound(.workspace)) {
      try proposer.propose(proposer.settle(1, in: workspace, id: "open0"))
    }
    #expect(throws: Rejection.notFound(.workspace)) {
      try proposer.propose(
        RevokeAPIKey(workspaceID: workspace.id, id: APIKeyID(rawValue: "key_0")),
        by: .user(ann.id))
    }
    // What is left must not become part of another one.
    #expect(throws: Rejection.conflict(.identifierTaken)) {
      try proposer.propose(
        CreateWorkspace(
          workspace: NewWorkspace(id: workspace.id, name: "Again"), owner: .user(ann.id)))
    }
    // In steps of three rows.
    while try proposer.propose(KeepHouse(limit: 3), by: .node(name: "n")) > 0 {}
    #expect(try rows(proposer, of: workspace) == 0)
    #expect(try rows(proposer, of: other) == before)
    #expect(try proposer.view.read { try $0.houseIsDue(at: proposer.now) } == false)
  }

  @Test func onlyTheOwnerDeletes() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann", plan: .professional)
    let bob = try proposer.member("bob", .admin, in: workspace)
    #expect(throws: Rejection.forbidden(.deleteWorkspace)) {
      try proposer.propose(DeleteWorkspace(workspaceID: workspace.id), by: .user(bob.id))
    }
  }

  /// The rows of all tables that name a workspace.
  private func rows(_ proposer: Proposer, of workspace: Workspace) throws -> Int64 {
    let connection = try Connection(
      path: proposer.directory.path + "/state.sqlite", access: .readOnly)
    var count: Int64 = 0
    for table in Schema.tables where table.definition.contains("workspace_id") {
      let statement = try connection.prepare(
        "SELECT count(*) FROM \(table.name) WHERE workspace_id = '\(workspace.id)'")
      _ = try statement.step()
      count += statement.integer(0)
    }
    return count
  }
}

extension UpdateWorkspace {
  fileprivate func onPlan(_ plan: PlanID) -> UpdateWorkspace {
    var command = self
    command.planID = plan
    return command
  }
}
