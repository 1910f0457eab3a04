import CloudState
import Raft

/// What clients of the tenants' service ask for, and what they know of each other's tenants: enough to
/// meet in the same workspaces.
struct TenantRequests {
  private struct Tenant {
    var workspace: WorkspaceID
    var owner: UserID
  }

  private struct Person {
    var workspace: WorkspaceID
    var user: UserID
    var role: Role
  }

  private(set) var accounts = AccountRequests()
  private var tenants: [Tenant] = []
  private var people: [Person] = []
  private var keys: [(workspace: WorkspaceID, key: APIKeyID)] = []
  /// Who is just making workspaces, and how many more: so that they meet the bound on what one makes.
  private var making: (user: UserID, left: Int)?
  private var reservations: [(workspace: WorkspaceID, id: ReservationID, rows: Int64)] = []

  /// A workspace that was acknowledged.
  func workspace(_ random: inout RandomSource) -> WorkspaceID? {
    tenants.isEmpty ? nil : random.pick(tenants).workspace
  }

  /// One of the few newest, or any.
  func calledWorkspace(_ random: inout RandomSource) -> WorkspaceID? {
    guard !tenants.isEmpty else { return nil }
    return random.coin()
      ? random.pick(Array(tenants.suffix(2))).workspace : random.pick(tenants).workspace
  }

  /// A session or an API key, which may have ended.
  func credential(_ random: inout RandomSource) -> String? {
    if let session = accounts.session(&random), random.coin() { return session.rawValue }
    return keys.isEmpty ? nil : random.pick(keys).key.rawValue
  }

  /// What a command takes away, if it names it.
  func credential(at command: Command) -> String? {
    switch command {
    case .closeSession(let command): command.id.rawValue
    case .refreshSession(let command): command.id.rawValue
    case .revokeAPIKey(let command): command.id.rawValue
    case .removeMember(let command): keys.last { $0.workspace == command.workspaceID }?.key.rawValue
    default: keys.last?.key.rawValue
    }
  }

  // MARK: What is known

  mutating func learn(_ effect: CloudState.Effect, of command: Command) {
    accounts.learn(effect, of: command)
    switch effect {
    case .userCreated(let user, let workspace?):
      tenants.append(Tenant(workspace: workspace.id, owner: user.id))
    case .workspaceCreated(let workspace):
      guard case .createWorkspace(let command) = command else { break }
      switch command.owner {
      case .email(_, let newID?): tenants.append(Tenant(workspace: workspace.id, owner: newID))
      // Its deletion, or another plan, leaves a place for one more of the same user.
      case .user(let owner) where workspace.planID == .free:
        tenants.append(Tenant(workspace: workspace.id, owner: owner))
      case .email, .user: break
      }
    case .memberAdded(let member, _):
      let place = member.membership
      people.append(Person(workspace: place.workspaceID, user: place.userID, role: place.role))
    case .roleChanged(let place, _):
      for known in people.indices
      where people[known].user == place.userID && people[known].workspace == place.workspaceID {
        people[known].role = place.role
      }
    case .apiKeyCreated(let key): keys.append((key.workspaceID, key.id))
    case .rowsReserved(let reservation):
      reservations.append((reservation.workspaceID, reservation.id, reservation.rows))
      if reservations.count > 12 { reservations.removeFirst() }
    default: break
    }
  }

  // MARK: What is asked

  /// A request, named `number` by all its attempts. Stamps are left to whoever proposes it, and the end
  /// of a reservation is still a length of time.
  mutating func make(
    client: Int, number: Int, _ random: inout RandomSource
  ) -> CommandEnvelope {
    if let repetition = accounts.repetition(by: client, &random) { return repetition }
    let name = "c\(client)n\(number)"
    let isAboutAccounts = random.happens(400_000)
    let (actor, command) =
      isAboutAccounts ? accounts.command(name, &random) : command(name, &random)
    let id = RequestID(
      [client, number].flatMap { word in
        withUnsafeBytes(of: UInt64(word).littleEndian) { Array($0) }
      })
    guard let id else { preconditionFailure("two words are sixteen bytes") }
    var envelope = CommandEnvelope(
      requestID: id, stampedAt: Timestamp(milliseconds: 0), actor: actor,
      retention: random.coin() ? .retry : .idempotencyKey, command: command)
    if case .session = actor { envelope.signingKeyID = accounts.signingKey(&random) }
    if isAboutAccounts { accounts.note(envelope, by: client) }
    return envelope
  }

