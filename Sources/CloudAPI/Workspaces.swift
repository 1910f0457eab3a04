#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// A tenant: users, keys, datasets and usage under one plan.
public struct Workspace: Codable, Equatable, Sendable {
  /// The workspace's ID (`ws_…`).
  public var id: String
  /// The workspace's name for people.
  public var name: String
  /// The name of its plan.
  public var plan: String
  /// The caller's role in it; absent for the admin token.
  public var role: Role?
  /// What differs from the plan; absent when nothing does.
  public var settings: WorkspaceSettings?
  /// When the workspace was made.
  public var createdAt: Date

  /// A workspace as the API shows it.
  public init(
    id: String, name: String, plan: String, role: Role? = nil,
    settings: WorkspaceSettings? = nil, createdAt: Date
  ) {
    self.id = id
    self.name = name
    self.plan = plan
    self.role = role
    self.settings = settings
    self.createdAt = createdAt
  }

  enum CodingKeys: String, CodingKey {
    case id, name, plan, role, settings
    case createdAt = "created_at"
  }
}

/// Limits that a workspace sets for itself; an absent one is the plan's.
public struct WorkspaceSettings: Codable, Equatable, Sendable {
  /// How many rows may be analyzed a month; wider than the plan only by the admin token, as all are.
  public var maxRows: Int?
  /// How many API calls there may be a day.
  public var maxAPICalls: Int?
  /// How many users the workspace may have.
  public var maxUsers: Int?
  /// How many datasets the workspace may keep.
  public var maxDatasets: Int?
  /// How many days reports and datasets are kept.
  public var retentionDays: Int?

  /// Settings; leave out what the plan shall decide.
  public init(
    maxRows: Int? = nil, maxAPICalls: Int? = nil, maxUsers: Int? = nil, maxDatasets: Int? = nil,
    retentionDays: Int? = nil
  ) {
    self.maxRows = maxRows
    self.maxAPICalls = maxAPICalls
    self.maxUsers = maxUsers
    self.maxDatasets = maxDatasets
    self.retentionDays = retentionDays
  }

  enum CodingKeys: String, CodingKey {
    case maxRows = "max_rows"
    case maxAPICalls = "max_api_calls"
    case maxUsers = "max_users"
    case maxDatasets = "max_datasets"
    case retentionDays = "retention_days"
  }
}

/// The body of `POST /api/v1/workspaces`.
public struct CreateWorkspaceRequest: Codable, Equatable, Sendable {
  /// The workspace's name for people.
  public var name: String
  /// The plan; only the admin token may name one. Without it: `free`.
  public var plan: String?
  /// The owner; only the admin token may name one. Without it: the caller.
  public var ownerEmail: String?
  /// What shall differ from the plan.
  public var settings: WorkspaceSettings?

  /// A request to make a workspace.
  public init(
    name: String, plan: String? = nil, ownerEmail: String? = nil,
    settings: WorkspaceSettings? = nil
  ) {
    self.name = name
    self.plan = plan
    self.ownerEmail = ownerEmail
    self.settings = settings
  }

  enum CodingKeys: String, CodingKey {
    case name, plan, settings
    case ownerEmail = "owner_email"
  }
}

/// The body of `PATCH /api/v1/workspaces/{id}`: what changes. What is absent stays.
public struct UpdateWorkspaceRequest: Encodable, Equatable, Sendable {
  /// The new name.
  public var name: String?
  /// The new plan; only the admin token may name one.
  public var plan: String?
  /// The settings that change.
  public var settings: [Setting: Change]

  /// A setting by its name, such as `max_users`.
  public typealias Setting = String

  /// What becomes of a setting.
  public enum Change: Encodable, Equatable, Sendable {
    /// It is this from now on.
    case set(Int)
    /// It is what the plan says from now on: `null`.
    case asInPlan

    /// Writes a number or null.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .set(let value): try container.encode(value)
      case .asInPlan: try container.encodeNil()
      }
    }
  }

  /// A request to change a workspace.
  public init(name: String? = nil, plan: String? = nil, settings: [Setting: Change] = [:]) {
    self.name = name
    self.plan = plan
    self.settings = settings
  }
}
