import CloudAPI
import CloudState
import Foundation
import Logging
import NodeRuntime
import NodeTelemetry
import ServiceLifecycle
import Synchronization
import Testing

@testable import NodeGateway
@testable import clean_node

/// A node, without its command line: a cluster member alone, the state it replicates, and a gateway
/// that listens on a free port of the loopback interface.
struct TestGateway: Sendable {
  static let adminToken = "operator-token-of-a-test"
  static let clusterID = "00000000000000c1"

  let port: Int
  let cluster: WatchedMember
  /// Told by tests what to do; it does nothing by itself here.
  let upkeep: Upkeep
  let signingKey: (id: String, privateKey: [UInt8])
  let routes: [Route]
  let metrics: MetricsRegistry
  /// What the node says about its API; every answer to ``call(_:_:token:headers:body:)`` is held to it.
  let contract: APIContract

  /// Runs a node for the time of `body`.
  ///
  /// - Parameters:
  ///   - freeCalls: The calls a day of the free plan, which is that of users who register.
  ///   - clock: What commands are stamped by, if not by the machine's clock.
  static func run(
    freeCalls: Int64? = 1_000_000, clock: ClusterClock? = nil,
    _ change: (inout GatewayOptions) -> Void = { _ in },
    logger: Logger = Self.silence,
    _ body: @escaping @Sendable (TestGateway) async throws -> Void
  ) async throws {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("gateway-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }

    let opened = Mutex<StateReader?>(nil)
    let member = try await ClusterMember.open(
      MemberOptions(
        dataDirectory: directory.path, name: "clean-0", peerPort: 0,
        advertisedPeer: "127.0.0.1:1", advertisedURL: "http://127.0.0.1:1", version: "0.1.0"),
      logger: logger
    ) { start in
      let store = try StateStore(directory: start.directory, trustExistingFile: false)
      opened.withLock { $0 = store.makeReader() }
      return CloudStateMachine(store: store)
    }
    let reader = try #require(opened.withLock { $0 })
    let cluster = WatchedMember(member, clock: clock)
    let signingKey = ClusterSecrets.makeSigningKey()
    var options = GatewayOptions(port: 0)
    options.passwordFunction = Scrypt(logN: 8, r: 8, p: 1)
    // Longer than a test waits for anything, so that none passes by them; tests of these times have their own.
    options.bodyTime = .seconds(3_600)
    options.paceWindow = .seconds(3_600)
    options.idleTimeout = .seconds(3_600)
    change(&options)
    let (ports, listening) = AsyncStream<Int>.makeStream()
    let metrics = MetricsRegistry()
    let setup = ClusterSetup(
      member: cluster, state: reader, nodeName: "clean-0", adminToken: adminToken,
      metrics: metrics, logger: logger)
    let upkeep = Upkeep(
      member: cluster, state: reader, nodeName: "clean-0", metrics: metrics, logger: logger)
    let gateway = try Gateway(
      options: options, member: cluster, state: reader, setup: setup, upkeep: upkeep,
      metrics: metrics,
      logger: logger, onListening: { listening.yield($0) })
    let routes = gateway.routes
    let contract = try APIContract.reading(gateway.document)
    let group = ServiceGroup(services: [member, gateway], logger: logger)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      tasks.addTask {
        for await port in ports {
          let node = TestGateway(
            port: port, cluster: cluster, upkeep: upkeep, signingKey: signingKey, routes: routes,
            metrics: metrics, contract: contract)
          do {
            try await found(cluster, signingKey, freeCalls: freeCalls)
            try await body(node)
          } catch {
            await group.triggerGracefulShutdown()
            throw error
          }
          break
        }
        await group.triggerGracefulShutdown()
      }
      // The first error ends the others.
      for try await _ in tasks {}
    }
  }

  static let silence = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  private static func found(
    _ cluster: WatchedMember, _ key: (id: String, privateKey: [UInt8]), freeCalls: Int64?
  ) async throws {
    let proposer = Proposer(member: cluster, registry: MetricsRegistry())
    _ = try await proposer.propose(
      InitializeCluster(
        clusterID: clusterID, signingKeyID: key.id, signingPrivateKey: key.privateKey,
        secret: Random.bytes(32)),
      by: .node(name: "clean-0"))
    _ = try await proposer.propose(
      RegisterAdminToken(
        memberName: "clean-0", memberID: cluster.id.rawValue,
        tokenHash: ClusterSecrets.hash(of: adminToken)),
      by: .node(name: "clean-0"))
    _ = try await proposer.propose(
      DefinePlan(
        Plan(
          id: .free, maxRows: 10_000, maxAPICalls: freeCalls, maxUsers: 1, maxDatasets: 10,
          retentionDays: 7, monthlyPriceCents: 0, allFeatures: false)),
      by: .operator(name: "clean-0"))
  }

  // MARK: Calls

  func call(
    _ method: String, _ path: String, token: String? = nil, headers: [String: String] = [:],
    body: [UInt8]? = nil
  ) async throws -> TestAnswer {
    var lines = ["\(method) \(path) HTTP/1.1", "Host: test", "Connection: close"]
    if let token { lines.append("Authorization: Bearer \(token)") }
    for (name, value) in headers { lines.append("\(name): \(value)") }
    if let body, headers["Transfer-Encoding"] == nil {
      lines.append("Content-Length: \(body.count)")
    }
    let head = lines.joined(separator: "\r\n") + "\r\n\r\n"
    let answer = try await TestAnswer(reading: exchange(Array(head.utf8) + (body ?? [])))
    if let operation = contract.operation(method, path) {
      let flaws = contract.flaws(of: answer, to: operation, isHead: method == "HEAD")
      #expect(flaws.isEmpty, "\(method) \(path): \(flaws)")
    } else if answer.status == 405 {
      let flaws = contract.flaws(ofWrongMethod: answer)
      #expect(flaws.isEmpty, "\(method) \(path): \(flaws)")
    }
    return answer
  }

