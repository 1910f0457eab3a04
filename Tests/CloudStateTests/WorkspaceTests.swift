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
