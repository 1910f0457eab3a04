@testable import CloudState

/// A random history: sensible commands, hopeless ones, repetitions and garbage, with stamps that
/// mostly rise. The same for the same seed.
struct Workload {
  private var generator: SeededGenerator
  private var clock = Timestamp.june(30)
  private var payloads: [[UInt8]] = []
  /// The latest reservations asked for, which have a chance to be open.
  private var recent: [(workspace: WorkspaceID, id: ReservationID)] = []
  private var reservations = 0
  private var leases = 0

  static func payloads(seed: UInt64, count: Int) throws -> [[UInt8]] {
    var workload = Workload(generator: SeededGenerator(seed: seed))
    while workload.payloads.count < count { try workload.addEntry() }
    return workload.payloads
  }

  private init(generator: SeededGenerator) {
    self.generator = generator
  }

  private mutating func addEntry() throws {
    switch number(below: 20) {
    case 0:
      payloads.append([])
    case 1:
      payloads.append(
        (0..<number(below: 40)).map { _ in UInt8.random(in: 0...255, using: &generator) })
    case 2 where !payloads.isEmpty:
      payloads.append(payloads[number(below: payloads.count)])
    case 3 where !payloads.isEmpty:
      var damaged = payloads[number(below: payloads.count)]
      if !damaged.isEmpty { damaged[number(below: damaged.count)] ^= 1 << UInt8(number(below: 8)) }
      // A stamp far ahead would set the state's clock for good, and nothing would be in the future of
      // what comes after.
      let isAhead = CommandEnvelope(decoding: damaged).map { clock < $0.stampedAt } ?? false
      payloads.append(isAhead ? [] : damaged)
    default:
      clock = clock.adding(milliseconds: Int64(number(below: 200_000)) - 20_000)
      let command = try command()
      let envelope = CommandEnvelope(
        requestID: try requestID(generator.next()), stampedAt: clock, actor: actor(of: command),
        retention: number(below: 8) == 0 ? .idempotencyKey : .retry, command: command)
      payloads.append(try envelope.encoded())
    }
  }

