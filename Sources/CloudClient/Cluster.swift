import CloudAPI

/// Whether one node can serve, as the node itself says.
public struct NodeReadiness: Equatable, Sendable {
  /// The endpoint that was asked.
  public var endpoint: String
  /// Whether it answered at all.
  public var answered: Bool
  /// Whether it can serve a linearizable read.
  public var ready: Bool
  /// What keeps it from it.
  public var reason: String?
  /// How long the answer took.
  public var elapsed: Duration

  /// What one node says, or why it says nothing.
  public init(
    endpoint: String, answered: Bool, ready: Bool, reason: String?, elapsed: Duration
  ) {
    self.endpoint = endpoint
    self.answered = answered
    self.ready = ready
    self.reason = reason
    self.elapsed = elapsed
  }
}

extension CloudClient {
  /// The cluster as the answering node sees it. Needs the admin token.
  public func clusterStatus() async throws(CloudError) -> ClusterStatus {
    try await get("/api/v1/cluster")
  }

  /// Lets another member lead, the one of this name or the one that is furthest. The leader must be
  /// asked: put its endpoint first. Needs the admin token.
  public func transferLeadership(to name: String? = nil) async throws(CloudError) {
    var call = Call(
      method: .POST, path: "/api/v1/cluster/transfer-leader", headers: [idempotency],
      timeout: nodes.timeouts.call, repetition: .harmful)
    if let name { call.body = Call.Body(TransferRequest(name: name)) }
    _ = try await send(call)
  }

  private struct TransferRequest: Encodable {
    var name: String
  }

  /// Has access tokens signed with a new key from now on. Needs the admin token.
  public func rotateSigningKey() async throws(CloudError) -> RotatedSigningKey {
    try await post("/api/v1/cluster/signing-keys/rotate")
  }

  /// Who did what, anywhere in the cluster, newest first. Needs the admin token.
  public func clusterAudit() -> Listing<AuditEntry> {
    Listing(self, "/api/v1/cluster/audit")
  }

  /// Asks every endpoint, all at once, whether it can serve. Needs no token.
  public func readiness() async -> [NodeReadiness] {
    await withTaskGroup(of: (Int, NodeReadiness).self) { group in
      for (index, endpoint) in nodes.endpoints.enumerated() {
        group.addTask { (index, await self.readiness(of: endpoint)) }
      }
      var answers: [(Int, NodeReadiness)] = []
      for await answer in group { answers.append(answer) }
      return answers.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  private func readiness(of endpoint: Endpoint) async -> NodeReadiness {
    let clock = ContinuousClock()
    let start = clock.now
    let call = Call(
      method: .GET, path: "/readyz", timeout: nodes.timeouts.call, repetition: .harmless)
    var readiness = NodeReadiness(
      endpoint: endpoint.description, answered: false, ready: false, reason: nil, elapsed: .zero)
    do {
      let answer = try await exchange(call, with: endpoint)
      readiness.answered = true
      readiness.ready = (200..<300).contains(answer.status)
      if !readiness.ready {
        let problem = try? answer.problem()
        readiness.reason = problem?.detail ?? problem?.title ?? "status \(answer.status)"
      }
    } catch {
      readiness.reason = error.reason
    }
    readiness.elapsed = clock.now - start
    return readiness
  }
}
