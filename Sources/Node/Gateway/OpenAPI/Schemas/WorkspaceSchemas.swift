import CloudAPI
import CloudState

extension CloudAPI.WorkspaceSettings: WireType {
  /// The largest limit that a request may name.
  static let largest = 1_000_000_000_000

  private static let properties: [Schema.Property] = [
    .optional("max_rows", .integer(0...largest), "How many rows may be analyzed a month."),
    .optional(
      "max_api_calls", .integer(0...largest), "How many API calls there may be a day."),
    .optional("max_users", .integer(1...largest), "How many users the workspace may have."),
    .optional(
      "max_datasets", .integer(0...largest), "How many datasets the workspace may keep."),
    .optional(
      "retention_days", .integer(1...largest), "How many days reports and datasets are kept."),
  ]

  /// As an answer shows them.
  static let schema = Schema.object(
    "WorkspaceSettings", "Limits of a workspace that differ from its plan.", properties)

  /// As a request names them.
  static let requestSchema = Schema.request(nil, nil, properties)

  static var example: CloudAPI.WorkspaceSettings {
    CloudAPI.WorkspaceSettings(
      maxRows: 500_000, maxAPICalls: 5_000, maxUsers: 5, maxDatasets: 10, retentionDays: 30)
  }
}

extension CloudAPI.Workspace: WireType {
  static let schema = Schema.object(
    "Workspace", "A tenant: members, keys and usage under one plan.",
    [
      .required("id", .identifier(WorkspaceKind.self), "The workspace's ID."),
      .required("name", .title, "The workspace's name for people."),
      .required("plan", .planName, "The name of its plan."),
      .optional("role", .role, "The caller's role in it; absent for the admin token."),
      .optional(
        "settings", CloudAPI.WorkspaceSettings.schema,
        "What differs from the plan; absent when nothing does."),
      .required("created_at", .time, "When the workspace was made."),
    ])

  static var example: CloudAPI.Workspace {
    CloudAPI.Workspace(
      id: Example.workspace, name: "Analytical engines", plan: "professional", role: .owner,
      settings: .example, createdAt: Example.time)
  }
}

extension CreateWorkspaceRequest: WireType {
  static let schema = Schema.request(
    "CreateWorkspaceRequest", "A workspace to make.",
    [
      .required("name", .title, "The workspace's name for people."),
      .optional(
        "plan", .planName, "The plan, `free` without it; only the admin token may name another."),
      .optional(
        "owner_email", .email,
        "Who shall own it, by their address; whoever is unknown becomes a user without a password. Only "
          + "the admin token names somebody, and it must; others own what they make."),
      .optional(
        "settings", CloudAPI.WorkspaceSettings.requestSchema,
        "Limits that shall differ from the plan; only the admin token may widen them."),
    ])

  static var example: CreateWorkspaceRequest {
    CreateWorkspaceRequest(
      name: "Analytical engines", plan: "professional", ownerEmail: "ada@example.org",
      settings: .example)
  }
}

extension UpdateWorkspaceRequest: WireType {
  static let schema = Schema.request(
    "UpdateWorkspaceRequest", "What of a workspace changes; what is left out stays.",
    [
      .optional("name", .title, "The new name."),
      .optional("plan", .planName, "The new plan; only the admin token may name one."),
      .optional(
        "settings", CloudAPI.WorkspaceSettings.requestSchema,
        "Limits that change; null goes back to the plan's. Only the admin token may set one wider "
          + "than the plan's."),
    ])

  static var example: UpdateWorkspaceRequest {
    UpdateWorkspaceRequest(
      name: "Difference engines", plan: "professional",
      settings: [
        "max_rows": .set(400_000), "max_api_calls": .set(4_000), "max_users": .set(4),
        "max_datasets": .set(8), "retention_days": .set(20),
      ])
  }
}
