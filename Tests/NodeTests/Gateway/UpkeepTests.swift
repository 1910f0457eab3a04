import CloudAPI
import CloudState
import Synchronization
import Testing

@testable import NodeGateway

@Suite struct UpkeepTests {
  @Test func keysTellWhenTheyWereLastUsed() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let key = try await node.key(#""read""#, token: token)
      func listed() async throws -> CloudAPI.APIKey? {
        try await node.call("GET", "/api/v1/api-keys", token: token)
          .decode(CloudAPI.Page<CloudAPI.APIKey>.self).items.first
      }
      #expect(try await listed()?.lastUsedAt == nil)
      _ = try await node.call("GET", "/api/v1/usage", token: key.key)
      try await node.upkeep.tellUses()
      let first = try #require(try await listed()?.lastUsedAt)
      #expect(first >= key.apiKey.createdAt)
      // Within a minute it is no news.
      _ = try await node.call("GET", "/api/v1/usage?consistency=stale", token: key.key)
      try await node.upkeep.tellUses()
      #expect(try await listed()?.lastUsedAt == first)
    }
  }

  @Test func leaderRemovesWhatDeletedWorkspacesLeft() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada")
      let token = ada.tokens.accessToken
      _ = try await node.key(#""read""#, token: token)
      let gone = try await node.call(
        "DELETE", "/api/v1/workspaces/\(ada.workspace.id)", token: token)
      #expect(gone.status == 204)
      let before = node.cluster.appliedIndex
      try await node.upkeep.keepHouse()
      let after = node.cluster.appliedIndex
      #expect(before < after)
      // Nothing is due any more, so nothing is proposed.
      try await node.upkeep.keepHouse()
      #expect(node.cluster.appliedIndex == after)
    }
  }
}

@Suite struct AuthorityLeaseTests {
  @Test func holdsForItsLengthFromTheBeginningOfABarrier() async throws {
    try await TestGateway.run { node in
      let clock = Mutex(ContinuousClock.now)
      let start = clock.withLock { $0 }
      let lease = AuthorityLease(member: node.cluster) { clock.withLock { $0 } }
      let before = node.cluster.barriers
      try await lease.hold()
      #expect(node.cluster.barriers == before + 1)
      clock.withLock { $0 = start + HeldAuthority.length - .nanoseconds(1) }
      try await lease.hold()
      #expect(node.cluster.barriers == before + 1)
      clock.withLock { $0 = start + HeldAuthority.length }
      try await lease.hold()
      #expect(node.cluster.barriers == before + 2)
    }
  }

  @Test func renewingNeverShortensIt() async throws {
    try await TestGateway.run { node in
      let clock = Mutex(ContinuousClock.now)
      let start = clock.withLock { $0 }
      let lease = AuthorityLease(member: node.cluster) { clock.withLock { $0 } }
      try await lease.renew()
      // One that began earlier ends later.
      clock.withLock { $0 = start - .seconds(1) }
      try await lease.renew()
      clock.withLock { $0 = start + .milliseconds(100) }
      let before = node.cluster.barriers
      try await lease.hold()
      #expect(node.cluster.barriers == before)
    }
  }
}
