import SwiftProtobuf

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The command is too large for Protocol Buffers.
public struct UnwritableCommand: Error, CustomStringConvertible {
  /// What is wrong.
  public let description = "the command is larger than 2 GiB and cannot be proposed"
}

extension CommandEnvelope {
  /// The bytes to propose.
  public func encoded() throws(UnwritableCommand) -> [UInt8] {
    var wire = PBEnvelope()
    wire.requestID = Data(requestID.bytes)
    wire.stampedAtMs = stampedAt.milliseconds
    wire.actor = actor.wire
    wire.retention = retention.wire
    if !origin.isUnknown { wire.origin = origin.wire }
    if let fingerprint { wire.fingerprint = Data(fingerprint.bytes) }
    if let salt { wire.salt = Data(salt.bytes) }
    if let signingKeyID { wire.signingKeyID = signingKeyID }
    wire.command = command.wire
    do {
      return try wire.serializedBytes()
    } catch {
      throw UnwritableCommand()
    }
  }

  /// Nothing for bytes that are no command this version knows. What decodes is complete and of the
  /// right types; whether it makes sense is for the transition to say.
  public init?(decoding bytes: [UInt8]) {
    guard let wire = try? PBEnvelope(serializedBytes: bytes),
      let requestID = RequestID(wire.requestID),
      let actor = Actor(wire.actor),
      let retention = OutcomeRetention(wire.retention),
      let command = wire.command.flatMap(Command.init)
    else { return nil }
    let fingerprint = RequestFingerprint(wire.fingerprint)
    let salt = RequestSalt(wire.salt)
    guard fingerprint != nil || wire.fingerprint.isEmpty, salt != nil || wire.salt.isEmpty else {
      return nil
    }
    let stamp = Timestamp(milliseconds: wire.stampedAtMs)
    // A stamp beyond all calendars would stop the state's clock for good.
    guard Timestamp.valid.contains(stamp) else { return nil }
    self.init(
      requestID: requestID, stampedAt: stamp, actor: actor, retention: retention,
      origin: Origin(wire.origin), fingerprint: fingerprint, salt: salt,
      signingKeyID: wire.hasSigningKeyID ? wire.signingKeyID : nil, command: command)
  }
}

extension Actor {
  init?(_ wire: PBActor) {
    switch wire.kind {
    case .anonymous: self = .anonymous
    case .node: self = .node(name: wire.name)
    case .operator: self = .operator(name: wire.name)
    case .user: self = .user(UserID(rawValue: wire.name))
    case .session: self = .session(SessionID(rawValue: wire.name))
    case .apiKey: self = .apiKey(APIKeyID(rawValue: wire.name))
    case .unspecified, .UNRECOGNIZED: return nil
    }
  }

  var wire: PBActor {
    var wire = PBActor()
    switch self {
    case .anonymous:
      wire.kind = .anonymous
    case .node(let name):
      wire.kind = .node
      wire.name = name
    case .operator(let name):
      wire.kind = .operator
      wire.name = name
    case .user(let id):
      wire.kind = .user
      wire.name = id.rawValue
    case .session(let id):
      wire.kind = .session
      wire.name = id.rawValue
    case .apiKey(let id):
      wire.kind = .apiKey
      wire.name = id.rawValue
    }
    return wire
  }
}

extension Origin {
  init(_ wire: PBOrigin) {
    self.init(address: wire.address, requestName: wire.requestName)
  }

  var wire: PBOrigin {
    var wire = PBOrigin()
    wire.address = address
    wire.requestName = requestName
    return wire
  }
}

extension OutcomeRetention {
  fileprivate init?(_ wire: PBRetention) {
    switch wire {
    case .retry: self = .retry
    case .idempotencyKey: self = .idempotencyKey
    case .unspecified, .UNRECOGNIZED: return nil
    }
  }

  fileprivate var wire: PBRetention {
    switch self {
    case .retry: .retry
    case .idempotencyKey: .idempotencyKey
    }
  }
}

