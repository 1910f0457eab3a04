import NIOCore
import NIOPosix
import Raft

/// This member's own connection to one peer: dials it until it answers, and again when it is lost.
/// Used on the event loop only.
final class PeerLink {
  private unowned let switchboard: PeerSwitchboard
  var target: PeerTarget
  private(set) var connection: PeerConnection?
  /// Why the last connection was of no use.
  var problem: String?

  /// Frames since the last flush.
  private var pending = ByteBuffer()
  /// Bytes given to the connection that are not yet in the system's hands.
  private var unsent = 0
  private var failures = 0
  private var redial: Scheduled<Void>?
  private var isDialing = false
  private var isClosed = false
  private var pinger: RepeatedTask?
  private var heardAt = NIODeadline.now()
  private var complaints = LogLimit(interval: .seconds(30))

  private static let shortestPause = 50.0
  private static let longestPause = 1_000.0
  private static let pingInterval = TimeAmount.seconds(1)
  /// A connection that does not answer for this long is given up, whatever TCP thinks of it.
  private static let silence = TimeAmount.seconds(4)

  private var engine: Engine { switchboard.engine }
  /// Who answers.
  var peer: MemberID? { connection?.hello?.member }
  /// Whether a member of this cluster answers, and the right one.
  var isMember: Bool { connection?.isMember == true && peer == target.member }

  init(switchboard: PeerSwitchboard, target: PeerTarget) {
    self.switchboard = switchboard
    self.target = target
  }

  // MARK: Sending

  /// Adds a message to what the next flush sends; loses it when nobody listens or too much waits.
  func append(_ message: Message) {
    guard isMember, unsent + pending.readableBytes <= engine.options.limits.outgoingBytes else {
      return
    }
    pending.writeFrame(.raft(message))
  }

  func flush() {
    let count = pending.readableBytes
    guard count > 0, let channel = connection?.channel else { return pending.clear() }
    unsent += count
    let bound = NIOLoopBound((link: self, connection: connection), eventLoop: channel.eventLoop)
    channel.writeAndFlush(pending).whenComplete { _ in
      let (link, connection) = bound.value
      if link.connection === connection { link.unsent -= count }
    }
    pending = channel.allocator.buffer(capacity: min(count, 64 << 10))
  }

  func send(_ frame: PeerFrame) { connection?.send(frame) }

  // MARK: Dialing

  /// Dials without waiting for the end of a pause.
  func dialNow() {
    redial?.cancel()
    redial = nil
    dial()
  }

  private func dial() {
    guard connection == nil, !isDialing, !isClosed else { return }
    guard let (host, port) = Self.split(target.address) else {
      return complain("its address is not host:port")
    }
    isDialing = true
    let bound = NIOLoopBound(self, eventLoop: switchboard.loop)
    // Names are resolved here, each time anew: addresses change when a member moves.
    ClientBootstrap(group: switchboard.loop)
      .connectTimeout(.seconds(2))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          // A name with several addresses is tried on a channel for each.
          try PeerConnection(switchboard: bound.value.switchboard, link: bound.value)
            .install(in: channel)
        }
      }
      .connect(host: host, port: port)
      .whenComplete { bound.value.dialed($0) }
  }

  private func dialed(_ result: Result<any Channel, any Error>) {
    isDialing = false
    let connection: PeerConnection
    do {
      let channel = try result.get()
      connection = try channel.pipeline.syncOperations.handler(type: PeerConnection.self)
      guard !isClosed else { return connection.close() }
    } catch {
      engine.logger.debug("\(target.name) at \(target.address) can't be reached: \(error)")
      return redialLater()
    }
    self.connection = connection
    heardAt = .now()
    let bound = NIOLoopBound(self, eventLoop: switchboard.loop)
    pinger = switchboard.loop.scheduleRepeatedTask(
      initialDelay: .zero, delay: Self.pingInterval
    ) { _ in bound.value.ping() }
  }

  private func redialLater() {
    guard !isClosed, redial == nil else { return }
    let pause = min(Self.shortestPause * Double(1 << min(failures, 5)), Self.longestPause)
    failures += 1
    // Jitter keeps members that lost each other at the same time from meeting in lockstep.
    let jittered = TimeAmount.milliseconds(Int64(pause * .random(in: 0.5...1)))
    let bound = NIOLoopBound(self, eventLoop: switchboard.loop)
    redial = switchboard.loop.scheduleTask(in: jittered) {
      bound.value.redial = nil
      bound.value.dial()
    }
  }

  // MARK: The connection's life

  /// The peer said who it is. Returns what is wrong with that, if something is.
  func met(_ hello: Hello) -> String? {
    if let wanted = target.member, hello.member != wanted {
      return "member \(hello.member) answers there instead of \(wanted)"
    }
    if failures > 0 || problem != nil { engine.logger.info("Connected to \(target.name)") }
    failures = 0
    problem = nil
    if target.member == nil { engine.inbox.put(.met(founder: target.name, hello)) }
    return nil
  }

  func disconnected(_ connection: PeerConnection) {
    guard connection === self.connection else { return }
    if isMember, let peer { engine.inbox.put(.event(.unreachable(peer))) }
    pinger?.cancel()
    pinger = nil
    self.connection = nil
    unsent = 0
    pending.clear()
    if target.member == nil { engine.inbox.put(.lost(founder: target.name)) }
    if !isClosed, problem == nil { complain("the connection was lost") }
    redialLater()
  }

  func complain(_ problem: String) {
    guard complaints.allows() else { return }
    engine.logger.warning("\(target.name) at \(target.address): \(problem)")
  }

  func close() {
    isClosed = true
    redial?.cancel()
    pinger?.cancel()
    connection?.close()
  }

  // MARK: Pings

  private func ping() {
    guard let connection else { return }
    if heardAt + Self.silence < .now() {
      complain("it does not answer")
      return connection.close()
    }
    guard connection.hello != nil else { return }
    send(.ping(NIODeadline.now().uptimeNanoseconds))
  }

  /// The peer answered the ping that was sent at this time.
  func answered(ping sentAt: UInt64, time: Int64?) {
    heardAt = .now()
    let now = heardAt.uptimeNanoseconds
    guard isMember, let peer, sentAt <= now else { return }
    let roundTrip = Duration.nanoseconds(Int64(clamping: now - sentAt))
    engine.peers.heard(peer) { $0.roundTrip = roundTrip }
    // It was read on the way, most likely in the middle (Cristian's algorithm).
    if let time { switchboard.heard(peer, says: time, at: .now - roundTrip / 2) }
  }

  /// The host and port in `host:port` or `[IPv6]:port`.
  private static func split(_ address: String) -> (host: String, port: Int)? {
    guard let colon = address.lastIndex(of: ":"),
      let port = Int(address[address.index(after: colon)...]), (1...65_535).contains(port)
    else { return nil }
    let host = address[..<colon].drop { $0 == "[" }
    return (String(host.last == "]" ? host.dropLast() : host), port)
  }
}
