import CloudState
import NodeTelemetry

/// How the node is, for probes and for Prometheus, and what it is.
struct HealthRoutes: Sendable {
  /// Longer than a leader change with default timeouts, shorter than a probe's patience.
  private static let readinessDeadline = Duration.seconds(3)

  let member: any ReplicatedState
  let setup: ClusterSetup
  let state: StateSource
  let metrics: MetricsRegistry
  let version: String

  var routes: [Route] {
    [
      .observe("/livez", .getLiveness) { try .json(Health(status: "alive")) },
      .observe("/readyz", .getReadiness, readiness),
      .observe("/metrics", .getMetrics, exposition),
      .observe("/", .getService) { [version] in
        try .json(ServiceName(service: "clean-cloud", version: version, docs: "/docs"))
      },
    ]
  }

  private func readiness() async throws -> Answer {
    do {
      try await member.read(timeout: Self.readinessDeadline)
    } catch {
      let view = member.clusterView()
      guard let problem = view.members.first(where: { $0.id == view.id })?.problem else {
        throw error
      }
      throw Failure.noLeader("\(problem)")
    }
    guard try await state.read({ [setup] view in try setup.isDone(in: view) }) else {
      throw Failure.noLeader("this node has not introduced itself to the cluster yet; try again")
    }
    return try .json(Health(status: "ready"))
  }

  private func exposition() async throws -> Answer {
    let samples = ClusterMetrics.samples(member.clusterView())
    // Collectors read files, so not on a thread that must not block.
    let text = try await state.run { [metrics] in metrics.exposition(adding: samples) }
    return Answer(status: .ok, mediaType: Exposition.mediaType, body: Array(text.utf8))
  }
}
