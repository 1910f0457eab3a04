import CloudState

/// What the tenants' rows must come to, in the simplest terms: the judge of the quota and of repeated
/// requests. It takes over which things exist from the outcomes, and none of the arithmetic.
struct TenantModel {
  private(set) var coverage = Coverage()
  /// Nodes tell it, too, what they let through.
  var calls = CallModel()
  private(set) var identity = IdentityModel()
  private var makers = MakerModel()
  private(set) var clock: Int64 = 0
  private var memory = RequestMemory()
  private var accounts: [WorkspaceID: Account] = [:]

  private var plans = PlanModel()

  /// The rows of a workspace.
  private struct Account {
    var settled: [Int: Int64] = [:]
    var open: [ReservationID: Hold] = [:]

    struct Hold {
      var rows: Int64
      var month: Int
      var end: Int64
    }

    func taken(in month: Int) -> Int64 {
      settled[month, default: 0] + reserved(in: month)
    }

    func reserved(in month: Int) -> Int64 {
      open.values.reduce(0) { $1.month == month ? $0 + $1.rows : $0 }
    }

    /// Returns how many reservations have ended by themselves.
    mutating func expire(at clock: Int64) -> Int {
      let before = open.count
      open = open.filter { $0.value.end > clock }
      return before - open.count
    }
  }

  // MARK: Judging

  /// Takes a committed command, and what came of it by the program's own reckoning.
  mutating func judge(
    _ envelope: CommandEnvelope, _ bytes: [UInt8], at index: UInt64
  ) -> Finding? {
    clock = max(clock, envelope.stampedAt.milliseconds)
    coverage.count(.requestsForgotten, memory.forget(at: clock))
    // A repeated request moves the clock, too.
    for id in accounts.keys {
      let ended = accounts[id]?.expire(at: clock) ?? 0
      if ended > 0 { coverage.count(.reservationsExpired, ended) }
    }
    calls.expire(at: clock)
    identity.expire(at: clock, index)
    if let first = memory.outcome(of: envelope.requestID) {
      coverage.count(.requestsRepeated)
      guard first != bytes else { return nil }
      return Finding(
        property: .acknowledgedWrites, details: "a repeated request was not answered like the first"
      )
    }
    guard let outcome = try? Outcome(decoding: bytes) else { return wrong("an outcome is garbage") }
    switch identity.judgeToken(of: envelope, outcome) {
    case .passed: break
    case .refused: return nil
    case .broken(let finding): return finding
    }
    switch envelope.command {
    case .keepHouse(let command):
      coverage.count(.housesKept)
      coverage.count(.requestsForgotten, memory.forget(at: clock, limit: Int(command.limit)))
    case .returnCalls, .countAttempt: break
    default:
      guard outcome.isRemembered else { break }
      memory.remember(
        bytes, of: envelope.requestID, until: clock + envelope.retention.milliseconds)
    }
    if let finding = identity.judge(envelope, outcome, at: clock, index) { return finding }
    if let problem = makers.judge(outcome, of: envelope, at: clock) { return wrong(problem) }
    switch outcome {
    case .accepted(let effect): return take(effect, of: envelope)
    case .rejected(let rejection): return refuse(envelope.command, rejection)
    }
  }

  private mutating func take(_ effect: Effect, of envelope: CommandEnvelope) -> Finding? {
    let command = envelope.command
    switch effect {
    case .userCreated(_, let workspace):
      coverage.count(.tenantsRegistered)
      if let workspace { open(workspace, by: envelope.actor) }
    case .workspaceCreated(let workspace):
      coverage.count(.tenantsRegistered)
      open(workspace, by: envelope.actor)
    case .workspaceUpdated(let workspace):
      guard case .updateWorkspace(let update) = command else {
        return wrong("an outcome of another")
      }
      change(workspace, update, by: envelope.actor)
    case .planDefined(let plan): define(plan)
    case .workspaceDeleted(let id):
      coverage.count(.workspacesDeleted)
      accounts[id] = nil
      plans.remove(id)
      calls.remove(id)
    case .memberAdded, .roleChanged, .memberRemoved: coverage.count(.membershipsChanged)
    case .apiKeyCreated: coverage.count(.keysCreated)
    case .apiKeyRevoked: coverage.count(.keysRevoked)
    case .apiKeyRotated: coverage.count(.keysRotated)
    case .rowsReserved(let reservation): return reserve(reservation)
    case .reservationSettled(let analysis): return settle(analysis, command)
    case .reservationReleased(let reservation):
      coverage.count(.reservationsReleased)
      guard accounts[reservation.workspaceID]?.open.removeValue(forKey: reservation.id) != nil
      else { return wrong("\(reservation.id), which is not open, was released") }
    case .callsLeased(let grant): return calls.granted(grant, at: clock)
    case .callsReturned(let settled):
      guard case .returnCalls(let returns) = command else { return wrong("an outcome of another") }
      return calls.returned(returns, settled: settled)
    case .clusterInitialized, .adminTokenRegistered, .houseKept, .sessionOpened, .sessionRenewed,
      .sessionReused, .sessionsClosed, .keyUseNoted,
      .denialsNoted,
      .answerRecorded, .attemptCounted, .passwordChanged, .passwordHashUpgraded,
      .passwordResetRequested, .signingKeyRotated, .signingKeysRevoked, .invitationMade,
      .invitationRevoked, .emailVerificationRequested, .emailVerified:
      break
    }
    return nil
  }

