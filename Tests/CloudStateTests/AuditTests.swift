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
          id: 2, workspaceID: workspace.id, at: proposer.now, actorKind: .user,
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
