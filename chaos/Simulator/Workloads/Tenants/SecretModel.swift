import CloudState

/// Who is a member of what, and which API keys are good: those whose secret nobody knows who could not make
/// the key now.
struct SecretModel {
  var coverage = Coverage()
  var lives = Lives()
  private var roles: [WorkspaceID: [UserID: Role]] = [:]
  /// Those that are good.
  private var keys: [APIKeyID: Key] = [:]

  private struct Key {
    var workspace: WorkspaceID
    var holder: UserID
    /// Who may know its secret besides the holder.
    var makers: Set<UserID>
    var end: Int64?
  }

  func isAlive(_ id: APIKeyID) -> Bool { keys[id] != nil }

  mutating func expire(at clock: Int64, _ index: UInt64) {
    for (id, key) in keys where key.end.map({ $0 <= clock }) ?? false { end(id, at: index) }
  }

  private mutating func end(_ id: APIKeyID, at index: UInt64) {
    keys[id] = nil
    lives.end(id.rawValue, at: index)
  }

  // MARK: Members

  mutating func opened(_ workspace: WorkspaceID, owner: UserID) {
    roles[workspace] = [owner: .owner]
  }

  mutating func joined(_ membership: Membership) {
    roles[membership.workspaceID]?[membership.userID] = membership.role
  }

  /// - Parameters:
  ///   - role: Nil for a member who was removed.
  ///   - said: What the program says has ended with the role that was.
  /// - Returns: Whether somebody lost a right, and what is wrong.
  mutating func changed(
    _ membership: Membership, to role: Role?, _ said: EndedSecrets, at index: UInt64
  ) -> (isLoss: Bool, Finding?) {
    let before = roles[membership.workspaceID]?[membership.userID]
    roles[membership.workspaceID]?[membership.userID] = role
    let isLoss = Self.rank(of: role) < Self.rank(of: before)
    let due = keys.filter { $0.value.workspace == membership.workspaceID && !mayBe($0.value) }
    coverage.count(.secretsEnded, due.count)
    for id in due.keys { end(id, at: index) }
    if let kept = due.keys.filter({ !said.keys.contains($0) }).min(by: { $0.rawValue < $1.rawValue }
    ) {
      return (isLoss, wrong("\(kept) goes on, and somebody knows it who could not make it"))
    }
    // Some that ran out may not be retired yet.
    if let ended = said.keys.first(where: isAlive) {
      return (isLoss, wrong("\(ended) ended, and everybody who knows it could make it"))
    }
    return (isLoss || !due.isEmpty, nil)
  }

  private static func rank(of role: Role?) -> Int {
    switch role {
    case nil: 0
    case .viewer: 1
    case .analyst: 2
    case .admin: 3
    case .owner: 4
    }
  }

  private func mayBe(_ key: Key) -> Bool {
    guard let holder = roles[key.workspace]?[key.holder] else { return false }
    return key.makers.allSatisfy { maker in
      switch roles[key.workspace]?[maker] {
      case .owner: true
      case .admin: holder != .owner
      default: false
      }
    }
  }

  mutating func removed(_ workspace: WorkspaceID, at index: UInt64) {
    roles[workspace] = nil
    for (id, key) in keys where key.workspace == workspace { end(id, at: index) }
  }

  // MARK: Keys

  mutating func created(
    _ key: APIKey, by actor: Actor, _ user: UserID?, at index: UInt64
  ) -> Finding? {
    var makers = Set(user.map { [$0] } ?? [])
    if case .apiKey(let id) = actor, let known = keys[id] {
      makers = known.makers.union([known.holder])
    }
    makers.remove(key.userID)
    guard Set(key.makers) == makers else {
      return wrong("it was not noted who may know \(key.id)")
    }
    let new = Key(
      workspace: key.workspaceID, holder: key.userID, makers: makers,
      end: key.expiresAt?.milliseconds)
    guard mayBe(new) else { return wrong("\(key.id) was made by somebody who may not") }
    keys[key.id] = new
    lives.begin(key.id.rawValue, at: index)
    return nil
  }

  mutating func rotated(
    _ command: RotateAPIKey, to new: APIKey, by actor: Actor, _ user: UserID?, at clock: Int64,
    _ index: UInt64
  ) -> Finding? {
    guard let old = keys[command.id], old.holder == new.userID else {
      return wrong("\(command.id) was rotated, and is not good or another's")
    }
    let finding = created(new, by: actor, user, at: index)
    let end = clock + command.overlap
    keys[command.id]?.end = old.end.map { min($0, end) } ?? end
    expire(at: clock, index)
    return finding
  }

  /// Somebody else may have had a user's account, and knows the keys that it made.
  mutating func ended(knownBy user: UserID, at index: UInt64) {
    for (id, key) in keys
    where key.makers.contains(user) || key.holder == user && key.makers.isEmpty {
      coverage.count(.secretsEnded)
      end(id, at: index)
    }
  }

  mutating func revoked(_ id: APIKeyID, at index: UInt64) { end(id, at: index) }

  private func wrong(_ details: String) -> Finding {
    Finding(property: .sessions, details: details)
  }
}
