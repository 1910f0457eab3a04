import ArgumentParser
import CloudClient

struct KeyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Make, list, rotate and revoke API keys.",
    subcommands: [Create.self, List.self, Rotate.self, Revoke.self])

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make an API key. Its secret is shown this once.")

    @Option(help: "The workspace's ID (ws_…); the admin token needs it.")
    var workspace: String?

    @Option(help: "The ID of the user (usr_…) whom the key acts for; without it, you.")
    var user: String?

    @Option(help: "The key's name.")
    var name: String

    @Option(
      help: ArgumentHelp(
        "What the key is for: analyze, fix, read, manage.", valueName: "scope,scope…"))
    var scopes: String

    @Option(help: "After how many days it runs out; without it, never.")
    var expiresInDays: Int?

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      let request = CreateAPIKeyRequest(
        workspaceID: workspace, userID: user, name: name,
        scopes: list(from: scopes).map(Scope.init(rawValue:)), expiresInDays: expiresInDays)
      let created = try await options.withClient { try await $0.createAPIKey(request) }
      try show(created, options)
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List a workspace's API keys, without their secrets.")

    @Option(help: "The workspace's ID (ws_…); the admin token needs it.")
    var workspace: String?

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      let keys = try await options.withClient {
        try await $0.apiKeys(workspaceID: workspace).all()
      }
      try options.show(keys) { keysTable(keys).rendered(style: $0) }
    }
  }

  struct Rotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Put a new key in a key's place. Its secret is shown this once.",
      discussion: "The new key has the user, scopes, name and end of the old one.")

    @Argument(help: "The key's ID (key_…), not its secret.")
    var id: String

    @Option(help: "For how many hours the old key goes on; without it, 24.")
    var overlapHours: Int?

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      let created = try await options.withClient {
        try await $0.rotateAPIKey(id, overlapHours: overlapHours)
      }
      try show(created, options)
    }
  }

  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take an API key out of use, at once and on every node.")

    @Argument(help: "The key's ID (key_…), not its secret.")
    var id: String

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      try await options.withClient { try await $0.revokeAPIKey(id) }
      Terminal.say("Revoked \(id)")
    }
  }
}

private func show(_ created: CreatedAPIKey, _ options: GlobalOptions) throws {
  switch options.output {
  case .table:
    print(renderedPairs(created.pairs, style: .standardOutput()))
    Terminal.say("Keep the key now: it cannot be shown again.")
  case .json:
    try printJSON(created)
  }
}

extension CreatedAPIKey {
  var pairs: [(name: String, value: String)] {
    [
      ("key", key), ("id", apiKey.id), ("name", apiKey.name), ("workspace", apiKey.workspaceID),
      ("user", apiKey.userID),
      ("scopes", apiKey.scopes.map(\.rawValue).joined(separator: ", ")),
      ("expires", apiKey.expiresAt.map(RFC3339.string(from:)) ?? "never"),
    ]
  }
}

func keysTable(_ keys: [APIKey]) -> Table {
  Table(
    columns: [
      .text("ID"), .text("NAME"), .text("KEY"), .text("USER"), .text("SCOPES"),
      .text("CREATED"), .text("LAST USED"), .text("EXPIRES"), .text("REPLACED BY"),
    ],
    rows: keys.map { key in
      [
        Table.Cell(key.id), Table.Cell(key.name),
        Table.Cell(key.prefix.map { "\($0)…" } ?? Units.unknown), Table.Cell(key.userID),
        Table.Cell(key.scopes.map(\.rawValue).joined(separator: ",")),
        Table.Cell(RFC3339.string(from: key.createdAt)),
        Table.Cell(key.lastUsedAt.map(RFC3339.string(from:)) ?? "never"),
        Table.Cell(key.expiresAt.map(RFC3339.string(from:)) ?? "never"),
        Table.Cell(key.replacedBy ?? ""),
      ]
    })
}

/// The words of a comma-separated option.
func list(from text: String) -> [String] {
  text.split(separator: ",").map { word in
    String(word.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }.filter { !$0.isEmpty }
}
