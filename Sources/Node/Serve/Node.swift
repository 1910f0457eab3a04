import CloudState
import Foundation
import Logging
import NodeGateway
import NodeRuntime
import NodeTelemetry
import Raft
import ServiceLifecycle
import Synchronization

/// A whole node: the parts, how they are connected, and the order in which they start and stop.
struct Node {
  let settings: Settings

  /// Runs until SIGTERM or SIGINT, then stops the parts in order, within ten seconds: leadership is
  /// handed over, the API finishes its requests, the member closes its log.
  ///
  /// - Throws: `StartupError`, also when a part fails later.
  func run() async throws {
    let telemetry = Telemetry.bootstrap(logLevel: settings.logLevel, format: settings.logFormat)
    var logger = Logger(label: "clean-node")
    logger[metadataKey: "node"] = "\(settings.name)"
    do {
      DataDirectoryAccess(path: settings.dataDirectory, logger: logger).closeToOthers()
      let states = OpenStates(
        boot: BootRecord(dataDirectory: settings.dataDirectory), logger: logger)
      let member = try await ClusterMember.open(memberOptions, logger: logger) { start in
        try states.open(start)
      }
      let reader = try states.reader
      let token = try AdminTokenFile(dataDirectory: settings.dataDirectory)
        .load(given: settings.adminToken)
      let setup = ClusterSetup(
        member: member, state: reader, nodeName: settings.name, adminToken: token,
        metrics: telemetry.metrics, logger: logger)
      let upkeep = Upkeep(
        member: member, state: reader, nodeName: settings.name, metrics: telemetry.metrics,
        logger: logger)
      let gateway = try Gateway(
        options: GatewayOptions(
          nodeName: settings.name, host: settings.host, port: settings.port,
          workers: settings.workers, connections: settings.http.connections,
          rateLimit: settings.http.rateLimit,
          anonymousRateLimit: settings.http.anonymousRateLimit,
          trustedProxies: settings.http.trustedProxies, crossOrigins: settings.http.crossOrigins,
          mailer: settings.mailer.options,
          version: Version.current),
        member: member, state: reader, setup: setup, upkeep: upkeep, metrics: telemetry.metrics,
        logger: logger,
        onListening: { [logger, settings] port in
          logger.notice(
            "serving REST on \(settings.host):\(port), peers on \(settings.peerHost):\(settings.peerPort)",
            metadata: ["data": "\(settings.dataDirectory)", "version": "\(Version.current)"])
        })
      try await run(member, setup, upkeep, gateway, logger: logger)
    } catch let error as StartupError {
      throw error
    } catch {
      throw StartupError.machine("\(error)")
    }
  }

  /// SIGTERM promises an end within ten seconds: what is not done by the first limit is cancelled,
  /// and at the second the process ends.
  private static let drainLimit = Duration.seconds(6)
  private static let processLimit = Duration.seconds(9)

  /// Runs the parts until the first of them ends or a signal comes.
  private func run(
    _ member: ClusterMember, _ setup: ClusterSetup, _ upkeep: Upkeep, _ gateway: Gateway,
    logger: Logger
  ) async throws {
    let limit = ShutdownLimit(Self.processLimit, logger: logger)
    // In the order of their start. They stop from the last to the first, each when the one after it
    // has stopped.
    let parts: [any Service] = [
      // Last to stop: requests in progress need it to their end.
      limit.watching(member),
      limit.watching(setup),
      limit.watching(upkeep),
      // Answers the requests in progress, and takes no others.
      limit.watching(gateway),
      LeadershipHandover(member: member, logger: logger),
      // First: counts from the signal on.
      limit,
    ]
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .error)
    var configuration = ServiceGroupConfiguration(
      services: parts.map {
        .init(
          service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
          failureTerminationBehavior: .gracefullyShutdownGroup)
      },
      gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
    // No limit for the cancellation: the group would trap at it. `ShutdownLimit` ends in order.
    configuration.maximumGracefulShutdownDuration = Self.drainLimit
    do {
      try await ServiceGroup(configuration: configuration).run()
    } catch is CancellationError {
      // Only the drain limit cancels; a part that failed before is thrown in place of this.
    }
    if limit.hasCut {
      logger.warning("Requests that were unfinished after \(Self.drainLimit) were cut off")
    }
    logger.notice("stopped")
  }

  private var memberOptions: MemberOptions {
    var replica = ReplicaOptions()
    replica.consensus.featureLevel = Version.featureLevel
    return MemberOptions(
      dataDirectory: settings.dataDirectory, name: settings.name, peerHost: settings.peerHost,
      peerPort: settings.peerPort, advertisedPeer: settings.advertisedPeer,
      advertisedURL: settings.advertisedURL,
      founders: settings.founders.map { .init(name: $0.name, address: $0.address) },
      version: Version.current, replica: replica)
  }
}

/// Opens the tenant state, and remembers how to read it.
private final class OpenStates: Sendable {
  private let boot: BootRecord
  private let logger: Logger
  private let opened = Mutex<Opened?>(nil)

  private struct Opened {
    let store: StateStore
    let reader: StateReader
    /// Whether others read it: then it is emptied in place, where they find the new state.
    var isRead = false
  }

  init(boot: BootRecord, logger: Logger) {
    self.boot = boot
    self.logger = logger
  }

  var reader: StateReader {
    get throws {
      let reader = opened.withLock { opened in
        opened?.isRead = true
        return opened?.reader
      }
      guard let reader else { throw StartupError.machine("the state was not opened") }
      return reader
    }
  }

  func open(_ start: ClusterMember.StateMachineStart) throws -> CloudStateMachine {
    if let current = opened.withLock({ $0 }), current.isRead {
      if start.mustBeEmpty { try current.store.empty() }
      return CloudStateMachine(store: current.store)
    }
    // Let go of the one before first: the file is opened once.
    opened.withLock { $0 = nil }
    let store = try StateStore(
      directory: start.directory, trustExistingFile: !start.mustBeEmpty && boot.isSameBoot)
    if case .discarded(let reason) = store.opening {
      logger.notice("building the state anew from snapshot and log", metadata: ["why": "\(reason)"])
    }
    try boot.save()
    opened.withLock { $0 = Opened(store: store, reader: store.makeReader()) }
    return CloudStateMachine(store: store)
  }
}
