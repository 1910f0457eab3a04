import TenantLog
import Testing

@testable import CloudState

/// How many workspaces of the free plan a user makes, and how fast.
@Suite struct FreeWorkspaceTests {
  /// Somebody who has registered, with a workspace of the free plan.
  private func register(_ name: String, _ proposer: Proposer) throws -> (User, Workspace) {
    let (user, workspace) = try proposer.propose(
      CreateUser(
        user: newUser(name), workspace: NewWorkspace(id: workspaceID(name), name: name)),
      by: .anonymous)
    return (user, try #require(workspace))
  }

  private func workspaceID(_ name: String) -> WorkspaceID { WorkspaceID(rawValue: "ws_" + name) }

  private func new(_ name: String, for user: User) -> CreateWorkspace {
    CreateWorkspace(
      workspace: NewWorkspace(id: workspaceID(name), name: name), owner: .user(user.id))
  }

  @discardableResult
  private func make(_ name: String, _ user: User, _ proposer: Proposer) throws -> Workspace {
    try proposer.propose(new(name, for: user), by: .user(user.id))
  }

  /// As many as a user may have made, but for so many.
  private func fill(_ user: User, _ proposer: Proposer, leaving places: Int64 = 0) throws {
    for number in 1..<StateLimits.freeWorkspaces - places {
      try make("\(user.name)\(number)", user, proposer)
    }
  }

  private func isFull(_ user: User, _ proposer: Proposer) -> Bool {
    do {
      try make("more", user, proposer)
      return false
    } catch {
      return error as? Rejection == .overloaded(.freeWorkspaces)
    }
  }

  @Test func userMakesFiveWithTheOneOfTheRegistration() throws {
    let proposer = try Proposer()
    let (ann, _) = try register("ann", proposer)
    try fill(ann, proposer)
    #expect(isFull(ann, proposer))
    #expect(try proposer.view.read { try $0.workspace(workspaceID("more")) } == nil)
    #expect(try proposer.view.read { try $0.workspaces(of: ann.id) }.items.count == 5)
    // A session is the same user, and another user has places of their own.
    let session = try proposer.session("ann", of: ann)
    #expect(throws: Rejection.overloaded(.freeWorkspaces)) {
      try proposer.propose(new("more", for: ann), by: session)
    }
    let (bob, _) = try register("bob", proposer)
    try make("more", bob, proposer)
  }

  @Test func ofTwoAtOnceOneTakesTheLastPlace() throws {
    let proposer = try Proposer()
    let (ann, _) = try register("ann", proposer)
    try fill(ann, proposer, leaving: 1)
    let outcomes = try proposer.batch([
      proposer.envelope(new("one", for: ann), by: .user(ann.id)),
      proposer.envelope(new("two", for: ann), by: .user(ann.id)),
    ])
    #expect(throws: Never.self) { try outcomes[0].get() }
    #expect(outcomes[1] == .rejected(.overloaded(.freeWorkspaces)))
  }

  @Test func operatorIsNotBound() throws {
    let proposer = try Proposer()
    // Neither is what the operator makes counted against the owner.
    let (ann, _) = try proposer.tenant("ann")
    for number in 0..<20 { try proposer.propose(new("given\(number)", for: ann)) }
    for number in 0..<StateLimits.freeWorkspaces { try make("own\(number)", ann, proposer) }
    #expect(isFull(ann, proposer))
    try proposer.propose(new("gift", for: ann))
  }

  @Test func anotherPlanLeavesAPlace() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try register("ann", proposer)
    try fill(ann, proposer)
    try proposer.propose(UpdateWorkspace(workspaceID: workspace.id, planID: .professional))
    try make("one", ann, proposer)
    #expect(isFull(ann, proposer))
    // The operator may give more of them, and takes none away.
    try proposer.propose(UpdateWorkspace(workspaceID: workspace.id, planID: .free))
    #expect(try proposer.view.read { try $0.workspaces(of: ann.id) }.items.count == 6)
    try proposer.propose(DeleteWorkspace(workspaceID: workspace.id), by: .user(ann.id))
    #expect(isFull(ann, proposer))
  }

  @Test func deletionLeavesAPlaceUntilTooManyWereMade() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try register("ann", proposer)
    try fill(ann, proposer)
    // What was refused is not counted.
    for _ in 0..<20 { #expect(isFull(ann, proposer)) }
    var last = workspace
    func replace(_ name: String) throws {
      try proposer.propose(DeleteWorkspace(workspaceID: last.id), by: .user(ann.id))
      last = try make(name, ann, proposer)
    }
    let limit = AttemptLimit.workspaces
    for number in StateLimits.freeWorkspaces..<limit.burst + 1 { try replace("ann\(number)") }
    let until = proposer.now.adding(milliseconds: limit.interval)
    #expect(throws: Rejection.rateLimited(until: until)) { try replace("next") }
    // The place is there, for the operator's present, too, and for nobody's haste.
    try proposer.propose(new("gift", for: ann))
    proposer.advance(milliseconds: limit.interval - 1)
    #expect(throws: Rejection.rateLimited(until: until)) { try make("next", ann, proposer) }
    proposer.advance(milliseconds: 1)
    last = try make("next", ann, proposer)
    #expect(isFull(ann, proposer))
    #expect(throws: Rejection.rateLimited(until: until.adding(milliseconds: limit.interval))) {
      try replace("another")
    }
    // Ten a day, in the long run.
    #expect(limit.interval * 10 == 86_400_000)
  }

  @Test func whoMadeWhatIsInSnapshots() throws {
    let proposer = try Proposer()
    let (ann, _) = try register("ann", proposer)
    try fill(ann, proposer)
    let snapshot = try proposer.store.snapshot().bytes()
    try proposer.propose(DeleteWorkspace(workspaceID: workspaceID("ann1")), by: .user(ann.id))
    try proposer.store.restore(from: pieces(of: snapshot, size: 1_000))
    #expect(isFull(ann, proposer))
    try proposer.propose(DeleteWorkspace(workspaceID: workspaceID("ann1")), by: .user(ann.id))
    try make("one", ann, proposer)
    #expect(isFull(ann, proposer))
  }

  @Test func randomLogsMeetTheBound() throws {
    let member = try Member()
    let outcomes = try member.apply(try RandomLog.entries(seed: 1, count: 4_000), batch: 256)
    let refused = try outcomes.filter { !$0.isEmpty }.count {
      try Outcome(decoding: $0) == .rejected(.overloaded(.freeWorkspaces))
    }
    #expect(refused > 0)
  }
}
