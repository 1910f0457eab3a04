import ArgumentParser
import CloudClient

struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Show who did what in a workspace, to your account or to the cluster, newest first.")

  private enum Log: EnumerableFlag {
    case own, cluster

    static func help(for log: Log) -> ArgumentHelp? {
      switch log {
      case .own: "Of your account: logins, attempts at it, changes of the password."
      case .cluster: "Of the cluster, with the admin token."
      }
    }
  }

  @OptionGroup var place: WorkspaceOption

  @Flag(exclusivity: .exclusive)
  private var log: Log?

  @Option(help: "How many entries at most.")
  var limit = 100

  @OptionGroup(title: "Service") var options: GlobalOptions

  func validate() throws {
    guard limit > 0 else { throw ValidationError("--limit must be at least 1") }
    guard log == nil || place.workspace == nil else {
      throw ValidationError("--workspace, --own and --cluster are different logs; name one")
    }
  }

  func run() async throws {
    let entries = try await options.withClient { client in
      let log =
        switch log {
        case .own: client.ownAudit()
        case .cluster: client.clusterAudit()
        case nil: client.audit(workspaceID: try await place.id(for: client))
        }
      return try await log.first(limit)
    }
    try options.show(entries) { auditTable(entries).rendered(style: $0) }
  }
}

extension Listing {
  /// The most that the service puts on a page.
  private static var largestPage: Int { 1000 }

  /// The first `count` entries, or all if there are fewer.
  fileprivate func first(_ count: Int) async throws(CloudError) -> [Element] {
    var found: [Element] = []
    var cursor: String?
    repeat {
      let page = try await page(
        limit: Swift.min(count - found.count, Self.largestPage), after: cursor)
      found += page.items
      cursor = page.nextCursor
    } while cursor != nil && found.count < count
    return found
  }
}

/// When, who, what, and what came of it.
func auditTable(_ entries: [AuditEntry]) -> Table {
  Table(
    columns: [
      .text("WHEN"), .text("WHO"), .text("WHAT"), .text("TO WHAT"), .text("OUTCOME"),
      .text("FROM"),
    ],
    rows: entries.map { entry in
      [
        Table.Cell(RFC3339.string(from: entry.at)), Table.Cell(entry.who),
        Table.Cell(entry.action), Table.Cell(entry.target),
        Table.Cell(entry.outcome, entry.outcome == "denied" ? .red : nil),
        Table.Cell(entry.address ?? Units.unknown),
      ]
    })
}

extension AuditEntry {
  /// A user by ID alone; whoever else, with what they are, and a key with whom it acted for.
  fileprivate var who: String {
    if actorKind == "user", let id = actorID ?? userID { return id }
    var words = [String(actorKind.map { $0 == "_" ? " " : $0 })]
    if let actorID { words.append(actorID) }
    if let userID, userID != actorID { words += ["of", userID] }
    return words.joined(separator: " ")
  }
}
