/// A person with a login.
public struct User: Hashable, Sendable {
  /// Who.
  public var id: UserID
  /// Normalised: ASCII, lower case. Unique in the cluster.
  public var email: String
  /// The name to show; may be empty.
  public var name: String
  /// An opaque scrypt string with its parameters; nothing if the user cannot log in by password.
  public var passwordHash: String?
  /// When the user came to be.
  public var createdAt: Timestamp
  /// When it was proven that the address is the user's: that whoever reads its mail has the account.
  /// Nothing if it never was; then anybody may have registered with it.
  public var emailVerifiedAt: Timestamp?
  /// Whether the password was chosen by somebody else, who knows it.
  public var mustChangePassword: Bool
}

/// A tenant.
public struct Workspace: Hashable, Sendable {
  /// Which.
  public var id: WorkspaceID
  /// The name to show.
  public var name: String
  /// The plan in force.
  public var planID: PlanID
  /// What differs from the plan.
  public var settings: WorkspaceSettings
  /// Which of the settings an operator made; the others are the tenant's own.
  public var setByOperator: SettingNames
  /// The number of members.
  public var memberCount: Int64
  /// When the workspace came to be.
  public var createdAt: Timestamp
  /// Higher after each change of name, plan or settings.
  public var revision: UInt64
}

/// Limits of one workspace that differ from its plan. Nothing means: as in the plan.
///
/// A tenant may only narrow what the plan grants, today and when it is defined anew; operators may set anything.
public struct WorkspaceSettings: Hashable, Sendable {
  /// Rows a calendar month.
  public var maxRows: Int64?
  /// API calls a day.
  public var maxAPICalls: Int64?
  /// Members.
  public var maxUsers: Int64?
  /// Datasets kept.
  public var maxDatasets: Int64?
  /// Days for which reports are kept.
  public var retentionDays: Int64?

  /// All limits as in the plan, other than those given.
  public init(
    maxRows: Int64? = nil, maxAPICalls: Int64? = nil, maxUsers: Int64? = nil,
    maxDatasets: Int64? = nil, retentionDays: Int64? = nil
  ) {
    self.maxRows = maxRows
    self.maxAPICalls = maxAPICalls
    self.maxUsers = maxUsers
    self.maxDatasets = maxDatasets
    self.retentionDays = retentionDays
  }
}

/// A user's place in a workspace.
public struct Membership: Hashable, Sendable {
  /// Where.
  public var workspaceID: WorkspaceID
  /// Who.
  public var userID: UserID
  /// As what.
  public var role: Role
  /// Since when.
  public var createdAt: Timestamp
}

/// A user as seen from a workspace.
public struct Member: Hashable, Sendable {
  /// The user's place in the workspace.
  public var membership: Membership
  /// The user.
  public var user: User
}

/// A key for programs, which acts for a user in one workspace. The secret itself is never stored.
public struct APIKey: Hashable, Sendable {
  /// Which; not secret.
  public var id: APIKeyID
  /// Where it is valid.
  public var workspaceID: WorkspaceID
  /// For whom it acts.
  public var userID: UserID
  /// The name to show.
  public var name: String
  /// What it was made for.
  public var scopes: Scopes
  /// The hash of its secret.
  public var secretHash: SecretHash
  /// When it came to be.
  public var createdAt: Timestamp
  /// The first moment at which it is no longer valid; nothing if it does not expire.
  public var expiresAt: Timestamp?
  /// When it was revoked; nothing if it was not.
  public var revokedAt: Timestamp?
  /// When it was last used, to the minute or so; nothing if it never was.
  public var lastUsedAt: Timestamp?
  /// The key that took its place; nothing if it was not rotated.
  public var replacedBy: APIKeyID?
  /// Who may know its secret besides its user: whoever made or rotated it for the user, and if that was
  /// done with a key, whoever may know that one's. Operators are not among them: they lose no rights here.
  public var makers: [UserID]

  /// Neither revoked nor expired.
  public func isActive(at moment: Timestamp) -> Bool {
    guard revokedAt == nil else { return false }
    guard let expiresAt else { return true }
    return moment < expiresAt
  }
}

