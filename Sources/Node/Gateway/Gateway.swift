public import CloudState
import HTTPTypes
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import NIOPosix
public import NodeTelemetry
public import ServiceLifecycle

/// The REST API of a node.
public struct Gateway: Service {
  private let options: GatewayOptions
  /// All that is answered.
  let routes: [Route]
  /// What is said about it.
  let document: [UInt8]
  private let responder: GatewayResponder
  private let connections: ConnectionTable
  private let member: any ReplicatedState
  private let mailer: Mailer
  private let counter: CallCounter
  private let logger: Logger
  private let onListening: @Sendable (Int) -> Void

  /// Makes the API; it listens when it runs.
  ///
  /// - Parameters:
  ///   - options: What the operator decided.
  ///   - member: The cluster member of this node.
  ///   - state: The state that the member replicates, as this node has it.
  ///   - setup: What must have happened before the node is ready.
  ///   - upkeep: Where the use of keys is noted.
  ///   - metrics: Where the API counts what it does, and what `/metrics` shows.
  ///   - logger: Where requests are logged.
  ///   - onListening: Called with the port once connections are accepted.
  /// - Throws: ``GatewayError/noCryptography`` if passwords cannot be hashed here.
  public init(
    options: GatewayOptions, member: any ReplicatedState, state: StateReader,
    setup: ClusterSetup, upkeep: Upkeep, metrics: MetricsRegistry, logger: Logger,
    onListening: @escaping @Sendable (_ port: Int) -> Void = { _ in }
  ) throws(GatewayError) {
    self.options = options
    self.member = member
    self.logger = logger
    self.onListening = onListening
    let source = StateSource(reader: state)
    let tokens = AccessTokens(member: member, source: source)
    let sessions = SessionTokens(access: tokens)
    let passwords: Passwords
    do {
      passwords = try Passwords(function: options.passwordFunction)
    } catch {
      throw .noCryptography
    }
    let proposer = Proposer(member: member, registry: metrics)
    let attempts = Attempts(state: source, proposer: proposer, log: upkeep.attempts)
    let mailer = Mailer(options.mailer, metrics: metrics, logger: logger)
    self.mailer = mailer
    let verification = AddressVerification(proposer: proposer, mailer: mailer)
    let workers = AnalysisWorkers(
      workers: options.workers, maxConcurrent: options.maxConcurrentAnalyses)
    let analyses = AnalyzeRoute(
      proposer: proposer, workers: workers, metrics: AnalysisMetrics(registry: metrics),
      options: options)
    let requests = RequestMetrics(registry: metrics)
    let connections = ConnectionTable(options.connections, proxies: options.trustedProxies)
    self.connections = connections
    counter = CallCounter(nodeName: options.nodeName, proposer: proposer, logger: logger)
    let described =
      AuthRoutes(
        state: source, proposer: proposer, passwords: passwords, tokens: sessions,
        attempts: attempts, verification: verification
      ).routes
      + EmailRoutes(proposer: proposer, verification: verification).routes
      + SessionRoutes(proposer: proposer, tokens: sessions, attempts: attempts).routes
      + PasswordRoutes(
        proposer: proposer, passwords: passwords, attempts: attempts, mailer: mailer
      ).routes
      + SigningKeyRoutes(proposer: proposer).routes
      + InvitationRoutes(
        proposer: proposer, passwords: passwords, attempts: attempts, mailer: mailer
      ).routes
      + WorkspaceRoutes(proposer: proposer).routes
      + MemberRoutes(proposer: proposer, passwords: passwords).routes
      + PermissionRoutes().routes + AuditRoutes().routes
      + APIKeyRoutes(state: source, proposer: proposer).routes
      + analyses.routes + FixRoute(analyses: analyses).routes
      + UsageRoutes(counter: counter).routes
      + PlanRoutes(proposer: proposer).routes
      + ClusterRoutes(member: member).routes
      + DocsRoutes().routes
      + HealthRoutes(
        member: member, setup: setup, state: source, metrics: metrics, version: options.version
      )
      .routes
    let documentation = DocumentRoutes(describing: described, version: options.version)
    document = documentation.document
    routes = described + documentation.routes
    responder = GatewayResponder(
      routes: RouteTable(routes),
      gatekeeper: Gatekeeper(
        member: member, state: source, tokens: tokens, authority: AuthorityLease(member: member),
        slots: Slots(options.maxConcurrentRequests), keyUses: upkeep.keyUses,
        repetitions: Repetitions(state: source, proposer: proposer), denials: upkeep.denials,
        bodyTime: options.bodyTime),
      member: member,
      trustedProxies: options.trustedProxies,
      limiter: RateLimiter(known: options.rateLimit, anonymous: options.anonymousRateLimit),
      counter: counter, cors: CORS(options.crossOrigins), metrics: requests,
      log: AccessLog(logger: logger))
    metrics.addProcessMetrics()
    // `requests` holds the registry: holding it in turn would keep both, and the threads, for ever.
    metrics.addCollector { [weak requests] in
      QueueMetrics.samples(state: source, passwords: passwords, workers: workers)
        + ConnectionMetrics.samples(connections.count) + (requests.map { [$0.sample] } ?? [])
    }
  }

  /// Serves requests until a graceful shutdown; those in progress are answered first.
  ///
  /// - Throws: ``GatewayError`` if it cannot listen.
  public func run() async throws {
    let (options, connections, member, onListening) = (options, connections, member, onListening)
    let application = Application(
      responder: responder,
      server: .http1(
        configuration: HTTP1Channel.Configuration(
          additionalChannelHandlers: [
            ConnectionGuard(
              table: connections, member: member,
              headTime: TimeAmount(options.idleTimeout) * 2,
              paceWindow: TimeAmount(options.paceWindow))
          ],
          idleTimeout: TimeAmount(options.idleTimeout),
          httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100))),
      configuration: ApplicationConfiguration(
        address: .hostname(options.host, port: options.port), backlog: 1_024),
      onServerRunning: { channel in
        onListening(channel.localAddress?.port ?? options.port)
      },
      logger: quietLogger)
    do {
      try await counter.running { [mailer] in
        try await mailer.deliver { try await application.run() }
      }
    } catch let error as IOError {
      throw GatewayError(error, host: options.host, port: options.port)
    } catch is SocketAddressError.UnknownHost {
      throw GatewayError.unknownHost(options.host)
    }
  }

  /// Hummingbird's own messages repeat what the node says itself.
  private var quietLogger: Logger {
    var logger = logger
    logger.logLevel = max(logger.logLevel, .warning)
    return logger
  }
}

extension Gateway: CustomStringConvertible {
  /// What those who run it call it. Its parts would be megabytes of text, and secrets among them.
  public var description: String { "REST API" }
}

extension GatewayError {
  init(_ error: IOError, host: String, port: Int) {
    switch error.errnoCode {
    case EADDRINUSE: self = .addressInUse(host: host, port: port)
    case EADDRNOTAVAIL: self = .addressNotAvailable(host: host, port: port)
    case EACCES, EPERM: self = .notPermitted(host: host, port: port)
    default:
      self = .cannotListen(
        host: host, port: port, reason: String(cString: strerror(error.errnoCode)))
    }
  }
}
