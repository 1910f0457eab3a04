import Analysis
import CloudState
import NodeRuntime

// The one place where errors of the rooms below become answers.

extension Failure {
  /// What any error means to the caller. Nothing, if it is no fault of caller or cluster but of
  /// this program or machine.
  init?(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let rejection as Rejection: self = Failure(rejection)
    case let error as ConsensusError: self = Failure(error)
    case let error as DatasetError: self = Failure(error)
    case let error as FixError: self = Failure(error)
    case is KeptDataset.CannotKeep:
      self = .overloaded(
        "this node has no room to keep the dataset; try again, or ask another node")
    case let error as OptionError: self = .invalid(error.option, error.message)
    case let full as AnalysisPlaces.Full: self = Failure(full)
    case is PoolIsFull:
      self = .overloaded("this node has as much work as it can hold; try again")
    case is DeadlineExceeded: self = .tooSlow()
    case let refusal as AccessTokens.Refusal: self = Failure(refusal)
    default: return nil
    }
  }

  init(_ rejection: Rejection) {
    switch rejection {
    case .invalid(let field, let message): self = .invalid(field, message)
    case .unauthenticated: self = .unauthenticated("the credential is no longer valid")
    case .forbidden(.operateCluster):
      self = .forbidden(
        .operateCluster,
        "only the operator may do this, with the admin token, and so set plans and limits beyond them"
      )
    case .forbidden(let permission): self = .forbidden(permission)
    case .notFound(.apiKey): self = .notFound("API key")
    case .notFound(.plan):
      self = .invalid("plan", "must be the name of a plan; GET /api/v1/plans lists them")
    case .notFound(let resource): self = .notFound(resource.rawValue)
    case .conflict(let conflict): self = .conflict(Self.words(for: conflict))
    case .quotaExceeded(let quota):
      self = .quotaExceeded(
        quota.metric, limit: quota.limit, used: quota.used, resetsAt: quota.resetsAt,
        mayComeBack: quota.held > 0)
    case .overloaded(.openReservations):
      self = .overloaded("too many analyses of this workspace are running; try again later")
    case .overloaded(.activeKeys):
      self = .conflict(
        "the workspace has \(StateLimits.activeKeys) API keys; revoke one that is not needed")
    case .overloaded(.freeWorkspaces):
      self = .conflict(
        """
        you have made \(StateLimits.freeWorkspaces) workspaces of the free plan; delete one that is not needed, \
        or ask the operator for another plan
        """)
    case .overloaded(.openInvitations):
      self = .conflict(
        "the workspace has \(StateLimits.openInvitations) open invitations; revoke one first")
    case .overloaded(.signingKeys):
      self = .conflict(
        "\(StateLimits.signingKeys) signing keys may still verify tokens; rotate again when some are gone"
      )
    case .rateLimited(let until): self = .rateLimited(until: until)
    case .requestChanged: self = .idempotencyKeyReused()
    case .repeated, .unreadableCommand: self = .internalError()
    }
  }

  private static func words(for conflict: Rejection.Conflict) -> String {
    switch conflict {
    case .emailTaken: "a user with this email address exists"
    case .alreadyMember: "the user is a member already"
    case .emailVerified: "the address is proven already"
    case .emailNotVerified:
      """
      somebody has registered with this address and never proven that it is theirs: invite the address, and \
      let them accept while they are logged in; or let them reset their password, by mail or with a token \
      from the operator
      """
    case .passwordNotOwn:
      """
      the user's password was chosen by somebody else: the user has to change it, or to reset it, before \
      they join another workspace
      """
    case .alreadyInvited: "this email address has an open invitation; revoke it first"
    case .passwordChanged: "the password was changed meanwhile"
    case .clusterNotInitialized: "the cluster has not been founded yet"
    case .lastOwner: "a workspace always has an owner"
    case .identifierTaken:
      "this was made before; if it was with this Idempotency-Key, use a new one"
    case .reservationNotOpen: "the rows reserved for this analysis were returned meanwhile"
    case .keyNotActive: "the key was revoked, has expired or was rotated before"
    case .changedMeanwhile: "it was changed meanwhile; look at it again"
    case .reservationSettled, .analysisRecorded: "the analysis was recorded before"
    case .constraint: "the change contradicts the state"
    }
  }

  init(_ error: ConsensusError) {
    switch error {
    case .noLeader: self = .noLeader("the cluster has no leader at the moment; try again")
    case .overloaded: self = .overloaded("the cluster has as much work as it can hold; try again")
    case .outcomeUnknown, .cancelled:
      self = .noLeader("the leader did not answer; the change may have taken effect or not")
    case .shuttingDown: self = .noLeader("this node is shutting down; ask another one")
    case .suspended(let problem):
      self = .noLeader("\(problem); nothing was changed, ask another node")
    case .notApplied(let index):
      self = .overloaded(
        "this node has not come as far as index \(index) yet; try again, or ask another node")
    case .payloadTooLarge(let limit):
      self = .tooLarge("a change may have at most \(limit) bytes")
    case .notLeader, .transferRefused, .changeRefused: self = .conflict(error.description)
    }
  }

  init(_ error: DatasetError) {
    if error.isTooLarge {
      self = .tooLarge(error.message)
      problem.row = error.row
      problem.column = error.column
    } else {
      self = .unprocessable(error.message, row: error.row, column: error.column)
    }
  }

  init(_ error: FixError) {
    switch error.kind {
    case .tooManyActions, .tooManyBytes: self = .tooLarge(error.message)
    case .malformedLog, .unknownVersion: self = .invalid("log", because: error.message)
    case .flagColumnExists: self = .invalid("flag_column", because: error.message)
    default: self = .unprocessable(error.message, row: error.row, column: error.column)
    }
  }

  init(_ refusal: AccessTokens.Refusal) {
    switch refusal {
    case .expired: self = .unauthenticated("the access token has run out; log in again")
    case .invalid: self = .unauthenticated("the access token is not valid here; log in again")
    }
  }
}
