import Foundation
import Testing

extension ProcessTests {
  /// Clients in bad faith.
  @Suite struct FloodTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func node(_ arguments: String...) async throws -> NodeProcess {
      let node = NodeProcess(
        "n1", ports: FreePorts.node(), directory: folder.path, arguments: arguments)
      try node.start()
      try await node.waitUntilReady()
      return node
    }

    /// On a connection of its own, which the node closes.
    private func get(_ path: String, of node: NodeProcess) throws -> String {
      let socket = try RawSocket(port: node.ports.rest)
      try socket.send("GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
      return try socket.receiveToEnd()
    }

    /// Connections besides the one on which it is asked.
    private func others(at node: NodeProcess) throws -> Int {
      try get("/metrics", of: node).split(separator: "\n")
        .filter { $0.hasPrefix("clean_http_connections{") }
        .reduce(-1) { sum, line in
          sum + (try #require(line.split(separator: " ").last.flatMap { Int($0) }))
        }
    }

    @Test func slowClientsKeepNobodyOut() async throws {
      let node = try await node("--max-connections", "32", "--max-connections-per-client", "32")
      let port = node.ports.rest
      // Heads that do not come, or not to their end.
      let silent = try (0..<200).map { number in
        let socket = try RawSocket(port: port)
        if number.isMultiple(of: 2) { try socket.send("GET /api/v1/plans HTTP/1.1\r\nX: ") }
        return socket
      }
      for _ in 0..<10 { #expect(try get("/api/v1/plans", of: node).hasPrefix("HTTP/1.1 200")) }

      // Bodies that do not come, on as many connections as there may be.
      let slow = try (0..<32).map { _ in
        let socket = try RawSocket(port: port)
        try socket.send(
          "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            + "Expect: 100-continue\r\nContent-Length: 1000\r\n\r\n")
        #expect(try socket.receive().hasPrefix("HTTP/1.1 100"))
        try socket.send("{")
        return socket
      }
      for path in ["/livez", "/readyz", "/metrics"] {
        #expect(try get(path, of: node).hasPrefix("HTTP/1.1 200"), "\(path)")
      }
      let refused = try get("/api/v1/plans", of: node)
      #expect(refused.hasPrefix("HTTP/1.1 503"), "\(refused)")
      #expect(refused.contains("Retry-After: 1\r\n") && refused.contains("overloaded"))

      // They have ten seconds. Whatever is said to them, they are closed, and others let in.
      for socket in slow { _ = try? socket.receiveToEnd() }
      #expect(try get("/api/v1/plans", of: node).hasPrefix("HTTP/1.1 200"))
      for socket in silent + slow { socket.close() }
      try await eventually("no connection is left over") { try others(at: node) == 0 }
      #expect(node.terminate() == 0)
    }

    @Test func callsOfWhatIsNotThereAreLimited() async throws {
      let node = try await node("--anonymous-rate-limit", "1", "--anonymous-rate-burst", "20")
      let answers = try (0..<60).map { try get("/nope/\($0)", of: node) }
      #expect(answers.prefix(10).allSatisfy { $0.hasPrefix("HTTP/1.1 404") })
      let limited = answers.filter { $0.hasPrefix("HTTP/1.1 429") }
      #expect(!limited.isEmpty)
      #expect(limited.allSatisfy { $0.contains("Retry-After: ") && $0.contains("rate_limited") })
      #expect(try get("/readyz", of: node).hasPrefix("HTTP/1.1 200"))
    }

    @Test func aFloodOfProbesIsAnswered() async throws {
      let node = try await node()
      for path in ["/readyz", "/metrics"] {
        let sockets = try (0..<300).map { _ in try RawSocket(port: node.ports.rest) }
        for socket in sockets {
          try socket.send("GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        }
        for socket in sockets { #expect(try socket.receiveToEnd().hasPrefix("HTTP/1.1 200")) }
      }
      try await eventually("no connection is left over") { try others(at: node) == 0 }
    }
  }
}
