import Foundation
import Testing

extension ProcessTests {
  /// Three real nodes over real sockets.
  @Suite struct ClusterTests {
    let folder: TemporaryFolder
    let nodes: [NodeProcess]

    init() throws {
      folder = try TemporaryFolder()
      nodes = NodeProcess.cluster(of: 3, in: folder)
    }

    private func form() async throws {
      for node in nodes.reversed() { try node.start() }
      for node in nodes { try await node.waitUntilReady() }
    }

    private func cluster(on node: NodeProcess) async throws -> [String: Any] {
      try await HTTP.get(node.url + "/api/v1/cluster", token: try nodes[0].adminToken).json
    }

    private func leader(on node: NodeProcess) async throws -> NodeProcess {
      let name = try #require(try await cluster(on: node)["leader"] as? String)
      return try #require(nodes.first { $0.name == name })
    }

    @Test func losesNothingThatWasAcknowledgedWhenTheLeaderIsKilled() async throws {
      try await form()
      let first = try await leader(on: nodes[0])
      let followers = nodes.filter { $0 !== first }
      let tenant = try await Tenant.make(on: followers[0])

      // Writers on both followers, across the crash.
      let names = try await withThrowingTaskGroup(of: Set<String>.self) { group in
        for (i, follower) in followers.enumerated() {
          let url = follower.url
          group.addTask {
            var acknowledged: Set<String> = []
            for j in 0..<40 {
              let name = "key \(i) \(j)"
              let answer = try await HTTP.post(
                url + "/api/v1/api-keys", token: tenant.accessToken,
                ["workspace_id": tenant.workspaceID, "name": name, "scopes": ["read"]])
              if answer.status == 201 { acknowledged.insert(name) }
            }
            return acknowledged
          }
        }
        first.crash()
        return try await group.reduce(into: Set<String>()) { $0.formUnion($1) }
      }
      // No write failed for good: the nodes that live retry on behalf of their clients.
      #expect(names.count == 80)
      for follower in followers {
        #expect(try await tenant.keyNames(on: follower).isSuperset(of: names))
      }

      try first.start()
      try await first.waitUntilReady()
      #expect(try await tenant.keyNames(on: first).isSuperset(of: names))
      try await eventually("all members stand where the leader stands") {
        let members = try #require(try await cluster(on: first)["members"] as? [[String: Any]])
        return members.count == 3
          && members.allSatisfy { $0["lag"] as? Int == 0 && $0["state"] as? String == "healthy" }
      }
    }

    @Test func aWriteOnOneNodeIsReadOnEveryOther() async throws {
      try await form()
      let tenant = try await Tenant.make(on: nodes[1])
      for i in 0..<10 {
        let writer = nodes[i % 3]
        #expect(try await tenant.createKey("key \(i)", on: writer).status == 201)
        for reader in nodes {
          #expect(try await tenant.keyNames(on: reader).contains("key \(i)"))
        }
      }
      // Each node's own operator's token is good on every node.
      for owner in nodes {
        for node in nodes {
          let status = try await HTTP.get(node.url + "/api/v1/cluster", token: try owner.adminToken)
          #expect(status.status == 200)
        }
      }
    }

    @Test func aLeaderThatIsToldToStopHandsOverFirst() async throws {
      try await form()
      let first = try await leader(on: nodes[0])
      let other = try #require(nodes.first { $0 !== first })
      let tenant = try await Tenant.make(on: other)
      #expect(first.terminate() == 0)
      #expect(first.log.contains("handed"), "\(first.log.suffix(500))")
      #expect(try await tenant.createKey("after", on: other).status == 201)
      #expect(try await leader(on: other) !== first)
    }

    @Test func stopsInTimeWithoutALeaderAndWithAnUnfinishedUpload() async throws {
      // Nobody has founded the cluster yet.
      try nodes[0].start()
      try await eventually("\(nodes[0].name) answers") {
        try await HTTP.get(nodes[0].url + "/livez").status == 200
      }
      #expect(nodes[0].terminate() == 0)

      try await form()
      let first = try await leader(on: nodes[0])
      let tenant = try await Tenant.make(on: first)
      let socket = try RawSocket(port: first.ports.rest)
      defer { socket.close() }
      try socket.send(
        """
        POST /api/v1/analyze?workspace_id=\(tenant.workspaceID) HTTP/1.1\r
        Host: localhost\r
        Authorization: Bearer \(tenant.accessToken)\r
        Content-Type: text/csv\r
        Content-Length: 100000\r
        \r
        a,b\n1,2\n
        """)
      #expect(first.terminate() == 0)
      #expect(first.log.contains("handed over"), "\(first.log.suffix(500))")
    }

    @Test func aMinorityServesNoLinearizableReadAndNoWrite() async throws {
      try await form()
      let tenant = try await Tenant.make(on: nodes[0])
      nodes[1].crash()
      nodes[2].crash()
      let write = try await tenant.createKey("alone", on: nodes[0])
      #expect(write.status == 503)
      #expect(write.headers["retry-after"] != nil)
      #expect(try write.text("code") == "no_leader")
      let path = "/api/v1/usage?workspace_id=\(tenant.workspaceID)"
      #expect(try await HTTP.get(nodes[0].url + path, token: tenant.accessToken).status == 503)
      // It cannot know whether the caller may still read, so not even this.
      let stale = try await HTTP.get(
        nodes[0].url + path + "&consistency=stale", token: tenant.accessToken)
      #expect(stale.status == 503)
      #expect(try await HTTP.get(nodes[0].url + "/livez").status == 200)
      #expect(try await HTTP.get(nodes[0].url + "/readyz").status == 503)
    }

    @Test func aNodeThatLostItsDiskIsKeptOut() async throws {
      try await form()
      nodes[2].crash()
      try FileManager.default.removeItem(atPath: nodes[2].dataDirectory)
      try nodes[2].start()
      try await eventually("the log says what happened: \(nodes[2].log.suffix(500))") {
        nodes[2].log.contains("already founded") || nodes[2].log.contains("another cluster")
      }
      #expect(try await HTTP.get(nodes[2].url + "/readyz").status == 503)
      #expect(try await HTTP.get(nodes[0].url + "/readyz").status == 200)
    }
  }
}
