/// One command on its way into the state: what it may read and write, when, and for whom.
///
/// A transition throws a ``Rejection`` when the state does not allow the command; what it wrote
/// until then is undone. It never reads anything but its command and the tables.
struct Transition {
  let connection: Connection
  /// The command's place in the log.
  let index: UInt64
  /// The state's clock, which has seen this command's stamp.
  let now: Timestamp
  let actor: Actor
  let origin: Origin

  func effect(of command: Command) throws -> Effect {
    switch command {
    case .initializeCluster(let command): try initializeCluster(command)
    case .registerAdminToken(let command): try registerAdminToken(command)
    case .keepHouse(let command): try keepHouse(command)
    case .openSession(let command): try openSession(command)
    case .refreshSession(let command): try refreshSession(command)
    case .closeSession(let command): try closeSession(command)
    case .countAttempt(let command): try countAttempt(command)
    case .changePassword(let command): try changePassword(command)
    case .upgradePasswordHash(let command): try upgradePasswordHash(command)
    case .requestPasswordReset(let command): try requestPasswordReset(command)
    case .resetPassword(let command): try resetPassword(command)
    case .rotateSigningKey(let command): try rotateSigningKey(command)
    case .requestEmailVerification(let command): try requestEmailVerification(command)
    case .verifyEmail(let command): try verifyEmail(command)
    case .invite(let command): try invite(command)
    case .revokeInvitation(let command): try revokeInvitation(command)
    case .acceptInvitation(let command): try acceptInvitation(command)
    case .createUser(let command): try createUser(command)
    case .createWorkspace(let command): try createWorkspace(command)
    case .updateWorkspace(let command): try updateWorkspace(command)
    case .deleteWorkspace(let command): try deleteWorkspace(command)
    case .addMember(let command): try addMember(command)
    case .changeRole(let command): try changeRole(command)
    case .removeMember(let command): try removeMember(command)
    case .createAPIKey(let command): try createAPIKey(command)
    case .revokeAPIKey(let command): try revokeAPIKey(command)
    case .rotateAPIKey(let command): try rotateAPIKey(command)
    case .noteKeyUse(let command): try noteKeyUse(command)
    case .noteDenials(let command): try noteDenials(command)
    case .recordAnswer(let command): try recordAnswer(command)
    case .reserveRows(let command): try reserveRows(command)
    case .settleReservation(let command): try settleReservation(command)
    case .releaseReservation(let command): try releaseReservation(command)
    case .leaseCalls(let command): try leaseCalls(command)
    case .returnCalls(let command): try returnCalls(command)
    case .definePlan(let command): try definePlan(command)
    }
  }
}
