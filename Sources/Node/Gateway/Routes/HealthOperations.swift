import NodeTelemetry

extension Operation {
  static let getLiveness = Operation(
    "getLiveness", .service, "Whether the process lives",
    answers: .ok(Health.self, "It does."))

  static let getReadiness = Operation(
    "getReadiness", .service, "Whether the node can serve a linearizable read",
    answers: .ok(Health.self, "It can."),
    errors: [ErrorAnswer(.noLeader, "It cannot; `detail` says why."), ErrorAnswer(.overloaded)])

  static let getMetrics = Operation(
    "getMetrics", .service, "Metrics for Prometheus",
    answers: .ok(
      [
        Content(
          mediaType: Exposition.mediaType, schema: .text,
          example: "# TYPE clean_raft_is_leader gauge\nclean_raft_is_leader 1\n")
      ], "Prometheus's text format."),
    errors: [ErrorAnswer(.overloaded)])

  static let getService = Operation(
    "getService", .service, "What this is",
    answers: .ok(ServiceName.self, "The service's name and version."))
}

/// How the node is.
struct Health: WireType {
  var status: String

  static let schema = Schema.object(
    "Health", "How a node is.",
    [.required("status", .word("alive", "ready"), "What holds of it.")])

  static var example: Health { Health(status: "ready") }
}

/// What answers here.
struct ServiceName: WireType {
  var service: String
  var version: String
  var docs: String

  static let schema = Schema.object(
    "ServiceName", "What answers here.",
    [
      .required("service", .word("clean-cloud"), "The service."),
      .required("version", .text, "The version of its software."),
      .required("docs", .text, "Where people read about it."),
    ])

  static var example: ServiceName {
    ServiceName(service: "clean-cloud", version: "0.1.0", docs: "/docs")
  }
}
