import Testing

@testable import NodeGateway

/// Clients whose request has begun, and whose body does not come.
struct SlowUpload: Sendable {
  private let sockets: [TestSocket]
  private let body: String

  /// Returns once the node waits for each body.
  ///
  /// - Parameter body: What will come in the end; without any it is a login that says nothing.
  static func begin(
    count: Int = 1, at node: TestGateway, _ path: String = "/api/v1/auth/login",
    token: String? = nil, body: String = "{}"
  ) async throws -> SlowUpload {
    let port = node.port
    return try await TestGateway.sockets.run {
      let credential = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
      let head =
        "POST \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\(credential)"
        + "Content-Type: application/json\r\nExpect: 100-continue\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n"
      let sockets = try (0..<count).map { _ in
        let socket = try TestSocket(port: port)
        try socket.send(Array(head.utf8))
        let answer = try socket.read(until: "\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 100"))
        return socket
      }
      return SlowUpload(sockets: sockets, body: body)
    }
  }

  /// Sends the bodies, reads the answers, and lets the connections end.
  func answers() async throws -> [TestAnswer] {
    try await TestGateway.sockets.run { [sockets, body] in
      for socket in sockets { try socket.send(Array(body.utf8)) }
      return try sockets.map { socket in
        defer { socket.endSending() }
        return try TestAnswer(reading: socket.readToEnd())
      }
    }
  }

  /// Ends logins that say nothing, and are told so.
  func end() async throws {
    for answer in try await answers() { #expect(answer.status == 400, "\(answer.text)") }
  }
}
