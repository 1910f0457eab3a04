import NIOCore
import NIOPosix
import Raft

/// All connections of a member. Used on its event loop only.
final class PeerSwitchboard {
  let engine: Engine
  let loop: any EventLoop
  private var links: [PeerLink] = []
  private var accepted: [ObjectIdentifier: PeerConnection] = [:]
  private var isClosed = false
  private var strangers = LogLimit(interval: .seconds(10))
  private var clockWarnings = LogLimit(interval: .seconds(60))
  private var outsiders = LogLimit(interval: .seconds(30))

  init(engine: Engine, loop: any EventLoop) {
    self.engine = engine
    self.loop = loop
  }

  // MARK: Connections that peers make

  func accept(_ channel: any Channel) throws {
    guard !isClosed, accepted.count < engine.options.limits.peerConnections else {
      complain(about: channel, "there are \(accepted.count) connections already")
      channel.close(promise: nil)
      return
    }
    let connection = PeerConnection(switchboard: self, link: nil)
    try connection.install(in: channel)
    accepted[ObjectIdentifier(connection)] = connection
  }

  func closed(_ connection: PeerConnection) { accepted[ObjectIdentifier(connection)] = nil }

  /// Logs what is wrong with who connected, not too often.
  func complain(about channel: any Channel, _ problem: String) {
    guard strangers.allows() else { return }
    let address = channel.remoteAddress.map { "\($0)" } ?? "an unknown address"
    engine.logger.warning("A connection with \(address) on the peer port was closed: \(problem)")
  }

  /// A member says what its clock shows.
  func heard(_ member: MemberID, says time: Int64, at instant: ContinuousClock.Instant) {
    engine.clock.heard(member, says: time, at: instant)
    let lead = engine.clock.ownLead()
    guard abs(lead / .seconds(1)) >= 1, clockWarnings.allows() else { return }
    engine.logger.warning(
      "This machine's clock is \(lead < .zero ? "behind" : "ahead of") the other members' by \(abs(lead / .seconds(1))) s; their time is used"
    )
  }

  // MARK: Connections that this member makes

  func dial(_ targets: [PeerTarget]) {
    guard !isClosed else { return }
    var old = links
    links = targets.map { target in
      let kept = old.firstIndex { link in
        link.target.address == target.address
          && (link.target.member ?? link.peer ?? target.member) == target.member
      }
      guard let kept else { return PeerLink(switchboard: self, target: target) }
      let link = old.remove(at: kept)
      link.target = target
      return link
    }
    for link in old { link.close() }
    for link in links { link.dialNow() }
  }

  /// A peer has connected and said who it is: it can surely be reached now, maybe elsewhere than before.
  func heardOf(_ hello: Hello) {
    for link in links where link.target.member == hello.member && !hello.address.isEmpty {
      link.target.address = hello.address
      link.dialNow()
    }
    for link in links where link.target.member == nil && link.target.name == hello.name {
      link.dialNow()
    }
  }

  // MARK: Sending

  func send(_ messages: [Message]) {
    for message in messages {
      if let link = links.first(where: { $0.target.member == message.to }) {
        link.append(message)
      } else {
        answer(message)
      }
    }
    for link in links { link.flush() }
  }

  /// A member that was just added knows nobody's address yet: it answers on the connection that was made to
  /// it.
  private func answer(_ message: Message) {
    let connection = accepted.values.first { $0.isMember && $0.hello?.member == message.to }
    guard let connection, connection.channel?.isWritable == true else { return }
    connection.send(.raft(message))
  }

  func broadcast(_ frame: PeerFrame) {
    for link in links where link.isMember { link.send(frame) }
  }

  func announce() {
    for link in links { link.connection?.announce() }
    for connection in accepted.values { connection.announce() }
  }

  // MARK: Clusters

  /// Settles, with a peer that said who it is, whether both belong to one cluster. Returns why the
  /// connection is of no use, if it is of none.
  func settle(with hello: Hello, on connection: PeerConnection) -> String? {
    guard let charter = engine.membership.charter else { return nil }
    if hello.cluster == charter.cluster { return nil }
    if hello.cluster == nil {
      if charter.configuration.member(hello.member) != nil {
        connection.send(.charter(charter))
        return nil
      }
      if engine.board.status?.configuration.member(hello.member) != nil {
        connection.send(.charter(Charter(cluster: charter.cluster, configuration: Configuration())))
        return nil
      }
      connection.send(.notMember(cluster: charter.cluster))
      if outsiders.allows() {
        engine.logger.warning(
          """
          \(hello.name) at \(hello.address) is not a member of this cluster: its data directory is new \
          (member \(hello.member)). If it lost its disk, it can't come back under its old name by itself.
          """)
      }
      return "it is not a member of this cluster"
    }
    if outsiders.allows() {
      engine.logger.error(
        """
        \(hello.name) at \(hello.address) belongs to another cluster, \
        \(hello.cluster?.hexadecimal ?? ""); this member belongs to \(charter.cluster.hexadecimal). \
        Check the founders' addresses and the data directories.
        """)
    }
    return "it belongs to another cluster"
  }

  /// A peer's cluster was founded without this member.
  func isLeftOut(of cluster: UInt64, by hello: Hello) {
    guard engine.membership.charter == nil, outsiders.allows() else { return }
    engine.logger.error(
      """
      The cluster was already founded without this member: \(hello.name) at \(hello.address) belongs to \
      cluster \(cluster.hexadecimal), and this data directory is new (member \(engine.membership.id)). \
      If this member's disk was lost, bring its data directory back; to found another cluster, give \
      addresses of new members only. Until then it neither votes nor serves.
      """)
  }

  func close() {
    isClosed = true
    for link in links { link.close() }
    links = []
    for connection in accepted.values { connection.close() }
  }
}
