// The types of the answers come with the client: `import CloudClient` is enough.
@_exported import CloudAPI

/// A client of the REST API that knows several nodes of one cluster.
///
/// A call goes to the node that answered last, and to the next one when it does not answer. It
/// takes effect once, however often it had to be sent: see ``RetryPolicy``.
///
/// ```swift
/// let client = try CloudClient(endpoints: ["http://127.0.0.1:8000"], token: "clk_…")
/// let usage = try await client.getUsage()
/// await client.shutdown()
/// ```
public struct CloudClient: Sendable {
  let nodes: Nodes
  var token: String?
  var idempotencyKey: String?
  var readsStale = false

  /// A client of the cluster that has nodes at `endpoints`.
  ///
  /// - Parameters:
  ///   - endpoints: URLs of nodes, at least one, tried in this order.
  ///   - token: An access token, an API key or the admin token.
  ///   - caCertificates: The path of a PEM file; its certificates are trusted instead of the
  ///     system's.
  ///   - timeouts: How long a node may take.
  ///   - retries: How often and how long a call is tried.
  public init(
    endpoints: [String], token: String? = nil, caCertificates: String? = nil,
    timeouts: Timeouts = Timeouts(), retries: RetryPolicy = RetryPolicy()
  ) throws(CloudError) {
    nodes = try Nodes(
      endpoints: endpoints, caCertificates: caCertificates, timeouts: timeouts, retries: retries)
    self.token = token
  }

  /// The same client with another credential, or none. Both share their connections.
  public func with(token: String?) -> CloudClient {
    var client = self
    client.token = token
    return client
  }

  /// The same client, for one call that changes something, under a key of the caller's own.
  ///
  /// Every such call has a new key, which is kept while it is tried. A program that may be ended
  /// before it has the answer keeps the key itself, and gets the first answer by calling again
  /// within 24 hours. It is for calls that are sent as POST; those that change or delete
  /// something by its ID need none.
  ///
  /// - Parameter idempotencyKey: 1 to 255 visible ASCII characters, such as a UUID.
  public func with(idempotencyKey: String) -> CloudClient {
    var client = self
    client.idempotencyKey = idempotencyKey
    return client
  }

  /// The same client, whose reads are answered by a node from the state that it has, without
  /// asking the others. They see what this client, and those that it shares connections with, have
  /// done and seen before, and perhaps nothing newer.
  public func readingStale() -> CloudClient {
    var client = self
    client.readsStale = true
    return client
  }

  /// Closes the connections; neither this client nor any made from it must be used afterwards.
  public func shutdown() async {
    // The only error there is says that it was shut down before.
    try? await nodes.http.shutdown()
  }
}
