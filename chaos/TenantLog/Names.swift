import CloudState

// Who and what a random log is about: what was made lately, most of the time, so that commands meet.
extension RandomLog {
  /// A number that nothing has yet, most of the time: an entry makes one thing of a kind.
  private mutating func newNumber() -> Int {
    happens(6) ? number(below: entries.count + 1) : entries.count
  }

  // MARK: What is made

  mutating func newUser() -> NewUser {
    let user = newNumber()
    users.add(user)
    return NewUser(
      id: UserID(rawValue: "usr_u\(user)"), email: happens(40) ? "ınfo@example.org" : email(user),
      name: title(), passwordHash: passwordHash())
  }

  mutating func workspace() -> NewWorkspace {
    let id = WorkspaceID(rawValue: "ws_w\(newNumber())")
    workspaces.add(id)
    return NewWorkspace(
      id: id, name: happens(2) ? "W" : title(),
      planID: pick([
        .free, .free, .professional, .professional, .enterprise, PlanID(rawValue: "p1"),
      ]),
      settings: WorkspaceSettings(maxUsers: happens(8) ? 3 : nil))
  }

  mutating func session() -> NewSession {
    let id = SessionID(rawValue: "ses_s\(newNumber())")
    sessions.add(id)
    return NewSession(id: id, key: [UInt8](repeating: 1, count: happens(20) ? 31 : 32))
  }

  mutating func newKeyID() -> APIKeyID { APIKeyID(rawValue: "key_k\(newNumber())") }

  mutating func newInvitation(
    to workspace: WorkspaceID
  ) -> (workspace: WorkspaceID, id: InvitationID, token: SecretHash) {
    (workspace, InvitationID(rawValue: "inv_i\(newNumber())"), hash(1, newNumber()))
  }

  mutating func newResetToken() -> SecretHash { hash(2, newNumber()) }

  mutating func newVerification() -> (session: SessionID, token: SecretHash) {
    (sessionID(), hash(6, newNumber()))
  }

  // MARK: What is there

  mutating func userNumber() -> Int { latest(users) { $0.newNumber() } }

  mutating func userID() -> UserID { UserID(rawValue: "usr_u\(userNumber())") }

  mutating func workspaceID() -> WorkspaceID {
    latest(workspaces) { WorkspaceID(rawValue: "ws_w\($0.newNumber())") }
  }

  mutating func sessionID() -> SessionID {
    latest(sessions) { SessionID(rawValue: "ses_s\($0.newNumber())") }
  }

  mutating func member() -> (workspace: WorkspaceID, user: UserID) {
    latest(members) { ($0.workspaceID(), $0.userID()) }
  }

  mutating func key() -> (workspace: WorkspaceID, id: APIKeyID) {
    latest(keys) { ($0.workspaceID(), $0.newKeyID()) }
  }

  mutating func invitation() -> (workspace: WorkspaceID, id: InvitationID, token: SecretHash) {
    latest(invitations) { log in
      let workspace = log.workspaceID()
      return log.newInvitation(to: workspace)
    }
  }

  mutating func resetToken() -> SecretHash { latest(resets) { $0.newResetToken() } }

  mutating func verification() -> (session: SessionID, token: SecretHash) {
    latest(verifications) { $0.newVerification() }
  }

  // MARK: Values

  mutating func network() -> AttemptSubject { .network("\(number(below: 12))") }

  /// The address of a user, in one of several spellings. In Turkish, the lower case of I is another letter.
  mutating func email(_ user: Int) -> String {
    pick([
      "info\(user)@example.org", "info\(user)@example.org", "INFO\(user)@EXAMPLE.ORG",
      "Info\(user)@Example.org",
    ])
  }

  /// The hash of the one password that nearly everybody has.
  mutating func passwordHash() -> String {
    happens(16) ? "scrypt$15$8$1$c2FsdA$b3RoZXI" : "scrypt$15$8$1$c2FsdA$aGFzaA"
  }

