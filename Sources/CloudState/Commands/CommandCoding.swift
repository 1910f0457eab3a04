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
    let stamp = Timestamp(milliseconds: wire.stampedAtMs)
    // A stamp beyond all calendars would stop the state's clock for good.
    guard Timestamp.valid.contains(stamp) else { return nil }
    self.init(
      requestID: requestID, stampedAt: stamp, actor: actor, retention: retention,
      command: command)
  }
}

extension Actor {
  fileprivate init?(_ wire: PBActor) {
    switch wire.kind {
    case .anonymous: self = .anonymous
    case .node: self = .node(name: wire.name)
    case .operator: self = .operator(name: wire.name)
    case .user: self = .user(UserID(rawValue: wire.name))
    case .apiKey: self = .apiKey(APIKeyID(rawValue: wire.name))
    case .unspecified, .UNRECOGNIZED: return nil
    }
  }

  fileprivate var wire: PBActor {
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
    case .apiKey(let id):
      wire.kind = .apiKey
      wire.name = id.rawValue
    }
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

extension NewUser {
  fileprivate init(_ wire: PBNewUser) {
    self.init(
      id: UserID(rawValue: wire.id), email: wire.email, name: wire.name,
      passwordHash: wire.hasPasswordHash ? wire.passwordHash : nil)
  }

  fileprivate var wire: PBNewUser {
    var wire = PBNewUser()
    wire.id = id.rawValue
    wire.email = email
    wire.name = name
    if let passwordHash { wire.passwordHash = passwordHash }
    return wire
  }
}

extension NewWorkspace {
  fileprivate init(_ wire: PBNewWorkspace) {
    self.init(
      id: WorkspaceID(rawValue: wire.id), name: wire.name,
      planID: PlanID(rawValue: wire.planID), settings: WorkspaceSettings(wire.settings))
  }

  fileprivate var wire: PBNewWorkspace {
    var wire = PBNewWorkspace()
    wire.id = id.rawValue
    wire.name = name
    wire.planID = planID.rawValue
    wire.settings = settings.wire
    return wire
  }
}

extension Command {
  fileprivate init?(_ wire: PBEnvelope.OneOf_Command) {
    switch wire {
    case .initializeCluster(let wire):
      self = .initializeCluster(
        InitializeCluster(
          clusterID: wire.clusterID, signingKeyID: wire.signingKeyID,
          signingPrivateKey: [UInt8](wire.signingPrivateKey)))
    case .registerAdminToken(let wire):
      guard let hash = SecretHash(wire.tokenHash) else { return nil }
      self = .registerAdminToken(
        RegisterAdminToken(memberName: wire.memberName, tokenHash: hash))
    case .createUser(let wire):
      self = .createUser(
        CreateUser(
          user: NewUser(wire.user),
          workspace: wire.hasWorkspace ? NewWorkspace(wire.workspace) : nil))
    case .createWorkspace(let wire):
      let owner: CreateWorkspace.Owner
      switch wire.owner {
      case .ownerID(let id): owner = .user(UserID(rawValue: id))
      case .ownerEmail(let email): owner = .email(email)
      case nil: return nil
      }
      self = .createWorkspace(
        CreateWorkspace(workspace: NewWorkspace(wire.workspace), owner: owner))
    case .addMember(let wire):
      guard let role = Role(wire.role) else { return nil }
      self = .addMember(
        AddMember(
          workspaceID: WorkspaceID(rawValue: wire.workspaceID), user: NewUser(wire.user),
          role: role))
    case .changeRole(let wire):
      guard let role = Role(wire.role) else { return nil }
      self = .changeRole(
        ChangeRole(
          workspaceID: WorkspaceID(rawValue: wire.workspaceID),
          userID: UserID(rawValue: wire.userID), role: role))
    case .removeMember(let wire):
      self = .removeMember(
        RemoveMember(
          workspaceID: WorkspaceID(rawValue: wire.workspaceID),
          userID: UserID(rawValue: wire.userID)))
    case .createApiKey(let wire):
      guard let hash = SecretHash(wire.secretHash) else { return nil }
      self = .createAPIKey(
        CreateAPIKey(
          id: APIKeyID(rawValue: wire.id), workspaceID: WorkspaceID(rawValue: wire.workspaceID),
          userID: UserID(rawValue: wire.userID), name: wire.name,
          scopes: Scopes(rawValue: wire.scopes), secretHash: hash,
          expiresAt: wire.hasExpiresAtMs ? Timestamp(milliseconds: wire.expiresAtMs) : nil))
    case .revokeApiKey(let wire):
      self = .revokeAPIKey(
        RevokeAPIKey(
          workspaceID: WorkspaceID(rawValue: wire.workspaceID),
          id: APIKeyID(rawValue: wire.id)))
    case .reserveRows(let wire):
      guard let purpose = Reservation.Purpose(wire.purpose) else { return nil }
      self = .reserveRows(
        ReserveRows(
          workspaceID: WorkspaceID(rawValue: wire.workspaceID),
          id: ReservationID(rawValue: wire.id), rows: wire.rows,
          expiresAt: Timestamp(milliseconds: wire.expiresAtMs), purpose: purpose))
    case .settleReservation(let wire):
      guard let status = AnalysisRecord.Status(wire.status) else { return nil }
      self = .settleReservation(
        SettleReservation(
          workspaceID: WorkspaceID(rawValue: wire.workspaceID),
          id: ReservationID(rawValue: wire.id), rows: wire.rows,
          analysisID: AnalysisID(rawValue: wire.analysisID), analysisName: wire.analysisName,
          status: status, qualityScore: wire.hasQualityScore ? wire.qualityScore : nil))
    case .releaseReservation(let wire):
      self = .releaseReservation(
        ReleaseReservation(
          workspaceID: WorkspaceID(rawValue: wire.workspaceID),
          id: ReservationID(rawValue: wire.id)))
    }
  }

