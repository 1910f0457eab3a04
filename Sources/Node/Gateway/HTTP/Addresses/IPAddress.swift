import Foundation
import NIOCore

/// An Internet address of either family. IPv4 within IPv6 (RFC 4291 §2.5.5.2), as a socket for both
/// families sees it, is IPv4.
struct IPAddress: Hashable, Sendable {
  /// 32 or 128.
  let width: Int
  /// The address in the lowest ``width`` bits.
  let bits: UInt128

  private static let mappedPrefix = UInt128(0xFFFF)

  private init(width: Int, bits: UInt128) {
    self.width = width
    self.bits = bits
  }

  private init(v6 bits: UInt128) {
    if bits >> 32 == Self.mappedPrefix {
      self.init(width: 32, bits: bits & 0xFFFF_FFFF)
    } else {
      self.init(width: 128, bits: bits)
    }
  }

  /// Reads the usual notation; no port, no zone.
  init?(_ text: some StringProtocol) {
    var v4 = in_addr()
    var v6 = in6_addr()
    let text = String(text)
    if inet_pton(AF_INET, text, &v4) == 1 {
      self.init(v4)
    } else if inet_pton(AF_INET6, text, &v6) == 1 {
      self.init(v6)
    } else {
      return nil
    }
  }

  /// The address of a socket; nothing if it is none of the Internet.
  init?(_ address: SocketAddress) {
    switch address {
    case .v4(let v4): self.init(v4.address.sin_addr)
    case .v6(let v6): self.init(v6.address.sin6_addr)
    case .unixDomainSocket: return nil
    }
  }

  private init(_ address: in_addr) {
    self.init(width: 32, bits: UInt128(UInt32(bigEndian: address.s_addr)))
  }

  private init(_ address: in6_addr) {
    self.init(
      v6: withUnsafeBytes(of: address) { $0.reduce(0) { ($0 << 8) | UInt128($1) } })
  }

  /// The address with all bits after the first `length` cleared.
  func network(_ length: Int) -> IPAddress {
    let dropped = width - min(length, width)
    return IPAddress(width: width, bits: dropped == 128 ? 0 : (bits >> dropped) << dropped)
  }
}

extension IPAddress: CustomStringConvertible {
  /// The usual notation (RFC 5952 for IPv6).
  var description: String {
    if width == 32 {
      return (0..<4).reversed().map { String(UInt8(truncatingIfNeeded: bits >> ($0 * 8))) }
        .joined(separator: ".")
    }
    var address = in6_addr()
    withUnsafeMutableBytes(of: &address) { bytes in
      for index in 0..<16 {
        bytes[index] = UInt8(truncatingIfNeeded: bits >> ((15 - index) * 8))
      }
    }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
      inet_ntop(AF_INET6, &address, text.baseAddress, socklen_t(text.count))
      return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  }
}

/// All addresses that begin alike: `10.0.0.0/8`, `fd00::/8`, or one address (RFC 4632 §3.1).
public struct AddressRange: Hashable, Sendable {
  private let network: IPAddress
  private let length: Int

  /// Reads an address, with or without the length of its prefix after a slash; bits beyond the
  /// prefix do not matter.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let address = IPAddress(first) else { return nil }
    var length = address.width
    if parts.count == 2 {
      guard let number = Int(parts[1]), (0...address.width).contains(number) else { return nil }
      length = number
    }
    self.length = length
    network = address.network(length)
  }

  func contains(_ address: IPAddress) -> Bool {
    address.width == network.width && address.network(length) == network
  }
}
