/// A request to change the state, with everything that makes it deterministic.
///
/// The proposer reads the clock and the random source; the state machine never does. A retry after
/// an unknown outcome carries the same ``requestID`` and is then answered with the first outcome.
public struct CommandEnvelope: Hashable, Sendable {
  /// The same for each attempt of one request.
  public var requestID: RequestID
  /// The proposer's clock.
  public var stampedAt: Timestamp
  /// On whose behalf; checked against the state when the command is applied.
  public var actor: Actor
  /// For how long a repetition is recognised.
  public var retention: OutcomeRetention
  /// What to change.
  public var command: Command

  /// Puts a command into its envelope.
  public init(
    requestID: RequestID, stampedAt: Timestamp, actor: Actor,
    retention: OutcomeRetention = .retry, command: Command
  ) {
    self.requestID = requestID
    self.stampedAt = stampedAt
    self.actor = actor
    self.retention = retention
    self.command = command
  }
}

/// For how long, in command time, the outcome of a request is kept to answer its repetitions.
///
/// A request repeated later than that may take effect again.
public enum OutcomeRetention: Sendable, CaseIterable {
  /// 15 minutes: a proposer that retries after an unknown outcome.
  case retry
  /// 24 hours: a client that sent an `Idempotency-Key`.
  case idempotencyKey

  /// The length in milliseconds.
  public var milliseconds: Int64 {
    switch self {
    case .retry: 900_000
    case .idempotencyKey: 86_400_000
    }
  }
}

/// On whose behalf a command is proposed.
public enum Actor: Hashable, Sendable {
  /// Nobody known yet: somebody who registers.
  case anonymous
  /// A node of the cluster for itself.
  case node(name: String)
  /// The bearer of an admin token.
  case `operator`(name: String)
  /// A user who logged in.
  case user(UserID)
  /// An API key, which acts for its user within its scopes.
  case apiKey(APIKeyID)
}

/// Everything that can change the state.
public enum Command: Hashable, Sendable {
  /// See ``InitializeCluster``.
  case initializeCluster(InitializeCluster)
  /// See ``RegisterAdminToken``.
  case registerAdminToken(RegisterAdminToken)
  /// See ``CreateUser``.
  case createUser(CreateUser)
  /// See ``CreateWorkspace``.
  case createWorkspace(CreateWorkspace)
  /// See ``AddMember``.
  case addMember(AddMember)
  /// See ``ChangeRole``.
  case changeRole(ChangeRole)
  /// See ``RemoveMember``.
  case removeMember(RemoveMember)
  /// See ``CreateAPIKey``.
  case createAPIKey(CreateAPIKey)
  /// See ``RevokeAPIKey``.
  case revokeAPIKey(RevokeAPIKey)
  /// See ``ReserveRows``.
  case reserveRows(ReserveRows)
  /// See ``SettleReservation``.
  case settleReservation(SettleReservation)
  /// See ``ReleaseReservation``.
  case releaseReservation(ReleaseReservation)
}

/// Gives the cluster its identity. Only the first takes effect; later ones are answered with what
/// the first one set. By a node.
public struct InitializeCluster: Hashable, Sendable {
  /// The cluster's name for itself.
  public var clusterID: String
  /// The `kid` of the first token-signing key.
  public var signingKeyID: String
  /// The first token-signing key.
  public var signingPrivateKey: [UInt8]

  /// Proposes an identity.
  public init(clusterID: String, signingKeyID: String, signingPrivateKey: [UInt8]) {
    self.clusterID = clusterID
    self.signingKeyID = signingKeyID
    self.signingPrivateKey = signingPrivateKey
  }
}

/// Makes an operator's token valid on every node. A node has one; a second replaces it. By a node
/// or an operator.
public struct RegisterAdminToken: Hashable, Sendable {
  /// The node that made the token.
  public var memberName: String
  /// The hash of the token.
  public var tokenHash: SecretHash

  /// Proposes a token.
  public init(memberName: String, tokenHash: SecretHash) {
    self.memberName = memberName
    self.tokenHash = tokenHash
  }
}

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

/// Creates a user, and a workspace owned by that user if one is given: both or neither. By anybody
/// who registers, or an operator.
public struct CreateUser: Hashable, Sendable {
  /// The user.
  public var user: NewUser
  /// The user's first workspace.
  public var workspace: NewWorkspace?

