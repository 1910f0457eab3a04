import SwiftProtobuf

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The bytes are no outcome that this version of the program can read.
public struct UnreadableOutcome: Error, CustomStringConvertible {
  /// What is wrong, and what to do.
  public let description =
    "the outcome cannot be read; it may be of a later version of the program: upgrade this node"
}

extension Outcome {
  /// Reads what ``StateStore/apply(_:)`` gave back for a command.
  public init(decoding bytes: [UInt8]) throws(UnreadableOutcome) {
    guard let wire = try? PBOutcome(serializedBytes: bytes), let result = wire.result
    else { throw UnreadableOutcome() }
    if case .rejection(let wire) = result, let rejection = Rejection(wire) {
      self = .rejected(rejection)
    } else if let effect = Effect(result) {
      self = .accepted(effect)
    } else {
      throw UnreadableOutcome()
    }
  }

  /// The same bytes on every member.
  ///
  /// - Throws: If Swift Protobuf cannot write them, which it only does for messages over 2 GiB.
  func encoded() throws -> [UInt8] {
    var wire = PBOutcome()
    switch self {
    case .rejected(let rejection):
      wire.rejection = rejection.wire
    case .accepted(let effect):
      wire.result = effect.wire
    }
    return try wire.serializedBytes()
  }
}

extension Effect {
  fileprivate init?(_ result: PBOutcome.OneOf_Result) {
    let effect: Effect? =
      switch result {
      case .rejection: nil
      case .clusterInitialized(let wire):
        .clusterInitialized(ClusterIdentity(clusterID: wire.clusterID))
      case .adminTokenRegistered(let memberName):
        .adminTokenRegistered(memberName: memberName)
      case .userCreated(let wire):
        .userCreated(User(wire.user), wire.hasWorkspace ? Workspace(wire.workspace) : nil)
      case .sessionOpened(let wire): .sessionOpened(Session(wire))
      case .sessionRenewed(let wire): .sessionRenewed(Session(wire))
      case .sessionReused(let wire): .sessionReused(Session(wire))
      case .sessionsClosed(let count): .sessionsClosed(count)
      case .attemptCounted: .attemptCounted
      case .passwordChanged(let id): .passwordChanged(UserID(rawValue: id))
      case .passwordHashUpgraded(let id): .passwordHashUpgraded(UserID(rawValue: id))
      case .passwordResetRequested(let wire):
        .passwordResetRequested(wire.hasReset ? PasswordReset(wire.reset) : nil)
      case .signingKeyRotated(let since): .signingKeyRotated(Timestamp(milliseconds: since))
      case .signingKeysRevoked(let since): .signingKeysRevoked(Timestamp(milliseconds: since))
      case .emailVerificationRequested(let wire):
        .emailVerificationRequested(EmailVerification(wire))
      case .emailVerified(let id): .emailVerified(UserID(rawValue: id))
      case .invitationMade(let wire): Invitation(wire).map(Effect.invitationMade)
      case .invitationRevoked(let wire): Invitation(wire).map(Effect.invitationRevoked)
      case .workspaceCreated(let wire):
        .workspaceCreated(Workspace(wire))
      case .memberAdded(let wire):
        Membership(wire.membership).map { membership in
          .memberAdded(
            Member(membership: membership, user: User(wire.user)),
            account: wire.isNewUser ? .new : wire.isClaimed ? .claimed : .known)
        }
      case .roleChanged(let wire):
        Membership(wire.membership).map { .roleChanged($0, ended: EndedSecrets(wire)) }
      case .memberRemoved(let wire):
        Membership(wire.membership).map { .memberRemoved($0, ended: EndedSecrets(wire)) }
      case .apiKeyCreated(let wire): APIKey(wire).map(Effect.apiKeyCreated)
      case .apiKeyRevoked(let wire): APIKey(wire).map(Effect.apiKeyRevoked)
      case .rowsReserved(let wire): Reservation(wire).map(Effect.rowsReserved)
      case .reservationSettled(let wire): AnalysisRecord(wire).map(Effect.reservationSettled)
      case .reservationReleased(let wire): Reservation(wire).map(Effect.reservationReleased)
      case .callsLeased(let wire): .callsLeased(CallGrant(wire))
      case .callsReturned(let count): .callsReturned(count)
      case .planDefined(let wire): .planDefined(Plan(wire))
      case .houseKept(let removed): .houseKept(removed)
      case .workspaceUpdated(let wire): .workspaceUpdated(Workspace(wire))
      case .workspaceDeleted(let id): .workspaceDeleted(WorkspaceID(rawValue: id))
      case .apiKeyRotated(let wire):
        APIKey(wire.oldKey).flatMap { old in
          APIKey(wire.newKey).map { new in .apiKeyRotated(old: old, new: new) }
        }
      case .keyUseNoted(let noted): .keyUseNoted(noted)
      case .denialsNoted(let noted): .denialsNoted(noted)
      case .answerRecorded(let wire): .answerRecorded(RecordedAnswer(wire))
      }
    guard let effect else { return nil }
    self = effect
  }

