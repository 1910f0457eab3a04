import AsyncHTTPClient
// The types of the answers come with the client: `import CloudClient` is enough.
@_exported import CloudAPI
import NIOSSL
import Synchronization

/// A client of the REST API that knows several nodes of one cluster.
///
/// A call goes to the node that answered last, and to the next one when it does not answer.
/// A write is sent again only where it certainly has not taken effect.
///
/// ```swift
/// let client = try CloudClient(endpoints: ["http://127.0.0.1:8000"], token: "clk_…")
/// let usage = try await client.getUsage()
/// await client.shutdown()
/// ```
public final class CloudClient: Sendable {
  let endpoints: [Endpoint]
  let token: String?
  let timeouts: Timeouts
  let retries: RetryPolicy
  let http: HTTPClient
  /// Where the next call begins: the endpoint that answered last.
  let preferred = Mutex(0)

  /// A client of the cluster that has nodes at `endpoints`.
  ///
  /// - Parameters:
  ///   - endpoints: URLs of nodes, at least one, tried in this order.
  ///   - token: An access token, an API key or the admin token.
  ///   - caCertificates: The path of a PEM file; its certificates are trusted instead of the
  ///     system's.
  ///   - timeouts: How long a node may take.
  ///   - retries: What to do when the service asks to try again later.
  public init(
    endpoints: [String], token: String? = nil, caCertificates: String? = nil,
    timeouts: Timeouts = Timeouts(), retries: RetryPolicy = RetryPolicy()
  ) throws(CloudError) {
    guard !endpoints.isEmpty else { throw .invalidEndpoint("") }
    var parsed: [Endpoint] = []
    for endpoint in endpoints { parsed.append(try Endpoint(endpoint)) }
    self.endpoints = parsed
    self.token = token
    self.timeouts = timeouts
    self.retries = retries

    var configuration = HTTPClient.Configuration()
    configuration.timeout.connect = .nanoseconds(timeouts.connect.nanoseconds)
    // A failure to connect is this client's to handle: it knows other nodes.
    configuration.connectionPool.retryConnectionEstablishment = false
    // The API never redirects, and a credential must not travel to where a stranger points.
    configuration.redirectConfiguration = .disallow
    if let caCertificates {
      configuration.tlsConfiguration = try Self.tls(trusting: caCertificates)
    }
    http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  /// Closes the client's connections; it must not be used afterwards.
  public func shutdown() async {
    // The only error there is says that it was shut down before.
    try? await http.shutdown()
  }

  private static func tls(trusting path: String) throws(CloudError) -> TLSConfiguration {
    let certificates: [NIOSSLCertificate]
    do {
      certificates = try NIOSSLCertificate.fromPEMFile(path)
    } catch {
      throw .unusableCertificates(path: path, reason: "no certificate could be read")
    }
    guard !certificates.isEmpty else {
      throw .unusableCertificates(path: path, reason: "it holds no certificate")
    }
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.trustRoots = .certificates(certificates)
    return tls
  }
}

/// How long a node may take before it counts as not answering.
public struct Timeouts: Sendable {
  /// Until the connection stands.
  public var connect: Duration
  /// From the call to the whole answer.
  public var call: Duration
  /// From the first byte of a dataset to the whole report.
  public var analysis: Duration

  /// Three seconds to connect, ten for a call, an hour for an analysis, unless said otherwise.
  public init(
    connect: Duration = .seconds(3), call: Duration = .seconds(10),
    analysis: Duration = .seconds(3600)
  ) {
    self.connect = connect
    self.call = call
    self.analysis = analysis
  }
}

/// What to do when the service answers "later" (429 or 503 with `Retry-After`).
public struct RetryPolicy: Sendable {
  /// How often a call may be repeated.
  public var repeats: Int
  /// How long a call may wait in all; a longer `Retry-After` is refused at once.
  public var patience: Duration
  /// How the client waits. A program with a clock of its own may put it here.
  public var sleep: @Sendable (Duration) async throws -> Void

  /// Five repeats and thirty seconds of waiting, unless said otherwise.
  public init(
    repeats: Int = 5, patience: Duration = .seconds(30),
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.repeats = repeats
    self.patience = patience
    self.sleep = sleep
  }

  /// Repeats nothing.
  public static let never = RetryPolicy(repeats: 0)
}

extension Duration {
  var nanoseconds: Int64 {
    components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
  }
}
