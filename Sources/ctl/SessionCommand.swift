import ArgumentParser
import CloudClient

struct SessionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "session", abstract: "See where you are logged in, and end it there.",
    subcommands: [List.self, End.self])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List your logins, the one that was renewed last first.")

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      let sessions = try await options.withClient { try await $0.sessions() }
      try options.show(sessions) { sessionsTable(sessions).rendered(style: $0) }
    }
  }

  struct End: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "End one of your logins, at once and on every node.")

    @Argument(help: "The session's ID (ses_…).")
    var id: String

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      try await options.withClient { try await $0.endSession(id) }
      Terminal.say("Ended \(id)")
    }
  }
}

/// Where a user is logged in.
func sessionsTable(_ sessions: [LoginSession]) -> Table {
  Table(
    columns: [
      .text("ID"), .text("LOGGED IN"), .text("RENEWED"), .text("ENDS"), .text("THIS ONE"),
    ],
    rows: sessions.map { session in
      [
        Table.Cell(session.id), Table.Cell(RFC3339.string(from: session.createdAt)),
        Table.Cell(RFC3339.string(from: session.refreshedAt)),
        Table.Cell(RFC3339.string(from: session.expiresAt)),
        session.isCurrent ? Table.Cell("yes", .green) : "",
      ]
    })
}
