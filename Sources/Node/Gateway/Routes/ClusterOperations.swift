import CloudAPI

extension Operation {
  static let getCluster = Operation(
    "getCluster", .cluster, "The state of the cluster",
    answers: .ok(ClusterStatus.self, "The cluster as the answering node sees it."))

  static let transferLeadership = Operation(
    "transferLeadership", .cluster, "Let another member lead",
    "The leader must be asked.",
    body: .json(TransferLeaderRequest.self, isRequired: false),
    answers: .noContent("Another member leads."),
    errors: [
      ErrorAnswer(.notFound, "There is no member of this name."),
      ErrorAnswer(
        .conflict, "The node does not lead, or the member did not take over; `detail` says so."),
    ])
}