  fileprivate var wire: PBEnvelope.OneOf_Command {
    switch self {
    case .initializeCluster(let command):
      var wire = PBInitializeCluster()
      wire.clusterID = command.clusterID
      wire.signingKeyID = command.signingKeyID
      wire.signingPrivateKey = Data(command.signingPrivateKey)
      return .initializeCluster(wire)
    case .registerAdminToken(let command):
      var wire = PBRegisterAdminToken()
      wire.memberName = command.memberName
      wire.tokenHash = Data(command.tokenHash.bytes)
      return .registerAdminToken(wire)
    case .createUser(let command):
      var wire = PBCreateUser()
      wire.user = command.user.wire
      if let workspace = command.workspace { wire.workspace = workspace.wire }
      return .createUser(wire)
    case .createWorkspace(let command):
      var wire = PBCreateWorkspace()
      wire.workspace = command.workspace.wire
      switch command.owner {
      case .user(let id): wire.ownerID = id.rawValue
      case .email(let email): wire.ownerEmail = email
      }
      return .createWorkspace(wire)
    case .addMember(let command):
      var wire = PBAddMember()
      wire.workspaceID = command.workspaceID.rawValue
      wire.user = command.user.wire
      wire.role = command.role.wire
      return .addMember(wire)
    case .changeRole(let command):
      var wire = PBChangeRole()
      wire.workspaceID = command.workspaceID.rawValue
      wire.userID = command.userID.rawValue
      wire.role = command.role.wire
      return .changeRole(wire)
    case .removeMember(let command):
      var wire = PBRemoveMember()
      wire.workspaceID = command.workspaceID.rawValue
      wire.userID = command.userID.rawValue
      return .removeMember(wire)
    case .createAPIKey(let command):
      var wire = PBCreateAPIKey()
      wire.id = command.id.rawValue
      wire.workspaceID = command.workspaceID.rawValue
      wire.userID = command.userID.rawValue
      wire.name = command.name
      wire.scopes = command.scopes.rawValue
      wire.secretHash = Data(command.secretHash.bytes)
      if let expiresAt = command.expiresAt { wire.expiresAtMs = expiresAt.milliseconds }
      return .createApiKey(wire)
    case .revokeAPIKey(let command):
      var wire = PBRevokeAPIKey()
      wire.workspaceID = command.workspaceID.rawValue
      wire.id = command.id.rawValue
      return .revokeApiKey(wire)
    case .reserveRows(let command):
      var wire = PBReserveRows()
      wire.workspaceID = command.workspaceID.rawValue
      wire.id = command.id.rawValue
      wire.rows = command.rows
      wire.expiresAtMs = command.expiresAt.milliseconds
      wire.purpose = command.purpose.wire
      return .reserveRows(wire)
    case .settleReservation(let command):
      var wire = PBSettleReservation()
      wire.workspaceID = command.workspaceID.rawValue
      wire.id = command.id.rawValue
      wire.rows = command.rows
      wire.analysisID = command.analysisID.rawValue
      wire.analysisName = command.analysisName
      wire.status = command.status.wire
      if let score = command.qualityScore { wire.qualityScore = score }
      return .settleReservation(wire)
    case .releaseReservation(let command):
      var wire = PBReleaseReservation()
      wire.workspaceID = command.workspaceID.rawValue
      wire.id = command.id.rawValue
      return .releaseReservation(wire)
    }
  }
}
