import Foundation

/// A TCP socket of 127.0.0.1 without any manners.
final class RawSocket: Sendable {
  private let descriptor: Int32

  init() {
    #if canImport(Glibc)
      descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
  }

  deinit { close(descriptor) }

  private func withAddress(_ port: Int, _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32)
    -> Bool
  {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        call($0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  func bind(_ port: Int) -> Bool {
    withAddress(port) { Foundation.bind(descriptor, $0, $1) }
  }

  func listen(_ port: Int) -> Bool {
    bind(port) && Foundation.listen(descriptor, 1) == 0
  }

  func connect(_ port: Int) -> Bool {
    withAddress(port) { Foundation.connect(descriptor, $0, $1) }
  }

  func send(_ bytes: [UInt8]) {
    _ = Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  /// Reads until the other side closes the connection. Blocks.
  func readToEnd() -> [UInt8] {
    var all: [UInt8] = []
    var bytes = [UInt8](repeating: 0, count: 4096)
    while case let count = recv(descriptor, &bytes, bytes.count, 0), count > 0 {
      all += bytes[..<count]
    }
    return all
  }
}
