import CloudAPI
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Keeps one connection within bounds: clients that send too slowly, go on sending what was refused
/// already, go away, or do not speak HTTP.
///
/// It stands between the HTTP codec and Hummingbird's handlers, which close connections on which
/// nothing at all happens.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// A body must come at this pace at least, as long as the node is ready to read it.
  private static let leastBytes = 1_024
  private static let paceWindow = TimeAmount.seconds(10)
  /// For how long a body is read and dropped after its request was answered. Closing at once would
  /// reset the connection and could take the answer from the client (RFC 9112 §9.6).
  private static let lingerTime = TimeAmount.seconds(5)
  /// What a client gets that has said it sends no more but may still read.
  private static let halfClosedTime = TimeAmount.seconds(1)

  private var isBodyOpen = false
  private var unanswered = 0
  private var closesAfterAnswer = false
  private var isFinished = false
  private var isWaitingForClient = false
  private var windowBytes = 0
  private var isLingering = false
  private var pace: Scheduled<Void>?
  private var closing: Scheduled<Void>?
  /// How long a client may take from the connection, or from its last answer, to the end of a
  /// request's head. Bytes that trickle in keep a connection from being idle, but not from this.
  private let headTime: TimeAmount
  private var heading: Scheduled<Void>?

  init(headTime: TimeAmount) { self.headTime = headTime }

  func handlerAdded(context: ChannelHandlerContext) { awaitHead(context) }

  func handlerRemoved(context: ChannelHandlerContext) { cancelTimers() }

  func channelInactive(context: ChannelHandlerContext) {
    cancelTimers()
    context.fireChannelInactive()
  }

  private func awaitHead(_ context: ChannelHandlerContext) {
    heading?.cancel()
    heading = context.eventLoop.assumeIsolated().scheduleTask(in: headTime) {
      context.close(promise: nil)
    }
  }

  private func cancelTimers() {
    for timer in [pace, closing, heading] { timer?.cancel() }
  }

  // MARK: Requests

  func read(context: ChannelHandlerContext) {
    isWaitingForClient = true
    context.read()
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isWaitingForClient = false
    context.fireChannelReadComplete()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      heading?.cancel()
      unanswered += 1
      isBodyOpen = true
      windowBytes = 0
      watchPace(context)
    case .body(let bytes):
      windowBytes += bytes.readableBytes
    case .end:
      isBodyOpen = false
      pace?.cancel()
      pace = nil
      if isLingering { endLingering(context) }
    }
    if !isFinished { context.fireChannelRead(data) }
  }

  private func watchPace(_ context: ChannelHandlerContext) {
    guard pace == nil else { return }
    pace = context.eventLoop.assumeIsolated().scheduleTask(in: Self.paceWindow) {
      self.pace = nil
      guard self.isBodyOpen else { return }
      if self.isWaitingForClient && self.windowBytes < Self.leastBytes {
        context.close(promise: nil)
      } else {
        self.windowBytes = 0
        self.watchPace(context)
      }
    }
  }

  // MARK: Answers

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard !isFinished else {
      promise?.fail(ChannelError.ioOnClosedChannel)
      return
    }
    switch unwrapOutboundIn(data) {
    case .head(let head):
      if head.status.kind != .informational {
        closesAfterAnswer = head.headerFields[.connection]?.lowercased() == "close"
      }
      context.write(data, promise: promise)
    case .body:
      context.write(data, promise: promise)
    case .end:
      unanswered -= 1
      if unanswered == 0 { awaitHead(context) }
      context.write(data, promise: promise)
      if isBodyOpen {
        linger(context)
      } else if closesAfterAnswer {
        finish(context)
      }
    }
  }

  /// Reads and drops a part of the body that nobody wants any more.
  private func linger(_ context: ChannelHandlerContext) {
    isLingering = true
    context.flush()
    if closesAfterAnswer { context.close(mode: .output, promise: nil) }
    closing = context.eventLoop.assumeIsolated().scheduleTask(in: Self.lingerTime) {
      context.close(promise: nil)
    }
  }

  private func endLingering(_ context: ChannelHandlerContext) {
    isLingering = false
    closing?.cancel()
    closing = nil
    if closesAfterAnswer {
      isFinished = true
      context.close(promise: nil)
    }
  }

  private func finish(_ context: ChannelHandlerContext) {
    isFinished = true
    context.flush()
    context.close(promise: nil)
  }

  // MARK: Ends

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    // Whoever closes their side while they wait for an answer has most likely gone away: what is
    // quick they still get, an analysis ends.
    if case ChannelEvent.inputClosed = event, unanswered > 0, closing == nil {
      closing = context.eventLoop.assumeIsolated().scheduleTask(in: Self.halfClosedTime) {
        context.close(promise: nil)
      }
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // While a request is in progress, its handler answers; otherwise nobody would.
    guard unanswered == 0, !isFinished, let failure = Self.failure(for: error) else {
      context.fireErrorCaught(error)
      return
    }
    let requestID = RequestName.of([:])
    let answer = Answer(failure, requestID: requestID)
    var fields = HTTPFields()
    fields[.contentType] = Problem.mediaType
    fields[.contentLength] = String(answer.body.count)
    fields[.connection] = "close"
    fields[.requestID] = requestID
    SecurityHeaders.add(to: &fields)
    let head = HTTPResponse(status: answer.status, headerFields: fields)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(ByteBuffer(bytes: answer.body))), promise: nil)
    context.write(wrapOutboundOut(.end(nil)), promise: nil)
    // What else the client has sent is no HTTP and is not read; it gets a moment to read this.
    isFinished = true
    context.flush()
    context.close(mode: .output, promise: nil)
    closing = context.eventLoop.assumeIsolated().scheduleTask(in: Self.halfClosedTime) {
      context.close(promise: nil)
    }
  }

  private static func failure(for error: any Error) -> Failure? {
    switch error {
    case HTTPParserError.headerOverflow: .headersTooLarge()
    case is HTTPParserError: .malformed("the request is not valid HTTP/1.1")
    case is HTTP1TypeConversionError: .malformed("the request is not valid HTTP/1.1")
    default: nil
    }
  }
}
