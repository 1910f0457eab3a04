import AsyncHTTPClient
import NIOSSL
import Synchronization

/// The nodes that a client and those made from it know, and the connections to them.
final class Nodes: Sendable {
  let endpoints: [Endpoint]
  let timeouts: Timeouts
  let retries: RetryPolicy
  let http: HTTPClient
  /// Where the next call begins: the endpoint that answered last.
  private let preferred = Mutex(0)
  /// How far in the cluster's log any answer was.
  private let seen = Mutex<UInt64?>(nil)

  init(
    endpoints: [String], caCertificates: String?, timeouts: Timeouts, retries: RetryPolicy
  ) throws(CloudError) {
    guard !endpoints.isEmpty else { throw .invalidEndpoint("") }
    var parsed: [Endpoint] = []
    for endpoint in endpoints { parsed.append(try Endpoint(endpoint)) }
    self.endpoints = parsed
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

  /// All endpoints, the one that answered last first.
  var inOrder: [Endpoint] {
    let first = preferred.withLock { $0 }
    return Array(endpoints[first...] + endpoints[..<first])
  }

  /// The highest `Clean-Index` of all answers.
  var seenIndex: UInt64? { seen.withLock { $0 } }

  /// Notes who answered, and how far that node was.
  func note(_ answer: Answer) {
    if let index = answer.index { seen.withLock { $0 = max($0 ?? 0, index) } }
    guard let index = endpoints.firstIndex(of: answer.endpoint) else { return }
    preferred.withLock { $0 = index }
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

extension Duration {
  var nanoseconds: Int64 {
    components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
  }
}
