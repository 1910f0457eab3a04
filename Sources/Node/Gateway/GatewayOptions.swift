/// What an operator decides about the REST API of a node.
public struct GatewayOptions: Sendable {
  /// The name of this node.
  public var nodeName: String
  /// The address to listen on, a name or a number.
  public var host: String
  /// The port to listen on; 0 takes any that is free.
  public var port: Int
  /// Threads that analyze datasets.
  public var workers: Int
  /// The largest dataset that is taken, in bytes.
  public var maxDatasetBytes: Int
  /// Requests that are worked on at a time; more are refused. Health checks are not counted.
  public var maxConcurrentRequests: Int
  /// How many connections there may be.
  public var connections: ConnectionLimits
  /// Analyses that are uploaded, waiting or running at a time; more are refused.
  public var maxConcurrentAnalyses: Int
  /// How long a connection may say nothing while it is its turn to speak.
  public var idleTimeout: Duration
  /// How fast each user and each API key may call; nothing for no limit.
  public var rateLimit: RateLimit?
  /// How fast each address may call that shows no credential, or none that holds.
  public var anonymousRateLimit: RateLimit?
  /// Proxies whose `X-Forwarded-For` is believed.
  public var trustedProxies: [AddressRange]
  /// Pages from where may call the API in a browser; those that this node serves always may.
  public var crossOrigins: [CrossOrigin]
  /// Who sends mail to people; without one they get none.
  public var mailer: MailerOptions?
  /// The version that the service tells about itself.
  public var version: String
  /// How passwords are stretched: an operator has no choice, tests have less time.
  var passwordFunction = Scrypt.passwords
  /// How long a JSON body may take to arrive; the same goes for this.
  var bodyTime = Duration.seconds(10)
  /// Over what time it is looked at whether a client sends and reads fast enough; the same goes for this.
  var paceWindow = Duration.seconds(10)

  /// Options; each has the default its property is given here.
  public init(
    nodeName: String = "clean", host: String = "127.0.0.1", port: Int = 8000, workers: Int = 1,
    maxDatasetBytes: Int = 100 << 20, maxConcurrentRequests: Int = 1_024,
    connections: ConnectionLimits = ConnectionLimits(), maxConcurrentAnalyses: Int? = nil,
    idleTimeout: Duration = .seconds(30),
    rateLimit: RateLimit? = RateLimit(perSecond: 200, burst: 1_000),
    anonymousRateLimit: RateLimit? = RateLimit(perSecond: 50, burst: 250),
    trustedProxies: [AddressRange] = [], crossOrigins: [CrossOrigin] = [],
    mailer: MailerOptions? = nil, version: String = "0.1.0"
  ) {
    self.nodeName = nodeName
    self.host = host
    self.port = port
    self.workers = workers
    self.maxDatasetBytes = maxDatasetBytes
    self.maxConcurrentRequests = maxConcurrentRequests
    self.connections = connections
    self.maxConcurrentAnalyses = maxConcurrentAnalyses ?? workers * 4
    self.idleTimeout = idleTimeout
    self.rateLimit = rateLimit
    self.anonymousRateLimit = anonymousRateLimit
    self.trustedProxies = trustedProxies
    self.crossOrigins = crossOrigins
    self.mailer = mailer
    self.version = version
  }
}
