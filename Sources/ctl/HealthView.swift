import CloudClient

/// What each endpoint says about itself.
struct HealthView: Encodable {
  var healthy: Bool
  var endpoints: [Node]

  struct Node: Encodable {
    var url: String
    var ready: Bool
    var answered: Bool
    var elapsedMilliseconds: Double
    var reason: String?

    enum CodingKeys: String, CodingKey {
      case url, ready, answered, reason
      case elapsedMilliseconds = "elapsed_ms"
    }
  }

  init(nodes: [NodeReadiness]) {
    healthy = nodes.allSatisfy(\.ready)
    endpoints = nodes.map { node in
      Node(
        url: node.endpoint, ready: node.ready, answered: node.answered,
        elapsedMilliseconds: node.elapsed / .milliseconds(1), reason: node.reason)
    }
  }

  func text(style: Style) -> String {
    Table(
      columns: [.text("ENDPOINT"), .text("STATE"), .number("TOOK"), .text("REASON")],
      rows: endpoints.map { node in
        let state: Table.Cell =
          if node.ready {
            Table.Cell("ready", .green)
          } else if node.answered {
            Table.Cell("not ready", .yellow)
          } else {
            Table.Cell("unreachable", .red)
          }
        return [
          Table.Cell(node.url), state,
          Table.Cell(Units.time(milliseconds: node.elapsedMilliseconds)),
          Table.Cell(node.reason ?? ""),
        ]
      }
    ).rendered(style: style)
  }

  func check() throws {
    guard endpoints.contains(where: \.answered) else {
      throw CloudError.unreachable(
        endpoints.map { EndpointFailure(endpoint: $0.url, reason: $0.reason ?? "no answer") })
    }
    if !healthy { throw ClusterUnhealthy() }
  }
}
