import Foundation
import Testing

extension ProcessTests {
  /// A day's limit of API calls is a limit while nodes come and go.
  @Suite struct CallQuotaTests {
    private static let limit = 300
    let folder: TemporaryFolder
    let nodes: [NodeProcess]

    init() throws {
      folder = try TemporaryFolder()
      nodes = NodeProcess.cluster(of: 3, in: folder, arguments: ["--rate-limit", "0"])
    }

    /// A workspace of a plan with so many calls, and a key for it.
    private struct Quota {
      let workspaceID: String
      let key: String
      let adminToken: String

      /// The operator asks, who is not counted.
      func calls(on node: NodeProcess) async throws -> (used: Int, reserved: Int) {
        let usage = try await HTTP.get(
          node.url + "/api/v1/usage?workspace_id=\(workspaceID)", token: adminToken)
        let calls = try #require(try usage.json["api_calls"] as? [String: Any])
        return (try #require(calls["used"] as? Int), calls["reserved"] as? Int ?? 0)
      }
    }

    private func form() async throws -> Quota {
      // Of two days each has its limit.
      try await eventually(within: .seconds(180), "midnight is not near") {
        Date.now.timeIntervalSince1970.truncatingRemainder(dividingBy: 86_400) < 86_400 - 90
      }
      for node in nodes { try node.start() }
      for node in nodes { try await node.waitUntilReady() }
      let admin = try nodes[0].adminToken
      let plan: [String: Any] = [
        "api_calls_per_day": Self.limit, "retention_days": 30, "features": ["all"],
      ]
      let defined = try await HTTP.send(
        "PUT", nodes[0].url + "/api/v1/plans/small", token: admin, type: "application/json",
        body: JSONSerialization.data(withJSONObject: plan))
      #expect(defined.status == 200)
      let tenant = try await Tenant.make(on: nodes[0], plan: "small")
      // The key is for all that is counted; making it is the first call.
      let made = try await tenant.createKey("counted", on: nodes[0])
      return Quota(
        workspaceID: tenant.workspaceID, key: try made.text("key"), adminToken: admin)
    }

    /// Four clients of each of these nodes call until they are refused, or the node is gone.
    ///
    /// - Parameter event: Carried out once so many calls were let through.
    /// - Returns: How many were.
    private func call(
      _ quota: Quota, on callees: [NodeProcess], after count: Int = .max,
      _ event: () -> Void = {}
    ) async throws -> Int {
      var admitted = 0
      try await withThrowingTaskGroup(of: (callee: Int, status: Int?).self) { clients in
        func call(_ i: Int) {
          let url = callees[i].url + "/api/v1/usage"
          clients.addTask { [key = quota.key] in
            (i, try? await HTTP.get(url, token: key).status)
          }
        }
        for _ in 0..<4 { for i in callees.indices { call(i) } }
        while let (i, status) = try await clients.next() {
          switch status {
          case 200:
            admitted += 1
            if admitted == count { event() }
            call(i)
          case 503: call(i)
          case 429, nil: break
          case let other?: Issue.record("answered \(other)")
          }
        }
      }
      return admitted
    }

    @Test func nodeThatIsStoppedTakesNothingAway() async throws {
      let quota = try await form()
      let stopped = nodes[1]
      let others = [nodes[0], nodes[2]]
      var admitted = 1
      admitted += try await call(quota, on: nodes, after: 100) {
        #expect(stopped.terminate() == 0)
      }
      try await eventually("all that was leased is used, or lets calls through again") {
        admitted += try await call(quota, on: others)
        let calls = try await quota.calls(on: others[0])
        return calls.used + calls.reserved == Self.limit && calls.reserved == 0
      }
      #expect(admitted == Self.limit)
    }

    @Test func nodeThatDiesTakesNoMoreThanItHeld() async throws {
      let quota = try await form()
      let victim = nodes[1]
      let others = [nodes[0], nodes[2]]
      var admitted = 1
      admitted += try await call(quota, on: nodes, after: 100) { victim.crash() }
      var reserved = 0
      try await eventually("the others use all but what it held") {
        admitted += try await call(quota, on: others)
        let calls = try await quota.calls(on: others[0])
        reserved = calls.reserved
        let elsewhere = try await quota.calls(on: others[1])
        return calls.used + calls.reserved == Self.limit && elsewhere == calls
      }
      // Lost is what was left of its lease, a 64th of the limit, and its four answers under way.
      #expect(admitted <= Self.limit)
      #expect(admitted >= Self.limit - (Self.limit / 64 + 1) - 4)
      #expect(reserved >= Self.limit - admitted)
      // It comes back with nothing, and lets nothing through that others did.
      try victim.start()
      try await victim.waitUntilReady()
      admitted += try await call(quota, on: nodes)
      #expect(admitted <= Self.limit)
    }
  }
}
