import NIOCore
import Raft

/// One connection with a peer, made by either side. Both say hello first; what comes before that, and
/// what is no frame at all, closes the connection.
final class PeerConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  /// A hello is small: nobody unknown may make this member keep more than that.
  private static let helloLimit = 64 << 10
  private static let helloTimeout = TimeAmount.seconds(5)

  private let switchboard: PeerSwitchboard
  /// Who dialed, when this member did.
  private let link: PeerLink?
  private let decoder = PeerFrameDecoder(limit: helloLimit)
  private(set) var channel: (any Channel)?
  /// What the peer said of itself last.
  private(set) var hello: Hello?
  private var helloTimer: Scheduled<Void>?
  private var engine: Engine { switchboard.engine }

  init(switchboard: PeerSwitchboard, link: PeerLink?) {
    self.switchboard = switchboard
    self.link = link
  }

  /// Puts the handlers into a channel that is not active yet. Mutual TLS, when it comes, is a handler
  /// before these.
  func install(in channel: any Channel) throws {
    self.channel = channel
    let handlers = channel.pipeline.syncOperations
    // Who dials pings every second. One that died without a word must not hold its place.
    if link == nil { try handlers.addHandler(IdleStateHandler(readTimeout: Self.silenceLimit)) }
    try handlers.addHandler(ByteToMessageHandler(decoder))
    try handlers.addHandler(self)
  }

  private static let silenceLimit = TimeAmount.seconds(15)

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is IdleStateHandler.IdleStateEvent {
      context.close(promise: nil)
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }

  /// Whether the peer belongs to this member's cluster.
  var isMember: Bool {
    hello?.cluster != nil && hello?.cluster == engine.membership.charter?.cluster
  }

  // MARK: Sending

  func send(_ frame: PeerFrame) {
    guard let channel else { return }
    var buffer = channel.allocator.buffer(capacity: 256)
    buffer.writeFrame(frame)
    channel.writeAndFlush(buffer, promise: nil)
  }

  /// Says hello again: this member belongs to a cluster now.
  func announce() {
    send(.hello(engine.hello))
    if let hello, let problem = switchboard.settle(with: hello, on: self) {
      refuse(problem, isLogged: true)
    }
  }

  func close() { channel?.close(promise: nil) }

  // MARK: The channel

  func channelActive(context: ChannelHandlerContext) {
    let channel = context.channel
    if link != nil { send(.hello(engine.hello)) }
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    helloTimer = context.eventLoop.scheduleTask(in: Self.helloTimeout) {
      bound.value.switchboard.complain(about: channel, "it did not say who it is")
      channel.close(promise: nil)
    }
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    do {
      guard let frame = try PeerFrame.read(bytes) else { return }
      take(frame, of: bytes.readableBytes)
    } catch {
      refuse("it sent \(error)")
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if let error = error as? PeerFrameError {
      refuse("it sent \(error)")
    } else {
      // The connection broke; peers go away all the time.
      close()
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    helloTimer?.cancel()
    channel = nil
    if let link { link.disconnected(self) } else { switchboard.closed(self) }
    context.fireChannelInactive()
  }

  /// Closes the connection. What was sent before, a refusal for instance, still leaves.
  private func refuse(_ problem: String, isLogged: Bool = false) {
    guard let channel else { return }
    if !isLogged {
      if let link { link.complain(problem) } else { switchboard.complain(about: channel, problem) }
    }
    link?.problem = problem
    channel.close(promise: nil)
  }

  // MARK: Frames

  private func take(_ frame: PeerFrame, of size: Int) {
    if case .hello(let hello) = frame { return greet(hello) }
    guard let hello else { return refuse("it sent something else than a hello first") }
    switch frame {
    case .hello: break
    case .ping(let number): send(.pong(number, time: engine.clock.ownTime()))
    case .pong(let number, let time): link?.answered(ping: number, time: time)
    case .charter(let charter): engine.inbox.put(.chartered(charter, by: hello.name))
    case .notMember(let cluster): switchboard.isLeftOut(of: cluster, by: hello)
    case .raft(let message): take(message, of: size, from: hello)
    case .status(let status):
      if isMember { engine.peers.heard(hello.member) { $0.status = status } }
    }
  }

  private func take(_ message: Message, of size: Int, from hello: Hello) {
    guard isMember, message.from == hello.member, message.to == engine.membership.id else { return }
    engine.peers.heard(hello.member)
    // What does not fit is lost, as on any network.
    // Names and addresses in it may be long, though its kind is small.
    engine.inbox.offer(.event(.receive(message)), weight: max(size, message.weight))
  }

  private func greet(_ hello: Hello) {
    guard hello.protocolVersion == Hello.currentProtocol else {
      return refuse(
        "it speaks version \(hello.protocolVersion) of the protocol, not \(Hello.currentProtocol)")
    }
    guard hello.member != engine.membership.id else {
      return refuse(
        "it is this member itself, or runs with a copy of its data directory: check the addresses")
    }
    let isFirst = self.hello == nil
    self.hello = hello
    helloTimer?.cancel()
    if isFirst, link == nil { send(.hello(engine.hello)) }
    if let problem = switchboard.settle(with: hello, on: self) {
      return refuse(problem, isLogged: true)
    }
    // Before anything that it sends can be agreed on.
    if isMember, let time = hello.time {
      switchboard.heard(hello.member, says: time, at: .now)
    }
    if let link {
      if let problem = link.met(hello) { return refuse(problem) }
    } else if isFirst {
      switchboard.heardOf(hello)
    }
    decoder.limit = engine.options.limits.frameBytes
  }
}

extension Message {
  /// About how many bytes the message takes.
  var weight: Int {
    switch body {
    case .append(let append): 64 + append.entries.reduce(0) { $0 + $1.weight }
    case .propose(_, let payload): 64 + payload.count
    case .snapshotChunk(let chunk): 256 + chunk.bytes.count
    default: 64
    }
  }
}
