import CloudState
import Raft

/// What clients of the tenants' service ask for, and what they know of each other's tenants: enough to
/// meet in the same workspaces.
struct TenantRequests {
  private struct Tenant {
    var workspace: WorkspaceID
    var owner: UserID
  }

  private var tenants: [Tenant] = []
  private var people: [(workspace: WorkspaceID, user: UserID)] = []
  private var keys: [(workspace: WorkspaceID, key: APIKeyID)] = []
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

  // MARK: What is known

  mutating func learn(_ effect: CloudState.Effect) {
    switch effect {
    case .userCreated(let user, let workspace?):
      tenants.append(Tenant(workspace: workspace.id, owner: user.id))
    case .memberAdded(let member, _):
      people.append((member.membership.workspaceID, member.user.id))
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
    let name = "c\(client)n\(number)"
    let (actor, command) = command(name, &random)
    let id = RequestID(
      [client, number].flatMap { word in
        withUnsafeBytes(of: UInt64(word).littleEndian) { Array($0) }
      })
    guard let id else { preconditionFailure("two words are sixteen bytes") }
    return CommandEnvelope(
      requestID: id, stampedAt: Timestamp(milliseconds: 0), actor: actor,
      retention: random.coin() ? .retry : .idempotencyKey, command: command)
  }

  private mutating func command(
    _ name: String, _ random: inout RandomSource
  ) -> (Actor, Command) {
    let kind = random.draw(0...99)
    guard !tenants.isEmpty, kind >= 6 else { return register(name, &random) }
    let tenant = random.pick(tenants)
    let actor: Actor = random.coin() ? .user(tenant.owner) : .operator(name: "ops")
    switch kind {
    case ..<10:
      return (
        .operator(name: "ops"),
        .createWorkspace(
          CreateWorkspace(workspace: workspace(name, &random), owner: .user(tenant.owner)))
      )
    case ..<17:
      return (
        actor,
        .addMember(
          AddMember(
            workspaceID: tenant.workspace, user: user(name), role: random.pick(Role.allCases)))
      )
    case ..<20 where !people.isEmpty:
      let place = random.pick(people)
      return (
        actor,
        .changeRole(
          ChangeRole(
            workspaceID: place.workspace, userID: place.user, role: random.pick(Role.allCases)))
      )
    case ..<22 where !people.isEmpty:
      let place = people.remove(at: random.draw(0...people.count - 1))
      return (
        actor, .removeMember(RemoveMember(workspaceID: place.workspace, userID: place.user))
      )
    case ..<30: return (actor, .createAPIKey(key(name, tenant)))
    case ..<31:
      return (
        .node(name: "node"), .keepHouse(KeepHouse(limit: Int64(random.drawScaled(1...200))))
      )
    case ..<32 where !keys.isEmpty:
      let place = random.pick(keys)
      return (actor, .rotateAPIKey(rotation(name, place)))
    case ..<33: return (.operator(name: "ops"), .updateWorkspace(update(tenant, &random)))
    case ..<34 where tenants.count > 2 && random.coin():
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
    default: return reserve(name, tenant, &random)
    }
  }

  private func register(_ name: String, _ random: inout RandomSource) -> (Actor, Command) {
    (
      .operator(name: "ops"),
      .createUser(CreateUser(user: user(name), workspace: workspace(name, &random)))
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

  private func key(_ name: String, _ tenant: Tenant) -> CreateAPIKey {
    guard let hash = SecretHash(repeatElement(7, count: 32)) else {
      preconditionFailure("a secret's hash has 32 bytes")
    }
    return CreateAPIKey(
      id: APIKeyID(rawValue: "key_" + name), workspaceID: tenant.workspace, userID: tenant.owner,
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

  private func update(_ tenant: Tenant, _ random: inout RandomSource) -> UpdateWorkspace {
    UpdateWorkspace(
      workspaceID: tenant.workspace,
      planID: random.coin() ? random.pick([.free, .professional]) : nil,
      settings: WorkspaceSettingsChange(
        maxRows: random.coin() ? .set(Int64(random.draw(0...2_000))) : .asInPlan,
        maxAPICalls: random.coin() ? .set(Int64(random.drawScaled(1...400)) - 1) : nil))
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