  private mutating func command() throws -> Command {
    switch number(below: 57) {
    case 32...37:
      return sessionCommand()
    case 53...56:
      return try identityCommand()
    case 0:
      return .initializeCluster(
        InitializeCluster(
          clusterID: "c\(number(below: 3))", signingKeyID: "k\(number(below: 3))",
          signingPrivateKey: [1, 2, 3],
          secret: [UInt8](
            repeating: UInt8(number(below: 3)), count: number(below: 8) == 0 ? 31 : 32)))
    case 1:
      return .registerAdminToken(
        RegisterAdminToken(
          memberName: "clean-\(number(below: 3))", tokenHash: try hash(UInt8(number(below: 9)))))
    case 2, 3, 4:
      let name = "u\(number(below: 30))"
      return .createUser(
        CreateUser(
          user: newUser(name), workspace: number(below: 3) > 0 ? workspace() : nil,
          session: number(below: 2) == 0 ? session() : nil))
    case 5:
      let owner: CreateWorkspace.Owner =
        number(below: 3) > 0
        ? .user(userID())
        : .email(
          "u\(number(below: 40))@example.org", newID: number(below: 4) == 0 ? nil : userID())
      return .createWorkspace(CreateWorkspace(workspace: workspace(), owner: owner))
    case 6, 7, 8:
      return .addMember(
        AddMember(
          workspaceID: workspaceID(), user: newUser("u\(number(below: 30))"), role: role()))
    case 9:
      return .changeRole(ChangeRole(workspaceID: workspaceID(), userID: userID(), role: role()))
    case 10:
      return .removeMember(RemoveMember(workspaceID: workspaceID(), userID: userID()))
    case 11, 12:
      return .createAPIKey(
        CreateAPIKey(
          id: keyID(), workspaceID: workspaceID(), userID: userID(), name: "key",
          scopes: Scopes(rawValue: Int64(number(below: 17))), secretHash: try hash(3),
          expiresAt: number(below: 2) == 0
            ? nil : clock.adding(milliseconds: Int64(number(below: 2_000_000)))))
    case 13:
      return .revokeAPIKey(RevokeAPIKey(workspaceID: workspaceID(), id: keyID()))
    case 14...18, 43...47:
      return .reserveRows(reserve())
    case 19...23, 48...52:
      let (workspace, id) = reservation()
      return .settleReservation(
        SettleReservation(
          workspaceID: workspace, id: id, rows: Int64(number(below: 600)),
          analysisID: AnalysisID(rawValue: "an_\(number(below: 5_000))"), analysisName: "ä.csv",
          status: number(below: 4) == 0 ? .failed : .completed,
          qualityScore: number(below: 2) == 0 ? nil : Double(number(below: 1_000)) / 7))
    case 25, 26, 27:
      leases += 1
      let number = number(below: 20) == 0 ? 1 : leases
      return .leaseCalls(
        LeaseCalls(
          id: CallLeaseID(rawValue: "lse_l\(number)"), workspaceID: workspaceID(),
          holder: "clean-0",
          wanted: Int64(self.number(below: 30)),
          milliseconds: Int64(self.number(below: 700_000))))
    case 28, 29:
      return .returnCalls(
        ReturnCalls(
          (0..<number(below: 4)).map { _ in
            CallReturn(
              id: CallLeaseID(rawValue: "lse_l\(max(1, leases - number(below: 6)))"),
              spent: Int64(number(below: 4)))
          }))
    case 30:
      return .definePlan(
        DefinePlan(
          Plan(
            id: PlanID(rawValue: "p\(number(below: 3))"), maxRows: Int64(number(below: 2_000)),
            maxAPICalls: number(below: 3) == 0 ? nil : Int64(number(below: 100)), maxUsers: 3,
            maxDatasets: 3, retentionDays: Int64(number(below: 4)), monthlyPriceCents: nil,
            allFeatures: number(below: 2) == 0)))
    case 38:
      return .updateWorkspace(
        UpdateWorkspace(
          workspaceID: workspaceID(), name: number(below: 2) == 0 ? "new" : nil,
          planID: [nil, .free, .professional, .enterprise][number(below: 4)],
          settings: WorkspaceSettingsChange(
            maxRows: [nil, .asInPlan, .set(Int64(number(below: 20_000)))][number(below: 3)])))
    case 39 where number(below: 6) == 0:
      return .deleteWorkspace(DeleteWorkspace(workspaceID: workspaceID()))
    case 40:
      return .rotateAPIKey(
        RotateAPIKey(
          workspaceID: workspaceID(), id: keyID(), newID: keyID(), secretHash: try hash(4),
          overlap: Int64(number(below: 500_000))))
    case 41:
      return .noteKeyUse(
        NoteKeyUse(
          uses: (0..<number(below: 3)).map { _ in NoteKeyUse.Use(id: keyID(), at: clock) }))
    case 42:
      return .recordAnswer(
        RecordAnswer(
          answer: RecordedAnswer(status: 200, mediaType: "application/json", body: [123, 125])))
    case 24:
      return .keepHouse(KeepHouse(limit: Int64(number(below: 40))))
    default:
      let (workspace, id) = reservation()
      return .releaseReservation(ReleaseReservation(workspaceID: workspace, id: id))
    }
  }

  private mutating func sessionCommand() -> Command {
    switch number(below: 6) {
    case 0, 1, 2:
      .openSession(
        OpenSession(
          userID: userID(), session: session(),
          passwordHash: number(below: 8) == 0 ? "stale" : newUser("").passwordHash ?? ""))
    case 3, 4:
      .refreshSession(RefreshSession(id: sessionID(), generation: Int64(number(below: 4))))
    default:
      .closeSession(CloseSession(id: sessionID(), everywhere: number(below: 3) == 0))
    }
  }

