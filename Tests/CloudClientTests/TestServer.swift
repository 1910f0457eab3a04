import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A real HTTP server on loopback that does as a test says and remembers what it was sent.
final class TestServer: Sendable {
  struct Request: Sendable {
    var method: String
    var uri: String
    var headers: HTTPHeaders
    var body: Data

    var idempotencyKey: String? { headers.first(name: "Idempotency-Key") }
  }

  /// What becomes of a request.
  enum Reply: Sendable {
    case bytes(Int, [String: String], Data)
    /// The connection is closed without a word.
    case hangUp
    /// Nothing ever comes.
    case silence

    static func answer(
      _ status: Int, _ fields: [String: String] = [:], _ body: String = ""
    ) -> Reply {
      .bytes(status, fields, Data(body.utf8))
    }
  }

  /// When the server makes up its mind.
  enum Patience: Sendable {
    case wholeRequest
    /// As soon as so many bytes of the body are there.
    case bodyBytes(Int)
  }

  /// Where the server listens.
  let url: String
  private let log: Log

  /// The requests that were replied to, in order.
  var requests: [Request] { log.requests.withLock { $0 } }

  private init(url: String, log: Log) {
    self.url = url
    self.log = log
  }

  /// Runs `body` with a server that replies to its nth request (from 0) as `reply` says.
  @discardableResult
  static func run<Value>(
    patience: Patience = .wholeRequest,
    reply: @escaping @Sendable (Request, Int) -> Reply,
    _ body: (TestServer) async throws -> Value
  ) async throws -> Value {
    let log = Log()
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(
            Conversation(patience: patience) { reply($0, log.append($0)) })
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    do {
      let url = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)"
      let value = try await body(TestServer(url: url, log: log))
      try await channel.close()
      return value
    } catch {
      try await channel.close()
      throw error
    }
  }

  private final class Log: Sendable {
    let requests = Mutex<[Request]>([])

    /// Adds a request and returns how many there were before it.
    func append(_ request: Request) -> Int {
      requests.withLock { requests in
        requests.append(request)
        return requests.count - 1
      }
    }
  }
}

/// One connection to the server.
private final class Conversation: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let patience: TestServer.Patience
  private let decide: (TestServer.Request) -> TestServer.Reply
  private var request: TestServer.Request?

  init(
    patience: TestServer.Patience, decide: @escaping (TestServer.Request) -> TestServer.Reply
  ) {
    self.patience = patience
    self.decide = decide
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      request = TestServer.Request(
        method: head.method.rawValue, uri: head.uri, headers: head.headers, body: Data())
    case .body(let bytes):
      request?.body.append(contentsOf: bytes.readableBytesView)
      if case .bodyBytes(let enough) = patience, let size = request?.body.count, size >= enough {
        reply(context)
      }
    case .end:
      reply(context)
    }
  }

  private func reply(_ context: ChannelHandlerContext) {
    guard let request else { return }
    self.request = nil
    switch decide(request) {
    case .silence:
      break
    case .hangUp:
      context.close(promise: nil)
    case .bytes(let status, let fields, let body):
      var headers = HTTPHeaders(fields.map { ($0.key, $0.value) })
      headers.replaceOrAdd(name: "Content-Length", value: String(body.count))
      let head = HTTPResponseHead(
        version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: headers)
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
  }
}

/// An address where nothing listens and nothing can begin to: its port is bound, which refuses
/// connections for as long as this value lives.
final class DeadEndpoint {
  let url: String
  private let descriptor: Int32

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let failed = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) != 0 || getsockname(descriptor, address, &length) != 0
      }
    }
    guard !failed else { throw POSIXError(.EADDRNOTAVAIL) }
    url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
  }

  deinit {
    close(descriptor)
  }
}
