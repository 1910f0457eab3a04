import CloudAPI
import Foundation
import Testing

@testable import NodeGateway

@Suite struct ConnectionTests {
  /// Clients that connect and say nothing, or the beginning of something.
  private static func silent(
    _ count: Int, at node: TestGateway, saying text: String = ""
  ) async throws -> [TestSocket] {
    let port = node.port
    return try await TestGateway.sockets.run {
      try (0..<count).map { _ in
        let socket = try TestSocket(port: port)
        try socket.send(Array(text.utf8))
        return socket
      }
    }
  }

  /// The connections that the node knows of besides the one on which it is asked.
  private static func others(at node: TestGateway) async throws -> Int {
    let text = try await node.call("GET", "/metrics").text
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("clean_http_connections{") }
    #expect(lines.count == 2, "\(text)")
    return try lines.reduce(-1) { sum, line in
      sum + (try #require(line.split(separator: " ").last.flatMap { Int($0) }))
    }
  }

  private static func othersEnd(at node: TestGateway) async throws {
    try await waitUntil("no connection is left over") { try await others(at: node) == 0 }
  }

  /// Waits until the node has taken all connections, which is so when as many as have no place gave way since its
  /// start, or when all of them ended: those for health after seconds, which a busy machine takes. It takes them on
  /// several threads: one that it takes late could have the place of somebody who is about to ask.
  private static func waitUntilTaken(
    _ connections: [TestSocket], places: Int, at node: TestGateway
  ) async throws {
    let name = "clean_http_connections_gave_way_total "
    try await waitUntil("the node has taken all connections") {
      let line = node.metrics.exposition().split(separator: "\n").first { $0.hasPrefix(name) }
      let gaveWay = line.flatMap { Int($0.dropFirst(name.count)) } ?? 0
      return gaveWay >= connections.count - places || connections.allSatisfy(\.isClosedByPeer)
    }
  }

  private static func waitUntil(_ state: String, _ isReached: () async throws -> Bool) async throws
  {
    let end = ContinuousClock.now + .seconds(600)
    while try await !isReached() {
      try #require(ContinuousClock.now < end, "it never came to be that \(state)")
      try await Task.sleep(for: .milliseconds(1))
    }
  }

  @Test(arguments: ["", "GET /livez HTTP/1.1\r\nHost: a\r\nX: "])
  func silentConnectionsGiveWay(_ text: String) async throws {
    try await TestGateway.run({ $0.connections = ConnectionLimits(total: 4, perClient: 4) }) {
      node in
      do {
        let silent = try await Self.silent(20, at: node, saying: text)
        try await Self.waitUntilTaken(silent, places: 4, at: node)
        // Nobody needs to wait until one of them ends.
        for _ in 0..<5 {
          #expect(try await node.call("GET", "/api/v1/plans").status == 200)
        }
        try await Self.waitUntil("those are closed that gave way") {
          silent.count { $0.isClosedByPeer } >= 17
        }
      }
      try await Self.othersEnd(at: node)
    }
  }

  @Test func aConnectionBetweenTwoRequestsGivesWay() async throws {
    try await TestGateway.run({ $0.connections = ConnectionLimits(total: 2, perClient: 2) }) {
      node in
      let port = node.port
      let socket = try await TestGateway.sockets.run {
        let socket = try TestSocket(port: port)
        try socket.send(Array("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        #expect(try socket.read(until: "alive\"}").hasPrefix("HTTP/1.1 200"))
        return socket
      }
      let later = try await Self.silent(2, at: node)
      #expect(try await TestGateway.sockets.run { try socket.readToEnd() }.isEmpty)
      _ = later
    }
  }

  @Test func healthAnswersWhenAllConnectionsWork() async throws {
    try await TestGateway.run({ $0.connections = ConnectionLimits(total: 4, perClient: 4) }) {
      node in
      let slow = try await SlowUpload.begin(count: 4, at: node)
      // Those who come and say nothing do not keep probes out.
      let silent = try await Self.silent(30, at: node)
      try await Self.waitUntilTaken(silent, places: 8, at: node)
      for path in ["/livez", "/readyz", "/metrics"] {
        let answer = try await node.call("GET", path)
        #expect(answer.status == 200)
        #expect(answer.headers["connection"] == "close")
      }
      for path in ["/api/v1/plans", "/", "/nope"] {
        let refused = try await node.call("GET", path)
        _ = try refused.problem(503, .overloaded)
        #expect(refused.headers["retry-after"] == "1")
        #expect(refused.headers["connection"] == "close")
      }
      // Nobody who is at work had to give way.
      try await slow.end()
      #expect(try await node.call("GET", "/api/v1/plans").status == 200)
      _ = silent
    }
  }

  @Test func oneClientHasAPartOfThem() async throws {
    try await TestGateway.run({ $0.connections = ConnectionLimits(total: 8, perClient: 2) }) {
      node in
      let slow = try await SlowUpload.begin(count: 2, at: node)
      _ = try await node.call("GET", "/api/v1/plans").problem(503, .overloaded)
      #expect(try await node.call("GET", "/readyz").status == 200)
      try await slow.end()
      #expect(try await node.call("GET", "/api/v1/plans").status == 200)
    }
  }

  @Test func aTrustedProxyHasAllOfThem() async throws {
    try await TestGateway.run({
      $0.connections = ConnectionLimits(total: 8, perClient: 2)
      $0.trustedProxies = [AddressRange("127.0.0.0/8")!]
    }) { node in
      let slow = try await SlowUpload.begin(count: 7, at: node)
      #expect(try await node.call("GET", "/api/v1/plans").status == 200)
      try await slow.end()
      try await Self.othersEnd(at: node)
    }
  }

  @Test func whoDoesNotGoOnIsClosed() async throws {
    try await TestGateway.run({ $0.paceWindow = .milliseconds(200) }) { node in
      let bodiless = try await Self.silent(
        3, at: node,
        saying: "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n")
      try await Self.othersEnd(at: node)
      // Megabytes of answers that nobody reads.
      let request = "GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n"
      let deaf = try await Self.silent(
        3, at: node, saying: String(repeating: request, count: 100))
      try await Self.othersEnd(at: node)
      _ = (bodiless, deaf)
    }
  }

  @Test func anAnswerThatNobodyReadsComesWholeToWhoReadsLate() async throws {
    try await TestGateway.run { node in
      let port = node.port
      let request = Array("GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
      let last = Array("GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".utf8)
      let received = try await TestGateway.sockets.run {
        let socket = try TestSocket(port: port)
        // Megabytes, more than sockets hold, while nobody reads.
        for _ in 0..<100 { try socket.send(request) }
        try socket.send(last)
        return try socket.readToEnd()
      }
      let whole = try #require(
        try await node.call("GET", "/openapi.json").headers["content-length"])
      #expect(received.count > 100 * (try #require(Int(whole))))
      #expect(String(decoding: received.suffix(50), as: UTF8.self).contains("alive"))
    }
  }
}