  private mutating func identityCommand() throws -> Command {
    switch number(below: 14) {
    case 0, 1:
      return .countAttempt(
        CountAttempt(
          account: .account("u\(number(below: 3))@example.org"),
          network: number(below: 2) == 0 ? nil : .network("\(number(below: 3))")))
    case 2:
      return .changePassword(
        ChangePassword(current: newUser("").passwordHash ?? "", new: newUser("").passwordHash ?? "")
      )
    case 3:
      return .upgradePasswordHash(
        UpgradePasswordHash(
          userID: userID(), current: newUser("").passwordHash ?? "",
          new: newUser("").passwordHash ?? ""))
    case 4, 5:
      return .requestPasswordReset(
        RequestPasswordReset(
          subject: number(below: 2) == 0
            ? .user(userID()) : .email("U\(number(below: 30))@example.org"),
          tokenHash: try hash(UInt8(number(below: 40)))))
    case 6:
      return .resetPassword(
        ResetPassword(
          tokenHash: try hash(UInt8(number(below: 40))),
          passwordHash: newUser("").passwordHash ?? ""))
    case 7:
      return .rotateSigningKey(
        RotateSigningKey(id: "k\(number(below: 30))", privateKey: [UInt8(number(below: 9))]))
    case 8, 9, 10:
      return .invite(
        Invite(
          id: invitationID(), workspaceID: workspaceID(),
          email: "u\(number(below: 40))@example.org", role: role(),
          tokenHash: try hash(UInt8(number(below: 60)))))
    case 11:
      return .revokeInvitation(
        RevokeInvitation(workspaceID: workspaceID(), id: invitationID()))
    default:
      return .acceptInvitation(
        AcceptInvitation(
          tokenHash: try hash(UInt8(number(below: 60))), userID: userID(), name: "N",
          passwordHash: number(below: 4) == 0 ? nil : newUser("").passwordHash))
    }
  }

  private mutating func invitationID() -> InvitationID {
    InvitationID(rawValue: "inv_i\(number(below: 60))")
  }

  private mutating func reserve() -> ReserveRows {
    reservations += 1
    let number = number(below: 20) == 0 ? 1 : reservations
    let command = ReserveRows(
      workspaceID: workspaceID(), id: ReservationID(rawValue: "rsv_r\(number)"),
      rows: Int64(self.number(below: 1_200)),
      expiresAt: clock.adding(milliseconds: Int64(self.number(below: 3_000_000))),
      purpose: self.number(below: 2) == 0 ? .analyze : .fix)
    recent.append((command.workspaceID, command.id))
    if recent.count > 6 { recent.removeFirst() }
    return command
  }

  private mutating func reservation() -> (WorkspaceID, ReservationID) {
    guard !recent.isEmpty, number(below: 8) > 0 else {
      return (workspaceID(), ReservationID(rawValue: "rsv_r\(number(below: reservations + 1))"))
    }
    return recent[number(below: recent.count)]
  }

  private mutating func workspace() -> NewWorkspace {
    let plans: [PlanID] = [
      .free, .free, .professional, .enterprise, PlanID(rawValue: "p1"),
    ]
    return NewWorkspace(
      id: workspaceID(), name: "W", planID: plans[number(below: plans.count)],
      settings: WorkspaceSettings(maxUsers: number(below: 4) == 0 ? 3 : nil))
  }

  private mutating func actor(of command: Command) -> Actor {
    // Whom the command expects, most of the time.
    if number(below: 8) > 0 {
      switch command {
      case .openSession(let command): return .user(command.userID)
      case .refreshSession(let command): return .session(command.id)
      case .closeSession(let command): return .session(command.id)
      case .changePassword: return .session(sessionID())
      case .upgradePasswordHash(let command): return .user(command.userID)
      default: break
      }
    }
    return actor()
  }

  private mutating func actor() -> Actor {
    switch number(below: 10) {
    case 0: .anonymous
    case 1, 2: .node(name: "clean-0")
    case 3: .user(userID())
    case 4: .apiKey(keyID())
    case 5: .session(sessionID())
    default: .operator(name: "ops")
    }
  }

  private mutating func role() -> Role { Role.allCases[number(below: Role.allCases.count)] }

  private mutating func userID() -> UserID { UserID(rawValue: "usr_u\(number(below: 30))") }

  private mutating func workspaceID() -> WorkspaceID {
    WorkspaceID(rawValue: "ws_w\(number(below: 6))")
  }

  private mutating func session() -> NewSession {
    NewSession(
      id: sessionID(),
      key: [UInt8](repeating: 1, count: number(below: 20) == 0 ? 31 : 32))
  }

  private mutating func sessionID() -> SessionID {
    SessionID(rawValue: "ses_s\(number(below: 60))")
  }

  private mutating func keyID() -> APIKeyID { APIKeyID(rawValue: "key_k\(number(below: 40))") }

  private mutating func number(below bound: Int) -> Int {
    Int.random(in: 0..<bound, using: &generator)
  }
}
