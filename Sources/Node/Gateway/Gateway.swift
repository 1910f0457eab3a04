public import CloudState
public import Logging
public import NodeTelemetry
public import ServiceLifecycle

/// The REST API of a node.
public struct Gateway: Service {
  /// Makes the API; it listens when it runs.
  ///
  /// - Parameters:
  ///   - options: What the operator decided.
  ///   - member: The cluster member of this node.
  ///   - state: The state that the member replicates, as this node has it.
  ///   - metrics: Where the API counts what it does, and what `/metrics` shows.
  ///   - logger: Where requests are logged.
  ///   - onListening: Called with the port once connections are accepted.
  public init(
    options: GatewayOptions, member: any ReplicatedState, state: StateReader,
    metrics: MetricsRegistry, logger: Logger,
    onListening: @escaping @Sendable (_ port: Int) -> Void = { _ in }
  ) {
  }

  /// Serves requests until a graceful shutdown; those in progress are answered first.
  ///
  /// - Throws: ``GatewayError`` if it cannot listen.
  public func run() async throws {
  }
}
