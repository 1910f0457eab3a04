#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

// Entities to and from Protocol Buffers. Reading gives nothing for what this version does not
// know; writing needs no judgement.

extension Role {
  init?(_ wire: PBRole) {
    switch wire {
    case .owner: self = .owner
    case .admin: self = .admin
    case .analyst: self = .analyst
    case .viewer: self = .viewer
    case .unspecified, .UNRECOGNIZED: return nil
    }
  }

  var wire: PBRole {
    switch self {
    case .owner: .owner
    case .admin: .admin
    case .analyst: .analyst
    case .viewer: .viewer
    }
  }
}

extension Reservation.Purpose {
  init?(_ wire: PBPurpose) {
    switch wire {
    case .analyze: self = .analyze
    case .fix: self = .fix
    case .unspecified, .UNRECOGNIZED: return nil
    }
  }

  var wire: PBPurpose {
    switch self {
    case .analyze: .analyze
    case .fix: .fix
    }
  }
}

extension AnalysisRecord.Status {
  init?(_ wire: PBAnalysisStatus) {
    switch wire {
    case .completed: self = .completed
    case .failed: self = .failed
    case .unspecified, .UNRECOGNIZED: return nil
    }
  }

  var wire: PBAnalysisStatus {
    switch self {
    case .completed: .completed
    case .failed: .failed
    }
  }
}

extension WorkspaceSettings {
  init(_ wire: PBWorkspaceSettings) {
    self.init(
      maxRows: wire.hasMaxRows ? wire.maxRows : nil,
      maxAPICalls: wire.hasMaxApiCalls ? wire.maxApiCalls : nil,
      maxUsers: wire.hasMaxUsers ? wire.maxUsers : nil,
      maxDatasets: wire.hasMaxDatasets ? wire.maxDatasets : nil,
      retentionDays: wire.hasRetentionDays ? wire.retentionDays : nil)
  }

  var wire: PBWorkspaceSettings {
    var wire = PBWorkspaceSettings()
    if let maxRows { wire.maxRows = maxRows }
    if let maxAPICalls { wire.maxApiCalls = maxAPICalls }
    if let maxUsers { wire.maxUsers = maxUsers }
    if let maxDatasets { wire.maxDatasets = maxDatasets }
    if let retentionDays { wire.retentionDays = retentionDays }
    return wire
  }
}

extension User {
  init(_ wire: PBUser) {
    id = UserID(rawValue: wire.id)
    email = wire.email
    name = wire.name
    passwordHash = wire.hasPasswordHash ? wire.passwordHash : nil
    createdAt = Timestamp(milliseconds: wire.createdAtMs)
    emailVerifiedAt =
      wire.hasEmailVerifiedAtMs ? Timestamp(milliseconds: wire.emailVerifiedAtMs) : nil
    mustChangePassword = wire.mustChangePassword
  }

  var wire: PBUser {
    var wire = PBUser()
    wire.id = id.rawValue
    wire.email = email
    wire.name = name
    if let passwordHash { wire.passwordHash = passwordHash }
    wire.createdAtMs = createdAt.milliseconds
    if let emailVerifiedAt { wire.emailVerifiedAtMs = emailVerifiedAt.milliseconds }
    wire.mustChangePassword = mustChangePassword
    return wire
  }
}

extension Workspace {
  init(_ wire: PBWorkspace) {
    id = WorkspaceID(rawValue: wire.id)
    name = wire.name
    planID = PlanID(rawValue: wire.planID)
    settings = WorkspaceSettings(wire.settings)
    memberCount = wire.memberCount
    createdAt = Timestamp(milliseconds: wire.createdAtMs)
    revision = wire.revision
    setByOperator = SettingNames(rawValue: UInt8(truncatingIfNeeded: wire.setByOperator))
  }

  var wire: PBWorkspace {
    var wire = PBWorkspace()
    wire.id = id.rawValue
    wire.name = name
    wire.planID = planID.rawValue
    wire.settings = settings.wire
    wire.memberCount = memberCount
    wire.createdAtMs = createdAt.milliseconds
    wire.revision = revision
    wire.setByOperator = UInt32(setByOperator.rawValue)
    return wire
  }
}

extension Membership {
  init?(_ wire: PBMembership) {
    guard let role = Role(wire.role) else { return nil }
    workspaceID = WorkspaceID(rawValue: wire.workspaceID)
    userID = UserID(rawValue: wire.userID)
    self.role = role
    createdAt = Timestamp(milliseconds: wire.createdAtMs)
  }

