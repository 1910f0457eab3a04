/// What became of a command. Every member computes the same bytes for it.
public enum Outcome: Hashable, Sendable {
  /// The command took effect.
  case accepted(Effect)
  /// The command changed nothing.
  case rejected(Rejection)

  /// The effect.
  ///
  /// - Throws: The rejection, if the command was rejected.
  public func get() throws(Rejection) -> Effect {
    switch self {
    case .accepted(let effect): return effect
    case .rejected(let rejection): throw rejection
    }
  }
}

/// What an accepted command did; a case for each command.
public enum Effect: Hashable, Sendable {
  /// The cluster's identity, whether this command or an earlier one set it.
  case clusterInitialized(ClusterIdentity)
  /// The token is valid.
  case adminTokenRegistered(memberName: String)
  /// The user exists, and so does the workspace if one was asked for.
  case userCreated(User, Workspace?)
  /// The session lives.
  case sessionOpened(Session)
  /// The session as it now is.
  case sessionRenewed(Session)
  /// The session as it was: it has ended because an old refresh token came again.
  case sessionReused(Session)
  /// So many sessions have ended.
  case sessionsClosed(Int64)
  /// The attempt may be made.
  case attemptCounted
  /// The user has another password.
  case passwordChanged(UserID)
  /// The user has the same password, kept in another form.
  case passwordHashUpgraded(UserID)
  /// A token sets the user's password; nothing if none was made.
  case passwordResetRequested(PasswordReset?)
  /// Another key signs from this moment on.
  case signingKeyRotated(Timestamp)
  /// The same, and what other keys have signed is worth nothing.
  case signingKeysRevoked(Timestamp)
  /// A token proves the user's address.
  case emailVerificationRequested(EmailVerification)
  /// The user's address is proven.
  case emailVerified(UserID)
  /// The invitation is open.
  case invitationMade(Invitation)
  /// The invitation as it was.
  case invitationRevoked(Invitation)
  /// The workspace exists.
  case workspaceCreated(Workspace)
  /// The user is a member; `account` tells what became of their account.
  case memberAdded(Member, account: JoinedAccount)
  /// The membership as it now is, and what ended with what it was.
  case roleChanged(Membership, ended: EndedSecrets)
  /// The membership as it was, and what ended with it.
  case memberRemoved(Membership, ended: EndedSecrets)
  /// The key is valid.
  case apiKeyCreated(APIKey)
  /// The key is no longer valid.
  case apiKeyRevoked(APIKey)
  /// The rows are set aside.
  case rowsReserved(Reservation)
  /// The rows are billed and the analysis recorded.
  case reservationSettled(AnalysisRecord)
  /// The rows went back.
  case reservationReleased(Reservation)
  /// The calls may be spent by whoever asked.
  case callsLeased(CallGrant)
  /// So many leases were settled.
  case callsReturned(Int64)
  /// The plan is in force.
  case planDefined(Plan)
  /// So many rows were removed.
  case houseKept(Int64)
  /// The workspace as it now is.
  case workspaceUpdated(Workspace)
  /// The workspace is gone.
  case workspaceDeleted(WorkspaceID)
  /// Both keys are valid until the old one's end.
  case apiKeyRotated(old: APIKey, new: APIKey)
  /// Of so many keys this was the latest use.
  case keyUseNoted(Int64)
  /// So many denials are in the audit log.
  case denialsNoted(Int64)
  /// The answer that was recorded first.
  case answerRecorded(RecordedAnswer)
}

/// How a new member came by their account.
public enum JoinedAccount: Hashable, Sendable {
  /// They had it.
  case known
  /// It was made for them.
  case new
  /// It was there, and never proven to be theirs; whoever had it has it no longer.
  case claimed
}

/// Who the cluster is.
public struct ClusterIdentity: Hashable, Sendable {
  /// The cluster's name for itself.
  public var clusterID: String
}

