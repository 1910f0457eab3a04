/// The audit log as a table: what was done, by whom, to what, from where.
struct AuditLog {
  let connection: Connection

  func add(_ record: AuditRecord) throws {
    try connection.run(
      "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", record.id, record.workspaceID,
      record.at, record.actorKind, record.actorID, record.userID, record.action, record.target,
      record.outcome, record.origin.address, record.origin.requestName)
  }

  func forgetExpired(at now: Timestamp, limit: Int64) throws -> Int {
    try connection.run(
      "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at <= ? ORDER BY at, id LIMIT ?)",
      AuditLog.oldest(at: now), limit)
  }

  /// What is of this time or older is no longer kept.
  static func oldest(at now: Timestamp) -> Timestamp {
    now.adding(milliseconds: -StateLimits.auditLength)
  }
}

extension Transition {
  /// Writes down what was done, and what a member of a workspace was denied in it. Other refusals are
  /// not: who is nobody there must not fill the log of a tenant.
  ///
  /// - Parameter userID: The user who acted, or for whom a key did.
  func audit(_ command: Command, _ outcome: Outcome, by userID: UserID?) throws {
    let result: AuditRecord.Outcome
    switch outcome {
    case .accepted: result = .done
    case .rejected(.forbidden): result = .denied
    case .rejected: return
    }
    guard let subject = command.auditSubject(outcome), result == .done || subject.workspaceID != nil
    else {
      return
    }
    if result == .denied, let workspaceID = subject.workspaceID {
      guard let userID, try connection.membership(workspaceID, userID) != nil
      else { return }
    }
    let record = AuditRecord(
      id: AuditRecord.id(of: index), workspaceID: subject.workspaceID, at: now,
      actorKind: actor.kind, actorID: actor.name(of: userID), userID: userID ?? subject.account,
      action: subject.action, target: subject.target, outcome: result, origin: origin)
    try AuditLog(connection: connection).add(record)
    if subject.isToldToWorkspaces { _ = try tellWorkspaces(record, after: 0) }
  }

  /// Writes down once more what happened to a user's account, for those who answer for the workspaces that
  /// the user has been in for longest: who gets in there is their business, too. No more than
  /// ``StateLimits/toldWorkspaces``: nobody is to write down more the more workspaces they are in.
  ///
  /// - Parameters:
  ///   - record: What belongs to no workspace.
  ///   - number: That of the command's last record.
  /// - Returns: How many were written.
  func tellWorkspaces(_ record: AuditRecord, after number: Int) throws -> Int {
    guard let userID = record.userID else { return 0 }
    let workspaces = try connection.all(
      """
      SELECT m.workspace_id FROM memberships m JOIN workspaces w ON w.id = m.workspace_id
      WHERE m.user_id = ? ORDER BY m.created_at, m.workspace_id LIMIT ?
      """, userID, Int64(StateLimits.toldWorkspaces)
    ) { WorkspaceID($0, 0) }
    for (offset, workspace) in workspaces.enumerated() {
      var copy = record
      copy.id = AuditRecord.id(of: index, number: number + 1 + offset)
      copy.workspaceID = workspace
      try AuditLog(connection: connection).add(copy)
    }
    return workspaces.count
  }

  /// The user who acts, or for whom a key does.
  func auditedUserID() throws -> UserID? {
    switch actor {
    case .anonymous, .node, .operator: nil
    case .user(let id): id
    case .session(let id): try connection.session(id)?.userID
    case .apiKey(let id): try connection.apiKey(id)?.userID
    }
  }
}

/// What the audit log says a command was about.
private struct AuditSubject {
  var action: String
  var workspaceID: WorkspaceID?
  var target: String
  /// Whose account it was about, should nobody have acted who is known.
  var account: UserID?
  var isToldToWorkspaces = false

  init(_ action: String, in workspaceID: WorkspaceID? = nil, _ target: String) {
    self.action = action
    self.workspaceID = workspaceID
    self.target = target
  }

  /// About an account.
  init(_ action: String, of account: UserID, _ target: String) {
    self.init(action, target)
    self.account = account
  }

  var toldToWorkspaces: AuditSubject {
    var subject = self
    subject.isToldToWorkspaces = true
    return subject
  }
}

