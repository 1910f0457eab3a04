import NIOCore
import NIOPosix
import Raft

/// Somebody to keep a connection to.
struct PeerTarget: Hashable, Sendable {
  var name: String
  var address: String
  /// Who must answer there; nil for a founder, whose ID is not known yet.
  var member: MemberID?
}

/// The connections to other members, as the other threads see them. All work is done on one event
/// loop; what is given here is done in the order given.
///
/// Each member dials each other one and sends its messages on the connection that it dialed, so there
/// are two connections between two members.
final class PeerTransport: Sendable {
  /// The port that is listened on.
  let port: Int
  private let group: MultiThreadedEventLoopGroup
  private let loop: any EventLoop
  private let listener: any Channel
  private let switchboard: NIOLoopBound<PeerSwitchboard>

  private init(
    _ group: MultiThreadedEventLoopGroup, _ listener: any Channel,
    _ switchboard: NIOLoopBound<PeerSwitchboard>
  ) {
    self.group = group
    self.listener = listener
    self.switchboard = switchboard
    loop = listener.eventLoop
    port = listener.localAddress?.port ?? 0
  }

  /// Listens for peers. Their connections are taken when `start()` is called.
  static func listen(_ engine: Engine) async throws(MemberError) -> PeerTransport {
    let options = engine.options
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    do {
      let switchboard = try await loop.submit {
        NIOLoopBound(PeerSwitchboard(engine: engine, loop: loop), eventLoop: loop)
      }.get()
      let listener = try await ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: 64)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .serverChannelOption(.autoRead, value: false)
        .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture { try switchboard.value.accept(channel) }
        }
        .bind(host: options.peerHost, port: options.peerPort).get()
      return PeerTransport(group, listener, switchboard)
    } catch {
      try? await group.shutdownGracefully()
      throw .cannotListen(host: options.peerHost, port: options.peerPort, reason: "\(error)")
    }
  }

  /// Takes peers' connections.
  func start() { listener.setOption(.autoRead, value: true).whenComplete { _ in } }

  /// Keeps connections to these and to nobody else.
  func dial(_ targets: [PeerTarget]) {
    onLoop { $0.dial(targets) }
  }

  /// Sends messages, each to its receiver, or loses them.
  func send(_ messages: [Message]) {
    onLoop { $0.send(messages) }
  }

  /// Sends a frame to all members of the cluster that are connected.
  func broadcast(_ frame: PeerFrame) {
    onLoop { $0.broadcast(frame) }
  }

  /// Says on all connections that this member belongs to a cluster now.
  func announce() {
    onLoop { $0.announce() }
  }

  /// Closes all connections.
  func close() async {
    try? await listener.close()
    try? await loop.submit { self.switchboard.value.close() }.get()
    try? await group.shutdownGracefully()
  }

  private func onLoop(_ body: @escaping @Sendable (PeerSwitchboard) -> Void) {
    loop.execute { body(self.switchboard.value) }
  }
}
