import Foundation

/// A TCP connection without any manners.
final class RawSocket {
  private let descriptor: Int32
  private var isOpen = true

  struct Failure: Error { var operation: String; var errno: Int32 }

  init(listeningOn port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try Self.check("bind", Self.with(port) { bind(descriptor, $0, $1) })
    try Self.check("listen", listen(descriptor, 1))
  }

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try Self.check("connect", Self.with(port) { connect(descriptor, $0, $1) })
    var patience = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close() }

  /// Whether nobody listens there.
  static func isFree(_ port: Int) -> Bool { (try? RawSocket(listeningOn: port)) != nil }

  private static func with(
    _ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  private static func check(_ operation: String, _ result: Int32) throws {
    guard result == 0 else { throw Failure(operation: operation, errno: errno) }
  }

  func send(_ text: String) throws { try send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Failure(operation: "send", errno: errno) }
      sent += count
    }
  }

  /// Whether something has come. Like any client that uploads much, one looks between pieces.
  var hasAnswer: Bool {
    var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&state, 1, 0) == 1
  }

  /// What has come, at most 64 KiB; waits for something.
  func receive() throws -> String {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    guard count >= 0 else { throw Failure(operation: "recv", errno: errno) }
    return String(decoding: buffer[..<count], as: UTF8.self)
  }

  /// What comes until the other side closes.
  func receiveToEnd() throws -> String {
    var text = ""
    while true {
      let some = try receive()
      if some.isEmpty { return text }
      text += some
    }
  }

  func close() {
    guard isOpen else { return }
    isOpen = false
    Foundation.close(descriptor)
  }
}
