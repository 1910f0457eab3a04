import CloudAPI
import CloudState
import NodeRuntime
import Testing

@testable import NodeGateway

@Suite struct DenialTests {
  private let start = Timestamp.now()

  private func denial(
    _ user: String, _ action: String = "call.x", in workspace: String? = "ws_1"
  ) -> Denial {
    Denial(
      actor: .user(UserID(rawValue: user)), userID: UserID(rawValue: user),
      workspaceID: workspace.map(WorkspaceID.init(rawValue:)), action: action, target: "GET /",
      at: start, origin: .unknown)
  }

  @Test func isToldOnceAndOnceMoreWithItsNumber() {
    let denials = Denials.ofCalls()
    for _ in 1...3 { denials.note(denial("usr_a")) }
    #expect(denials.take(at: start).denials.map(\.times) == [3])
    for _ in 1...5 { denials.note(denial("usr_a")) }
    denials.note(denial("usr_b"))
    #expect(denials.take(at: start).denials.map(\.userID) == [UserID(rawValue: "usr_b")])
    let almost = start.adding(milliseconds: Denials.hour - 1)
    #expect(denials.take(at: almost).denials.isEmpty)
    let end = start.adding(milliseconds: Denials.hour)
    #expect(denials.take(at: end).denials.map(\.times) == [5])
    // Another hour begins anew.
    denials.note(denial("usr_a"))
    #expect(denials.take(at: start).denials.map(\.times) == [1])
  }

  @Test func whatIsLeftIsToldAtTheEnd() {
    let denials = Denials.ofCalls()
    for _ in 1...2 { denials.note(denial("usr_a")) }
    _ = denials.take(at: start)
    denials.note(denial("usr_a"))
    denials.note(denial("usr_b"))
    #expect(denials.take(at: start, isLast: true).denials.map(\.times) == [1, 1])
    #expect(denials.take(at: start, isLast: true).denials.isEmpty)
  }

  @Test func noPlaceTakesTheWholeLog() {
    let denials = Denials.ofCalls()
    for number in 0..<100 { denials.note(denial("usr_\(number)")) }
    // The log of the cluster is shared by callers.
    for number in 0..<100 { denials.note(denial("usr_a", "call.\(number)", in: nil)) }
    denials.note(denial("usr_b", in: nil))
    denials.note(denial("usr_b", in: "ws_2"))
    let taken = denials.take(at: start).denials
    #expect(taken.count { $0.workspaceID == WorkspaceID(rawValue: "ws_1") } == Denials.perPlace)
    #expect(taken.count { $0.workspaceID == nil } == Denials.perPlace + 1)
    #expect(taken.count { $0.workspaceID == WorkspaceID(rawValue: "ws_2") } == 1)
    let end = start.adding(milliseconds: Denials.hour)
    #expect(denials.take(at: end).passedOver == 2 * (100 - Denials.perPlace))
  }

  @Test func allTogetherAreBounded() {
    let denials = Denials.ofCalls()
    let calls = denials.inAll + 100
    for number in 0..<calls { denials.note(denial("usr_a", in: "ws_\(number)")) }
    var (told, passedOver) = (0, 0)
    while true {
      let taken = denials.take(at: start, isLast: true)
      guard !taken.denials.isEmpty else { break }
      #expect(taken.denials.count <= StateLimits.denialsAtOnce)
      told += taken.denials.count
      passedOver += taken.passedOver
    }
    #expect(told == denials.inAll)
    #expect(passedOver == 100)
  }
}

@Suite struct DeniedCallTests {
  private func log(
    _ node: TestGateway, _ path: String, token: String
  ) async throws -> [AuditEntry] {
    try await node.call("GET", path, token: token).decode(Page<AuditEntry>.self).items
      .filter { $0.outcome == "denied" }
  }

  @Test func standInTheLogWhereTheyBelong() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada")
      let eve = try await node.register("eve")
      let (mine, hers) = (ada.tokens.accessToken, eve.tokens.accessToken)
      let key = try await node.key(#""read""#, token: mine)
      // A key without the scope, twice; a stranger at another's door, and at one that is not there; a
      // user where only operators may; and somebody unknown.
      for _ in 1...2 {
        _ = try await node.call("GET", "/api/v1/api-keys", token: key.key)
          .problem(403, .forbidden)
      }
      let home = "/api/v1/workspaces/\(ada.workspace.id)"
      _ = try await node.call("DELETE", home, token: hers).problem(404, .notFound)
      _ = try await node.call("GET", "/api/v1/users/\(ada.user.id)", token: hers)
        .problem(404, .notFound)
      _ = try await node.call("DELETE", "/api/v1/workspaces/ws_0", token: hers)
        .problem(404, .notFound)
      _ = try await node.call("GET", "/api/v1/users/usr_0", token: hers).problem(404, .notFound)
      _ = try await node.call("GET", "/api/v1/cluster", token: hers).problem(403, .forbidden)
      _ = try await node.call("GET", home).problem(401, .unauthenticated)
      try await node.upkeep.tellDenials()

      let own = try await log(node, "/api/v1/audit", token: mine)
      let entry = try #require(own.first)
      #expect(own.count == 1)
      #expect(entry.action == "call.listAPIKeys")
      #expect(entry.target == "GET /api/v1/api-keys times=2")
      #expect(entry.actorKind == "api_key" && entry.actorID == key.apiKey.id)
      #expect(entry.userID == ada.user.id)
      #expect(entry.address == "127.0.0.1")
      #expect(entry.requestID?.isEmpty == false)
      #expect(try await log(node, "/api/v1/audit", token: hers).isEmpty)
      let all = try await log(node, "/api/v1/cluster/audit", token: TestGateway.adminToken)
      #expect(
        all.reversed().map(\.action) == [
          "call.listAPIKeys", "call.deleteWorkspace", "call.getUser", "call.getCluster",
        ])
      #expect(
        all.filter { $0.workspaceID == nil }.allSatisfy { $0.userID == eve.user.id })
      #expect(all.contains { $0.target == "DELETE \(home)" })
    }
  }

  @Test func areToldOnceThoughTheAnswerIsLost() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      _ = try await node.call("GET", "/api/v1/cluster", token: token).problem(403, .forbidden)
      node.cluster.loseAnswer(after: 0)
      await #expect(throws: ConsensusError.self) { try await node.upkeep.tellDenials() }
      try await node.upkeep.tellDenials()
      try await node.upkeep.tellDenials()
      let all = try await log(node, "/api/v1/cluster/audit", token: TestGateway.adminToken)
      #expect(all.count == 1)
    }
  }
}