  /// What places without a common alphabet sort, fold and compose in different ways.
  mutating func title() -> String {
    pick(["W", "zebra", "ä.csv", "a\u{308}.csv", "İstanbul", "ıI", "Straße", "日本", "", "1,5"])
  }

  mutating func role() -> Role { pick(Role.allCases) }

  mutating func node() -> String { "clean-\(number(below: 3))" }

  func hash(_ kind: UInt8, _ number: Int) -> SecretHash {
    let bytes = [kind] + words(UInt64(number))
    guard let hash = SecretHash(bytes + repeatElement(0, count: 32 - bytes.count)) else {
      preconditionFailure("a secret's hash has 32 bytes")
    }
    return hash
  }

  // MARK: Requests

  mutating func requestID() -> RequestID {
    guard let id = RequestID(words(random.next(), random.next())) else {
      preconditionFailure("two words are sixteen bytes")
    }
    return id
  }

  mutating func fingerprint() -> RequestFingerprint {
    guard let fingerprint = RequestFingerprint(words(random.next(), 0)) else {
      preconditionFailure("two words are sixteen bytes")
    }
    return fingerprint
  }

  mutating func salt() -> RequestSalt {
    guard let salt = RequestSalt(words(random.next(), 1)) else {
      preconditionFailure("two words are sixteen bytes")
    }
    return salt
  }

  mutating func origin() -> Origin {
    happens(3)
      ? .unknown : Origin(address: "192.0.2.\(number(below: 9))", requestName: "r\(entries.count)")
  }

  private func words(_ words: UInt64...) -> [UInt8] {
    words.flatMap { word in withUnsafeBytes(of: word.bigEndian) { Array($0) } }
  }

  // MARK: Actors

  /// Whom the command expects, most of the time.
  mutating func actor(of command: Command) -> Actor {
    guard !happens(8) else { return actor() }
    switch command {
    case .openSession(let it): return .user(it.userID)
    case .refreshSession(let it): return .session(it.id)
    case .closeSession(let it): return .session(it.id)
    case .changePassword: return .session(sessionID())
    case .requestEmailVerification(let it): return .session(session(thatVerifiesWith: it.tokenHash))
    case .verifyEmail(let it): return .session(session(thatVerifiesWith: it.tokenHash))
    case .acceptInvitation where happens(3): return .session(sessionID())
    case .upgradePasswordHash(let it): return .user(it.userID)
    case .initializeCluster, .registerAdminToken, .keepHouse, .noteKeyUse, .noteDenials,
      .leaseCalls,
      .returnCalls:
      return .node(name: node())
    case .createUser, .acceptInvitation, .resetPassword, .countAttempt:
      return happens(3) ? .anonymous : .operator(name: "ops")
    case .rotateSigningKey, .definePlan: return .operator(name: "ops")
    case .createWorkspace(let it):
      if case .user(let owner) = it.owner, owner == maker || happens(2) { return .user(owner) }
      return .operator(name: "ops")
    case .createAPIKey(let it): return insider(of: it.workspaceID)
    case .rotateAPIKey(let it): return insider(of: it.workspaceID)
    case .invite(let it): return insider(of: it.workspaceID)
    default: return happens(3) ? actor() : .operator(name: "ops")
    }
  }

  private mutating func session(thatVerifiesWith token: SecretHash) -> SessionID {
    verifications.elements.first { $0.token == token }?.session ?? sessionID()
  }

  /// A member or a key of the workspace, about every other time: what they make depends on what they are.
  private mutating func insider(of workspace: WorkspaceID) -> Actor {
    let users = members.elements.filter { $0.workspace == workspace }
    let keys = keys.elements.filter { $0.workspace == workspace }
    if !users.isEmpty && happens(2) { return .user(pick(users).user) }
    if !keys.isEmpty && happens(2) { return .apiKey(pick(keys).id) }
    return .operator(name: "ops")
  }

  private mutating func actor() -> Actor {
    switch number(below: 10) {
    case 0: .anonymous
    case 1: .node(name: node())
    case 2: .user(member().user)
    case 3: .apiKey(key().id)
    case 4: .session(sessionID())
    default: .operator(name: "ops")
    }
  }
}
