import Foundation
import Testing

extension ProcessTests {
  /// What was taken away, and acknowledged so, is refused on every node from then on, also by reads that
  /// ask nobody.
  @Suite struct RevocationTests {
    let folder: TemporaryFolder
    let nodes: [NodeProcess]

    init() throws {
      folder = try TemporaryFolder()
      nodes = NodeProcess.cluster(of: 3, in: folder)
    }

    private func form() async throws -> Tenant {
      for node in nodes.reversed() { try node.start() }
      for node in nodes { try await node.waitUntilReady() }
      return try await Tenant.make(on: nodes[0])
    }

    private func staleRead(_ key: String, on node: NodeProcess) async throws -> Int {
      try await HTTP.get(node.url + "/api/v1/usage?consistency=stale", token: key).status
    }

    private func revoke(_ id: String, _ tenant: Tenant, on node: NodeProcess) async throws {
      let answer = try await HTTP.send(
        "DELETE", node.url + "/api/v1/api-keys/" + id, token: tenant.accessToken)
      #expect(answer.status == 204)
    }

    @Test func whoLostARightReadsNothingOnAnyNodeFromTheAnswerOn() async throws {
      for node in nodes.reversed() { try node.start() }
      for node in nodes { try await node.waitUntilReady() }
      for (round, loss) in RightsLoss.allCases.enumerated() {
        let node = nodes[round % 3]
        let reader = try await loss.prepare(try await Tenant.make(on: node), on: node)
        for node in nodes {
          // Linearizable first, so that each has seen the right, and holds a lease.
          #expect(
            try await HTTP.get(node.url + reader.path, token: reader.token).status == 200, "\(loss)"
          )
          #expect(
            try await HTTP.get(node.url + reader.stalePath, token: reader.token).status == 200,
            "\(loss)")
        }
        try await reader.lose()
        for node in nodes {
          #expect(
            try await HTTP.get(node.url + reader.stalePath, token: reader.token).status
              == reader.refusal, "\(loss)")
        }
      }
    }

    @Test func nodeThatStoodStillKnowsThatItCannotKnow() async throws {
      let tenant = try await form()
      let made = try await tenant.createKey("key", on: nodes[0])
      let (key, id) = (try made.text("key"), try made.text("id"))
      #expect(try await HTTP.get(nodes[2].url + "/api/v1/usage", token: key).status == 200)
      #expect(try await staleRead(key, on: nodes[2]) == 200)
      nodes[2].pause()
      // If it led, another does after a while.
      try await eventually("the others go on without it") {
        try await HTTP.get(nodes[0].url + "/readyz").status == 200
      }
      try await revoke(id, tenant, on: nodes[0])
      nodes[2].resume()
      #expect([401, 503].contains(try await staleRead(key, on: nodes[2])))
    }

    @Test func nodeThatIsCutOffRefuses() async throws {
      let tenant = try await form()
      let made = try await tenant.createKey("key", on: nodes[0])
      let key = try made.text("key")
      #expect(try await HTTP.get(nodes[0].url + "/api/v1/usage", token: key).status == 200)
      nodes[1].pause()
      nodes[2].pause()
      defer {
        nodes[1].resume()
        nodes[2].resume()
      }
      // Nothing that the others might decide could reach it; what it still holds runs out by itself.
      try await eventually("the lease runs out") { try await staleRead(key, on: nodes[0]) == 503 }
      #expect(try await staleRead(key, on: nodes[0]) == 503)
    }
  }
}
