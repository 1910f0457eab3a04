import CloudAPI
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import Raft

/// Keeps one connection within bounds: clients that send or read too slowly, go on sending what was
/// refused already, go away, or do not speak HTTP. What all of them may have together the table says.
///
/// It stands between the HTTP codec and Hummingbird's handlers, which close connections on which
/// nothing at all happens.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// A body must come at this pace at least, as long as the node is ready to read it; and so must answers
  /// be taken that wait for their client.
  private static let leastBytes = 1_024
  private let paceWindow: TimeAmount
  /// For how long a body is read and dropped after its request was answered. Closing at once would
  /// reset the connection and could take the answer from the client (RFC 9112 §9.6).
  private static let lingerTime = TimeAmount.seconds(5)
  /// What a client gets that has said it sends no more but may still read. One that is gone has said the same, and
  /// its analysis is to end within a second.
  private static let halfClosedTime = TimeAmount.milliseconds(500)
  /// What whoever wants to know how the node is has for asking, on a connection for nothing else.
  private static let probeTime = TimeAmount.seconds(5)

  private let table: ConnectionTable
  /// How far the node is, for answers that are given here.
  private let member: any ReplicatedState
  /// Nothing before the connection is there, and if there is no place for it.
  private var place: (id: ConnectionTable.ID, use: ConnectionTable.Use)?
  private var isBodyOpen = false
  private var unanswered = 0
  /// Answers that are complete, and not yet handed to the system.
  private var unwritten = 0
  private var closesAfterAnswer = false
  private var isFinished = false
  private var isWaitingForClient = false
  private var windowBytes = 0
  private var isLingering = false
  private var pace: Scheduled<Void>?
  private var reading: Scheduled<Void>?
  private var closing: Scheduled<Void>?
  /// How long a client may take from the connection, or from its last answer, to the end of a
  /// request's head. Bytes that trickle in keep a connection from being idle, but not from this.
  private let headTime: TimeAmount
  private var heading: Scheduled<Void>?

  init(
    table: ConnectionTable, member: any ReplicatedState, headTime: TimeAmount,
    paceWindow: TimeAmount
  ) {
    self.table = table
    self.member = member
    self.headTime = headTime
    self.paceWindow = paceWindow
  }

  func handlerRemoved(context: ChannelHandlerContext) { cancelTimers() }

  func channelActive(context: ChannelHandlerContext) {
    let channel = context.channel
    place = table.add(from: context.remoteAddress.flatMap(IPAddress.init)) {
      channel.close(promise: nil)
    }
    awaitHead(context)
    context.fireChannelActive()
    if place == nil { context.close(promise: nil) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    cancelTimers()
    if let place { table.remove(place.id) }
    context.fireChannelInactive()
  }

  private func awaitHead(_ context: ChannelHandlerContext) {
    heading?.cancel()
    let time = place?.use == .health ? Self.probeTime : headTime
    heading = context.eventLoop.assumeIsolated().scheduleTask(in: time) {
      context.close(promise: nil)
    }
  }

  private func cancelTimers() {
    for timer in [pace, reading, closing, heading] { timer?.cancel() }
  }

  /// Whether the connection waits for another request; then it may have to give way.
  private func noteWaiting() {
    guard let place, unanswered == 0, unwritten == 0, !isBodyOpen, !isFinished else { return }
    table.waits(place.id)
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
    case .head(let head):
      heading?.cancel()
      if isFinished { return }
      guard let place, table.begins(place.id) else {
        isFinished = true
        context.close(promise: nil)
        return
      }
      if place.use == .health, !Self.isProbe(head) {
        answer(.tooManyConnections(), context)
        return
      }
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
      noteWaiting()
    }
    if !isFinished { context.fireChannelRead(data) }
  }

  private func watchPace(_ context: ChannelHandlerContext) {
    guard pace == nil else { return }
    pace = context.eventLoop.assumeIsolated().scheduleTask(in: paceWindow) {
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
    case .head(var head):
      if head.status.kind != .informational {
        if place?.use == .health { head.headerFields[.connection] = "close" }
        closesAfterAnswer = head.headerFields[.connection]?.lowercased() == "close"
      }
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .body:
      context.write(data, promise: promise)
    case .end:
      unanswered -= 1
      if unanswered == 0 { awaitHead(context) }
      writeEnd(data, promise, context)
      if isBodyOpen {
        linger(context)
      } else if closesAfterAnswer {
        isFinished = true
        context.flush()
      }
    }
  }

  /// The connection waits, or ends, only once its client has been sent everything.
  private func writeEnd(
    _ data: NIOAny, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext
  ) {
    let written = promise ?? context.eventLoop.makePromise()
    unwritten += 1
    written.futureResult.assumeIsolated().whenSuccess {
      self.unwritten -= 1
      if self.isFinished && self.closing == nil { context.close(promise: nil) }
      self.noteWaiting()
    }
    context.write(data, promise: written)
  }

  /// An answer may wait for its client, but not for one that does not read it.
  func channelWritabilityChanged(context: ChannelHandlerContext) {
    reading?.cancel()
    reading = nil
    if !context.channel.isWritable { watchReader(context, waiting: .max) }
    context.fireChannelWritabilityChanged()
  }

  private func watchReader(_ context: ChannelHandlerContext, waiting before: Int) {
    reading = context.eventLoop.assumeIsolated().scheduleTask(in: paceWindow) {
      let waiting = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
      if before - waiting < Self.leastBytes {
        context.close(promise: nil)
      } else {
        self.watchReader(context, waiting: waiting)
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
    answer(failure, context)
  }

  /// Answers in place of all who would, and ends the connection.
  private func answer(_ failure: Failure, _ context: ChannelHandlerContext) {
    let requestID = RequestName.of([:])
    let answer = Answer(failure, requestID: requestID)
    var fields = HTTPFields()
    fields[.contentType] = Problem.mediaType
    fields[.contentLength] = String(answer.body.count)
    fields[.connection] = "close"
    fields[.requestID] = requestID
    fields[.cleanIndex] = member.appliedIndex.description
    if let seconds = failure.wait(at: member.now()) { fields[.retryAfter] = String(seconds) }
    SecurityHeaders.add(to: &fields)
    let head = HTTPResponse(status: answer.status, headerFields: fields)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(ByteBuffer(bytes: answer.body))), promise: nil)
    context.write(wrapOutboundOut(.end(nil)), promise: nil)
    // What else the client has sent is not looked at; it gets a moment to read this.
    isFinished = true
    context.flush()
    context.close(mode: .output, promise: nil)
    closing = context.eventLoop.assumeIsolated().scheduleTask(in: Self.halfClosedTime) {
      context.close(promise: nil)
    }
  }

  private static func isProbe(_ head: HTTPRequest) -> Bool {
    HealthRoutes.probes.contains(String(head.path?.prefix { $0 != "?" } ?? ""))
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
