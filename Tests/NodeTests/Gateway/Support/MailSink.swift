import Foundation
import Synchronization

/// A mailer: an HTTP server on the loopback interface that hands on what it is sent, and answers with the
/// given statuses, one after the other; then with 200.
final class MailSink: Sendable {
  struct Mail: Sendable {
    var headers: [String: String]
    var body: [UInt8]

    func field(_ name: String) throws -> String? {
      let fields = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
      return fields?[name] as? String
    }
  }

  struct Failure: Error {
    var call: String
    var errno: Int32
  }

  let port: Int
  private let listener: Int32
  private let statuses: Mutex<[Int]>
  private let mails: AsyncStream<Mail>
  private let received: AsyncStream<Mail>.Continuation

  init(answering statuses: [Int] = []) throws {
    self.statuses = Mutex(statuses)
    (mails, received) = AsyncStream.makeStream()
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard listener >= 0 else { throw Failure(call: "socket", errno: errno) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { [listener] in
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> Int32 in
        guard bind(listener, address, size) == 0, listen(listener, 16) == 0 else { return -1 }
        return getsockname(listener, address, &size)
      }
    }
    guard status == 0 else { throw Failure(call: "listen", errno: errno) }
    port = Int(in_port_t(bigEndian: address.sin_port))
    Thread { [self] in serve() }.start()
  }

  /// No more mail; whoever waits for some is told.
  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    received.finish()
  }

  var url: String { "http://127.0.0.1:\(port)/mail" }

  /// The next mail.
  func next() async -> Mail? {
    var mails = mails.makeAsyncIterator()
    return await mails.next()
  }

  /// The next mail of a kind; others before it are passed over.
  func next(_ kind: String) async throws -> Mail? {
    while let mail = await next() {
      if try mail.field("kind") == kind { return mail }
    }
    return nil
  }

  private func serve() {
    while true {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { break }
      handle(connection)
      close(connection)
    }
    close(listener)
  }

  /// One request a connection: the answer says so.
  private func handle(_ connection: Int32) {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      if let mail = Self.mail(in: bytes) {
        let status = statuses.withLock { $0.isEmpty ? 200 : $0.removeFirst() }
        let answer = "HTTP/1.1 \(status) X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        _ = answer.utf8CString.withUnsafeBytes {
          send(connection, $0.baseAddress, answer.utf8.count, Int32(MSG_NOSIGNAL))
        }
        received.yield(mail)
        return
      }
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      bytes += buffer[..<count]
    }
  }

  private static func mail(in bytes: [UInt8]) -> Mail? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let end = text.range(of: "\r\n\r\n") else { return nil }
    var headers: [String: String] = [:]
    for line in text[..<end.lowerBound].components(separatedBy: "\r\n").dropFirst() {
      let sides = line.split(separator: ":", maxSplits: 1)
      headers[sides[0].lowercased()] = sides[1].trimmingCharacters(in: .whitespaces)
    }
    let body = Array(text[end.upperBound...].utf8)
    guard body.count == Int(headers["content-length"] ?? "0") else { return nil }
    return Mail(headers: headers, body: body)
  }
}
