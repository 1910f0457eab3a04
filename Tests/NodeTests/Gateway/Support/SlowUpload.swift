import Testing

@testable import NodeGateway

/// Clients whose request has begun, and whose body does not come.
struct SlowUpload: Sendable {
  private let sockets: [TestSocket]

  /// Returns once the node waits for each body. It waits for ten seconds; set `paceWindow` to more, so that
  /// it answers then.
  static func begin(count: Int, at node: TestGateway) async throws -> SlowUpload {
    let port = node.port
    return try await TestGateway.sockets.run {
      let head =
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
        + "Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
      let sockets = try (0..<count).map { _ in
        let socket = try TestSocket(port: port)
        try socket.send(Array(head.utf8))
        let answer = try socket.read(until: "\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 100"))
        return socket
      }
      return SlowUpload(sockets: sockets)
    }
  }

  /// Sends the bodies, and reads the answers: that they say nothing, or on a busy machine came too late.
  func end() async throws {
    let answers = try await TestGateway.sockets.run { [sockets] in
      for socket in sockets { try socket.send(Array("{}".utf8)) }
      return try sockets.map { try TestAnswer(reading: $0.readToEnd()) }
    }
    for answer in answers { #expect([400, 408].contains(answer.status), "\(answer.text)") }
  }
}