  var wire: PBMembership {
    var wire = PBMembership()
    wire.workspaceID = workspaceID.rawValue
    wire.userID = userID.rawValue
    wire.role = role.wire
    wire.createdAtMs = createdAt.milliseconds
    return wire
  }
}

extension APIKey {
  init?(_ wire: PBAPIKey) {
    guard let secretHash = SecretHash(wire.secretHash) else { return nil }
    id = APIKeyID(rawValue: wire.id)
    workspaceID = WorkspaceID(rawValue: wire.workspaceID)
    userID = UserID(rawValue: wire.userID)
    name = wire.name
    scopes = Scopes(rawValue: wire.scopes)
    self.secretHash = secretHash
    createdAt = Timestamp(milliseconds: wire.createdAtMs)
    expiresAt = wire.hasExpiresAtMs ? Timestamp(milliseconds: wire.expiresAtMs) : nil
    revokedAt = wire.hasRevokedAtMs ? Timestamp(milliseconds: wire.revokedAtMs) : nil
    lastUsedAt = wire.hasLastUsedAtMs ? Timestamp(milliseconds: wire.lastUsedAtMs) : nil
    replacedBy = wire.hasReplacedBy ? APIKeyID(rawValue: wire.replacedBy) : nil
    makers = wire.makers.map(UserID.init(rawValue:))
  }

  var wire: PBAPIKey {
    var wire = PBAPIKey()
    wire.id = id.rawValue
    wire.workspaceID = workspaceID.rawValue
    wire.userID = userID.rawValue
    wire.name = name
    wire.scopes = scopes.rawValue
    wire.secretHash = Data(secretHash.bytes)
    wire.createdAtMs = createdAt.milliseconds
    if let expiresAt { wire.expiresAtMs = expiresAt.milliseconds }
    if let revokedAt { wire.revokedAtMs = revokedAt.milliseconds }
    if let lastUsedAt { wire.lastUsedAtMs = lastUsedAt.milliseconds }
    if let replacedBy { wire.replacedBy = replacedBy.rawValue }
    wire.makers = makers.map(\.rawValue)
    return wire
  }
}

extension Reservation {
  init?(_ wire: PBReservation) {
    guard let purpose = Purpose(wire.purpose) else { return nil }
    id = ReservationID(rawValue: wire.id)
    workspaceID = WorkspaceID(rawValue: wire.workspaceID)
    userID = wire.hasUserID ? UserID(rawValue: wire.userID) : nil
    self.purpose = purpose
    month = Month(ordinal: wire.month)
    rows = wire.rows
    expiresAt = Timestamp(milliseconds: wire.expiresAtMs)
  }

  var wire: PBReservation {
    var wire = PBReservation()
    wire.id = id.rawValue
    wire.workspaceID = workspaceID.rawValue
    if let userID { wire.userID = userID.rawValue }
    wire.purpose = purpose.wire
    wire.month = month.ordinal
    wire.rows = rows
    wire.expiresAtMs = expiresAt.milliseconds
    return wire
  }
}

extension AnalysisRecord {
  init?(_ wire: PBAnalysis) {
    guard let purpose = Reservation.Purpose(wire.purpose), let status = Status(wire.status)
    else { return nil }
    id = AnalysisID(rawValue: wire.id)
    workspaceID = WorkspaceID(rawValue: wire.workspaceID)
    userID = wire.hasUserID ? UserID(rawValue: wire.userID) : nil
    name = wire.name
    self.purpose = purpose
    self.status = status
    rows = wire.rows
    month = Month(ordinal: wire.month)
    qualityScore = wire.hasQualityScore ? wire.qualityScore : nil
    createdAt = Timestamp(milliseconds: wire.createdAtMs)
  }

  var wire: PBAnalysis {
    var wire = PBAnalysis()
    wire.id = id.rawValue
    wire.workspaceID = workspaceID.rawValue
    if let userID { wire.userID = userID.rawValue }
    wire.name = name
    wire.purpose = purpose.wire
    wire.status = status.wire
    wire.rows = rows
    wire.month = month.ordinal
    if let qualityScore { wire.qualityScore = qualityScore }
    wire.createdAtMs = createdAt.milliseconds
    return wire
  }
}
