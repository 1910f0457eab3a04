import Testing

@testable import CloudState

@Suite struct InvitationTests {
  private func invite(
    _ name: String, as role: Role = .analyst, token: UInt8 = 1, to workspace: Workspace
  ) throws -> Invite {
    Invite(
      id: InvitationID(rawValue: "inv_\(name)\(token)"), workspaceID: workspace.id,
      email: "\(name)@Example.org", role: role, tokenHash: try hash(token))
  }

  private func accept(_ token: UInt8 = 1, password: String? = "hash") throws -> AcceptInvitation {
    AcceptInvitation(
      tokenHash: try hash(token), userID: UserID(rawValue: "usr_new\(token)"), name: "New",
      passwordHash: password)
  }

  @Test func newUserAcceptsWithAPassword() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann", plan: .professional)
    let made = try proposer.propose(invite("bob", to: workspace), by: .user(ann.id))
    #expect(made.email == "bob@example.org")
    #expect(made.invitedBy == ann.id)
    #expect(throws: Rejection.invalid(field: "password", message: "is missing; the user is new")) {
      try proposer.propose(accept(password: nil), by: .anonymous)
    }
    let (member, isNew) = try proposer.propose(accept(), by: .anonymous)
    #expect(isNew)
    #expect(member.user.email == "bob@example.org")
    #expect(member.user.passwordHash == "hash")
    #expect(member.membership.role == .analyst)
    #expect(throws: Rejection.notFound(.invitation)) {
      try proposer.propose(accept(), by: .anonymous)
    }
    let audit = try proposer.view.read { try $0.auditRecords(of: workspace.id).items }
    #expect(audit.prefix(2).map(\.action) == ["invitation.accept", "invitation.create"])
  }

  @Test func knownUserAcceptsAndStaysAsTheyAre() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann", plan: .professional)
    let bob = try proposer.prove(try proposer.tenant("bob").user)
    try proposer.propose(invite("bob", as: .admin, to: workspace), by: .user(ann.id))
    let (member, isNew) = try proposer.propose(accept(password: "other"), by: .anonymous)
    #expect(!isNew)
    #expect(member.user == bob)
    #expect(try proposer.view.read { try $0.membership(workspace.id, bob.id)?.role } == .admin)
  }

  @Test func seatIsTakenAtAcceptance() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant(
      "ann", plan: .professional, settings: WorkspaceSettings(maxUsers: 2))
    try proposer.propose(invite("bob", token: 1, to: workspace), by: .user(ann.id))
    try proposer.propose(invite("cyd", token: 2, to: workspace), by: .user(ann.id))
    let outcomes = try proposer.batch([
      proposer.envelope(accept(1), by: .anonymous), proposer.envelope(accept(2), by: .anonymous),
      proposer.envelope(accept(1), by: .anonymous),
    ])
    #expect(throws: Never.self) { try outcomes[0].get() }
    #expect(
      outcomes[1]
        == .rejected(
          .quotaExceeded(QuotaExceeded(metric: .users, limit: 2, used: 2, resetsAt: nil))))
    #expect(outcomes[2] == .rejected(.notFound(.invitation)))
    #expect(try proposer.view.read { try $0.user(email: "cyd@example.org") } == nil)
    // Once there is a seat, the invitation is still good.
    let bob = try #require(try proposer.view.read { try $0.user(email: "bob@example.org") })
    try proposer.propose(RemoveMember(workspaceID: workspace.id, userID: bob.id))
    try proposer.propose(accept(2), by: .anonymous)
  }

  @Test func nobodyInvitesAboveTheirRole() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann", plan: .professional)
    let admin = try proposer.member("adam", .admin, in: workspace)
    let viewer = try proposer.member("vera", .viewer, in: workspace)
    let owner = try invite("bob", as: .owner, to: workspace)
    #expect(throws: Rejection.forbidden(.manageOwners)) {
      try proposer.propose(owner, by: .user(admin.id))
    }
    #expect(throws: Rejection.forbidden(.manageUsers)) {
      try proposer.propose(invite("bob", to: workspace), by: .user(viewer.id))
    }
    let made = try proposer.propose(owner, by: .user(ann.id))
    let revoke = RevokeInvitation(workspaceID: workspace.id, id: made.id)
    #expect(throws: Rejection.forbidden(.manageOwners)) {
      try proposer.propose(revoke, by: .user(admin.id))
    }
    #expect(try proposer.propose(revoke, by: .user(ann.id)) == made)
    #expect(throws: Rejection.notFound(.invitation)) {
      try proposer.propose(revoke, by: .user(ann.id))
    }
    #expect(throws: Rejection.notFound(.invitation)) {
      try proposer.propose(accept(), by: .anonymous)
    }
  }

  @Test func anAddressHasOneOpenInvitation() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann", plan: .professional)
    let (_, other) = try proposer.tenant("eve", plan: .professional)
    try proposer.propose(invite("bob", token: 1, to: workspace))
    #expect(throws: Rejection.conflict(.alreadyInvited)) {
      try proposer.propose(invite("BOB", token: 2, to: workspace))
    }
    try proposer.propose(invite("bob", token: 3, to: other))
    proposer.advance(milliseconds: StateLimits.invitationLength)
    #expect(throws: Rejection.notFound(.invitation)) {
      try proposer.propose(accept(1), by: .anonymous)
    }
    try proposer.propose(invite("bob", token: 2, to: workspace))
    #expect(throws: Rejection.conflict(.alreadyMember)) {
      try proposer.propose(invite("ann", token: 4, to: workspace))
    }
  }

  @Test func whoWasAddedNeedsNone() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann", plan: .professional)
    try proposer.propose(invite("bob", to: workspace))
    _ = try proposer.member("bob", .viewer, in: workspace)
    #expect(throws: Rejection.notFound(.invitation)) {
      try proposer.propose(accept(), by: .anonymous)
    }
  }

  @Test func openOnesAreListedInPagesAndBounded() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann", plan: .professional)
    for number in 0..<StateLimits.openInvitations {
      try proposer.propose(
        Invite(
          id: InvitationID(rawValue: "inv_\(number)"), workspaceID: workspace.id,
          email: "u\(number)@example.org", role: .viewer,
          tokenHash: try #require(
            SecretHash((0..<32).map { UInt8(truncatingIfNeeded: number >> ($0 % 8)) }))))
    }
    #expect(throws: Rejection.overloaded(.openInvitations)) {
      try proposer.propose(invite("more", token: 255, to: workspace))
    }
    let first = try proposer.view.read {
      try $0.invitations(of: workspace.id, at: proposer.now, limit: 150)
    }
    let rest = try proposer.view.read {
      try $0.invitations(of: workspace.id, at: proposer.now, after: first.next, limit: 150)
    }
    #expect(first.items.count + rest.items.count == Int(StateLimits.openInvitations))
    #expect(rest.next == nil)
    proposer.advance(milliseconds: StateLimits.invitationLength)
    let expired = try proposer.view.read {
      try $0.invitations(of: workspace.id, at: proposer.now).items
    }
    #expect(expired == [])
    _ = try proposer.propose(KeepHouse(limit: 10_000), by: .node(name: "n"))
    #expect(try proposer.view.read { try $0.houseIsDue(at: proposer.now) } == false)
  }

  @Test func isForMembersOfTheWorkspaceOnly() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann", plan: .professional)
    let (eve, other) = try proposer.tenant("eve", plan: .professional)
    #expect(throws: Rejection.notFound(.workspace)) {
      try proposer.propose(invite("bob", to: workspace), by: .user(eve.id))
    }
    let made = try proposer.propose(invite("bob", to: workspace))
    #expect(throws: Rejection.notFound(.invitation)) {
      try proposer.propose(
        RevokeInvitation(workspaceID: other.id, id: made.id), by: .user(eve.id))
    }
    #expect(
      throws: Rejection.invalid(
        field: "email", message: "must be an ASCII address like ann@example.org")
    ) {
      try proposer.propose(
        Invite(
          id: made.id, workspaceID: workspace.id, email: "nobody", role: .viewer,
          tokenHash: try hash(9)))
    }
  }
}
