import Foundation

/// A blocking TCP connection to the loopback interface.
final class TestSocket: Sendable {
  fileprivate let descriptor: Int32

  struct Failure: Error {
    var call: String
    var errno: Int32
  }

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Failure(call: "socket", errno: errno) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw Failure(call: "connect", errno: errno) }
    // A node that never answers must fail a test, not hang it.
    var limit = timeval(tv_sec: 600, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit {
    close(descriptor)
  }

  /// Sends what the other side takes; it may have answered and closed before the end.
  func send(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes {
        Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if sent < 0 && (errno == EPIPE || errno == ECONNRESET) { return }
      guard sent > 0 else { throw Failure(call: "send", errno: errno) }
      rest = rest.dropFirst(sent)
    }
  }

  /// Reads until `text` was received.
  func read(until text: String) throws -> String {
    var received: [UInt8] = []
    while !String(decoding: received, as: UTF8.self).contains(text) {
      guard let bytes = try readSome() else { break }
      received += bytes
    }
    return String(decoding: received, as: UTF8.self)
  }

  func readToEnd() throws -> [UInt8] {
    var received: [UInt8] = []
    while let bytes = try readSome() { received += bytes }
    return received
  }

  private func readSome() throws -> ArraySlice<UInt8>? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    if count < 0 && errno == ECONNRESET { return nil }
    guard count >= 0 else { throw Failure(call: "recv", errno: errno) }
    return count == 0 ? nil : buffer[..<count]
  }
}

extension TestSocket {
  /// Whether the other side has ended the connection and sent nothing that was not read.
  var isClosedByPeer: Bool {
    var byte: UInt8 = 0
    let count = recv(descriptor, &byte, 1, Int32(MSG_DONTWAIT))
    return count == 0 || (count < 0 && errno == ECONNRESET)
  }

  /// Says that nothing more will be sent; reading goes on.
  func endSending() {
    shutdown(descriptor, Int32(SHUT_WR))
  }
}
