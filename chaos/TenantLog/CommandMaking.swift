import CloudState

extension RandomLog {
  /// A command of this kind, which may make sense or not.
  mutating func command(of kind: CommandKind) -> Command {
    switch kind {
    case .initializeCluster: .initializeCluster(initializeCluster())
    case .registerAdminToken:
      .registerAdminToken(
        RegisterAdminToken(memberName: node(), memberID: 1, tokenHash: hash(3, number(below: 9))))
    case .keepHouse: .keepHouse(KeepHouse(limit: Int64(number(below: 100))))
    case .openSession: .openSession(openSession())
    case .refreshSession:
      .refreshSession(RefreshSession(id: sessionID(), generation: Int64(1 + number(below: 3))))
    case .closeSession: .closeSession(CloseSession(id: sessionID(), everywhere: happens(3)))
    case .countAttempt: .countAttempt(countAttempt())
    case .changePassword:
      .changePassword(ChangePassword(current: passwordHash(), new: passwordHash()))
    case .upgradePasswordHash:
      .upgradePasswordHash(
        UpgradePasswordHash(userID: userID(), current: passwordHash(), new: passwordHash()))
    case .requestPasswordReset: .requestPasswordReset(requestPasswordReset())
    case .resetPassword:
      .resetPassword(
        ResetPassword(
          tokenHash: resetToken(), passwordHash: passwordHash(),
          network: happens(2) ? network() : nil))
    case .rotateSigningKey: .rotateSigningKey(rotateSigningKey())
    case .requestEmailVerification:
      .requestEmailVerification(requestEmailVerification())
    case .verifyEmail: .verifyEmail(VerifyEmail(tokenHash: verification().token))
    case .invite: .invite(invite())
    case .revokeInvitation: .revokeInvitation(revokeInvitation())
    case .acceptInvitation:
      .acceptInvitation(
        AcceptInvitation(
          tokenHash: invitation().token, userID: userID(), name: title(),
          passwordHash: happens(4) ? nil : passwordHash()))
    case .createUser: .createUser(createUser())
    case .createWorkspace: .createWorkspace(createWorkspace())
    case .updateWorkspace: .updateWorkspace(updateWorkspace())
    case .deleteWorkspace: .deleteWorkspace(DeleteWorkspace(workspaceID: workspaceID()))
    case .addMember: .addMember(addMember())
    case .changeRole: .changeRole(changeRole())
    case .removeMember: .removeMember(removeMember())
    case .createAPIKey: .createAPIKey(createAPIKey())
    case .revokeAPIKey: .revokeAPIKey(revokeAPIKey())
    case .rotateAPIKey: .rotateAPIKey(rotateAPIKey())
    case .noteKeyUse: .noteKeyUse(noteKeyUse())
    case .noteDenials: .noteDenials(noteDenials())
    case .reserveRows: .reserveRows(reserveRows())
    case .settleReservation: .settleReservation(settleReservation())
    case .releaseReservation: .releaseReservation(releaseReservation())
    case .leaseCalls: .leaseCalls(leaseCalls())
    case .returnCalls: .returnCalls(returnCalls())
    case .definePlan: .definePlan(definePlan())
    case .recordAnswer:
      .recordAnswer(
        RecordAnswer(
          answer: RecordedAnswer(status: 200, mediaType: "application/json", body: [123, 125])))
    }
  }

  // MARK: The cluster

  private mutating func initializeCluster() -> InitializeCluster {
    InitializeCluster(
      clusterID: "c\(number(below: 3))", signingKeyID: "k\(number(below: 3))",
      signingPrivateKey: [1, 2, 3],
      secret: [UInt8](repeating: UInt8(number(below: 3)), count: happens(8) ? 31 : 32))
  }

  private mutating func rotateSigningKey() -> RotateSigningKey {
    let command = RotateSigningKey(
      id: "k\(entries.count)", privateKey: [UInt8(number(below: 9))], revokesPrevious: happens(3))
    signingKeys.add(command.id)
    return command
  }

  private mutating func definePlan() -> DefinePlan {
    DefinePlan(
      Plan(
        id: PlanID(rawValue: "p\(number(below: 3))"), maxRows: Int64(number(below: 2_000)),
        maxAPICalls: happens(3) ? nil : Int64(number(below: 100)), maxUsers: 3, maxDatasets: 3,
        retentionDays: Int64(number(below: 4)), monthlyPriceCents: nil, allFeatures: happens(2)))
  }

  // MARK: Users

  private mutating func createUser() -> CreateUser {
    let command = CreateUser(
      user: newUser(), workspace: happens(3) ? nil : workspace(),
      session: happens(2) ? session() : nil, network: happens(2) ? network() : nil)
    if let workspace = command.workspace { members.add((workspace.id, command.user.id)) }
    if maker == nil || happens(40) { maker = command.user.id }
    return command
  }

