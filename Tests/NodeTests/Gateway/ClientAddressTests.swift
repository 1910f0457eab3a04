import HTTPTypes
import NIOCore
import Testing

@testable import NodeGateway

@Suite struct ClientAddressTests {
  private func client(
    _ peer: String, _ forwarded: [String] = [], trusting proxies: [String] = []
  ) throws -> String {
    var headers = HTTPFields()
    for value in forwarded { headers.append(HTTPField(name: .forwardedFor, value: value)) }
    return ClientAddress(
      peer: try SocketAddress(ipAddress: peer, port: 1), headers: headers,
      trusting: try proxies.map { try #require(AddressRange($0)) }
    ).description
  }

  @Test func withoutTrustedProxiesTheConnectionCounts() throws {
    #expect(try client("192.0.2.7", ["198.51.100.1"]) == "192.0.2.7")
    #expect(try client("2001:db8::7") == "2001:db8::7")
    #expect(try client("::ffff:192.0.2.7") == "192.0.2.7")
    #expect(ClientAddress(peer: nil, headers: [:], trusting: []).description.isEmpty)
  }

  @Test func theRightmostUntrustedAddressWins() throws {
    let inside = ["10.0.0.0/8", "::1"]
    #expect(try client("10.0.0.1", [], trusting: inside) == "10.0.0.1")
    #expect(try client("10.0.0.1", ["192.0.2.7"], trusting: inside) == "192.0.2.7")
    #expect(try client("::1", ["192.0.2.7, 10.9.9.9"], trusting: inside) == "192.0.2.7")
    // What the client wrote itself is left of what the proxy saw.
    #expect(try client("10.0.0.1", ["127.0.0.1, 192.0.2.7"], trusting: inside) == "192.0.2.7")
    // Several lines are one list (RFC 9110 §5.3).
    #expect(try client("10.0.0.1", ["10.3.3.3", "192.0.2.7"], trusting: inside) == "192.0.2.7")
    // Everybody is trusted: the one who began.
    #expect(try client("10.0.0.1", ["10.3.3.3,10.4.4.4"], trusting: inside) == "10.3.3.3")
    // Nobody is trusted who is not in the list.
    #expect(try client("192.0.2.1", ["198.51.100.1"], trusting: inside) == "192.0.2.1")
  }

  @Test func portsAreNoPartOfAnAddressAndRubbishIsNone() throws {
    let inside = ["10.0.0.0/8"]
    for (hop, address) in [
      ("192.0.2.7:4711", "192.0.2.7"), ("[2001:DB8::7]:80", "2001:db8::7"),
      ("[2001:db8::7]", "2001:db8::7"), ("unknown", "10.0.0.1"), ("", "10.0.0.1"),
      ("192.0.2.7.8", "10.0.0.1"), ("[", "10.0.0.1"), ("a\u{0}b", "10.0.0.1"),
    ] {
      #expect(try client("10.0.0.1", [hop], trusting: inside) == address, "\(hop)")
    }
  }

  @Test func rangesContainWhatBeginsAlike() throws {
    func contains(_ range: String, _ address: String) throws -> Bool {
      try #require(AddressRange(range)).contains(try #require(IPAddress(address)))
    }
    #expect(try contains("10.0.0.0/8", "10.255.255.255"))
    #expect(try !contains("10.0.0.0/8", "11.0.0.0"))
    #expect(try contains("10.1.2.3/8", "10.0.0.0"))
    #expect(try contains("0.0.0.0/0", "255.255.255.255"))
    #expect(try !contains("0.0.0.0/0", "::1"))
    #expect(try contains("::/0", "ffff::"))
    #expect(try contains("fd00::/8", "fdff::1"))
    #expect(try !contains("fd00::/9", "fdff::1"))
    #expect(try contains("192.0.2.7", "::ffff:192.0.2.7"))
    for wrong in ["", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10/8", "a", "10.0.0.0/-1"] {
      #expect(AddressRange(wrong) == nil, "\(wrong)")
    }
  }

  @Test func aNetworkOfIPv6IsOneClient() throws {
    let first = ClientAddress(ip: IPAddress("2001:db8:1:2:3::"))
    #expect(first.network == ClientAddress(ip: IPAddress("2001:db8:1:2::")))
    #expect(first.network != ClientAddress(ip: IPAddress("2001:db8:1:3::")).network)
    #expect(ClientAddress(ip: IPAddress("192.0.2.7")).network.description == "192.0.2.7")
  }
}
