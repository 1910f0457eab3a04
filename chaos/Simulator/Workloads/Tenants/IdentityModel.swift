import CloudState

/// Who may act, and with what: sessions, passwords, API keys and the keys that sign access tokens, judged
/// over the whole log.
struct IdentityModel {
  private(set) var sessions = SessionModel()
  private(set) var secrets = SecretModel()
  private(set) var signingKeys = SigningKeyModel()
  private var ownCoverage = Coverage()
  /// The requests by which somebody lost a right, and where: more than once if it was repeated when nobody
  /// remembered it.
  private var losses: [RequestID: [UInt64]] = [:]

  var coverage: Coverage {
    var coverage = ownCoverage
    coverage.add(sessions.coverage)
    coverage.add(secrets.coverage)
    return coverage
  }

  /// Where a request that was answered at `index` took effect, if somebody lost a right by it.
  func loss(by request: RequestID, answeredAt index: UInt64) -> UInt64? {
    losses[request]?.last { $0 <= index }
  }

  /// Whether a session or an API key was good in the state at a place of the log.
  func isGood(_ credential: String, at index: UInt64) -> Bool {
    sessions.lives.isAlive(credential, at: index) || secrets.lives.isAlive(credential, at: index)
  }

  mutating func expire(at clock: Int64, _ index: UInt64) {
    sessions.expire(at: clock, index)
    secrets.expire(at: clock, index)
  }

  /// The signing keys that are left after the house was kept.
  mutating func found(signingKeys found: [String], at clock: Int64) -> Finding? {
    signingKeys.found(found, at: clock).map(wrong)
  }

  // MARK: Judging

  /// A command whose access token was signed by a key that is gone is refused, and may be tried again.
  mutating func judgeToken(of envelope: CommandEnvelope, _ outcome: Outcome) -> Judgement {
    guard let key = envelope.signingKeyID, !signingKeys.isThere(key) else { return .passed }
    ownCoverage.count(.revokedTokensRefused)
    return outcome == .rejected(.unauthenticated)
      ? .refused : .broken(wrong("a token was good that \(key), which is gone, had signed"))
  }

  enum Judgement {
    case passed, refused
    case broken(Finding)
  }

  mutating func judge(
    _ envelope: CommandEnvelope, _ outcome: Outcome, at clock: Int64, _ index: UInt64
  ) -> Finding? {
    switch outcome {
    case .accepted(let effect):
      if let ended = ended(envelope), !envelope.command.isOwed {
        return wrong("\(ended) has ended, and has done this: \(effect)")
      }
      return take(effect, of: envelope, at: clock, index)
    case .rejected(let rejection):
      if ended(envelope) != nil { ownCoverage.count(.endedActorsRefused) }
      return sessions.refused(envelope.command, rejection, by: envelope.actor, at: clock)
    }
  }

  /// The session or key that acts, if it is no longer good.
  private func ended(_ envelope: CommandEnvelope) -> String? {
    switch envelope.actor {
    case .session(let id): sessions.isAlive(id) ? nil : id.rawValue
    case .apiKey(let id): secrets.isAlive(id) ? nil : id.rawValue
    case .anonymous, .node, .operator, .user: nil
    }
  }

