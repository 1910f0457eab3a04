import CloudState
import Raft

/// What clients know of accounts, sessions and tokens, and what they do with them. They share it all, as an
/// owner and a thief share a token: the same one is often used twice, at once or long after.
struct AccountRequests {
  private struct Account {
    var user: UserID
    var email: String
    /// Of the password, and those before it, the newest last; an attempt to set one may have failed.
    var hashes: [String]
  }

  private struct Login {
    var session: SessionID
    var user: UserID
    /// That of the newest refresh token known.
    var generation: Int64
  }

  private(set) var coverage = Coverage()
  private var accounts: [Account] = []
  /// Some of them have ended.
  private var logins: [Login] = []
  private var resets: [SecretHash] = []
  /// Tokens that prove an address, with the sessions in which they were asked for.
  private var proofs: [(token: SecretHash, session: SessionID)] = []
  private var signingKeys: [String] = []
  private var lastRefresh: RefreshSession?
  /// What was asked lately, by each of these clients.
  private var sent: [(client: Int, envelope: CommandEnvelope)] = []

  /// What is just being done.
  private var streak: Streak?

  private static let knownLogins = 8
  private static let addresses = 3

  // MARK: What is known

  mutating func learn(_ effect: CloudState.Effect, of command: Command) {
    switch (effect, command) {
    case (.userCreated(let user, _), .createUser(let command)):
      accounts.append(
        Account(
          user: user.id, email: user.email, hashes: command.user.passwordHash.map { [$0] } ?? []))
      if let session = command.session { learn(session.id, of: user.id, 1) }
    case (.memberAdded(let member, account: .new), _):
      accounts.append(Account(user: member.user.id, email: member.user.email, hashes: []))
    case (.sessionOpened(let session), _), (.sessionRenewed(let session), _):
      learn(session.id, of: session.userID, session.generation)
    case (.passwordResetRequested(.some(let reset)), .requestPasswordReset(let command)):
      resets.append(command.tokenHash)
      if !accounts.contains(where: { $0.user == reset.userID }) {
        accounts.append(Account(user: reset.userID, email: reset.email, hashes: []))
      }
    case (.clusterInitialized, .initializeCluster(let command)):
      // Only the first that was committed took effect: which that is nobody is told.
      signingKeys.append(command.signingKeyID)
    case (_, .rotateSigningKey(let command)): signingKeys.append(command.id)
    case (.passwordChanged(let user), .changePassword(let command)): learn(command.new, of: user)
    case (.passwordChanged(let user), .resetPassword(let command)):
      learn(command.passwordHash, of: user)
    case (.passwordHashUpgraded(let user), .upgradePasswordHash(let command)):
      learn(command.new, of: user)
    default: break
    }
  }

  private mutating func learn(_ id: SessionID, of user: UserID, _ generation: Int64) {
    if let known = logins.firstIndex(where: { $0.session == id }) {
      logins[known].generation = max(logins[known].generation, generation)
      return
    }
    logins.append(Login(session: id, user: user, generation: generation))
    if logins.count > Self.knownLogins { logins.removeFirst() }
  }

  private mutating func learn(_ hash: String, of user: UserID) {
    guard let known = accounts.firstIndex(where: { $0.user == user }) else { return }
    accounts[known].hashes.append(hash)
  }

  // MARK: Who acts

  /// A session, which may have ended.
  func session(_ random: inout RandomSource) -> SessionID? {
    logins.isEmpty ? nil : random.pick(logins).session
  }

  /// One of a user.
  func session(of user: UserID, _ random: inout RandomSource) -> SessionID? {
    let known = logins.filter { $0.user == user }
    return known.isEmpty ? nil : random.pick(known).session
  }

  /// The key that signed the access token with which a session acts: the one that signs now, or an older
  /// one.
  func signingKey(_ random: inout RandomSource) -> String? {
    guard let newest = signingKeys.last, !random.happens(200_000) else { return nil }
    return random.coin() ? newest : random.pick(signingKeys)
  }

  // MARK: What is asked

  /// One that was asked before, by whoever asked it: its answer was lost, or it comes late.
  mutating func repetition(by client: Int, _ random: inout RandomSource) -> CommandEnvelope? {
    guard !sent.isEmpty, random.happens(40_000) else { return nil }
    coverage.count(.lateRepetitions)
    return random.pick(sent).envelope
  }

  mutating func note(_ envelope: CommandEnvelope, by client: Int) {
    if case .refreshSession(let refresh) = envelope.command {
      if sent.contains(where: { $0.client != client && $0.envelope.command == envelope.command }) {
        coverage.count(.refreshesRaced)
      }
      lastRefresh = refresh
    }
    sent.append((client, envelope))
    if sent.count > 8 { sent.removeFirst() }
  }

