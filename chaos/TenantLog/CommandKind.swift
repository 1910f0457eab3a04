import CloudState

/// The kinds of commands there are. A new command does not compile until it has one, and a kind does not
/// until ``RandomLog`` makes such commands.
public enum CommandKind: String, CaseIterable, Codable, Sendable {
  case initializeCluster, registerAdminToken, keepHouse
  case openSession, refreshSession, closeSession
  case countAttempt, changePassword, upgradePasswordHash, requestPasswordReset, resetPassword
  case rotateSigningKey
  case requestEmailVerification, verifyEmail
  case invite, revokeInvitation, acceptInvitation
  case createUser, createWorkspace, updateWorkspace, deleteWorkspace
  case addMember, changeRole, removeMember
  case createAPIKey, revokeAPIKey, rotateAPIKey, noteKeyUse
  case noteDenials
  case reserveRows, settleReservation, releaseReservation
  case leaseCalls, returnCalls
  case definePlan
  case recordAnswer

  /// The kind of a command.
  public init(_ command: Command) {
    self =
      switch command {
      case .initializeCluster: .initializeCluster
      case .registerAdminToken: .registerAdminToken
      case .keepHouse: .keepHouse
      case .openSession: .openSession
      case .refreshSession: .refreshSession
      case .closeSession: .closeSession
      case .countAttempt: .countAttempt
      case .changePassword: .changePassword
      case .upgradePasswordHash: .upgradePasswordHash
      case .requestPasswordReset: .requestPasswordReset
      case .resetPassword: .resetPassword
      case .rotateSigningKey: .rotateSigningKey
      case .requestEmailVerification: .requestEmailVerification
      case .verifyEmail: .verifyEmail
      case .invite: .invite
      case .revokeInvitation: .revokeInvitation
      case .acceptInvitation: .acceptInvitation
      case .createUser: .createUser
      case .createWorkspace: .createWorkspace
      case .updateWorkspace: .updateWorkspace
      case .deleteWorkspace: .deleteWorkspace
      case .addMember: .addMember
      case .changeRole: .changeRole
      case .removeMember: .removeMember
      case .createAPIKey: .createAPIKey
      case .revokeAPIKey: .revokeAPIKey
      case .rotateAPIKey: .rotateAPIKey
      case .noteKeyUse: .noteKeyUse
      case .noteDenials: .noteDenials
      case .reserveRows: .reserveRows
      case .settleReservation: .settleReservation
      case .releaseReservation: .releaseReservation
      case .leaseCalls: .leaseCalls
      case .returnCalls: .returnCalls
      case .definePlan: .definePlan
      case .recordAnswer: .recordAnswer
      }
  }

  /// How often a random log has commands of this kind, in proportion to the others.
  var weight: Int {
    switch self {
    case .reserveRows, .settleReservation: 14
    case .releaseReservation: 6
    case .createUser, .addMember, .createAPIKey, .leaseCalls: 5
    case .openSession, .refreshSession, .requestPasswordReset, .resetPassword, .invite,
      .returnCalls:
      4
    case .countAttempt, .acceptInvitation, .changeRole, .createWorkspace: 3
    case .keepHouse, .closeSession, .revokeInvitation,
      .updateWorkspace, .removeMember, .revokeAPIKey, .rotateAPIKey, .noteKeyUse,
      .noteDenials,
      .changePassword, .requestEmailVerification, .verifyEmail:
      2
    case .initializeCluster, .registerAdminToken, .upgradePasswordHash, .rotateSigningKey,
      .deleteWorkspace, .definePlan, .recordAnswer:
      1
    }
  }
}
