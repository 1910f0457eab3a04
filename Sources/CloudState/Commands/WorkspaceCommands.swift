/// What a new workspace starts with.
public struct NewWorkspace: Hashable, Sendable {
  /// Made by the proposer.
  public var id: WorkspaceID
  /// The name to show.
  public var name: String
  /// The plan; only operators may choose one other than free.
  public var planID: PlanID
  /// What differs from the plan.
  public var settings: WorkspaceSettings

  /// Describes a workspace.
  public init(
    id: WorkspaceID, name: String, planID: PlanID = .free,
    settings: WorkspaceSettings = WorkspaceSettings()
  ) {
    self.id = id
    self.name = name
    self.planID = planID
    self.settings = settings
  }
}

/// Creates a workspace for a user that exists. By that user, or an operator.
public struct CreateWorkspace: Hashable, Sendable {
  /// The workspace.
  public var workspace: NewWorkspace
  /// Its first owner.
  public var owner: Owner

  /// Proposes a workspace.
  public init(workspace: NewWorkspace, owner: Owner) {
    self.workspace = workspace
    self.owner = owner
  }

  /// How the first owner is named.
  public enum Owner: Hashable, Sendable {
    /// By identifier.
    case user(UserID)
    /// By address, for operators.
    case email(String)
  }
}

extension CreateWorkspace: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .createWorkspace(self) }
  /// The workspace.
  public static func success(of effect: Effect) -> Workspace? {
    if case .workspaceCreated(let workspace) = effect { workspace } else { nil }
  }
}