  mutating func command(_ name: String, _ random: inout RandomSource) -> (Actor, Command) {
    if signingKeys.isEmpty, random.happens(200_000) {
      return (.node(name: "node"), .initializeCluster(initialize(name)))
    }
    guard !accounts.isEmpty else {
      return (.anonymous, .countAttempt(attempt(nil, &random)))
    }
    if let command = streak?.next(name, token: Self.hash(of: name)) { return (.anonymous, command) }
    // Few are busy, so that much happens to them.
    let account = random.pick(Array(random.coin() ? accounts.suffix(3) : accounts.prefix(2)))
    let login = logins.isEmpty ? nil : random.pick(logins)
    switch (random.draw(0...99), login) {
    case (..<21, _), (_, nil):
      return (.user(account.user), .openSession(open(name, account, &random)))
    case (..<52, let login?):
      let refresh = refresh(login, &random)
      return (.session(refresh.id), .refreshSession(refresh))
    case (..<59, let login?):
      let actor =
        random.happens(800_000) ? login.session : (session(&random) ?? login.session)
      return (
        .session(actor),
        .closeSession(CloseSession(id: login.session, everywhere: random.happens(250_000)))
      )
    case (..<68, let login?):
      let owner = accounts.first { $0.user == login.user }
      return (
        .session(login.session),
        .changePassword(
          ChangePassword(
            current: owner.map { hash(of: $0, &random) } ?? "none", new: "changed \(name)"))
      )
    case (..<75, _): return requestReset(name, account, &random)
    case (..<83, _) where !resets.isEmpty:
      return (
        .anonymous,
        .resetPassword(
          ResetPassword(
            tokenHash: random.pick(resets.suffix(4)), passwordHash: "reset \(name)",
            network: Self.network(&random)))
      )
    case (..<85, let login?):
      proofs.append((Self.hash(of: name), login.session))
      return (
        .session(login.session),
        .requestEmailVerification(RequestEmailVerification(tokenHash: Self.hash(of: name)))
      )
    case (..<87, _) where !proofs.isEmpty:
      let proof = random.pick(proofs.suffix(4))
      let actor = random.happens(800_000) ? proof.session : session(&random) ?? proof.session
      return (.session(actor), .verifyEmail(VerifyEmail(tokenHash: proof.token)))
    case (..<91, _): return (.anonymous, .countAttempt(attempt(account.email, &random)))
    case (..<93, _): return begin(.guesses(at: accounts[0].email), name)
    case (..<94, _): return begin(.resets(of: account.email), name)
    case (..<97, _):
      return (
        .user(account.user),
        .upgradePasswordHash(
          UpgradePasswordHash(
            userID: account.user, current: hash(of: account, &random), new: "upgraded \(name)"))
      )
    default: return (.operator(name: "ops"), .rotateSigningKey(rotate(name, &random)))
    }
  }

  private mutating func begin(_ new: Streak, _ name: String) -> (Actor, Command) {
    var new = new
    guard let command = new.next(name, token: Self.hash(of: name)) else {
      preconditionFailure("a streak begins with something")
    }
    streak = new
    return (.anonymous, command)
  }

  /// Mostly the newest.
  private func hash(of account: Account, _ random: inout RandomSource) -> String {
    let known = account.hashes.suffix(random.happens(750_000) ? 1 : 3)
    return known.isEmpty ? "none" : random.pick(Array(known))
  }

  private func open(
    _ name: String, _ account: Account, _ random: inout RandomSource
  ) -> OpenSession {
    OpenSession(
      userID: account.user, session: Self.newSession(name),
      passwordHash: hash(of: account, &random),
      network: Self.network(&random))
  }

  static func newSession(_ name: String) -> NewSession {
    NewSession(id: SessionID(rawValue: "ses_" + name), key: [UInt8](repeating: 9, count: 32))
  }

  /// Mostly with the newest token, and often the one that somebody else is just using.
  private func refresh(_ login: Login, _ random: inout RandomSource) -> RefreshSession {
    if let lastRefresh, random.happens(250_000) { return lastRefresh }
    let isOld = login.generation > 1 && random.happens(100_000)
    return RefreshSession(
      id: login.session,
      generation: isOld ? Int64(random.draw(1...Int(login.generation) - 1)) : login.generation)
  }

  private func requestReset(
    _ name: String, _ account: Account, _ random: inout RandomSource
  ) -> (Actor, Command) {
    let token = Self.hash(of: name)
    guard random.coin() else {
      return (
        .operator(name: "ops"),
        .requestPasswordReset(
          RequestPasswordReset(subject: .user(account.user), tokenHash: token))
      )
    }
    let email = random.happens(100_000) ? "nobody@example.org" : account.email
    return (
      .anonymous,
      .requestPasswordReset(RequestPasswordReset(subject: .email(email), tokenHash: token))
    )
  }

  private func attempt(_ email: String?, _ random: inout RandomSource) -> CountAttempt {
    let kinds: [Attempt] = [
      .registration, .resetRequest, .resetConfirmation, .acceptance, .refresh,
    ]
    return CountAttempt(
      random.happens(700_000)
        ? .password(of: .account(email ?? "nobody@example.org")) : random.pick(kinds),
      from: Self.network(&random))
  }

  /// Few, or none that is known.
  static func network(_ random: inout RandomSource) -> AttemptSubject? {
    random.coin() ? .network("net\(random.draw(1...addresses))") : nil
  }

  private func initialize(_ name: String) -> InitializeCluster {
    InitializeCluster(
      clusterID: "cluster", signingKeyID: "key \(name)", signingPrivateKey: [1],
      secret: [UInt8](repeating: 1, count: 32))
  }

  private func rotate(_ name: String, _ random: inout RandomSource) -> RotateSigningKey {
    RotateSigningKey(
      id: "key \(name)", privateKey: [2], revokesPrevious: random.happens(400_000))
  }

  private static func hash(of name: String) -> SecretHash {
    let bytes = Array(name.utf8.prefix(32))
    guard let hash = SecretHash(bytes + repeatElement(0, count: 32 - bytes.count)) else {
      preconditionFailure("a secret's hash has 32 bytes")
    }
    return hash
  }
}