/// Why a command was not carried out; each case answers to one error of the API.
public enum Rejection: Error, Hashable, Sendable {
  /// 400 `invalid_request`: this field cannot be as it is, whatever the state.
  case invalid(field: String, message: String)
  /// 401 `unauthenticated`: the actor is unknown, revoked or expired.
  case unauthenticated
  /// 403 `forbidden`: the actor lacks this permission.
  case forbidden(Permission)
  /// 404 `not_found`: no such thing, or not in this workspace.
  case notFound(Resource)
  /// 409 `conflict`: the state does not allow it.
  case conflict(Conflict)
  /// 429 `quota_exceeded`: the plan does not allow it.
  case quotaExceeded(QuotaExceeded)
  /// 503 `overloaded`: a bound that protects the service was met; trying later may help.
  case overloaded(Bound)
  /// 429 `rate_limited`: too many attempts; the next may be made at this time.
  case rateLimited(until: Timestamp)
  /// 422: the request that had this identifier before was another one.
  case requestChanged
  /// The request had come before, with secrets made of this: with it, a repetition is the same. A node that
  /// did not know tries again; nobody else sees it.
  case repeated(RequestSalt)
  /// The bytes are no command that this version knows. A bug or a mixed cluster, never a user.
  case unreadableCommand

  /// What was looked for.
  public enum Resource: String, Sendable, CaseIterable {
    /// A user.
    case user
    /// A session.
    case session
    /// An invitation that is open.
    case invitation
    /// A token that sets a password.
    case passwordReset = "password_reset"
    /// A token that proves an address.
    case emailVerification = "email_verification"
    /// A workspace.
    case workspace
    /// A user's place in a workspace.
    case membership
    /// An API key.
    case apiKey = "api_key"
    /// A plan.
    case plan
  }

  /// How the state is in the way.
  public enum Conflict: String, Sendable, CaseIterable {
    /// Another user has the address.
    case emailTaken = "email_taken"
    /// It is proven already that the address is the user's.
    case emailVerified = "email_verified"
    /// Nobody has proven that the address is the user's.
    case emailNotVerified = "email_not_verified"
    /// Somebody else has chosen the user's password, and knows it.
    case passwordNotOwn = "password_not_own"
    /// The user is a member already.
    case alreadyMember = "already_member"
    /// The address has an open invitation already.
    case alreadyInvited = "already_invited"
    /// The user has another password than the one that was shown.
    case passwordChanged = "password_changed"
    /// There is no cluster yet whose keys could be rotated.
    case clusterNotInitialized = "cluster_not_initialized"
    /// The workspace would have no owner left.
    case lastOwner = "last_owner"
    /// Something already has the identifier that the proposer made.
    case identifierTaken = "identifier_taken"
    /// The reservation has expired, was released, or never was; reserve anew.
    case reservationNotOpen = "reservation_not_open"
    /// The reservation was settled before.
    case reservationSettled = "reservation_settled"
    /// The key was revoked, has expired or was rotated before.
    case keyNotActive = "key_not_active"
    /// The thing was changed since the caller looked at it.
    case changedMeanwhile = "changed_meanwhile"
    /// The analysis was billed before.
    case analysisRecorded = "analysis_recorded"
    /// A constraint of the database was met: a bug, but the same one on every member.
    case constraint
  }

  /// What is full.
  public enum Bound: String, Sendable, CaseIterable {
    /// Open reservations of a workspace, see ``StateLimits/openReservations``.
    case openReservations = "open_reservations"
    /// Open invitations of a workspace, see ``StateLimits/openInvitations``.
    case openInvitations = "open_invitations"
    /// Signing keys that may still verify tokens, see ``StateLimits/signingKeys``.
    case signingKeys = "signing_keys"
    /// Active API keys of a workspace, see ``StateLimits/activeKeys``.
    case activeKeys = "active_keys"
    /// Workspaces of the free plan that a user has made, see ``StateLimits/freeWorkspaces``.
    case freeWorkspaces = "free_workspaces"
  }
}

/// A quota, and how far it is used.
public struct QuotaExceeded: Hashable, Sendable {
  /// What is counted.
  public var metric: Metric
  /// The most there may be.
  public var limit: Int64
  /// How much is used or reserved.
  public var used: Int64
  /// When the count starts anew; nothing if it never does.
  public var resetsAt: Timestamp?
  /// How much of `used` is leased out and may come back before: of API calls only.
  public var held: Int64 = 0