  private mutating func command(
    _ name: String, _ random: inout RandomSource
  ) -> (Actor, Command) {
    if let (user, left) = making {
      making = left > 1 ? (user, left - 1) : nil
      return make(name, by: user)
    }
    let kind = random.draw(0...99)
    guard !tenants.isEmpty, kind >= 6 else { return register(name, &random) }
    let tenant = random.pick(tenants)
    let actor = actor(for: tenant, &random)
    switch kind {
    case ..<8:
      return (
        .operator(name: "ops"),
        .createWorkspace(
          CreateWorkspace(
            workspace: workspace(name, &random),
            owner: .email(name + "@example.org", newID: UserID(rawValue: "usr_" + name))))
      )
    case ..<10:
      return (
        .operator(name: "ops"),
        .createWorkspace(
          CreateWorkspace(workspace: workspace(name, &random), owner: .user(tenant.owner)))
      )
    case ..<12:
      making = (tenants[0].owner, 5)
      return make(name, by: tenants[0].owner)
    case ..<16:
      return (
        actor,
        .addMember(
          AddMember(
            workspaceID: tenant.workspace, user: user(name), role: random.pick(Role.allCases)))
      )
    case ..<22 where !people.isEmpty:
      let place = random.pick(people)
      return (
        actor,
        .changeRole(
          ChangeRole(
            workspaceID: place.workspace, userID: place.user, role: random.pick(Role.allCases)))
      )
    case ..<24 where !people.isEmpty:
      let place = people.remove(at: random.draw(0...people.count - 1))
      return (
        actor, .removeMember(RemoveMember(workspaceID: place.workspace, userID: place.user))
      )
    case ..<30: return createKey(name, tenant, &random)
    case ..<31:
      return (
        .node(name: "node"), .keepHouse(KeepHouse(limit: Int64(random.drawScaled(1...200))))
      )
    case ..<32 where !keys.isEmpty:
      let place = random.pick(keys)
      return (actor, .rotateAPIKey(rotation(name, place)))
    case ..<33 where tenants.count > 2 && random.coin():
      let gone = tenants.remove(at: random.draw(0...tenants.count - 1))
      return (.user(gone.owner), .deleteWorkspace(DeleteWorkspace(workspaceID: gone.workspace)))
    case ..<36 where !keys.isEmpty:
      let place = random.pick(keys)
      return (actor, .revokeAPIKey(RevokeAPIKey(workspaceID: place.workspace, id: place.key)))
    case ..<54 where !reservations.isEmpty: return (actor, settle(name, &random))
    case ..<62 where !reservations.isEmpty:
      let held = random.pick(reservations)
      return (
        actor, .releaseReservation(ReleaseReservation(workspaceID: held.workspace, id: held.id))
      )
    case ..<95: return reserve(name, tenant, &random)
    case ..<98: return update(tenant, &random)
    default: return (.operator(name: "ops"), .definePlan(DefinePlan(plan(&random))))
    }
  }

  /// The owner, by a session or without, or an operator.
  private func actor(for tenant: Tenant, _ random: inout RandomSource) -> Actor {
    guard random.coin() else { return .operator(name: "ops") }
    guard random.coin(), let session = accounts.session(of: tenant.owner, &random) else {
      return .user(tenant.owner)
    }
    return .session(session)
  }

  private func make(_ name: String, by user: UserID) -> (Actor, Command) {
    let new = NewWorkspace(id: WorkspaceID(rawValue: "ws_" + name), name: name)
    return (.user(user), .createWorkspace(CreateWorkspace(workspace: new, owner: .user(user))))
  }

  private func register(_ name: String, _ random: inout RandomSource) -> (Actor, Command) {
    var user = user(name)
    user.passwordHash = "first \(name)"
    var workspace = workspace(name, &random)
    let isByThemselves = random.coin()
    if isByThemselves {
      // Nobody gives themselves more than the plan that is for all.
      workspace.planID = .free
      workspace.settings.maxAPICalls = workspace.settings.maxAPICalls.map { min($0, 100) }
      workspace.settings.maxUsers = nil
    }
    return (
      isByThemselves ? .anonymous : .operator(name: "ops"),
      .createUser(
        CreateUser(
          user: user, workspace: workspace,
          session: random.coin() ? AccountRequests.newSession(name) : nil,
          network: AccountRequests.network(&random)))
    )
  }

  private func user(_ name: String) -> NewUser {
    NewUser(
      id: UserID(rawValue: "usr_" + name), email: name + "@example.org", name: "", passwordHash: nil
    )
  }

  private func workspace(_ name: String, _ random: inout RandomSource) -> NewWorkspace {
    NewWorkspace(
      id: WorkspaceID(rawValue: "ws_" + name), name: name,
      planID: random.pick([.free, .free, .professional, .enterprise]),
      settings: WorkspaceSettings(
        maxRows: random.happens(800_000) ? Int64(random.draw(0...2_000)) : nil,
        maxAPICalls: random.happens(800_000) ? Int64(random.drawScaled(1...400)) - 1 : nil,
        maxUsers: random.coin() ? 3 : nil))
  }

