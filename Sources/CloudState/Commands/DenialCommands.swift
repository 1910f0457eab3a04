/// Writes down calls that a node refused by itself, before anything was proposed. By a node.
///
/// Nodes bound how much they tell; see the gateway's `Denials`.
public struct NoteDenials: Hashable, Sendable {
  /// At most ``StateLimits/denialsAtOnce``, where one that workspaces are told of counts for
  /// ``StateLimits/toldWorkspaces`` more.
  public var denials: [Denial]

  /// Proposes to write them down.
  public init(denials: [Denial]) {
    self.denials = denials
  }
}

/// Calls of one kind that somebody known was denied, or attempts of one kind that failed.
public struct Denial: Hashable, Sendable {
  /// Who called: a user, a key or an operator, or anybody who tried.
  public var actor: Actor
  /// The user, also where a key acted for one, or whose account was tried.
  public var userID: UserID?
  /// In which workspace, if it is one of the caller's.
  public var workspaceID: WorkspaceID?
  /// What was tried, as `call.operation` if it was a call.
  public var action: String
  /// On what, when it was first tried.
  public var target: String
  /// How often.
  public var times: Int64
  /// When it was first tried, by the node's clock.
  public var at: Timestamp
  /// From where it was first tried.
  public var origin: Origin
  /// Whether the workspaces of the user are told, too.
  public var isToldToWorkspaces: Bool

  /// Describes calls that were denied.
  public init(
    actor: Actor, userID: UserID?, workspaceID: WorkspaceID?, action: String, target: String,
    times: Int64 = 1, at: Timestamp, origin: Origin, isToldToWorkspaces: Bool = false
  ) {
    self.actor = actor
    self.userID = userID
    self.workspaceID = workspaceID
    self.action = action
    self.target = target
    self.times = times
    self.at = at
    self.origin = origin
    self.isToldToWorkspaces = isToldToWorkspaces
  }
}

extension NoteDenials: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .noteDenials(self) }
  /// How many were written down; not those in workspaces that are gone.
  public static func success(of effect: Effect) -> Int64? {
    if case .denialsNoted(let count) = effect { count } else { nil }
  }
}
