import CloudAPI
import Foundation
import Logging
import NodeTelemetry
import Testing

@testable import NodeGateway

@Suite struct RobustnessTests {
  @Test func unknownPathsAndMethodsAreProblems() async throws {
    try await TestGateway.run { node in
      for path in ["/nope", "/api/v1", "/api/v1/usage/", "/api/v2/usage", "/%00", "/a?b#c"] {
        _ = try await node.call("GET", path).problem(404, .notFound)
      }
      let answer = try await node.call("PUT", "/api/v1/workspaces")
      #expect(answer.status == 405)
      #expect(answer.headers["allow"] == "GET, HEAD, POST")
      #expect(answer.headers["content-type"] == "application/problem+json")
    }
  }

  /// Of a misspelt option nobody would notice that it changes nothing.
  @Test func unknownPartsOfAQueryAreRefused() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada")
      let token = ada.tokens.accessToken
      let misspelt = try await node.analyze(
        AnalyzeTests.csv, query: "?label_columm=label&seed=7&sed=8", token: token)
      let errors = try #require(try misspelt.problem(400, .invalidRequest).errors)
      #expect(errors.map(\.field) == ["label_columm", "sed"])
      #expect(errors[0].message.contains("label_column"))
      for path in [
        "/api/v1/plans?x=1", "/api/v1/usage?limit=3", "/api/v1/workspaces?workspace_id=a",
        "/api/v1/workspaces?=", "/api/v1/usage?a.b=1",
      ] {
        let answer = try await node.call("GET", path, token: token)
        #expect(try answer.problem(400, .invalidRequest).errors?.count == 1, "\(path)")
      }
      let post = try await node.post("/api/v1/auth/logout?all=true", token: token, "")
      _ = try post.problem(400, .invalidRequest)
      for path in [
        "/api/v1/usage?workspace_id=\(ada.workspace.id)&consistency=stale",
        "/api/v1/workspaces?limit=3", "/api/v1/plans?", "/livez?verbose=1",
      ] {
        #expect(try await node.call("GET", path, token: token).status == 200, "\(path)")
      }
      // Strangers are told first that they are.
      _ = try await node.call("GET", "/api/v1/usage?x=1").problem(401, .unauthenticated)
    }
  }

  @Test func headHasNoBody() async throws {
    try await TestGateway.run { node in
      let get = try await node.call("GET", "/api/v1/plans")
      let head = try await node.call("HEAD", "/api/v1/plans")
      #expect(head.status == 200)
      #expect(head.body.isEmpty)
      #expect(head.headers["content-length"] == get.headers["content-length"])
    }
  }

  @Test func aRequestKeepsItsName() async throws {
    try await TestGateway.run { node in
      let named = try await node.call("GET", "/nope", headers: ["X-Request-Id": "trace-7:a"])
      #expect(try named.problem(404, .notFound).requestID == "trace-7:a")
      for bad in ["a b", String(repeating: "x", count: 129), "<script>"] {
        let answer = try await node.call("GET", "/nope", headers: ["X-Request-Id": bad])
        #expect(answer.headers["x-request-id"]?.hasPrefix("req_") == true)
      }
    }
  }

  @Test func largeHeadersAreRefused() async throws {
    try await TestGateway.run { node in
      let big = String(repeating: "a", count: 40_000)
      for answer in [
        try await node.call("GET", "/livez", headers: ["X-Big": big]),
        try await node.call("GET", "/\(big)"),
      ] {
        _ = try answer.problem(431, .tooLarge)
      }
      var many: [String: String] = [:]
      for number in 0..<200 { many["X-\(number)"] = "a" }
      _ = try await node.call("GET", "/livez", headers: many).problem(431, .tooLarge)
      #expect(try await node.call("GET", "/livez").status == 200)
    }
  }

  @Test func garbageIsNoHTTP() async throws {
    try await TestGateway.run { node in
      var generator = SystemRandomNumberGenerator()
      for bytes in [
        Array("\u{16}\u{3}\u{1}\r\n\r\n".utf8), Array("GET\r\n\r\n".utf8),
        [0, 1, 2, 255, 254, 10, 13, 10],
        (0..<2_000).map { _ in UInt8.random(in: 0x80...0xff, using: &generator) },
        Array("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n".utf8),
        Array("GET / HTTP/1.1\r\nBad Header: a\r\n\r\n".utf8),
      ] {
        let answer = try await TestAnswer(reading: node.exchange(bytes))
        _ = try answer.problem(400, .invalidRequest)
        #expect(answer.headers["connection"] == "close")
      }
      #expect(try await node.call("GET", "/livez").status == 200)
    }
  }

  @Test func jsonBodiesAreBoundedAndTyped() async throws {
    try await TestGateway.run { node in
      let path = "/api/v1/auth/login"
      let big = try await node.post(
        path, #"{"email": "\#(String(repeating: "a", count: 70_000))"}"#)
      _ = try big.problem(413, .tooLarge)
      let form = try await node.call(
        "POST", path, headers: ["Content-Type": "application/x-www-form-urlencoded"],
        body: Array("email=a".utf8))
      _ = try form.problem(415, .unsupportedMediaType)
      for body in ["", "{", "[1]", "{\"email\": 1}", "\u{0}\u{1}"] {
        _ = try await node.post(path, body).problem(400, .invalidRequest)
      }
      let binary = try await node.call(
        "POST", path, headers: ["Content-Type": "application/json"], body: [0xff, 0xfe, 0, 1])
      _ = try binary.problem(400, .invalidRequest)
    }
  }

  @Test func requestsBeyondTheBoundAreRefusedButHealthAnswers() async throws {
    try await TestGateway.run({ $0.maxConcurrentRequests = 1 }) { node in
      let (began, beginning) = AsyncStream<Void>.makeStream()
      let (gate, opening) = AsyncStream<Void>.makeStream()
      node.cluster.duringProposal {
        beginning.yield()
        for await _ in gate { break }
      }
      async let first = node.register("ada")
      for await _ in began { break }
      // From here on the one place is taken.
      let refused = try await node.call("GET", "/api/v1/plans")
      _ = try refused.problem(503, .overloaded)
      #expect(refused.headers["retry-after"] == "1")
      for path in ["/livez", "/readyz", "/metrics"] {
        #expect(try await node.call("GET", path).status == 200)
      }
      opening.yield()
      _ = try await first
      #expect(try await node.call("GET", "/api/v1/plans").status == 200)
    }
  }

  @Test func aBodyTakesNoPlaceWhileItComes() async throws {
    try await TestGateway.run({ $0.maxConcurrentRequests = 1 }) { node in
      let slow = try await SlowUpload.begin(count: 3, at: node)
      #expect(try await node.call("GET", "/api/v1/plans").status == 200)
      try await slow.end()
    }
  }

  @Test func aConnectionServesManyRequests() async throws {
    try await TestGateway.run { node in
      let request = "GET /livez HTTP/1.1\r\nHost: a\r\n"
      let text = String(
        decoding: try await node.exchange(
          Array((request + "\r\n" + request + "\r\n" + request + "Connection: close\r\n\r\n").utf8)),
        as: UTF8.self)
      #expect(text.components(separatedBy: "HTTP/1.1 200").count == 4)
    }
  }

  @Test func aRefusedBodyIsNotInTheWayOfTheNextRequest() async throws {
    try await TestGateway.run { node in
      // The first is refused before its body is read; the second is on the same connection.
      let text =
        "POST /nope HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
        + "GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
      let answers = String(decoding: try await node.exchange(Array(text.utf8)), as: UTF8.self)
      #expect(answers.contains("HTTP/1.1 404"))
      #expect(answers.contains("HTTP/1.1 200"))
    }
  }

  @Test func silentConnectionsAreClosed() async throws {
    try await TestGateway.run({ $0.idleTimeout = .milliseconds(200) }) { node in
      // The node must end the connection: reading to the end would otherwise time out and throw.
      for bytes in ["", "GET /livez HTTP/1.1\r\nHo"] {
        let received = try await node.exchange(Array(bytes.utf8))
        #expect(received.isEmpty)
      }
    }
  }
}