/// The name of a plan, such as `free`.
public struct PlanID: RawRepresentable, Hashable, Sendable {
  /// As in the API.
  public let rawValue: String

  /// Takes any text; what names no plan is rejected where it is used.
  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// What everybody starts with.
  public static let free = PlanID(rawValue: "free")
  /// For teams.
  public static let professional = PlanID(rawValue: "professional")
  /// By agreement.
  public static let enterprise = PlanID(rawValue: "enterprise")
}

/// What a workspace may use. Nothing as a limit means unlimited.
public struct Plan: Hashable, Sendable {
  /// Which.
  public var id: PlanID
  /// Rows a calendar month.
  public var maxRows: Int64?
  /// API calls a day.
  public var maxAPICalls: Int64?
  /// Members.
  public var maxUsers: Int64?
  /// Datasets kept.
  public var maxDatasets: Int64?
  /// Days for which reports are kept.
  public var retentionDays: Int64
  /// The price of a month in cents; nothing means by agreement.
  public var monthlyPriceCents: Int64?
  /// Whether every detector may be used, or only those of `basic_analysis`.
  public var allFeatures: Bool

  /// Describes a plan.
  public init(
    id: PlanID, maxRows: Int64?, maxAPICalls: Int64?, maxUsers: Int64?, maxDatasets: Int64?,
    retentionDays: Int64, monthlyPriceCents: Int64?, allFeatures: Bool
  ) {
    self.id = id
    self.maxRows = maxRows
    self.maxAPICalls = maxAPICalls
    self.maxUsers = maxUsers
    self.maxDatasets = maxDatasets
    self.retentionDays = retentionDays
    self.monthlyPriceCents = monthlyPriceCents
    self.allFeatures = allFeatures
  }
}

/// Rows set aside for an analysis that has not ended yet.
public struct Reservation: Hashable, Sendable {
  /// Which.
  public var id: ReservationID
  /// Whose rows.
  public var workspaceID: WorkspaceID
  /// Who asked; nothing if an operator did.
  public var userID: UserID?
  /// For what.
  public var purpose: Purpose
  /// The month whose quota they are taken from, now and when they are settled.
  public var month: Month
  /// How many.
  public var rows: Int64
  /// The first moment at which they go back to the workspace.
  public var expiresAt: Timestamp

  /// What rows are used for.
  public enum Purpose: String, Sendable, CaseIterable {
    /// A report on a dataset.
    case analyze
    /// A cleaned dataset.
    case fix

    /// What a caller needs for it.
    public var permission: Permission {
      switch self {
      case .analyze: .analyze
      case .fix: .fix
      }
    }
  }
}

/// An analysis that has ended, with the rows it was billed for.
public struct AnalysisRecord: Hashable, Sendable {
  /// Which.
  public var id: AnalysisID
  /// Whose.
  public var workspaceID: WorkspaceID
  /// Who asked; nothing if an operator did.
  public var userID: UserID?
  /// The name to show; may be empty.
  public var name: String
  /// What it was.
  public var purpose: Reservation.Purpose
  /// How it ended.
  public var status: Status
  /// The rows billed.
  public var rows: Int64
  /// The month they count in.
  public var month: Month
  /// The quality of the dataset, if it was found.
  public var qualityScore: Double?
  /// When it was settled.
  public var createdAt: Timestamp

  /// How an analysis ended.
  public enum Status: String, Sendable, CaseIterable {
    /// With a result.
    case completed
    /// Without one.
    case failed
  }
}

/// A key that signs access tokens.
public struct SigningKey: Hashable, Sendable {
  /// The `kid` of the tokens it signs.
  public var id: String
  /// The private key, in the proposer's encoding.
  public var privateKey: [UInt8]
  /// When it came to be.
  public var createdAt: Timestamp
  /// When another took its place; nothing for the one that signs now.
  public var retiredAt: Timestamp?
}

/// The operator's token of one node.
public struct AdminToken: Hashable, Sendable {
  /// The node that made it.
  public var memberName: String
  /// That node's identity: the token holds while it is a member.
  public var memberID: UInt64
  /// The hash of the token.
  public var hash: SecretHash
  /// When it was registered.
  public var registeredAt: Timestamp
}