  private mutating func openSession() -> OpenSession {
    OpenSession(
      userID: userID(), session: session(),
      passwordHash: happens(8) ? "stale" : passwordHash(),
      network: happens(2) ? network() : nil)
  }

  private mutating func countAttempt() -> CountAttempt {
    let kinds: [Attempt] = [
      .registration, .resetRequest, .resetConfirmation, .acceptance, .refresh,
    ]
    return CountAttempt(
      happens(2) ? pick(kinds) : .password(of: .account(email(userNumber()))),
      from: happens(3) ? nil : network())
  }

  private mutating func requestPasswordReset() -> RequestPasswordReset {
    let command = RequestPasswordReset(
      subject: happens(2) ? .user(userID()) : .email(email(userNumber())),
      tokenHash: newResetToken())
    resets.add(command.tokenHash)
    return command
  }

  private mutating func requestEmailVerification() -> RequestEmailVerification {
    let new = newVerification()
    verifications.add(new)
    return RequestEmailVerification(tokenHash: new.token)
  }

  // MARK: Workspaces

  private mutating func createWorkspace() -> CreateWorkspace {
    var workspace = workspace()
    // Users make many, until they may not.
    if let maker, happens(2) {
      workspace.planID = .free
      return CreateWorkspace(workspace: workspace, owner: .user(maker))
    }
    guard !happens(3) else {
      let newID = happens(2) ? nil : newUser().id
      return CreateWorkspace(
        workspace: workspace, owner: .email(email(userNumber()), newID: newID))
    }
    let owner = userID()
    members.add((workspace.id, owner))
    return CreateWorkspace(workspace: workspace, owner: .user(owner))
  }

  private mutating func updateWorkspace() -> UpdateWorkspace {
    UpdateWorkspace(
      workspaceID: member().workspace, name: happens(2) ? title() : nil,
      planID: pick([nil, .free, .professional, .enterprise]),
      settings: WorkspaceSettingsChange(
        maxRows: pick([nil, .asInPlan, .set(Int64(number(below: 20_000)))])))
  }

  // MARK: Members

  private mutating func addMember() -> AddMember {
    let command = AddMember(
      workspaceID: workspaceID(), user: newUser(), role: role())
    members.add((command.workspaceID, command.user.id))
    return command
  }

  private mutating func changeRole() -> ChangeRole {
    let place = member()
    return ChangeRole(workspaceID: place.workspace, userID: place.user, role: role())
  }

  private mutating func removeMember() -> RemoveMember {
    let place = member()
    return RemoveMember(workspaceID: place.workspace, userID: place.user)
  }

  private mutating func invite() -> Invite {
    let workspace = workspaceID()
    let new = newInvitation(to: workspace)
    invitations.add(new)
    return Invite(
      id: new.id, workspaceID: new.workspace, email: email(userNumber()), role: role(),
      tokenHash: new.token, isMailed: happens(2))
  }

  private mutating func revokeInvitation() -> RevokeInvitation {
    let place = invitation()
    return RevokeInvitation(workspaceID: place.workspace, id: place.id)
  }

  // MARK: Keys

  private mutating func createAPIKey() -> CreateAPIKey {
    let place = member()
    let command = CreateAPIKey(
      id: newKeyID(), workspaceID: place.workspace, userID: place.user, name: title(),
      scopes: Scopes(rawValue: Int64(number(below: 17))), secretHash: hash(4, number(below: 99)),
      expiresAt: happens(2) ? nil : clock.adding(milliseconds: Int64(number(below: 2_000_000))))
    keys.add((command.workspaceID, command.id))
    return command
  }

  private mutating func revokeAPIKey() -> RevokeAPIKey {
    let place = key()
    return RevokeAPIKey(workspaceID: place.workspace, id: place.id)
  }

  private mutating func rotateAPIKey() -> RotateAPIKey {
    let place = key()
    return RotateAPIKey(
      workspaceID: place.workspace, id: place.id, newID: newKeyID(), secretHash: hash(5, 0),
      overlap: Int64(number(below: 500_000)))
  }

  private mutating func noteKeyUse() -> NoteKeyUse {
    NoteKeyUse(
      uses: (0..<number(below: 3)).map { _ in NoteKeyUse.Use(id: key().id, at: clock) })
  }

  // MARK: The audit log

  private mutating func noteDenials() -> NoteDenials {
    NoteDenials(denials: (0..<number(below: 4)).map { _ in denial() })
  }

  private mutating func denial() -> Denial {
    let place = member()
    return Denial(
      actor: happens(2) ? .user(place.user) : .apiKey(key().id), userID: place.user,
      workspaceID: happens(3) ? nil : place.workspace, action: "call.addMember", target: title(),
      times: Int64(number(below: 20)), at: clock, origin: .unknown,
      isToldToWorkspaces: happens(3))
  }
}
