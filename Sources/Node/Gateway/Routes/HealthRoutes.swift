import CloudState
import NodeTelemetry

/// How the node is, for probes and for Prometheus, and what it is.
struct HealthRoutes: Sendable {
  /// What is answered whatever else the node cannot do.
  static let probes: Set = ["/livez", "/readyz", "/metrics"]

  /// Longer than a leader change with default timeouts, shorter than a probe's patience.
  private static let readinessDeadline = Duration.seconds(3)
  /// Anybody may ask at any rate, and what is told takes work.
  private static let spacing = Duration.milliseconds(100)

  let version: String
  private let readiness: SharedRounds<Answer>
  private let exposition: SharedRounds<Answer>

  init(
    member: any ReplicatedState, setup: ClusterSetup, state: StateSource, metrics: MetricsRegistry,
    version: String
  ) {
    self.version = version
    readiness = SharedRounds(spacing: Self.spacing) {
      try await Self.readiness(of: member, setup, state)
    }
    exposition = SharedRounds(spacing: Self.spacing) {
      try await Self.exposition(of: member, state, metrics)
    }
  }

  var routes: [Route] {
    [
      .observe("/livez", .getLiveness) { try .json(Health(status: "alive")) },
      .observe("/readyz", .getReadiness) { [readiness] in try await readiness.value() },
      .observe("/metrics", .getMetrics) { [exposition] in try await exposition.value() },
      .observe("/", .getService) { [version] in
        try .json(ServiceName(service: "clean-cloud", version: version, docs: "/docs"))
      },
    ]
  }

  private static func readiness(
    of member: any ReplicatedState, _ setup: ClusterSetup, _ state: StateSource
  ) async throws -> Answer {
    do {
      try await member.read(timeout: readinessDeadline)
    } catch {
      let view = member.clusterView()
      guard let problem = view.members.first(where: { $0.id == view.id })?.problem else {
        throw error
      }
      throw Failure.noLeader("\(problem)")
    }
    guard try await state.read({ view in try setup.isDone(in: view) }) else {
      throw Failure.noLeader("this node has not introduced itself to the cluster yet; try again")
    }
    return try .json(Health(status: "ready"))
  }

  private static func exposition(
    of member: any ReplicatedState, _ state: StateSource, _ metrics: MetricsRegistry
  ) async throws -> Answer {
    let samples = ClusterMetrics.samples(member.clusterView())
    // Collectors read files, so not on a thread that must not block.
    let text = try await state.run { metrics.exposition(adding: samples) }
    return Answer(status: .ok, mediaType: Exposition.mediaType, body: Array(text.utf8))
  }
}
