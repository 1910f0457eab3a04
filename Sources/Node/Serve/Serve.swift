import ArgumentParser

/// `clean-node serve`: options as the person gave them. What they mean is decided in `Settings`.
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a node. Without options: a complete one-node service on 127.0.0.1:8000.",
    discussion: """
      Every option can also be given as an environment variable (--data-dir is CLEAN_DATA_DIR) or as \
      a key of the YAML file that --config names (data-dir: /var/lib/clean). The command line wins over \
      the environment, the environment over the file.
      """)

  @Option(help: "A YAML file with options as keys.")
  var config: String?

  @Option(help: "The node's name. (default: the host name)")
  var name: String?

  @Option(
    name: [.customLong("data-dir"), .customLong("storage-path")],
    help: "Where the log, the state and snapshots live. (default: ./clean-data)")
  var dataDir: String?

  @Option(help: "The address that REST is served on. (default: 127.0.0.1)")
  var host: String?

  @Option(help: "The port that REST is served on. (default: 8000)")
  var port: String?

  @Option(help: "The address that other nodes connect to. (default: 127.0.0.1)")
  var peerHost: String?

  @Option(help: "The port that other nodes connect to. (default: 8100)")
  var peerPort: String?

  @Option(
    name: .customLong("advertise-url"),
    help: "How clients reach this node. (default: http://HOST:PORT)")
  var advertiseURL: String?

  @Option(help: "How other nodes reach this node, host:port. (default: PEER_HOST:PEER_PORT)")
  var advertisePeer: String?

  @Option(
    help: """
      The nodes that form the cluster at its first start, this one included: \
      name=host:peer-port,name=host:peer-port,… (default: just this node)
      """)
  var cluster: String?

  @Option(help: "Threads for analysis. (default: cores minus one, at least 1)")
  var workers: String?

  @Option(
    help: """
      Connections that clients may have at a time; those on which nothing happens give way to new ones. \
      (default: 4096, or what the limit on open files leaves)
      """)
  var maxConnections: String?

  @Option(
    help: """
      Those of one address, or IPv6 network of 64 bits; trusted proxies have no such limit. (default: a \
      quarter of all)
      """)
  var maxConnectionsPerClient: String?

  @Option(
    help: "Calls a second for each user and API key on this node; 0 for no limit. (default: 200)")
  var rateLimit: String?

  @Option(help: "How many of them may come at once. (default: five seconds' worth)")
  var rateBurst: String?

  @Option(
    help: "Calls a second for each address without a credential; 0 for no limit. (default: 50)")
  var anonymousRateLimit: String?

  @Option(help: "How many of them may come at once. (default: five seconds' worth)")
  var anonymousRateBurst: String?

  @Option(
    help: """
      Addresses and networks of proxies, such as 10.0.0.0/8, whose X-Forwarded-For is believed. \
      (default: none)
      """)
  var trustedProxies: String?

  @Option(
    help: """
      Origins whose pages may call in a browser, such as https://app.example.com, or *. \
      (default: none)
      """)
  var corsOrigins: String?

  @Option(
    help: """
      The operator's token. (default: made at first start and written to DATA_DIR/admin-token)
      """)
  var adminToken: String?

  @Option(
    name: .customLong("mailer-url"),
    help: "Where mail to people is posted to as JSON. (default: none, and nobody gets mail)")
  var mailerURL: String?

  @Option(help: "What signs it. (default: none, and it is not signed)")
  var mailerSecret: String?

  @Option(help: "trace, debug, info, notice, warning, error or critical. (default: info)")
  var logLevel: String?

  @Option(help: "text or json; logs go to standard error. (default: text)")
  var logFormat: String?

  func run() async throws {
    let given: [Settings.Key: String?] = [
      .name: name, .dataDir: dataDir, .host: host, .port: port, .peerHost: peerHost,
      .peerPort: peerPort, .advertiseURL: advertiseURL, .advertisePeer: advertisePeer,
      .cluster: cluster, .workers: workers, .maxConnections: maxConnections,
      .maxConnectionsPerClient: maxConnectionsPerClient, .rateLimit: rateLimit,
      .rateBurst: rateBurst,
      .anonymousRateLimit: anonymousRateLimit, .anonymousRateBurst: anonymousRateBurst,
      .trustedProxies: trustedProxies, .corsOrigins: corsOrigins, .adminToken: adminToken,
      .mailerURL: mailerURL, .mailerSecret: mailerSecret, .logLevel: logLevel,
      .logFormat: logFormat,
    ]
    let sources = try SettingSources(
      commandLine: given.compactMapValues { $0 }, configFile: config)
    try await Node(settings: Settings(sources)).run()
  }
}