  fileprivate var wire: PBOutcome.OneOf_Result {
    switch self {
    case .clusterInitialized(let identity):
      var wire = PBClusterIdentity()
      wire.clusterID = identity.clusterID
      return .clusterInitialized(wire)
    case .adminTokenRegistered(let memberName):
      return .adminTokenRegistered(memberName)
    case .userCreated(let user, let workspace):
      var wire = PBUserCreated()
      wire.user = user.wire
      if let workspace { wire.workspace = workspace.wire }
      return .userCreated(wire)
    case .sessionOpened(let session): return .sessionOpened(session.wire)
    case .sessionRenewed(let session): return .sessionRenewed(session.wire)
    case .sessionReused(let session): return .sessionReused(session.wire)
    case .sessionsClosed(let count): return .sessionsClosed(count)
    case .attemptCounted: return .attemptCounted(PBAttemptCounted())
    case .passwordChanged(let id): return .passwordChanged(id.rawValue)
    case .passwordHashUpgraded(let id): return .passwordHashUpgraded(id.rawValue)
    case .passwordResetRequested(let reset):
      var wire = PBPasswordResetRequested()
      if let reset { wire.reset = reset.wire }
      return .passwordResetRequested(wire)
    case .signingKeyRotated(let since): return .signingKeyRotated(since.milliseconds)
    case .signingKeysRevoked(let since): return .signingKeysRevoked(since.milliseconds)
    case .emailVerificationRequested(let verification):
      return .emailVerificationRequested(verification.wire)
    case .emailVerified(let id): return .emailVerified(id.rawValue)
    case .invitationMade(let invitation): return .invitationMade(invitation.wire)
    case .invitationRevoked(let invitation): return .invitationRevoked(invitation.wire)
    case .workspaceCreated(let workspace):
      return .workspaceCreated(workspace.wire)
    case .memberAdded(let member, let account):
      var wire = PBMemberAdded()
      wire.membership = member.membership.wire
      wire.user = member.user.wire
      wire.isNewUser = account == .new
      wire.isClaimed = account == .claimed
      return .memberAdded(wire)
    case .roleChanged(let membership, let ended):
      return .roleChanged(ended.wire(with: membership))
    case .memberRemoved(let membership, let ended):
      return .memberRemoved(ended.wire(with: membership))
    case .apiKeyCreated(let key): return .apiKeyCreated(key.wire)
    case .apiKeyRevoked(let key): return .apiKeyRevoked(key.wire)
    case .rowsReserved(let reservation): return .rowsReserved(reservation.wire)
    case .reservationSettled(let analysis): return .reservationSettled(analysis.wire)
    case .reservationReleased(let reservation): return .reservationReleased(reservation.wire)
    case .callsLeased(let grant): return .callsLeased(grant.wire)
    case .callsReturned(let count): return .callsReturned(count)
    case .planDefined(let plan): return .planDefined(plan.wire)
    case .houseKept(let removed): return .houseKept(removed)
    case .workspaceUpdated(let workspace): return .workspaceUpdated(workspace.wire)
    case .workspaceDeleted(let id): return .workspaceDeleted(id.rawValue)
    case .apiKeyRotated(let old, let new):
      var wire = PBKeyRotated()
      wire.oldKey = old.wire
      wire.newKey = new.wire
      return .apiKeyRotated(wire)
    case .keyUseNoted(let noted): return .keyUseNoted(noted)
    case .denialsNoted(let noted): return .denialsNoted(noted)
    case .answerRecorded(let answer): return .answerRecorded(answer.wire)
    }
  }
}

extension Rejection {
  fileprivate init?(_ wire: PBRejection) {
    let rejection: Rejection? =
      switch wire.reason {
      case .invalid(let wire): .invalid(field: wire.field, message: wire.message)
      case .unauthenticated: .unauthenticated
      case .forbidden(let name): Permission(rawValue: name).map(Rejection.forbidden)
      case .notFound(let name): Resource(rawValue: name).map(Rejection.notFound)
      case .conflict(let name): Conflict(rawValue: name).map(Rejection.conflict)
      case .quotaExceeded(let wire):
        QuotaExceeded.Metric(rawValue: wire.metric).map { metric in
          .quotaExceeded(
            QuotaExceeded(
              metric: metric, limit: wire.limit, used: wire.used,
              resetsAt: wire.hasResetsAtMs ? Timestamp(milliseconds: wire.resetsAtMs) : nil,
              held: wire.held))
        }
      case .overloaded(let name): Bound(rawValue: name).map(Rejection.overloaded)
      case .unreadableCommand: .unreadableCommand
      case .requestChanged: .requestChanged
      case .repeated(let salt): RequestSalt(salt).map(Rejection.repeated)
      case .rateLimited(let until): .rateLimited(until: Timestamp(milliseconds: until))
      case nil: nil
      }
    guard let rejection else { return nil }
    self = rejection
  }

  fileprivate var wire: PBRejection {
    var wire = PBRejection()
    switch self {
    case .invalid(let field, let message):
      wire.invalid.field = field
      wire.invalid.message = message
    case .unauthenticated:
      wire.unauthenticated = PBRejection.Nothing()
    case .forbidden(let permission):
      wire.forbidden = permission.rawValue
    case .notFound(let resource):
      wire.notFound = resource.rawValue
    case .conflict(let conflict):
      wire.conflict = conflict.rawValue
    case .quotaExceeded(let quota):
      wire.quotaExceeded.metric = quota.metric.rawValue
      wire.quotaExceeded.limit = quota.limit
      wire.quotaExceeded.used = quota.used
      wire.quotaExceeded.held = quota.held
      if let resetsAt = quota.resetsAt { wire.quotaExceeded.resetsAtMs = resetsAt.milliseconds }
    case .overloaded(let bound):
      wire.overloaded = bound.rawValue
    case .rateLimited(let until):
      wire.rateLimited = until.milliseconds
    case .repeated(let salt):
      wire.repeated = Data(salt.bytes)
    case .requestChanged:
      wire.requestChanged = PBRejection.Nothing()
    case .unreadableCommand:
      wire.unreadableCommand = PBRejection.Nothing()
    }
    return wire
  }
}