  /// What plans count.
  public enum Metric: String, Sendable, CaseIterable {
    /// Rows a calendar month.
    case rows
    /// API calls a day.
    case apiCalls = "api_calls"
    /// Members.
    case users
  }
}

/// Bounds that protect the service, whatever a plan grants.
public enum StateLimits {
  /// Workspaces of the free plan that one user may have made, the one made with the account included: each
  /// has a quota of its own.
  public static let freeWorkspaces: Int64 = 5
  /// Open reservations a workspace may have at a time.
  public static let openReservations: Int64 = 1_024
  /// API keys that a workspace may have at a time without revoking one.
  public static let activeKeys: Int64 = 1_000
  /// Users who may know the secret of a key or an invitation that is not theirs. Only keys that make keys
  /// for others who make keys for others come to more than two.
  public static let makers = 8
  /// Sessions a user may have at a time; one more ends the one that was renewed longest ago.
  public static let sessions: Int64 = 100
  /// For how long a session can be renewed, in milliseconds: 30 days.
  public static let sessionLength: Int64 = 2_592_000_000
  /// Networks in which a user is remembered to have logged in; one more makes that one strange where the
  /// user has not been for longest.
  public static let familiarNetworks: Int64 = 8
  /// For how long that is remembered, in milliseconds: 90 days.
  public static let familiarityLength: Int64 = 7_776_000_000
  /// Tokens by which a user's password may be set, at a time.
  public static let passwordResets: Int64 = 3
  /// For how long such a token is good, in milliseconds: one hour.
  public static let passwordResetLength: Int64 = 3_600_000
  /// Tokens by which a user's address may be proven, at a time.
  public static let emailVerifications: Int64 = 3
  /// For how long such a token is good, in milliseconds: one day.
  public static let emailVerificationLength: Int64 = 86_400_000
  /// Invitations into a workspace that may be open at a time.
  public static let openInvitations: Int64 = 200
  /// For how long an invitation may be accepted, in milliseconds: 7 days.
  public static let invitationLength: Int64 = 604_800_000
  /// Signing keys there may be at a time, retired ones included.
  public static let signingKeys: Int64 = 16
  /// For how long a retired signing key is kept, in milliseconds: the 15 minutes of the tokens that it
  /// signed, and as long again for clocks that differ.
  public static let signingKeyRetention: Int64 = 1_800_000
  /// The most rows one reservation may ask for.
  public static let rowsPerReservation: Int64 = 1_000_000_000_000
  /// The most calls one lease may have.
  public static let callsPerLease: Int64 = 1_000_000
  /// For how long calls may be leased, in milliseconds: 10 minutes.
  public static let callLeaseLength: Int64 = 600_000
  /// How many leases one ``ReturnCalls`` may settle.
  public static let returnsAtOnce: Int64 = 256
  /// For how many days before the present one calls stay counted.
  public static let callDays: Int64 = 400
  /// The highest limit that a plan or a workspace can have; more is said by having none.
  public static let highestLimit: Int64 = 1_000_000_000_000_000
  /// How far ahead a reservation may expire, in milliseconds: 7 days.
  public static let reservationLength: Int64 = 604_800_000
  /// For how long a key that is rotated may go on beside the new one, in milliseconds: 7 days.
  public static let keyOverlap: Int64 = 604_800_000
  /// For how long a revoked key is kept, in milliseconds: 90 days.
  public static let revokedKeyLength: Int64 = 7_776_000_000
  /// The most keys whose use one ``NoteKeyUse`` may tell of.
  public static let keyUsesAtOnce = 1_000
  /// The most denials that one ``NoteDenials`` may tell of, and records that any command leaves in the audit
  /// log.
  public static let denialsAtOnce = 256
  /// Of what happens to an account so many of its user's workspaces are told.
  public static let toldWorkspaces = 8
  /// The most bytes of an answer that one ``RecordAnswer`` may keep.
  public static let answerBytes = 65_536
  /// The most rows that one ``KeepHouse`` may remove.
  public static let rowsRemovedAtOnce: Int64 = 10_000
  /// For how long the audit log is kept, in milliseconds: 365 days.
  public static let auditLength: Int64 = 31_536_000_000
  /// The most code points a name may have.
  public static let nameLength = 200
}
