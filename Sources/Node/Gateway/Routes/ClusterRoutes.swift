import CloudAPI
import NodeRuntime
import Raft

/// What operators see of the cluster and do to it.
struct ClusterRoutes: Sendable {
  private static let transferPatience = Duration.seconds(5)

  let member: any ReplicatedState

  var routes: [Route] {
    [
      .perform(.get, "/api/v1/cluster", .operator, .getCluster, judgedBy: .replica, show),
      .perform(
        .post, "/api/v1/cluster/transfer-leader", .operator, .transferLeadership, judgedBy: .node,
        transferLeadership),
    ]
  }

  private func show(_ call: Call) async throws -> Answer {
    try .json(ClusterStatus(member.clusterView()))
  }

  private func transferLeadership(_ call: Call) async throws -> Answer {
    var name: String?
    if !call.body.isEmpty {
      var fields = try call.fields()
      name = fields.string("name")
      try fields.finish()
    }
    var target: MemberID?
    if let name {
      target = member.clusterView().members.first { $0.name == name }?.id
      guard target != nil else { throw Failure.notFound("member") }
    }
    try await member.transferLeadership(to: target, timeout: Self.transferPatience)
    return .noContent
  }
}

extension ClusterStatus {
  init(_ view: ClusterView) {
    self.init(
      clusterID: view.clusterID ?? "", healthy: view.isHealthy,
      leader: view.members.first { $0.id == view.leader }?.name, term: view.term.rawValue,
      featureLevel: Int(view.featureLevel.rawValue), members: view.members.map(Member.init),
      commitIndex: view.commit.rawValue, appliedIndex: view.applied.rawValue)
  }
}

extension ClusterStatus.Member {
  init(_ member: ClusterView.Member) {
    self.init(
      id: member.id.description, name: member.name, role: Role(rawValue: member.role.rawValue),
      state: State(rawValue: member.state.rawValue),
      problem: member.problem.map { Problem(file: $0.file, offset: $0.offset, reason: $0.reason) },
      peerAddress: member.peerAddress, url: member.url, version: member.version,
      maxFeatureLevel: member.supports.map { Int($0.rawValue) },
      matchIndex: member.match?.rawValue, appliedIndex: member.applied?.rawValue,
      lag: member.lag.map { UInt64(max(0, $0)) },
      rttMilliseconds: member.roundTrip.map { $0 / .milliseconds(1) },
      lastContactMilliseconds: member.lastContact.map { $0 / .milliseconds(1) },
      clockOffsetMilliseconds: member.clockLead.map { $0 / .milliseconds(1) },
      databaseBytes: member.stateBytes.map { UInt64(max(0, $0)) },
      logBytes: member.logBytes.map { UInt64(max(0, $0)) },
      uptimeSeconds: member.uptime.map { $0 / .seconds(1) })
  }
}
