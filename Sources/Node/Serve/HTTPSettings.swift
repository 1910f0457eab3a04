import NodeGateway

/// What the operator decided about clients of the REST API.
struct HTTPSettings {
  /// For each user and API key; nothing for no limit.
  var rateLimit: RateLimit?
  /// For each address.
  var anonymousRateLimit: RateLimit?
  var trustedProxies: [AddressRange]
  /// Pages from where may call in a browser.
  var crossOrigins: [CrossOrigin]

  /// - Throws: `StartupError` that names the option and what it takes.
  init(_ sources: SettingSources) throws {
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

  /// Calls a second, and how many at once: five seconds' worth if nothing is said.
  private static func rateLimit(
    _ sources: SettingSources, _ rate: Settings.Key, _ burst: Settings.Key, usually: Int
  ) throws -> RateLimit? {
    let perSecond = try sources.number(rate, in: 0...1_000_000) ?? usually
    let burst = try sources.number(burst, in: 1...10_000_000) ?? perSecond * 5
    return perSecond == 0 ? nil : RateLimit(perSecond: perSecond, burst: burst)
  }
}
