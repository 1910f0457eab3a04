import HTTPTypes
import NIOCore

/// From where a request comes: the other end of its connection, or whom trusted proxies name.
struct ClientAddress: Hashable, Sendable {
  /// Nothing if the connection is gone, or none of the Internet.
  let ip: IPAddress?

  init(ip: IPAddress?) {
    self.ip = ip
  }

  /// Each proxy appends to `X-Forwarded-For` the address that it was called from. So the list is
  /// believed from its right end on, as long as whoever wrote an entry is trusted: the right-most
  /// address that is not trusted is the client's. What stands left of it the client may have invented.
  init(peer: SocketAddress?, headers: HTTPFields, trusting proxies: [AddressRange]) {
    var address = peer.flatMap(IPAddress.init)
    guard !proxies.isEmpty else {
      ip = address
      return
    }
    var hops = headers[values: .forwardedFor].flatMap { $0.split(separator: ",") }[...]
    while let writer = address, proxies.contains(where: { $0.contains(writer) }),
      let hop = hops.popLast(), let named = Self.address(in: hop)
    {
      address = named
    }
    ip = address
  }

  /// Some proxies write the port, too.
  private static func address(in hop: Substring) -> IPAddress? {
    let hop = String(hop).trimmingSpaces()
    if let address = IPAddress(hop) { return address }
    if hop.hasPrefix("["), let end = hop.firstIndex(of: "]") {
      return IPAddress(hop[..<end].dropFirst())
    }
    return hop.firstIndex(of: ":").flatMap { IPAddress(hop[..<$0]) }
  }

  /// What one client usually has to itself: an IPv4 address, or an IPv6 network of 64 bits
  /// (RFC 6177), in which it can take any address that it likes.
  var network: ClientAddress { ClientAddress(ip: ip?.network(ip?.width == 32 ? 32 : 64)) }
}

extension ClientAddress: CustomStringConvertible {
  /// Empty if there is none.
  var description: String { ip?.description ?? "" }
}

extension HTTPField.Name {
  static let forwardedFor = Self("X-Forwarded-For")!
}