extension Command {
  fileprivate init?(_ wire: PBEnvelope.OneOf_Command) {
    let command: Command? =
      switch wire {
      case .initializeCluster(let wire): .initializeCluster(InitializeCluster(wire))
      case .registerAdminToken(let wire): RegisterAdminToken(wire).map(Command.registerAdminToken)
      case .keepHouse(let wire): .keepHouse(KeepHouse(wire))
      case .openSession(let wire): OpenSession(wire).map(Command.openSession)
      case .refreshSession(let wire): .refreshSession(RefreshSession(wire))
      case .closeSession(let wire): .closeSession(CloseSession(wire))
      case .countAttempt(let wire): CountAttempt(wire).map(Command.countAttempt)
      case .changePassword(let wire): .changePassword(ChangePassword(wire))
      case .upgradePasswordHash(let wire): .upgradePasswordHash(UpgradePasswordHash(wire))
      case .requestPasswordReset(let wire):
        RequestPasswordReset(wire).map(Command.requestPasswordReset)
      case .resetPassword(let wire): ResetPassword(wire).map(Command.resetPassword)
      case .rotateSigningKey(let wire): .rotateSigningKey(RotateSigningKey(wire))
      case .requestEmailVerification(let wire):
        RequestEmailVerification(wire).map(Command.requestEmailVerification)
      case .verifyEmail(let wire): VerifyEmail(wire).map(Command.verifyEmail)
      case .invite(let wire): Invite(wire).map(Command.invite)
      case .revokeInvitation(let wire): .revokeInvitation(RevokeInvitation(wire))
      case .acceptInvitation(let wire): AcceptInvitation(wire).map(Command.acceptInvitation)
      case .createUser(let wire): CreateUser(wire).map(Command.createUser)
      case .createWorkspace(let wire): CreateWorkspace(wire).map(Command.createWorkspace)
      case .updateWorkspace(let wire): .updateWorkspace(UpdateWorkspace(wire))
      case .deleteWorkspace(let wire): .deleteWorkspace(DeleteWorkspace(wire))
      case .addMember(let wire): AddMember(wire).map(Command.addMember)
      case .changeRole(let wire): ChangeRole(wire).map(Command.changeRole)
      case .removeMember(let wire): .removeMember(RemoveMember(wire))
      case .createApiKey(let wire): CreateAPIKey(wire).map(Command.createAPIKey)
      case .revokeApiKey(let wire): .revokeAPIKey(RevokeAPIKey(wire))
      case .rotateApiKey(let wire): RotateAPIKey(wire).map(Command.rotateAPIKey)
      case .noteKeyUse(let wire): .noteKeyUse(NoteKeyUse(wire))
      case .noteDenials(let wire): NoteDenials(wire).map(Command.noteDenials)
      case .recordAnswer(let wire): .recordAnswer(RecordAnswer(wire))
      case .reserveRows(let wire): ReserveRows(wire).map(Command.reserveRows)
      case .settleReservation(let wire): SettleReservation(wire).map(Command.settleReservation)
      case .releaseReservation(let wire): .releaseReservation(ReleaseReservation(wire))
      case .leaseCalls(let wire): .leaseCalls(LeaseCalls(wire))
      case .returnCalls(let wire): .returnCalls(ReturnCalls(wire))
      case .definePlan(let wire): .definePlan(DefinePlan(wire))
      }
    guard let command else { return nil }
    self = command
  }

  fileprivate var wire: PBEnvelope.OneOf_Command {
    switch self {
    case .initializeCluster(let command): .initializeCluster(command.wire)
    case .registerAdminToken(let command): .registerAdminToken(command.wire)
    case .keepHouse(let command): .keepHouse(command.wire)
    case .openSession(let command): .openSession(command.wire)
    case .refreshSession(let command): .refreshSession(command.wire)
    case .closeSession(let command): .closeSession(command.wire)
    case .countAttempt(let command): .countAttempt(command.wire)
    case .changePassword(let command): .changePassword(command.wire)
    case .upgradePasswordHash(let command): .upgradePasswordHash(command.wire)
    case .requestPasswordReset(let command): .requestPasswordReset(command.wire)
    case .resetPassword(let command): .resetPassword(command.wire)
    case .rotateSigningKey(let command): .rotateSigningKey(command.wire)
    case .requestEmailVerification(let command): .requestEmailVerification(command.wire)
    case .verifyEmail(let command): .verifyEmail(command.wire)
    case .invite(let command): .invite(command.wire)
    case .revokeInvitation(let command): .revokeInvitation(command.wire)
    case .acceptInvitation(let command): .acceptInvitation(command.wire)
    case .createUser(let command): .createUser(command.wire)
    case .createWorkspace(let command): .createWorkspace(command.wire)
    case .updateWorkspace(let command): .updateWorkspace(command.wire)
    case .deleteWorkspace(let command): .deleteWorkspace(command.wire)
    case .addMember(let command): .addMember(command.wire)
    case .changeRole(let command): .changeRole(command.wire)
    case .removeMember(let command): .removeMember(command.wire)
    case .createAPIKey(let command): .createApiKey(command.wire)
    case .revokeAPIKey(let command): .revokeApiKey(command.wire)
    case .rotateAPIKey(let command): .rotateApiKey(command.wire)
    case .noteKeyUse(let command): .noteKeyUse(command.wire)
    case .noteDenials(let command): .noteDenials(command.wire)
    case .recordAnswer(let command): .recordAnswer(command.wire)
    case .reserveRows(let command): .reserveRows(command.wire)
    case .settleReservation(let command): .settleReservation(command.wire)
    case .releaseReservation(let command): .releaseReservation(command.wire)
    case .leaseCalls(let command): .leaseCalls(command.wire)
    case .returnCalls(let command): .returnCalls(command.wire)
    case .definePlan(let command): .definePlan(command.wire)
    }
  }
}
