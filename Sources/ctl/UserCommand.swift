import ArgumentParser
import CloudClient

struct UserCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "user", abstract: "Add people to a workspace, list, change and remove them.",
    subcommands: [Create.self, List.self, SetRole.self, Remove.self, ResetPassword.self])

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Add a member to a workspace.",
      discussion: """
        An address that nobody has registered with gets an account. Without a password its user \
        sets one by a reset (`clean-ctl password reset`); a password that you choose has to be \
        changed before its user joins another workspace. Somebody who has registered is added as \
        is if the address is proven to be theirs. Otherwise invite them (`clean-ctl invitation \
        create`), and let them accept while they are logged in.
        """)

    @Argument(help: "The member's address.")
    var email: String

    @OptionGroup var place: WorkspaceOption

    @Option(help: "What the member may do: owner, admin, analyst or viewer.")
    var role: String

    @Option(help: "The name of a new user.")
    var name: String?

    @OptionGroup var newUser: NewUserPassword

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      let password = try newUser.password()
      let request = AddMemberRequest(
        email: email, role: Role(rawValue: role), name: name, password: password)
      let member = try await options.withClient { client in
        try await client.createUser(request, in: try await place.id(for: client))
      }
      try show(member, options)
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List a workspace's members.")

    @OptionGroup var place: WorkspaceOption

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      let members = try await options.withClient { client in
        try await client.users(in: try await place.id(for: client)).all()
      }
      try options.show(members) { peopleTable(members).rendered(style: $0) }
    }
  }

  struct SetRole: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give a member another role, at once and on every node.")

    @Argument(help: "The member's ID (usr_…) or address.")
    var user: String

    @Argument(
      help: ArgumentHelp(
        "What the member may do: owner, admin, analyst or viewer.", valueName: "role"))
    var newRole: String?

    @Option(help: "The same, as an option.")
    var role: String?

    @OptionGroup var place: WorkspaceOption

    @OptionGroup(title: "Service") var options: GlobalOptions

    func validate() throws {
      guard (newRole == nil) != (role == nil) else {
        throw ValidationError("Name one role: clean-ctl user set-role \(user) viewer")
      }
    }

    func run() async throws {
      let role = Role(rawValue: newRole ?? role ?? "")
      let member = try await options.withClient { client in
        let workspaceID = try await place.id(for: client)
        return try await client.changeRole(
          of: try await client.memberID(user, in: workspaceID), in: workspaceID, to: role)
      }
      try show(member, options)
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Remove a member, or leave, at once and on every node.",
      discussion: "The member's keys for the workspace are revoked.")

    @Argument(help: "The member's ID (usr_…) or address.")
    var user: String

    @OptionGroup var place: WorkspaceOption

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      let workspaceID = try await options.withClient { client in
        let workspaceID = try await place.id(for: client)
        try await client.removeUser(
          try await client.memberID(user, in: workspaceID), from: workspaceID)
        return workspaceID
      }
      Terminal.say("Removed \(user) from \(workspaceID)")
    }
  }

  struct ResetPassword: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a token by which a user sets a new password. Needs the admin token.",
      discussion: """
        It is good once, for an hour, and is shown this once. It proves that the address is the \
        user's, so be sure of whom you hand it to.
        """)

    @Argument(help: "The user's ID (usr_…), or the address of a member of the workspace.")
    var user: String

    @OptionGroup var place: WorkspaceOption

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      let created = try await options.withClient { client in
        // An ID needs no workspace to be found in.
        let id =
          user.contains("@")
          ? try await client.memberID(user, in: try await place.id(for: client)) : user
        return try await client.createPasswordReset(userID: id)
      }
      try options.show(created) { renderedPairs(created.pairs, style: $0) }
      Terminal.say(
        "Hand the token to the user, for `clean-ctl password confirm-reset TOKEN`: it cannot be "
          + "shown again.")
    }
  }
}

/// Where a command works.
struct WorkspaceOption: ParsableArguments {
  @Option(help: "The workspace's ID (ws_…); without it, the one that your token works in.")
  var workspace: String?

  func id(for client: CloudClient) async throws -> String {
    if let workspace { return workspace }
    guard let own = try await client.authenticate().workspace else {
      throw CommandFailure.wrongUsage(
        "this token belongs to no workspace; name one with --workspace")
    }
    return own.id
  }
}

extension CloudClient {
  /// The ID of the member whom a person names by ID or by address.
  func memberID(_ name: String, in workspaceID: String) async throws -> String {
    guard name.contains("@") else { return name }
    let address = name.lowercased()
    // Whoever leaves need not be allowed to see the others.
    if let user = try await authenticate().user, user.email.lowercased() == address {
      return user.id
    }
    for try await member in users(in: workspaceID) where member.email.lowercased() == address {
      return member.userID
    }
    throw CommandFailure(
      status: .refused, message: "nobody in \(workspaceID) has the address \(name)")
  }
}

private func show(_ member: Member, _ options: GlobalOptions) throws {
  try options.show(member) { renderedPairs(member.pairs, style: $0) }
}

extension Member {
  var pairs: [(name: String, value: String)] {
    var pairs = [(name: "id", value: userID), ("email", email), ("role", role.rawValue)]
    if let name, !name.isEmpty { pairs.append(("name", name)) }
    pairs.append(("since", RFC3339.string(from: createdAt)))
    return pairs
  }
}

extension CreatedPasswordReset {
  var pairs: [(name: String, value: String)] {
    [("token", token), ("user", userID), ("expires", RFC3339.string(from: expiresAt))]
  }
}

/// Who is in a workspace and as what.
func peopleTable(_ members: [Member]) -> Table {
  Table(
    columns: [.text("ID"), .text("EMAIL"), .text("NAME"), .text("ROLE"), .text("SINCE")],
    rows: members.map { member in
      [
        Table.Cell(member.userID), Table.Cell(member.email),
        Table.Cell(member.name ?? Units.unknown), Table.Cell(member.role.rawValue),
        Table.Cell(RFC3339.string(from: member.createdAt)),
      ]
    })
}
