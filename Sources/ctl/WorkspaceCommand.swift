import ArgumentParser
import CloudClient
import Foundation

struct WorkspaceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workspace", abstract: "Make workspaces, look at them and change their plans.",
    subcommands: [Create.self, List.self, Show.self, ShowUsage.self, SetPlan.self])

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a workspace.",
      discussion: "Naming a plan or an owner needs the admin token.")

    @Argument(help: "The workspace's name.")
    var name: String

    @Option(help: "The plan, such as free or professional.")
    var plan: String?

    @Option(help: "The address of the user who shall own it.")
    var ownerEmail: String?

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      let request = CreateWorkspaceRequest(name: name, plan: plan, ownerEmail: ownerEmail)
      let workspace = try await options.withClient { try await $0.createWorkspace(request) }
      try show(workspace, options)
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List your workspaces; with the admin token, all of them.")

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      let workspaces = try await options.withClient { try await $0.workspaces().all() }
      try options.show(workspaces) { workspacesTable(workspaces).rendered(style: $0) }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show one workspace.")

    @Argument(help: "The workspace's ID (ws_…).")
    var id: String

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      try show(try await options.withClient { try await $0.workspace(id) }, options)
    }
  }

  struct ShowUsage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "usage", abstract: "Show what a workspace has used of its plan.")

    @Argument(help: "The workspace's ID (ws_…).")
    var id: String

    @Option(help: ArgumentHelp("The month; without it, this one.", valueName: "yyyy-mm"))
    var period: String?

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      let usage = try await options.withClient {
        try await $0.getUsage(workspaceID: id, period: period)
      }
      try options.show(usage) { UsageView(usage: usage, style: $0).text }
    }
  }
}

extension WorkspaceCommand {
  struct SetPlan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Put a workspace on another plan, at once. Needs the admin token.",
      discussion: """
        Limits that were wider than the new plan's go back to it. Where more is used than the new \
        plan allows, nothing is taken away.
        """)

    @Argument(help: "The workspace's ID (ws_…).")
    var id: String

    @Argument(help: "The plan, such as free, professional or enterprise.")
    var plan: String

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      let workspace = try await options.withClient {
        try await $0.updateWorkspace(id, UpdateWorkspaceRequest(plan: plan))
      }
      try show(workspace, options)
    }
  }
}

private func show(_ workspace: Workspace, _ options: GlobalOptions) throws {
  try options.show(workspace) { renderedPairs(workspace.pairs, style: $0) }
}

extension Workspace {
  var pairs: [(name: String, value: String)] {
    var pairs = [
      (name: "id", value: id), ("name", name), ("plan", plan),
      ("created", RFC3339.string(from: createdAt)),
    ]
    if let role { pairs.append(("your role", role.rawValue)) }
    if let rows = settings?.maxRows { pairs.append(("rows a month", Units.count(rows))) }
    if let calls = settings?.maxAPICalls {
      pairs.append(("API calls a day", Units.count(calls)))
    }
    if let users = settings?.maxUsers { pairs.append(("max users", Units.count(users))) }
    if let datasets = settings?.maxDatasets {
      pairs.append(("max datasets", Units.count(datasets)))
    }
    if let days = settings?.retentionDays { pairs.append(("retention", "\(days) d")) }
    return pairs
  }
}

func workspacesTable(_ workspaces: [Workspace]) -> Table {
  Table(
    columns: [.text("ID"), .text("NAME"), .text("PLAN"), .text("ROLE"), .text("CREATED")],
    rows: workspaces.map { workspace in
      [
        Table.Cell(workspace.id), Table.Cell(workspace.name), Table.Cell(workspace.plan),
        Table.Cell(workspace.role?.rawValue ?? Units.unknown),
        Table.Cell(RFC3339.string(from: workspace.createdAt)),
      ]
    })
}