  /// By the owner or a member who may, for any of them, with a key now and then: so that secrets are known
  /// to several.
  private func createKey(
    _ name: String, _ tenant: Tenant, _ random: inout RandomSource
  ) -> (Actor, Command) {
    let members = people.filter { $0.workspace == tenant.workspace }
    let managers = members.filter { $0.role == .admin || $0.role == .owner }
    var actor = actor(for: tenant, &random)
    if !managers.isEmpty, random.happens(600_000) { actor = .user(random.pick(managers).user) }
    let known = keys.filter { $0.workspace == tenant.workspace }
    if !known.isEmpty, random.happens(150_000) { actor = .apiKey(random.pick(known).key) }
    let holder =
      members.isEmpty || random.happens(400_000) ? tenant.owner : random.pick(members).user
    return (actor, .createAPIKey(key(name, tenant, for: holder)))
  }

  private func key(_ name: String, _ tenant: Tenant, for holder: UserID) -> CreateAPIKey {
    guard let hash = SecretHash(repeatElement(7, count: 32)) else {
      preconditionFailure("a secret's hash has 32 bytes")
    }
    return CreateAPIKey(
      id: APIKeyID(rawValue: "key_" + name), workspaceID: tenant.workspace, userID: holder,
      name: name, scopes: .all, secretHash: hash)
  }

  private func rotation(
    _ name: String, _ place: (workspace: WorkspaceID, key: APIKeyID)
  ) -> RotateAPIKey {
    guard let hash = SecretHash(repeatElement(8, count: 32)) else {
      preconditionFailure("a secret's hash has 32 bytes")
    }
    return RotateAPIKey(
      workspaceID: place.workspace, id: place.key, newID: APIKeyID(rawValue: "key_" + name),
      secretHash: hash, overlap: 60_000)
  }

  private func update(_ tenant: Tenant, _ random: inout RandomSource) -> (Actor, Command) {
    let isByOwner = random.coin()
    let update = UpdateWorkspace(
      workspaceID: tenant.workspace,
      planID: random.coin() && !isByOwner ? random.pick([.free, .professional]) : nil,
      settings: WorkspaceSettingsChange(
        maxRows: random.coin() ? .set(Int64(random.draw(0...2_000))) : .asInPlan,
        maxAPICalls: random.coin() ? .set(Int64(random.drawScaled(1...400)) - 1) : nil))
    return (isByOwner ? .user(tenant.owner) : .operator(name: "ops"), .updateWorkspace(update))
  }

  /// As the price list has it, or with less than tenants have set.
  private func plan(_ random: inout RandomSource) -> Plan {
    let isFree = random.coin()
    let isAsListed = random.coin()
    let rows: Int64 = isFree ? 10_000 : 1_000_000
    let calls: Int64 = isFree ? 100 : 10_000
    return Plan(
      id: isFree ? .free : .professional,
      maxRows: isAsListed ? rows : Int64(random.draw(100...2_000)),
      maxAPICalls: isAsListed ? calls : Int64(random.drawScaled(1...400)) - 1,
      maxUsers: isFree ? 1 : 10, maxDatasets: isFree ? 10 : 100, retentionDays: isFree ? 7 : 90,
      monthlyPriceCents: isFree ? 0 : 9_900, allFeatures: !isFree)
  }

  private func reserve(
    _ name: String, _ tenant: Tenant, _ random: inout RandomSource
  ) -> (Actor, Command) {
    var (workspace, actor) = (tenant.workspace, Actor.user(tenant.owner))
    if !keys.isEmpty, random.happens(200_000) {
      let place = random.pick(keys)
      (workspace, actor) = (place.workspace, .apiKey(place.key))
    }
    let command = ReserveRows(
      workspaceID: workspace, id: ReservationID(rawValue: "rsv_" + name),
      rows: Int64(random.draw(1...600)),
      expiresAt: Timestamp(milliseconds: Int64(random.drawScaled(200...1_000_000))),
      purpose: random.coin() ? .analyze : .fix)
    return (actor, .reserveRows(command))
  }

  private func settle(_ name: String, _ random: inout RandomSource) -> Command {
    let held = random.pick(reservations)
    return .settleReservation(
      SettleReservation(
        workspaceID: held.workspace, id: held.id,
        rows: Int64(random.draw(0...Int(held.rows) + Int(held.rows) / 8)),
        analysisID: AnalysisID(rawValue: "an_" + name)))
  }
}