extension Command {
  /// Nothing for what nobody did: upkeep, and the rows of analyses, which the history shows.
  fileprivate func auditSubject(_ outcome: Outcome) -> AuditSubject? {
    switch self {
    case .initializeCluster(let it): AuditSubject("cluster.initialize", it.clusterID)
    case .registerAdminToken(let it): AuditSubject("admin_token.register", it.memberName)
    case .openSession(let it):
      AuditSubject("session.open", it.session.id.rawValue).toldToWorkspaces
    case .refreshSession(let it):
      if case .accepted(.sessionReused) = outcome {
        AuditSubject("session.reuse", it.id.rawValue).toldToWorkspaces
      } else {
        nil
      }
    case .closeSession(let it): AuditSubject("session.close", it.id.rawValue)
    case .changePassword:
      if case .accepted(.passwordChanged(let id)) = outcome {
        AuditSubject("password.change", id.rawValue)
      } else {
        nil
      }
    case .resetPassword:
      if case .accepted(.passwordChanged(let id)) = outcome {
        AuditSubject("password.reset", of: id, id.rawValue).toldToWorkspaces
      } else {
        nil
      }
    case .requestPasswordReset:
      if case .accepted(.passwordResetRequested(let reset?)) = outcome {
        AuditSubject("password.request_reset", of: reset.userID, reset.userID.rawValue)
      } else {
        nil
      }
    case .rotateSigningKey(let it):
      AuditSubject(it.revokesPrevious ? "signing_key.revoke" : "signing_key.rotate", it.id)
    case .invite(let it): AuditSubject("invitation.create", in: it.workspaceID, it.email)
    case .revokeInvitation(let it):
      AuditSubject("invitation.revoke", in: it.workspaceID, it.id.rawValue)
    case .acceptInvitation:
      if case .accepted(.memberAdded(let member, let account)) = outcome {
        AuditSubject(
          "invitation.accept", in: member.membership.workspaceID,
          member.user.email + (account == .claimed ? " claimed" : ""))
      } else {
        nil
      }
    case .verifyEmail:
      if case .accepted(.emailVerified(let id)) = outcome {
        AuditSubject("email.verify", id.rawValue)
      } else {
        nil
      }
    case .requestEmailVerification:
      if case .accepted(.emailVerificationRequested(let verification)) = outcome {
        AuditSubject("email.request_verification", verification.userID.rawValue)
      } else {
        nil
      }
    case .countAttempt, .upgradePasswordHash: nil
    case .createUser(let it):
      AuditSubject("user.register", in: it.workspace?.id, it.user.id.rawValue)
    case .createWorkspace(let it):
      AuditSubject("workspace.create", in: it.workspace.id, it.auditTarget)
    case .updateWorkspace(let it):
      AuditSubject("workspace.update", in: it.workspaceID, it.auditTarget)
    // The log of the workspace goes with it; the cluster's keeps who deleted what.
    case .deleteWorkspace(let it): AuditSubject("workspace.delete", it.workspaceID.rawValue)
    case .addMember(let it): AuditSubject("member.add", in: it.workspaceID, it.user.email)
    case .changeRole(let it):
      AuditSubject(
        "member.set_role", in: it.workspaceID,
        "\(it.userID) \(it.role.rawValue)" + outcome.auditedEnds)
    case .removeMember(let it):
      AuditSubject("member.remove", in: it.workspaceID, "\(it.userID)" + outcome.auditedEnds)
    case .createAPIKey(let it): AuditSubject("key.create", in: it.workspaceID, it.id.rawValue)
    case .revokeAPIKey(let it): AuditSubject("key.revoke", in: it.workspaceID, it.id.rawValue)
    case .definePlan(let it): AuditSubject("plan.define", it.plan.id.rawValue)
    case .rotateAPIKey(let it):
      AuditSubject("key.rotate", in: it.workspaceID, "\(it.id) \(it.newID)")
    case .noteKeyUse, .noteDenials, .recordAnswer, .keepHouse, .reserveRows, .settleReservation,
      .releaseReservation, .leaseCalls, .returnCalls:
      nil
    }
  }
}

extension Outcome {
  /// The keys and invitations that ended with somebody's role.
  fileprivate var auditedEnds: String {
    switch self {
    case .accepted(.roleChanged(_, let ended)), .accepted(.memberRemoved(_, let ended)):
      (ended.keys.map(\.rawValue) + ended.invitations.map(\.rawValue))
        .map { " ended=\($0)" }.joined()
    default: ""
    }
  }
}

extension CreateWorkspace {
  /// The workspace, and for whom if somebody else made it.
  fileprivate var auditTarget: String {
    switch owner {
    case .user: workspace.id.rawValue
    case .email(let address, _): "\(workspace.id) owner=\(address)"
    }
  }
}

extension UpdateWorkspace {
  /// The workspace and what of it was changed.
  fileprivate var auditTarget: String {
    var words = [workspaceID.rawValue]
    if name != nil { words.append("name") }
    if let planID { words.append("plan=\(planID.rawValue)") }
    for change in settings.changes { words.append(change.name) }
    return words.joined(separator: " ")
  }
}

extension Actor {
  var kind: AuditRecord.ActorKind {
    switch self {
    case .anonymous: .anonymous
    case .node: .node
    case .operator: .operator
    case .user, .session: .user
    case .apiKey: .apiKey
    }
  }

  /// Users by their own name, whatever session they came with.
  func name(of userID: UserID?) -> String {
    switch self {
    case .anonymous: ""
    case .node(let name), .operator(let name): name
    case .user(let id): id.rawValue
    case .session(let id): userID?.rawValue ?? id.rawValue
    case .apiKey(let id): id.rawValue
    }
  }
}
