import Raft

extension ClusterView {
  /// A member that has not been heard for this long is called unreachable: twice what is between two
  /// of its status frames.
  private static let silence = Duration.seconds(2)
  /// A member that is this many entries behind is called behind: some are always on their way.
  private static let tolerableLag = 1_000

  /// What the engine's status and peers amount to.
  init(_ engine: Engine) {
    let now = ContinuousClock.now
    let status = engine.board.status
    let peers = engine.peers.all
    id = engine.membership.id
    clusterID = engine.membership.charter?.cluster.hexadecimal
    leader = status?.leader
    term = status?.term ?? .zero
    commit = status?.commit ?? .zero
    applied = LogIndex(engine.applied.load(ordering: .acquiring))
    last = status?.last.index ?? .zero
    featureLevel = status?.featureLevel ?? .first
    guard let status else {
      members = [Member(ownOf: engine, now)]
      return
    }
    let leaderStatus = status.leader.flatMap { peers[$0]?.status }
    let matches = status.role == .leader ? status.matches : leaderStatus?.matches ?? []
    let commit = max(commit, leaderStatus?.commit ?? .zero)
    members = status.configuration.members.map { member in
      var view = Member(ownOf: engine, now)
      if member.id != engine.membership.id {
        view = Member(member, peers[member.id], now)
        view.clockLead = engine.clock.lead(of: member.id)
      }
      view.role =
        member.id == status.leader
        ? .leader : status.configuration.learners.contains(member.id) ? .learner : .follower
      let match = matches.first { $0.member == member.id }
      view.match = match?.index ?? (member.id == status.leader ? view.last : nil)
      view.lag = view.applied.map { max(0, commit - $0) }
      if view.state == .healthy,
        match?.isCatchingUp == true || view.lag.map({ $0 > Self.tolerableLag }) ?? true
      {
        view.state = .catchingUp
      }
      return view
    }
    members.sort { ($0.name, $0.id) < ($1.name, $1.id) }
  }
}

extension ReplicaStatus {
  fileprivate var matches: [NodeStatus.Match] {
    peers.map { .init(member: $0.id, index: $0.match, isCatchingUp: $0.isCatchingUp) }
  }
}

extension ClusterView.Member {
  fileprivate init(ownOf engine: Engine, _ now: ContinuousClock.Instant) {
    let problem = engine.problem
    self.init(
      id: engine.membership.id, name: engine.options.name, role: .follower,
      state: problem?.kind.state ?? .healthy, problem: problem,
      peerAddress: engine.options.advertisedPeer, url: engine.options.advertisedURL,
      version: engine.options.version, supports: engine.options.supportedLevel,
      applied: LogIndex(engine.applied.load(ordering: .acquiring)),
      last: engine.board.status?.last.index, clockLead: engine.clock.ownLead(),
      stateBytes: Int(clamping: engine.stateBytes.load(ordering: .relaxed)),
      logBytes: Int(clamping: engine.logBytes.load(ordering: .relaxed)),
      uptime: engine.startedAt.duration(to: now))
  }

  fileprivate init(_ member: Member, _ peer: PeerTable.Peer?, _ now: ContinuousClock.Instant) {
    let lastContact = peer?.heardAt.map { $0.duration(to: now) }
    let isReachable = lastContact.map { $0 < ClusterView.silence } ?? false
    self.init(
      id: member.id, name: member.name, role: .follower,
      state: isReachable ? .healthy : .unreachable, peerAddress: member.address,
      roundTrip: peer?.roundTrip, lastContact: lastContact)
    guard let status = peer?.status else { return }
    if isReachable, let problem = status.problem {
      self.problem = problem
      state = problem.kind.state
    }
    url = status.url
    version = status.version
    supports = status.supports
    applied = status.applied
    last = status.last
    stateBytes = Int(clamping: status.stateBytes)
    logBytes = Int(clamping: status.logBytes)
    uptime = .seconds(Int64(clamping: status.uptimeSeconds))
  }
}
