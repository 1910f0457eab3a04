import ArgumentParser
import CloudClient

struct ClusterCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cluster", abstract: "Look at the cluster.",
    subcommands: [Status.self, Health.self, Members.self])

  struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show the leader and how each member is. Needs the admin token.",
      discussion: "The exit code is 4 when the cluster is unhealthy.")

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      let status = try await options.withClient { try await $0.clusterStatus() }
      try options.show(status) { ClusterStatusView(status: status, style: $0).text }
      if !status.healthy { throw ClusterUnhealthy() }
    }
  }

  struct Health: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Ask every endpoint whether it can serve.",
      discussion: "The exit code is 4 when one cannot, and 3 when none answers.")

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      let nodes = try await options.withClient(.none) { await $0.readiness() }
      let view = HealthView(nodes: nodes)
      try options.show(view) { view.text(style: $0) }
      try view.check()
    }
  }

  struct Members: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the members and their addresses. Needs the admin token.")

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      let members = try await options.withClient { try await $0.clusterStatus() }.members
      try options.show(members) { membersTable(members).rendered(style: $0) }
    }
  }
}

/// Who is in the cluster and where.
func membersTable(_ members: [ClusterStatus.Member]) -> Table {
  Table(
    columns: [
      .text("NAME"), .text("ID"), .text("ROLE"), .text("STATE"), .text("PEER ADDRESS"),
      .text("URL"),
    ],
    rows: members.map { member in
      [
        Table.Cell(member.name), Table.Cell(member.id), Table.Cell(member.role.rawValue),
        Table.Cell(member.state.words, member.state.color), Table.Cell(member.peerAddress),
        Table.Cell(member.url ?? Units.unknown),
      ]
    })
}
