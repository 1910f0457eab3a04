/// What a new user starts with.
public struct NewUser: Hashable, Sendable {
  /// Made by the proposer.
  public var id: UserID
  /// Any case; stored in lower case. ASCII only, so that no two look alike.
  public var email: String
  /// The name to show; may be empty.
  public var name: String
  /// An opaque scrypt string with its parameters; nothing for a user without a password.
  public var passwordHash: String?

  /// Describes a user.
  public init(id: UserID, email: String, name: String, passwordHash: String?) {
    self.id = id
    self.email = email
    self.name = name
    self.passwordHash = passwordHash
  }
}

/// Creates a user, and a workspace owned by that user and a session if they are given: all or nothing.
/// By anybody who registers, or an operator.
public struct CreateUser: Hashable, Sendable {
  /// The user.
  public var user: NewUser
  /// The user's first workspace.
  public var workspace: NewWorkspace?
  /// The user's first session.
  public var session: NewSession?
  /// Where the user registers.
  public var network: AttemptSubject?

  /// Proposes a user.
  public init(
    user: NewUser, workspace: NewWorkspace? = nil, session: NewSession? = nil,
    network: AttemptSubject? = nil
  ) {
    self.user = user
    self.workspace = workspace
    self.session = session
    self.network = network
  }
}

extension CreateUser: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .createUser(self) }
  /// The user and, if asked for, the workspace.
  public static func success(of effect: Effect) -> (user: User, workspace: Workspace?)? {
    if case .userCreated(let user, let workspace) = effect { (user, workspace) } else { nil }
  }
}
