import NodeRuntime
import NodeTelemetry

/// The cluster as Prometheus sees it. Members are few, so their names may be labels.
enum ClusterMetrics {
  private static let term = MetricDefinition(
    "clean_raft_term", .gauge, help: "The term this node is in.")
  private static let commit = MetricDefinition(
    "clean_raft_commit_index", .gauge, help: "The last entry this node knows to be committed.")
  private static let applied = MetricDefinition(
    "clean_raft_applied_index", .gauge, help: "The last entry this node has applied.")
  private static let last = MetricDefinition(
    "clean_raft_last_index", .gauge, help: "The last entry of this node's log.")
  private static let isLeader = MetricDefinition(
    "clean_raft_is_leader", .gauge, help: "1 where this node leads, 0 elsewhere.")
  private static let hasLeader = MetricDefinition(
    "clean_raft_has_leader", .gauge, help: "1 where this node knows a leader, 0 elsewhere.")
  private static let lag = MetricDefinition(
    "clean_raft_member_lag_entries", .gauge,
    help: "Committed entries that a member has yet to apply, as this node knows it.")
  private static let members = MetricDefinition(
    "clean_raft_members", .gauge, help: "Members of the cluster.")

  private static let level = MetricDefinition(
    "clean_raft_feature_level", .gauge,
    help: "The feature level in force, as this node knows it.")
  private static let supported = MetricDefinition(
    "clean_raft_member_max_feature_level", .gauge,
    help: "The highest feature level that a member supports, as this node knows it.")

  private static let clock = MetricDefinition(
    "clean_clock_offset_seconds", .gauge,
    help: "How far a member's clock is ahead of the members' common time, as this node knows it.")

  private static let disk = MetricDefinition(
    "clean_storage_problem", .gauge,
    help: "1 for what is wrong with a member's disk, as this node knows it, 0 for what is not.")

  static func samples(_ view: ClusterView) -> [MetricSample] {
    [
      MetricSample(term, value: Double(view.term.rawValue)),
      MetricSample(commit, value: Double(view.commit.rawValue)),
      MetricSample(applied, value: Double(view.applied.rawValue)),
      MetricSample(last, value: Double(view.last.rawValue)),
      MetricSample(isLeader, value: view.leader == view.id ? 1 : 0),
      MetricSample(hasLeader, value: view.leader == nil ? 0 : 1),
      MetricSample(members, value: Double(view.members.count)),
      MetricSample(level, value: Double(view.featureLevel.rawValue)),
    ]
      + view.members.compactMap { member in
        member.lag.map {
          MetricSample(lag, labels: [("member", member.name)], value: Double($0))
        }
      }
      + view.members.compactMap { member in
        member.supports.map {
          MetricSample(supported, labels: [("member", member.name)], value: Double($0.rawValue))
        }
      }
      + view.members.compactMap { member in
        member.clockLead.map {
          MetricSample(clock, labels: [("member", member.name)], value: $0 / .seconds(1))
        }
      }
      + view.members.flatMap { member in
        ClusterView.Problem.Kind.allCases.map { kind in
          MetricSample(
            disk, labels: [("member", member.name), ("kind", kind.name)],
            value: member.problem?.kind == kind ? 1 : 0)
        }
      }
  }
}
