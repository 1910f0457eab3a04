import Testing

@testable import CloudState

@Suite struct AuditTests {
  private let origin = Origin(address: "192.0.2.7", requestName: "req_7")

  private func records(_ proposer: Proposer, of workspace: Workspace?) throws -> [AuditRecord] {
    try proposer.view.read { try $0.auditRecords(of: workspace?.id).items }
  }

  @Test func tellsWhoDidWhatToWhatFromWhere() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann", plan: .professional)
    var envelope = try proposer.envelope(
      AddMember(workspaceID: workspace.id, user: newUser("bob"), role: .viewer), by: .user(ann.id))
    envelope.origin = origin
    _ = try proposer.apply(envelope)
    let record = try #require(try records(proposer, of: workspace).first)
    #expect(
      record
        == AuditRecord(
          id: AuditRecord.id(of: 2), workspaceID: workspace.id, at: proposer.now, actorKind: .user,
          actorID: ann.id.rawValue, userID: ann.id, action: "member.add",
          target: "bob@example.org", outcome: .done, origin: origin))
  }

  @Test func newestComesFirstAndPagesFollowEachOther() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann", plan: .enterprise)
    for name in ["bob", "cyd", "dan"] { _ = try proposer.member(name, .viewer, in: workspace) }
    _ = ann
    let all = try records(proposer, of: workspace)
    #expect(
      all.map(\.action) == ["member.add", "member.add", "member.add", "user.register"])
    let first = try proposer.view.read { try $0.auditRecords(of: workspace.id, limit: 3) }
    let rest = try proposer.view.read {
      try $0.auditRecords(of: workspace.id, after: first.next, limit: 3)
    }
    #expect(first.items + rest.items == all)
    #expect(rest.next == nil)
  }

  @Test func whatAMemberIsDeniedIsWrittenDown() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann", plan: .professional)
    let bob = try proposer.member("bob", .viewer, in: workspace)
    #expect(throws: Rejection.forbidden(.manageUsers)) {
      try proposer.propose(
        AddMember(workspaceID: workspace.id, user: newUser("cyd"), role: .viewer),
        by: .user(bob.id))
    }
    let record = try #require(try records(proposer, of: workspace).first)
    #expect(record.outcome == .denied)
    #expect(record.userID == bob.id)
    #expect(record.action == "member.add")
  }

  @Test func nodesTellWhatTheyDeniedInOneCommand() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann", plan: .professional)
    let bob = try proposer.member("bob", .viewer, in: workspace)
    let earlier = proposer.now
    proposer.advance(milliseconds: 5_000)
    let denial = Denial(
      actor: .user(bob.id), userID: bob.id, workspaceID: workspace.id, action: "call.addMember",
      target: "POST /x", at: earlier, origin: origin)
    var others = [denial, denial, denial]
    others[0].times = 17
    others[0].actor = .apiKey(APIKeyID(rawValue: "key_1"))
    others[1].workspaceID = nil
    others[2].workspaceID = WorkspaceID(rawValue: "ws_gone")
    let command = NoteDenials(denials: [denial] + others)
    #expect(try proposer.propose(command, by: .node(name: "clean-0")) == 3)
    let all = try records(proposer, of: nil)
    #expect(all.map(\.workspaceID).prefix(3) == [nil, workspace.id, workspace.id])
    #expect(all.map(\.id) == all.map(\.id).sorted(by: >))
    #expect(Set(all.map(\.id)).count == all.count)
    let here = try records(proposer, of: workspace)
    #expect(here.prefix(2).map(\.target) == ["POST /x times=17", "POST /x"])
    #expect(here[0].actorKind == .apiKey && here[0].actorID == "key_1")
    #expect(
      here[1]
        == AuditRecord(
          id: AuditRecord.id(of: proposer.store.lastApplied.index), workspaceID: workspace.id,
          at: earlier, actorKind: .user, actorID: bob.id.rawValue, userID: bob.id,
          action: "call.addMember", target: "POST /x", outcome: .denied, origin: origin))
    // Of what is done later the record comes later.
    _ = try proposer.member("cyd", .viewer, in: workspace)
    #expect(try records(proposer, of: workspace).first?.action == "member.add")
    _ = ann
  }

  @Test func denialsAreToldByNodesAndBounded() throws {
    let proposer = try Proposer()
    let denial = Denial(
      actor: .operator(name: "ops"), userID: nil, workspaceID: nil, action: "call.x", target: "",
      at: proposer.now, origin: origin)
    for actor in [Actor.anonymous, .operator(name: "ops"), .user(UserID(rawValue: "usr_a"))] {
      #expect(throws: Rejection.forbidden(.operateCluster)) {
        try proposer.propose(NoteDenials(denials: [denial]), by: actor)
      }
    }
    var odd = [denial, denial, denial]
    odd[0].times = 0
    odd[1].action = ""
    odd[2].target = "\n"
    let most = StateLimits.denialsAtOnce
    for denials in odd.map({ [denial, $0] }) + [Array(repeating: denial, count: most + 1)] {
      #expect(throws: Rejection.self) {
        try proposer.propose(NoteDenials(denials: denials), by: .node(name: "n"))
      }
    }
    #expect(try records(proposer, of: nil).isEmpty)
    let all = NoteDenials(denials: Array(repeating: denial, count: most))
    #expect(try proposer.propose(all, by: .node(name: "n")) == Int64(most))
    #expect(try proposer.propose(all, by: .node(name: "n")) == Int64(most))
  }

  // MARK: Accounts

  private func own(_ user: User, _ proposer: Proposer) throws -> [AuditRecord] {
    try proposer.view.read { try $0.auditRecords(ofAccount: user.id).items }
  }

  @Test func loginsAreToldToTheUserAndToWorkspacesUpToABound() throws {
    let proposer = try Proposer()
    let (new, workspace) = try proposer.tenant("ann")
    let ann = try proposer.prove(new)
    var workspaces = [workspace]
    for number in 1...StateLimits.toldWorkspaces {
      proposer.advance(milliseconds: 1)
      let (_, other) = try proposer.tenant("u\(number)", plan: .professional)
      try proposer.propose(
        AddMember(workspaceID: other.id, user: newUser("ann"), role: .viewer))
      workspaces.append(other)
    }
    let session = try proposer.open("a", of: ann)
    #expect(try own(ann, proposer).first?.action == "session.open")
    let copies = try records(proposer, of: nil).prefix(1 + StateLimits.toldWorkspaces)
    #expect(copies.allSatisfy { $0.action == "session.open" && $0.userID == ann.id })
    #expect(copies.allSatisfy { $0.target == session.id.rawValue })
    #expect(Set(copies.map(\.id)).count == copies.count)
    for (number, workspace) in workspaces.enumerated() {
      let isTold = try records(proposer, of: workspace).contains { $0.action == "session.open" }
      #expect(isTold == (number < StateLimits.toldWorkspaces))
    }
    // What comes next has a later number.
    _ = try proposer.open("b", of: ann)
    #expect(try own(ann, proposer).map(\.target).prefix(2) == ["ses_b", "ses_a"])
  }

  @Test func reuseAndResetsAreToldToo() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann")
    let session = try proposer.open("a", of: ann)
    let refresh = RefreshSession(id: session.id, generation: 1)
    for _ in 1...2 { _ = try proposer.propose(refresh, by: .session(session.id)) }
    try proposer.propose(
      RequestPasswordReset(subject: .email(ann.email), tokenHash: try hash(1)), by: .anonymous)
    try proposer.propose(
      ResetPassword(tokenHash: try hash(1), passwordHash: "new"), by: .anonymous)
    let told = ["password.reset", "session.reuse", "session.open"]
    #expect(try records(proposer, of: workspace).map(\.action).prefix(3) == told[...])
    let mine = try own(ann, proposer)
    #expect(
      mine.map(\.action)
        == ["password.reset", "password.request_reset", "session.reuse", "session.open"])
    #expect(mine.allSatisfy { $0.userID == ann.id && $0.workspaceID == nil })
    #expect(mine.map(\.actorKind) == [.anonymous, .anonymous, .user, .user])
  }

  @Test func whatBelongsToAWorkspaceIsNotOfTheAccount() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann", plan: .professional)
    let bob = try proposer.member("bob", .admin, in: workspace)
    try proposer.propose(
      AddMember(workspaceID: workspace.id, user: newUser("cyd"), role: .viewer), by: .user(bob.id))
    _ = try proposer.open("b", of: bob)
    try proposer.propose(
      RemoveMember(workspaceID: workspace.id, userID: bob.id), by: .user(ann.id))
    #expect(try own(bob, proposer).map(\.action) == ["session.open"])
    #expect(try own(ann, proposer).isEmpty)
    _ = try proposer.open("c", of: bob)
    #expect(try records(proposer, of: workspace).first?.action == "member.remove")
  }

  @Test func lockOutsAreToldToWorkspacesUpToTheBoundOfACommand() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann")
    let denial = Denial(
      actor: .anonymous, userID: ann.id, workspaceID: nil, action: "account.lock",
      target: ann.id.rawValue, at: proposer.now, origin: origin, isToldToWorkspaces: true)
    let most = StateLimits.denialsAtOnce / (1 + StateLimits.toldWorkspaces)
    let many = NoteDenials(denials: Array(repeating: denial, count: most + 1))
    #expect(throws: Rejection.self) { try proposer.propose(many, by: .node(name: "n")) }
    let all = NoteDenials(denials: Array(repeating: denial, count: most))
    #expect(try proposer.propose(all, by: .node(name: "n")) == Int64(most))
    let here = try records(proposer, of: workspace).filter { $0.action == "account.lock" }
    #expect(here.count == most)
    #expect(here.allSatisfy { $0.outcome == .denied && $0.actorKind == .anonymous })
    #expect(try own(ann, proposer).count == most)
  }

  @Test func strangersLeaveNoTraceInATenantsLog() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann")
    let (eve, _) = try proposer.tenant("eve")
    let before = try records(proposer, of: workspace)
    #expect(throws: Rejection.notFound(.workspace)) {
      try proposer.propose(
        AddMember(workspaceID: workspace.id, user: newUser("cyd"), role: .viewer),
        by: .user(eve.id))
    }
    #expect(try records(proposer, of: workspace) == before)
  }

  @Test func keysAreNamedWithTheirUser() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann")
    let id = APIKeyID(rawValue: "key_1")
    let key = CreateAPIKey(
      id: id, workspaceID: workspace.id, userID: ann.id, name: "k", scopes: .all,
      secretHash: try hash(1))
    try proposer.propose(key, by: .user(ann.id))
    try proposer.propose(RevokeAPIKey(workspaceID: workspace.id, id: id), by: .apiKey(id))
    let record = try #require(try records(proposer, of: workspace).first)
    #expect(record.actorKind == .apiKey)
    #expect(record.actorID == "key_1")
    #expect(record.userID == ann.id)
  }

  @Test func reservationsAreNoNews() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann")
    let before = try records(proposer, of: nil)
    try proposer.propose(proposer.reserve(10, in: workspace, id: "a"), by: .user(ann.id))
    #expect(try records(proposer, of: nil) == before)
  }
}