  func post(_ path: String, token: String? = nil, _ json: String) async throws -> TestAnswer {
    try await call(
      "POST", path, token: token, headers: ["Content-Type": "application/json"],
      body: Array(json.utf8))
  }

  func patch(
    _ path: String, token: String? = nil, _ json: String, headers: [String: String] = [:]
  ) async throws -> TestAnswer {
    try await call(
      "PATCH", path, token: token,
      headers: ["Content-Type": "application/json"].merging(headers) { $1 },
      body: Array(json.utf8))
  }

  func analyze(
    _ csv: String, query: String = "", token: String, headers: [String: String] = [:]
  ) async throws -> TestAnswer {
    try await call(
      "POST", "/api/v1/analyze" + query, token: token,
      headers: ["Content-Type": "text/csv"].merging(headers) { $1 }, body: Array(csv.utf8))
  }

  /// Sends bytes as they are and reads until the node closes.
  func exchange(_ bytes: [UInt8]) async throws -> [UInt8] {
    let port = port
    return try await Self.sockets.run {
      let socket = try TestSocket(port: port)
      try socket.send(bytes)
      return try socket.readToEnd()
    }
  }

  static let sockets = BlockingPool(name: "sockets", threads: 16, queueLimit: 1_000)

  // MARK: Tenants

  /// Registers a user; the password is `password-NAME`.
  func register(_ name: String) async throws -> Registration {
    let answer = try await post(
      "/api/v1/auth/register",
      #"{"email": "\#(name)@example.org", "password": "password-\#(name)"}"#)
    #expect(answer.status == 201, "\(answer.text)")
    return try answer.decode(Registration.self)
  }

  /// Registers a user who then proves the address, with a token from the operator, and keeps the password.
  func registerProven(_ name: String) async throws -> Registration {
    let made = try await register(name)
    let reset = try await call(
      "POST", "/api/v1/users/\(made.user.id)/password-reset", token: Self.adminToken
    ).decode(CreatedPasswordReset.self)
    let confirmed = try await post(
      "/api/v1/auth/password-reset/confirm",
      #"{"token": "\#(reset.token)", "password": "password-\#(name)"}"#)
    #expect(confirmed.status == 204, "\(confirmed.text)")
    let login = try await post(
      "/api/v1/auth/login",
      #"{"email": "\#(name)@example.org", "password": "password-\#(name)"}"#)
    return Registration(
      user: made.user, workspace: made.workspace, tokens: try login.decode(Tokens.self))
  }

  func key(
    _ scopes: String, token: String, workspace: String? = nil, user: String? = nil
  ) async throws -> CreatedAPIKey {
    var place = workspace.map { #", "workspace_id": "\#($0)""# } ?? ""
    place += user.map { #", "user_id": "\#($0)""# } ?? ""
    let answer = try await post(
      "/api/v1/api-keys", token: token, #"{"name": "test", "scopes": [\#(scopes)]\#(place)}"#)
    #expect(answer.status == 201, "\(answer.text)")
    return try answer.decode(CreatedAPIKey.self)
  }
}

/// An answer as it came over the wire.
struct TestAnswer: Sendable {
  var status: Int
  var headers: [String: String]
  var body: [UInt8]

  struct Unreadable: Error {
    var text: String
  }

  init(reading bytes: [UInt8]) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else {
      throw Unreadable(text: text)
    }
    let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
      .components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ")
    guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
      throw Unreadable(text: text)
    }
    self.status = status
    headers = [:]
    for line in lines.dropFirst() {
      let sides = line.split(separator: ":", maxSplits: 1)
      headers[sides[0].lowercased()] = sides[1].trimmingCharacters(in: .whitespaces)
    }
    body = Array(bytes[end.upperBound...])
    if headers["transfer-encoding"] == "chunked" { body = try Self.unchunked(body) }
  }

  /// RFC 9112 §7.1, without extensions and trailers.
  private static func unchunked(_ body: [UInt8]) throws -> [UInt8] {
    var rest = body[...]
    var content: [UInt8] = []
    while true {
      let line = rest.prefix { $0 != 0x0D }
      let text = String(decoding: line, as: UTF8.self)
      guard let size = Int(text, radix: 16), rest.count >= line.count + size + 4 else {
        throw Unreadable(text: "no whole chunk: \(text)")
      }
      if size == 0 { return content }
      rest = rest.dropFirst(line.count + 2)
      content += rest.prefix(size)
      rest = rest.dropFirst(size + 2)
    }
  }

  var text: String { "\(status) \(String(decoding: body, as: UTF8.self))" }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try JSONDecoder.cleanCloud.decode(type, from: Data(body))
  }

  /// The answer's problem, after a check of what every problem has.
  func problem(_ status: Int, _ code: Problem.Code) throws -> Problem {
    #expect(self.status == status, "\(text)")
    #expect(headers["content-type"] == "application/problem+json")
    let problem = try decode(Problem.self)
    #expect(problem.status == status)
    #expect(problem.code == code, "\(text)")
    #expect(problem.requestID == headers["x-request-id"])
    #expect(problem.requestID?.isEmpty == false)
    #expect(problem.detail?.isEmpty == false)
    #expect(headers["x-content-type-options"] == "nosniff")
    return problem
  }
}
