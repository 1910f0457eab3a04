import NodeGateway

/// What the operator decided about clients of the REST API.
struct HTTPSettings {
  var connections: ConnectionLimits
  /// For each user and API key; nothing for no limit.
  var rateLimit: RateLimit?
  /// For each address.
  var anonymousRateLimit: RateLimit?
  var trustedProxies: [AddressRange]
  /// Pages from where may call in a browser.
  var crossOrigins: [CrossOrigin]

  /// - Throws: `StartupError` that names the option and what it takes.
  init(_ sources: SettingSources) throws {
    connections = try Self.connections(sources)
    rateLimit = try Self.rateLimit(sources, .rateLimit, .rateBurst, usually: 200)
    anonymousRateLimit = try Self.rateLimit(
      sources, .anonymousRateLimit, .anonymousRateBurst, usually: 50)
    trustedProxies =
      try sources.list(
        .trustedProxies, of: "addresses and networks such as 10.0.0.0/8", AddressRange.init) ?? []
    crossOrigins =
      try sources.list(
        .corsOrigins, of: "* or origins such as https://app.example.com", CrossOrigin.init) ?? []
  }

  /// As many connections as there can be files beside what else is open, up to the usual number.
  private static func connections(_ sources: SettingSources) throws -> ConnectionLimits {
    let files = OpenFiles.limit
    let most = ConnectionLimits.total(within: files - OpenFiles.besidesClients)
    let total = try sources.number(.maxConnections, in: 1...1_000_000)
    if let total, total > most, let (_, origin) = sources.value(of: .maxConnections) {
      throw StartupError.usage(
        "\(origin) is \(total), but a process that may have \(files) files open (ulimit -n) can have "
          + "\(most) connections at most")
    }
    return ConnectionLimits(
      total: total ?? min(most, ConnectionLimits().total),
      perClient: try sources.number(.maxConnectionsPerClient, in: 1...1_000_000))
  }

  /// Calls a second, and how many at once: five seconds' worth if nothing is said.
  private static func rateLimit(
    _ sources: SettingSources, _ rate: Settings.Key, _ burst: Settings.Key, usually: Int
  ) throws -> RateLimit? {
    let perSecond = try sources.number(rate, in: 0...1_000_000) ?? usually
    let burst = try sources.number(burst, in: 1...10_000_000) ?? perSecond * 5
    return perSecond == 0 ? nil : RateLimit(perSecond: perSecond, burst: burst)
  }
}