  private mutating func open(_ workspace: Workspace, by actor: Actor) {
    accounts[workspace.id] = Account()
    plans.open(workspace, by: actor)
    calls.open(workspace.id, limit: plans.limits(of: workspace.id).calls)
  }

  private mutating func change(_ workspace: Workspace, _ update: UpdateWorkspace, by actor: Actor) {
    coverage.count(.workspacesChanged)
    plans.change(workspace, update, by: actor)
    calls.change(workspace.id, limit: plans.limits(of: workspace.id).calls)
  }

  private mutating func define(_ plan: Plan) {
    coverage.count(.plansDefined)
    coverage.count(.settingsUndercut, plans.define(plan))
    for id in plans.workspaces(on: plan.id) {
      calls.change(id, limit: plans.limits(of: id).calls)
    }
  }

  // MARK: Rows

  private mutating func reserve(_ reservation: Reservation) -> Finding? {
    coverage.count(.rowsReserved)
    let month = monthOrdinal(of: clock)
    let id = reservation.workspaceID
    guard let taken = accounts[id]?.taken(in: month) else {
      return wrong("rows of \(id), which does not exist, were reserved")
    }
    guard reservation.month.ordinal == Int64(month) else {
      return wrong("rows were reserved of \(reservation.month), which is not the present month")
    }
    if let limit = plans.limits(of: id).rows, taken + reservation.rows > limit {
      return wrong(
        "\(id) has \(taken) of \(limit) rows, and \(reservation.rows) more were reserved")
    }
    accounts[id]?.open[reservation.id] = Account.Hold(
      rows: reservation.rows, month: month, end: reservation.expiresAt.milliseconds)
    return nil
  }

  private mutating func settle(_ analysis: AnalysisRecord, _ command: Command) -> Finding? {
    coverage.count(.reservationsSettled)
    guard case .settleReservation(let settle) = command,
      let hold = accounts[analysis.workspaceID]?.open.removeValue(forKey: settle.id),
      hold.rows >= analysis.rows, Int64(hold.month) == analysis.month.ordinal
    else { return wrong("\(analysis.id) was billed without an open reservation that covers it") }
    accounts[analysis.workspaceID]?.settled[hold.month, default: 0] += analysis.rows
    return nil
  }

  private mutating func refuse(_ command: Command, _ rejection: Rejection) -> Finding? {
    if rejection == .overloaded(.freeWorkspaces) { coverage.count(.freeWorkspacesRefused) }
    if case .leaseCalls(let lease) = command, case .quotaExceeded = rejection {
      return calls.refused(lease, at: clock)
    }
    guard case .reserveRows(let reserve) = command, case .quotaExceeded = rejection else {
      coverage.count(.commandsRefused)
      return nil
    }
    coverage.count(.quotaRefusals)
    let taken = accounts[reserve.workspaceID]?.taken(in: monthOrdinal(of: clock)) ?? 0
    if let limit = plans.limits(of: reserve.workspaceID).rows, taken + reserve.rows > limit {
      return nil
    }
    return wrong(
      "\(reserve.workspaceID) has \(taken) rows taken, and \(reserve.rows) more were refused")
  }

  private func wrong(_ details: String) -> Finding { Finding(property: .quota, details: details) }

  /// Takes over which signing keys were left when the house was kept.
  mutating func found(signingKeys: [String]) -> Finding? {
    identity.found(signingKeys: signingKeys, at: clock)
  }

  // MARK: Usage

  var workspaces: [WorkspaceID] { accounts.keys.sorted { $0.rawValue < $1.rawValue } }

  func usage(of id: WorkspaceID, in month: Int) -> (used: Int64, reserved: Int64) {
    (accounts[id]?.settled[month] ?? 0, accounts[id]?.reserved(in: month) ?? 0)
  }
}

/// Year times twelve plus month, counted up from January 1970.
func monthOrdinal(of milliseconds: Int64) -> Int {
  var days = Int(milliseconds / 86_400_000)
  var year = 1970
  func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
  while days >= (isLeap(year) ? 366 : 365) {
    days -= isLeap(year) ? 366 : 365
    year += 1
  }
  var month = 0
  for length in [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
    if days < length { break }
    days -= length
    month += 1
  }
  return year * 12 + month
}
