import CloudAPI

extension ClusterStatus: WireType {
  static let schema = Schema.object(
    "ClusterStatus", "The cluster as the answering node sees it.",
    [
      .required("cluster_id", .text, "The cluster's ID, made when it was founded."),
      .required("healthy", .boolean, "Whether there is a leader and every member is healthy."),
      .required("leader", .text.orNull, "The leader's name; null when none is known."),
      .required("term", .count, "The current term."),
      .required("feature_level", .count, "The level in force, which every member supports."),
      .required("members", .list(of: Member.schema), "The members, learners included."),
      .required("commit_index", .count, "The highest index known to be committed."),
      .required("applied_index", .count, "The highest index that the answering node has applied."),
    ])

  static var example: ClusterStatus {
    ClusterStatus(
      clusterID: "4c1f0b9e2a7d3358", healthy: false, leader: "clean-0", term: 7, featureLevel: 1,
      members: [.example], commitIndex: 48_211, appliedIndex: 48_211)
  }
}

extension ClusterStatus.Member: WireType {
  static let schema = Schema.object(
    "Member", "A node of the cluster. What the answering node does not know is null.",
    [
      .required("id", .text, "The member's ID, made with its data directory."),
      .required("name", .text, "The member's name, a label."),
      .required("role", .word("leader", "follower", "learner"), "What it does in consensus."),
      .required(
        "state",
        .word(
          "healthy", "catching_up", "unreachable", "quarantined", "disk_full", "storage_failed"),
        "How it is."),
      .required("problem", Problem.schema.orNull, "What is wrong with its disk, if anything is."),
      .required("peer_address", .text, "Where other members reach it."),
      .required("url", .text.orNull, "Where clients reach it."),
      .required("version", .text.orNull, "The version of its software."),
      .required(
        "max_feature_level", .count.orNull, "The highest level that its software supports."),
      .required(
        "match_index", .count.orNull, "Up to where its log is known to match the leader's."),
      .required("applied_index", .count.orNull, "Up to where it has applied the log."),
      .required("lag", .count.orNull, "How many committed entries it has yet to apply."),
      .required(
        "rtt_ms", .number.orNull, "The round trip to it; null for the answering node itself."),
      .required(
        "last_contact_ms", .number.orNull,
        "How long ago it was last heard; null for the answering node itself."),
      .required(
        "clock_offset_ms", .number.orNull,
        "How far its clock is ahead of the members' common time; negative where it is behind."),
      .required("db_bytes", .count.orNull, "The size of its database."),
      .required("log_bytes", .count.orNull, "The size of its log."),
      .required("uptime_s", .number.orNull, "How long its process has been running, in seconds."),
    ])

  static var example: ClusterStatus.Member {
    ClusterStatus.Member(
      id: "9f2d4e7a1b3c5d60", name: "clean-1", role: .follower, state: .quarantined,
      problem: .example, peerAddress: "10.0.0.2:8100", url: "http://10.0.0.2:8000",
      version: "0.1.0", maxFeatureLevel: 1, matchIndex: 48_200, appliedIndex: 48_190, lag: 21,
      rttMilliseconds: 0.42, lastContactMilliseconds: 18, clockOffsetMilliseconds: -1.3,
      databaseBytes: 1_048_576,
      logBytes: 67_108_864, uptimeSeconds: 86_400)
  }
}

extension ClusterStatus.Member.Problem: WireType {
  static let schema = Schema.object(
    "DiskProblem", "What is wrong with a member's disk.",
    [
      .required("file", .text, "The file at fault."),
      .optional("offset", .count, "Where in it, in bytes, if it is damaged."),
      .required("reason", .text, "What is wrong."),
    ])

  static var example: ClusterStatus.Member.Problem {
    ClusterStatus.Member.Problem(
      file: "log/00000000000000000001.wal", offset: 4_096, reason: "the checksum does not match")
  }
}

/// The body of `POST /api/v1/cluster/transfer-leader`.
struct TransferLeaderRequest: WireType {
  var name: String?

  static let schema = Schema.request(
    "TransferLeaderRequest", "Who shall lead.",
    [
      .optional(
        "name", .text, "The name of the member; without it, whoever is most up to date.")
    ])

  static var example: TransferLeaderRequest { TransferLeaderRequest(name: "clean-1") }
}