  private mutating func take(
    _ effect: Effect, of envelope: CommandEnvelope, at clock: Int64, _ index: UInt64
  ) -> Finding? {
    let actor = envelope.actor
    func lost(_ finding: Finding?) -> Finding? {
      losses[envelope.requestID, default: []].append(index)
      return finding
    }
    switch (envelope.command, effect) {
    case (.initializeCluster(let command), _): signingKeys.begin(with: command.signingKeyID)
    case (.rotateSigningKey(let command), _):
      signingKeys.rotate(to: command.id, revokes: command.revokesPrevious, at: clock)
      ownCoverage.count(command.revokesPrevious ? .signingKeysRevoked : .signingKeysRotated)
      if command.revokesPrevious { return lost(nil) }
    case (.createUser(let command), .userCreated(let user, let workspace)):
      sessions.add(
        user.id, email: user.email, hash: command.user.passwordHash,
        isImposed: actor != .anonymous)
      sessions.isAt(command.network, user.id, at: clock)
      if let workspace { secrets.opened(workspace.id, owner: user.id) }
      if let session = command.session { sessions.began(session.id, of: user.id, at: clock, index) }
    case (.createWorkspace(let command), .workspaceCreated(let workspace)):
      return created(workspace, for: command.owner)
    case (.addMember(let command), .memberAdded(let member, let account)):
      return added(member, account, hash: command.user.passwordHash)
    case (_, .roleChanged(let membership, let ended)):
      let (isLoss, finding) = secrets.changed(membership, to: membership.role, ended, at: index)
      return isLoss ? lost(finding) : finding
    case (_, .memberRemoved(let membership, let ended)):
      return lost(secrets.changed(membership, to: nil, ended, at: index).1)
    case (_, .workspaceDeleted(let id)):
      secrets.removed(id, at: index)
      return lost(nil)
    case (_, .apiKeyCreated(let key)):
      return secrets.created(key, by: actor, sessions.user(of: actor), at: index)
    case (.rotateAPIKey(let command), .apiKeyRotated(_, let new)):
      return lost(
        secrets.rotated(
          command, to: new, by: actor, sessions.user(of: actor), at: clock, index))
    case (_, .apiKeyRevoked(let key)):
      secrets.revoked(key.id, at: index)
      return lost(nil)
    case (.openSession(let command), .sessionOpened(let session)):
      return sessions.opened(command, session, by: actor, at: clock, index)
    case (.refreshSession(let command), .sessionRenewed(let session)):
      return sessions.renewed(command, session, by: actor, at: clock)
    case (.refreshSession(let command), .sessionReused):
      return lost(sessions.reused(command, by: actor, at: index))
    case (.closeSession(let command), .sessionsClosed(let count)):
      return lost(sessions.closed(command, count, by: actor, at: index))
    case (.changePassword(let command), .passwordChanged(let user)):
      endSecrets(of: user, ifThatProves: false, at: index)
      return lost(sessions.changed(command, user, by: actor, at: index))
    case (.resetPassword(let command), .passwordChanged(let user)):
      endSecrets(of: user, ifThatProves: true, at: index)
      return lost(sessions.reset(command, user, at: clock, index))
    case (.upgradePasswordHash(let command), .passwordHashUpgraded):
      return sessions.upgraded(command, by: actor)
    case (.requestPasswordReset(let command), .passwordResetRequested(let reset)):
      return sessions.requested(command, reset, at: clock)
    case (.requestEmailVerification(let command), .emailVerificationRequested(let verification)):
      return sessions.asked(command, verification, by: actor, at: clock)
    case (.verifyEmail(let command), .emailVerified(let user)):
      return sessions.proved(command, user, by: actor)
    case (.countAttempt(let command), .attemptCounted):
      return sessions.counted(command, at: clock)
    default: break
    }
    return nil
  }

  private mutating func endSecrets(
    of user: UserID, ifThatProves proves: Bool, at index: UInt64
  ) {
    guard sessions.mayBeAnothers(user, ifThatProves: proves) else { return }
    secrets.ended(knownBy: user, at: index)
  }

  private mutating func created(
    _ workspace: Workspace, for owner: CreateWorkspace.Owner
  ) -> Finding? {
    switch owner {
    case .user(let id): secrets.opened(workspace.id, owner: id)
    case .email(let email, let newID):
      if let known = sessions.user(at: email) {
        secrets.opened(workspace.id, owner: known)
        return nil
      }
      guard let newID else { return wrong("\(workspace.id) belongs to nobody who is known") }
      ownCoverage.count(.ownersMade)
      sessions.add(newID, email: email, hash: nil, isImposed: true)
      secrets.opened(workspace.id, owner: newID)
    }
    return nil
  }

  private mutating func added(
    _ member: Member, _ account: JoinedAccount, hash: String?
  ) -> Finding? {
    let isNew = sessions.user(at: member.user.email) == nil
    guard account == (isNew ? .new : .known) else {
      return wrong("\(member.user.id) was made anew, or is known to nobody")
    }
    if isNew {
      sessions.add(member.user.id, email: member.user.email, hash: hash, isImposed: true)
    }
    secrets.joined(member.membership)
    return nil
  }

  private func wrong(_ details: String) -> Finding {
    Finding(property: .sessions, details: details)
  }
}

extension Command {
  /// Whether it needs no right of its own: it brings to an end what was begun with one.
  fileprivate var isOwed: Bool {
    switch self {
    case .settleReservation, .releaseReservation: true
    default: false
    }
  }
}