@Suite struct SlowClientTests {
  @Test func aHeadThatTricklesInIsNotWaitedForForever() async throws {
    try await TestGateway.run({ $0.idleTimeout = .milliseconds(500) }) { node in
      let port = node.port
      let isClosed = try await TestGateway.sockets.run {
        let socket = try TestSocket(port: port)
        try socket.send(Array("GET /livez HTTP/1.1\r\nX: ".utf8))
        // Never idle and never done: a byte every tenth of a second, for half a minute at most.
        for _ in 0..<300 {
          if socket.isClosedByPeer { return true }
          try socket.send([UInt8(ascii: "x")])
          Thread.sleep(forTimeInterval: 0.1)
        }
        return false
      }
      #expect(isClosed)
    }
  }
}

@Suite struct StartUpTests {
  @Test func aTakenPortIsSaidInOneLine() async throws {
    try await TestGateway.run { node in
      let port = node.port
      await #expect(throws: GatewayError.addressInUse(host: "127.0.0.1", port: port)) {
        try await TestGateway.run({ $0.port = port }) { _ in }
      }
    }
  }

  @Test func aBadAddressIsSaidInOneLine() async throws {
    await #expect(throws: GatewayError.unknownHost("no.such.host.invalid")) {
      try await TestGateway.run({ $0.host = "no.such.host.invalid" }) { _ in }
    }
    await #expect(throws: GatewayError.addressNotAvailable(host: "192.0.2.1", port: 0)) {
      try await TestGateway.run({ $0.host = "192.0.2.1" }) { _ in }
    }
  }
}