  /// Proposes a user.
  public init(user: NewUser, workspace: NewWorkspace? = nil) {
    self.user = user
    self.workspace = workspace
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

/// Adds a member. A user with that address who exists is added as is; otherwise the user is
/// created. Needs `manage_users`, and `manage_owners` to add an owner.
public struct AddMember: Hashable, Sendable {
  /// Where.
  public var workspaceID: WorkspaceID
  /// Who. If the address is known, the identifier, name and password given here are not used.
  public var user: NewUser
  /// As what.
  public var role: Role

  /// Proposes a member.
  public init(workspaceID: WorkspaceID, user: NewUser, role: Role) {
    self.workspaceID = workspaceID
    self.user = user
    self.role = role
  }
}

/// Gives a member another role. Needs `manage_users`, and `manage_owners` from or to owner. The
/// last owner stays one.
public struct ChangeRole: Hashable, Sendable {
  /// Where.
  public var workspaceID: WorkspaceID
  /// Who.
  public var userID: UserID
  /// As what from now on.
  public var role: Role

  /// Proposes a role.
  public init(workspaceID: WorkspaceID, userID: UserID, role: Role) {
    self.workspaceID = workspaceID
    self.userID = userID
    self.role = role
  }
}

/// Removes a member and revokes the member's API keys for the workspace. Needs `manage_users`, and
/// `manage_owners` for an owner; members may always leave. The last owner stays.
public struct RemoveMember: Hashable, Sendable {
  /// Where.
  public var workspaceID: WorkspaceID
  /// Who.
  public var userID: UserID

  /// Proposes a removal.
  public init(workspaceID: WorkspaceID, userID: UserID) {
    self.workspaceID = workspaceID
    self.userID = userID
  }
}

/// Creates a key that acts for a member. Needs `manage_keys`. Nobody makes a key with more rights
/// than their own: the member's role may not be above the caller's, and a key that creates keys
/// may only pass on its own scopes.
public struct CreateAPIKey: Hashable, Sendable {
  /// Made by the proposer.
  public var id: APIKeyID
  /// Where.
  public var workspaceID: WorkspaceID
  /// For which member.
  public var userID: UserID
  /// The name to show.
  public var name: String
  /// What it is made for; at least one.
  public var scopes: Scopes
  /// The hash of its secret.
  public var secretHash: SecretHash
  /// The first moment at which it is no longer valid; nothing if it does not expire.
  public var expiresAt: Timestamp?

  /// Proposes a key.
  public init(
    id: APIKeyID, workspaceID: WorkspaceID, userID: UserID, name: String, scopes: Scopes,
    secretHash: SecretHash, expiresAt: Timestamp? = nil
  ) {
    self.id = id
    self.workspaceID = workspaceID
    self.userID = userID
    self.name = name
    self.scopes = scopes
    self.secretHash = secretHash
    self.expiresAt = expiresAt
  }
}

/// Revokes a key. Needs `manage_keys`. Revoking again changes nothing and is answered the same.
public struct RevokeAPIKey: Hashable, Sendable {
  /// Where the key is valid; a key of another workspace is not found.
  public var workspaceID: WorkspaceID
  /// Which.
  public var id: APIKeyID

  /// Proposes a revocation.
  public init(workspaceID: WorkspaceID, id: APIKeyID) {
    self.workspaceID = workspaceID
    self.id = id
  }
}

/// Sets rows of the current month aside, if the quota has them: `used + reserved + asked` never
/// exceeds the limit. Needs the permission of the purpose.
public struct ReserveRows: Hashable, Sendable {
  /// Whose rows.
  public var workspaceID: WorkspaceID
  /// Made by the proposer.
  public var id: ReservationID
  /// How many, at least one.
  public var rows: Int64
  /// When they go back unless settled; at most 7 days ahead.
  public var expiresAt: Timestamp
  /// For what.
  public var purpose: Reservation.Purpose

  /// Proposes a reservation.
  public init(
    workspaceID: WorkspaceID, id: ReservationID, rows: Int64, expiresAt: Timestamp,
    purpose: Reservation.Purpose = .analyze
  ) {
    self.workspaceID = workspaceID
    self.id = id
    self.rows = rows
    self.expiresAt = expiresAt
    self.purpose = purpose
  }
}

/// Bills the rows of an analysis and records it; what was reserved beyond them goes back.
///
/// The rows count in the month they were reserved in. An analysis is billed at most once, whatever
/// reservations were made for it. A reservation that has expired cannot be settled: its rows may
/// belong to somebody else by now. Whoever still has a result reserves anew and settles that.
///
/// Needs no right of its own: it was given with the reservation, and a member who is removed while
/// an analysis runs has still used the rows.
public struct SettleReservation: Hashable, Sendable {
  /// Whose rows.
  public var workspaceID: WorkspaceID
  /// Which reservation.
  public var id: ReservationID
  /// The rows to bill, at most those reserved.
  public var rows: Int64
  /// The analysis to record.
  public var analysisID: AnalysisID
  /// The name to show; may be empty.
  public var analysisName: String
  /// How it ended.
  public var status: AnalysisRecord.Status
  /// The quality of the dataset, if it was found; finite.
  public var qualityScore: Double?

  /// Proposes a settlement.
  public init(
    workspaceID: WorkspaceID, id: ReservationID, rows: Int64, analysisID: AnalysisID,
    analysisName: String = "", status: AnalysisRecord.Status = .completed,
    qualityScore: Double? = nil
  ) {
    self.workspaceID = workspaceID
    self.id = id
    self.rows = rows
    self.analysisID = analysisID
    self.analysisName = analysisName
    self.status = status
    self.qualityScore = qualityScore
  }
}

/// Gives all rows of a reservation back. Needs no right, like ``SettleReservation``.
public struct ReleaseReservation: Hashable, Sendable {
  /// Whose rows.
  public var workspaceID: WorkspaceID
  /// Which reservation.
  public var id: ReservationID

  /// Proposes a release.
  public init(workspaceID: WorkspaceID, id: ReservationID) {
    self.workspaceID = workspaceID
    self.id = id
  }
}
