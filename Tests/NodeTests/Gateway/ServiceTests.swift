import CloudAPI
import Foundation
import NodeRuntime
import NodeTelemetry
import Raft
import Testing

@testable import NodeGateway

@Suite struct HealthTests {
  @Test func aNodeTellsHowItIs() async throws {
    try await TestGateway.run { node in
      #expect(try await node.call("GET", "/livez").status == 200)
      #expect(try await node.call("GET", "/readyz").status == 200)
      let root = try await node.call("GET", "/")
      #expect(try root.decode([String: String].self)["service"] == "clean-cloud")

      node.cluster.fail(with: .noLeader)
      #expect(try await node.call("GET", "/livez").status == 200)
      let unready = try await node.call("GET", "/readyz")
      _ = try unready.problem(503, .noLeader)
      #expect(unready.headers["retry-after"] == "1")
    }
  }

  @Test func howManyAskHowTheNodeIsDoesNotMatter() async throws {
    try await TestGateway.run { node in
      let (port, before) = (node.port, node.cluster.barriers)
      let answers = try await TestGateway.sockets.run {
        let request = Array("GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".utf8)
        let sockets = try (0..<300).map { _ in try TestSocket(port: port) }
        for socket in sockets { try socket.send(request) }
        return try sockets.map { try TestAnswer(reading: $0.readToEnd()) }
      }
      #expect(answers.allSatisfy { $0.status == 200 })
      #expect(node.cluster.barriers - before < answers.count / 2)
    }
  }

  @Test func metricsNameRoutesAndNotPaths() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      _ = try await node.call("GET", "/api/v1/workspaces/ws_secret", token: token)
      _ = try await node.call("PROPFIND", "/no/such/path")
      let answer = try await node.call("GET", "/metrics")
      #expect(answer.headers["content-type"] == Exposition.mediaType)
      let text = answer.text
      #expect(
        text.contains(
          #"clean_http_requests_total{method="GET",route="/api/v1/workspaces/{id}",status="4xx"} 1"#
        ))
      #expect(
        text.contains(
          #"clean_http_requests_total{method="other",route="unknown",status="4xx"} 1"#))
      #expect(text.contains("clean_raft_is_leader 1\n"))
      #expect(text.contains("clean_raft_term "))
      #expect(text.contains("clean_raft_feature_level 1\n"))
      #expect(text.contains("clean_raft_member_max_feature_level{member=\"clean-0\"} 1\n"))
      // The attempt, and the user.
      #expect(text.contains(#"clean_proposals_total{outcome="accepted"} 2"#))
      #expect(text.contains("process_resident_memory_bytes "))
      #expect(text.contains(#"clean_pool_jobs_waiting{pool="passwords"} 0"#))
      #expect(!text.contains("ws_secret"))
    }
  }
}

@Suite struct ClusterRouteTests {
  @Test func isForOperators() async throws {
    try await TestGateway.run { node in
      let user = try await node.register("ada").tokens.accessToken
      _ = try await node.call("GET", "/api/v1/cluster").problem(401, .unauthenticated)
      _ = try await node.call("GET", "/api/v1/cluster", token: user).problem(403, .forbidden)
      let answer = try await node.call("GET", "/api/v1/cluster", token: TestGateway.adminToken)
      let status = try answer.decode(ClusterStatus.self)
      #expect(status.healthy)
      #expect(status.leader == "clean-0")
      #expect(!status.clusterID.isEmpty)
      #expect(status.members.map(\.id) == [node.cluster.id.description])
      #expect(status.members.first?.state == .healthy)
      #expect(status.featureLevel == 1)
      #expect(status.members.first?.maxFeatureLevel == 1)
    }
  }

  @Test func leadershipIsHandedOverByName() async throws {
    try await TestGateway.run { node in
      let path = "/api/v1/cluster/transfer-leader"
      let any = try await node.call("POST", path, token: TestGateway.adminToken)
      #expect(any.status == 204)
      let named = try await node.post(path, token: TestGateway.adminToken, #"{"name": "clean-0"}"#)
      #expect(named.status == 204)
      #expect(node.cluster.transferTargets == [nil, node.cluster.id])
      _ = try await node.post(path, token: TestGateway.adminToken, #"{"name": "clean-9"}"#)
        .problem(404, .notFound)
      node.cluster.fail(with: .notLeader(leader: nil))
      _ = try await node.call("POST", path, token: TestGateway.adminToken).problem(409, .conflict)
    }
  }
}

@Suite struct ConsistencyTests {
  @Test func readsWaitForTheClusterUnlessTheyMayBeStale() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let before = node.cluster.barriers
      #expect(try await node.call("GET", "/api/v1/usage", token: token).status == 200)
      #expect(node.cluster.barriers == before + 1)
      let stale = try await node.call("GET", "/api/v1/usage?consistency=stale", token: token)
      #expect(stale.status == 200)
      _ = try await node.call("GET", "/api/v1/usage?consistency=often", token: token)
        .problem(400, .invalidRequest)

      node.cluster.fail(with: .noLeader)
      _ = try await node.call("GET", "/api/v1/usage", token: token).problem(503, .noLeader)
      // Not a call that counts: whether there is a lease for one is a matter of time.
      let alone = try await node.call("GET", "/api/v1/auth/me?consistency=stale", token: token)
      #expect(alone.status == 200)
    }
  }

  @Test func anAnswerSaysHowFarItsNodeIsAndCanBeHeldToIt() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      // Not a call that counts: for one the node proposes commands of its own, now or later.
      let path = "/api/v1/auth/me"
      let answer = try await node.call("GET", path, token: token)
      let index = try #require(answer.headers["clean-index"])
      #expect(index == node.cluster.appliedIndex.description)
      func reading(_ minimum: String) async throws -> TestAnswer {
        try await node.call(
          "GET", path + "?consistency=stale", token: token,
          headers: ["Clean-Min-Index": minimum])
      }
      #expect(try await reading(index).status == 200)
      let ahead = try await reading(String(node.cluster.appliedIndex.rawValue + 1))
      _ = try ahead.problem(503, .overloaded)
      #expect(ahead.headers["retry-after"] == "1")
      _ = try await reading("soon").problem(400, .invalidRequest)
    }
  }

  @Test(arguments: [
    (ConsensusError.noLeader, Problem.Code.noLeader), (.overloaded, .overloaded),
    (.outcomeUnknown, .noLeader), (.shuttingDown, .noLeader),
  ])
  func whatTheClusterCannotDoIsSaid(_ error: ConsensusError, _ code: Problem.Code) async throws {
    try await TestGateway.run { node in
      node.cluster.fail(with: error)
      let answer = try await node.post(
        "/api/v1/auth/register", #"{"email": "a@b.org", "password": "12345678"}"#)
      _ = try answer.problem(503, code)
      #expect(answer.headers["retry-after"] == "1")
    }
  }
}
