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
  /// Where it came from, for the audit log.
  public var origin: Origin
  /// What a repetition must be equal in: another request that carries the same ``requestID`` is
  /// refused. Nothing where the proposer itself made the identifier for this one request.
  public var fingerprint: RequestFingerprint?
  /// What the secrets in the command are made of, if a repetition must have the same.
  public var salt: RequestSalt?
  /// The key that signed the access token by which the actor was known, if it was one: once that is gone,
  /// nothing is done in its name.
  public var signingKeyID: String?
  /// What to change.
  public var command: Command

  /// Puts a command into its envelope.
  public init(
    requestID: RequestID, stampedAt: Timestamp, actor: Actor,
    retention: OutcomeRetention = .retry, origin: Origin = .unknown,
    fingerprint: RequestFingerprint? = nil, salt: RequestSalt? = nil, signingKeyID: String? = nil,
    command: Command
  ) {
    self.requestID = requestID
    self.stampedAt = stampedAt
    self.actor = actor
    self.retention = retention
    self.origin = origin
    self.fingerprint = fingerprint
    self.salt = salt
    self.signingKeyID = signingKeyID
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

/// Where a request came from. It is written down and decides nothing.
public struct Origin: Hashable, Sendable {
  /// The client's network address; empty if it is not known.
  public var address: String
  /// The name by which the request is found in the nodes' logs; empty if it has none.
  public var requestName: String

  /// Describes an origin.
  public init(address: String, requestName: String) {
    self.address = address
    self.requestName = requestName
  }

  /// A node for itself, or nobody who told.
  public static let unknown = Origin(address: "", requestName: "")

  var isUnknown: Bool { self == .unknown }
}

/// On whose behalf a command is proposed.
public enum Actor: Hashable, Sendable {
  /// Nobody known yet: somebody who registers.
  case anonymous
  /// A node of the cluster for itself.
  case node(name: String)
  /// The bearer of an admin token.
  case `operator`(name: String)
  /// A user whom the proposer knows without a session: one who is just logging in, or for whom a node
  /// goes on with what they began.
  case user(UserID)
  /// A user with a session, for as long as it lives.
  case session(SessionID)
  /// An API key, which acts for its user within its scopes.
  case apiKey(APIKeyID)
}

/// Everything that can change the state.
public enum Command: Hashable, Sendable {
  /// See ``InitializeCluster``.
  case initializeCluster(InitializeCluster)
  /// See ``RegisterAdminToken``.
  case registerAdminToken(RegisterAdminToken)
  /// See ``KeepHouse``.
  case keepHouse(KeepHouse)
  /// See ``OpenSession``.
  case openSession(OpenSession)
  /// See ``RefreshSession``.
  case refreshSession(RefreshSession)
  /// See ``CloseSession``.
  case closeSession(CloseSession)
  /// See ``CountAttempt``.
  case countAttempt(CountAttempt)
  /// See ``ChangePassword``.
  case changePassword(ChangePassword)
  /// See ``UpgradePasswordHash``.
  case upgradePasswordHash(UpgradePasswordHash)
  /// See ``RequestPasswordReset``.
  case requestPasswordReset(RequestPasswordReset)
  /// See ``ResetPassword``.
  case resetPassword(ResetPassword)
  /// See ``RotateSigningKey``.
  case rotateSigningKey(RotateSigningKey)
  /// See ``RequestEmailVerification``.
  case requestEmailVerification(RequestEmailVerification)
  /// See ``VerifyEmail``.
  case verifyEmail(VerifyEmail)
  /// See ``Invite``.
  case invite(Invite)
  /// See ``RevokeInvitation``.
  case revokeInvitation(RevokeInvitation)
  /// See ``AcceptInvitation``.
  case acceptInvitation(AcceptInvitation)
  /// See ``CreateUser``.
  case createUser(CreateUser)
  /// See ``CreateWorkspace``.
  case createWorkspace(CreateWorkspace)
  /// See ``UpdateWorkspace``.
  case updateWorkspace(UpdateWorkspace)
  /// See ``DeleteWorkspace``.
  case deleteWorkspace(DeleteWorkspace)
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
  /// See ``RotateAPIKey``.
  case rotateAPIKey(RotateAPIKey)
  /// See ``NoteKeyUse``.
  case noteKeyUse(NoteKeyUse)
  /// See ``NoteDenials``.
  case noteDenials(NoteDenials)
  /// See ``ReserveRows``.
  case reserveRows(ReserveRows)
  /// See ``SettleReservation``.
  case settleReservation(SettleReservation)
  /// See ``ReleaseReservation``.
  case releaseReservation(ReleaseReservation)
  /// See ``LeaseCalls``.
  case leaseCalls(LeaseCalls)
  /// See ``ReturnCalls``.
  case returnCalls(ReturnCalls)
  /// See ``DefinePlan``.
  case definePlan(DefinePlan)
  /// See ``RecordAnswer``.
  case recordAnswer(RecordAnswer)
}
