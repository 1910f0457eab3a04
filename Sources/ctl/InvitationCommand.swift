import ArgumentParser
import CloudClient

struct InvitationCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "invitation", abstract: "Invite people into a workspace, and accept.",
    subcommands: [Create.self, List.self, Revoke.self, Accept.self])

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Invite an address into a workspace.",
      discussion: """
        The token that accepts is mailed if the operator has a mailer. Otherwise it is shown this \
        once, and it is for you to hand it over.
        """)

    @Argument(help: "Whom to invite.")
    var email: String

    @OptionGroup var place: WorkspaceOption

    @Option(help: "What the member may do: owner, admin, analyst or viewer.")
    var role: String

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      let created = try await options.withClient { client in
        try await client.invite(
          email, as: Role(rawValue: role), to: try await place.id(for: client))
      }
      try options.show(created) { renderedPairs(created.pairs, style: $0) }
      Terminal.say(created.advice)
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the open invitations into a workspace, without their tokens.")

    @OptionGroup var place: WorkspaceOption

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      let invitations = try await options.withClient { client in
        try await client.invitations(to: try await place.id(for: client)).all()
      }
      try options.show(invitations) { invitationsTable(invitations).rendered(style: $0) }
    }
  }

  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take an invitation back. Its token is worth nothing from then on.")

    @Argument(help: "The invitation's ID (inv_…), not its token.")
    var id: String

    @OptionGroup var place: WorkspaceOption

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      try await options.withClient { client in
        try await client.revokeInvitation(id, to: try await place.id(for: client))
      }
      Terminal.say("Revoked \(id)")
    }
  }

  struct Accept: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Accept an invitation.",
      discussion: """
        Whoever has an account logs in first and keeps the password. Others choose one here, and \
        log in with it.
        """)

    @Argument(
      help: "The token that came with the invitation, or - to read it from the standard input.")
    var invitationToken: SecretArgument

    @Option(help: "Your name, if you are new.")
    var name: String?

    @OptionGroup var newUser: NewUserPassword

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      let token = try invitationToken.read()
      let password = try newUser.password()
      let request = AcceptInvitationRequest(token: token, name: name, password: password)
      let accepted = try await options.withClient { try await $0.acceptInvitation(request) }
      try options.show(accepted) { renderedPairs(accepted.pairs, style: $0) }
    }
  }
}

extension CreatedInvitation {
  var pairs: [(name: String, value: String)] {
    var pairs: [(name: String, value: String)] = token.map { [("token", $0)] } ?? []
    pairs += [
      ("id", invitation.id), ("email", invitation.email), ("role", invitation.role.rawValue),
      ("workspace", invitation.workspaceID),
      ("expires", RFC3339.string(from: invitation.expiresAt)),
    ]
    return pairs
  }

  /// How the token comes to whom it is for.
  var advice: String {
    if token == nil { return "The token was mailed to \(invitation.email)." }
    return "Keep the token now and hand it to \(invitation.email): it cannot be shown again."
  }
}

extension AcceptedInvitation {
  var pairs: [(name: String, value: String)] {
    [
      ("user", "\(user.id) (\(user.email))"), ("workspace", workspaceID), ("role", role.rawValue),
    ]
  }
}

/// Who is invited and as what.
func invitationsTable(_ invitations: [Invitation]) -> Table {
  Table(
    columns: [
      .text("ID"), .text("EMAIL"), .text("ROLE"), .text("INVITED BY"), .text("MAILED"),
      .text("CREATED"), .text("EXPIRES"),
    ],
    rows: invitations.map { invitation in
      [
        Table.Cell(invitation.id), Table.Cell(invitation.email),
        Table.Cell(invitation.role.rawValue), Table.Cell(invitation.invitedBy ?? "operator"),
        Table.Cell(invitation.mailed.map { $0 ? "yes" : "no" } ?? Units.unknown),
        Table.Cell(RFC3339.string(from: invitation.createdAt)),
        Table.Cell(RFC3339.string(from: invitation.expiresAt)),
      ]
    })
}
