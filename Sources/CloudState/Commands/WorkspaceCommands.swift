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

/// Creates a workspace with its first owner. By a user for themselves, or by an operator for anybody: an
/// address that is nobody's yet gets a user without a password, who comes in by resetting it.
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
    /// By address, for operators; `newID` is for a user who is not known yet, and without it there must
    /// be one.
    case email(String, newID: UserID?)
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

/// What becomes of one limit of a workspace.
public enum LimitChange: Hashable, Sendable {
  /// It is this from now on.
  case set(Int64)
  /// It is what the plan says from now on.
  case asInPlan
}

/// Which limits of a workspace change; those without a change stay.
public struct WorkspaceSettingsChange: Hashable, Sendable {
  /// Rows a calendar month.
  public var maxRows: LimitChange?
  /// API calls a day.
  public var maxAPICalls: LimitChange?
  /// Members.
  public var maxUsers: LimitChange?
  /// Datasets kept.
  public var maxDatasets: LimitChange?
  /// Days for which reports are kept.
  public var retentionDays: LimitChange?

  /// No change but those given.
  public init(
    maxRows: LimitChange? = nil, maxAPICalls: LimitChange? = nil, maxUsers: LimitChange? = nil,
    maxDatasets: LimitChange? = nil, retentionDays: LimitChange? = nil
  ) {
    self.maxRows = maxRows
    self.maxAPICalls = maxAPICalls
    self.maxUsers = maxUsers
    self.maxDatasets = maxDatasets
    self.retentionDays = retentionDays
  }

  /// The limits that change.
  var names: SettingNames {
    SettingNames(maxRows, maxAPICalls, maxUsers, maxDatasets, retentionDays)
  }

  var changes: [(name: String, change: LimitChange)] {
    [
      ("max_rows", maxRows), ("max_api_calls", maxAPICalls), ("max_users", maxUsers),
      ("max_datasets", maxDatasets), ("retention_days", retentionDays),
    ].compactMap { name, change in change.map { (name, $0) } }
  }
}

/// Changes a workspace's name and settings; operators may change its plan, and widen limits beyond
/// the plan. Needs `manage_workspace`. With another plan, limits that are wider than it and not set
/// here fall back to it. A limit below what is used stops new use and takes nothing away.
public struct UpdateWorkspace: Hashable, Sendable {
  /// Which.
  public var workspaceID: WorkspaceID
  /// The new name, if it changes.
  public var name: String?
  /// The new plan, if it changes; only operators may.
  public var planID: PlanID?
  /// Which limits change.
  public var settings: WorkspaceSettingsChange
  /// Only if the workspace is still as it was at this revision.
  public var revision: UInt64?

  /// Proposes a change.
  public init(
    workspaceID: WorkspaceID, name: String? = nil, planID: PlanID? = nil,
    settings: WorkspaceSettingsChange = WorkspaceSettingsChange(), revision: UInt64? = nil
  ) {
    self.workspaceID = workspaceID
    self.name = name
    self.planID = planID
    self.settings = settings
    self.revision = revision
  }
}

extension UpdateWorkspace: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .updateWorkspace(self) }
  /// The workspace as it now is.
  public static func success(of effect: Effect) -> Workspace? {
    if case .workspaceUpdated(let workspace) = effect { workspace } else { nil }
  }
}

/// Deletes a workspace: it is gone for everybody at once, and ``KeepHouse`` removes what belonged to
/// it, in steps. Its users stay. Needs `delete_workspace`.
public struct DeleteWorkspace: Hashable, Sendable {
  /// Which.
  public var workspaceID: WorkspaceID
  /// Only if the workspace is still as it was at this revision.
  public var revision: UInt64?

  /// Proposes a deletion.
  public init(workspaceID: WorkspaceID, revision: UInt64? = nil) {
    self.workspaceID = workspaceID
    self.revision = revision
  }
}

extension DeleteWorkspace: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .deleteWorkspace(self) }
  /// The workspace that was deleted.
  public static func success(of effect: Effect) -> WorkspaceID? {
    if case .workspaceDeleted(let id) = effect { id } else { nil }
  }
}
