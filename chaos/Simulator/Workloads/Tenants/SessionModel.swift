import CloudState

/// What sessions, passwords and the tokens that set them must come to, in the simplest terms: the judge of
/// who is let in, with what, and for how long. It takes over which things exist from the outcomes.
struct SessionModel {
  private static let sessionLength: Int64 = 30 * 86_400_000
  private static let sessionsAtOnce = 100

  var coverage = Coverage()
  var lives = Lives()
  private var attempts = AttemptModel()
  private var people: [UserID: Person] = [:]
  private var addresses: [String: UserID] = [:]
  /// Those that live.
  private var sessions: [SessionID: Session] = [:]
  private var resets = MailedTokens(length: 3_600_000)
  private var proofs = MailedTokens(length: 86_400_000)

  private struct Person {
    var email: String
    /// Of the password; nil if there is none.
    var hash: String?
    /// Whether somebody else has chosen the password, and knows it.
    var isImposed: Bool
    /// Whether the user has shown to read the mail that comes to the address.
    var isProven = false

    /// Whether somebody else may have had the account until a password is set.
    func mayBeAnothers(ifThatProves proves: Bool) -> Bool {
      hash != nil && (isImposed || proves && !isProven)
    }
  }

  private struct Session {
    var user: UserID
    /// The only one whose refresh token is good.
    var generation: Int64 = 1
    var end: Int64
  }

  // MARK: People

  /// - Parameter isImposed: Whether somebody else has chosen the password, if there is one.
  mutating func add(_ id: UserID, email: String, hash: String?, isImposed: Bool) {
    people[id] = Person(email: email, hash: hash, isImposed: isImposed && hash != nil)
    addresses[email] = id
  }

  /// A user registers, or shows in another way where they are.
  mutating func isAt(_ network: AttemptSubject?, _ id: UserID, at clock: Int64) {
    if let person = people[id] { attempts.isAt(network, person.email, at: clock) }
  }

  /// Whether all that the user has made ends with the password that is set now.
  func mayBeAnothers(_ id: UserID, ifThatProves proves: Bool) -> Bool {
    people[id]?.mayBeAnothers(ifThatProves: proves) ?? false
  }

  func user(at email: String) -> UserID? { addresses[email] }

  // MARK: Time

  /// What has run out ends by itself.
  mutating func expire(at clock: Int64, _ index: UInt64) {
    for (id, session) in sessions where session.end <= clock { end(id, at: index) }
    resets.expire(at: clock)
    proofs.expire(at: clock)
  }

  private mutating func end(_ id: SessionID, at index: UInt64) {
    sessions[id] = nil
    lives.end(id.rawValue, at: index)
  }

  // MARK: Who acts

  func isAlive(_ id: SessionID) -> Bool { sessions[id] != nil }

  /// The user who acts, if one does.
  func user(of actor: Actor) -> UserID? {
    switch actor {
    case .user(let id): id
    case .session(let id): sessions[id]?.user
    case .anonymous, .node, .operator, .apiKey: nil
    }
  }

  // MARK: Sessions

  mutating func began(_ id: SessionID, of user: UserID, at clock: Int64, _ index: UInt64) {
    coverage.count(.sessionsOpened)
    // The ones that were renewed longest ago make room.
    let known = sessions.filter { $0.value.user == user }.sorted { left, right in
      (right.value.end, right.key.rawValue) < (left.value.end, left.key.rawValue)
    }
    for (id, _) in known.dropFirst(Self.sessionsAtOnce - 1) { end(id, at: index) }
    sessions[id] = Session(user: user, end: clock + Self.sessionLength)
    lives.begin(id.rawValue, at: index)
  }

  mutating func opened(
    _ command: OpenSession, _ session: CloudState.Session, by actor: Actor, at clock: Int64,
    _ index: UInt64
  ) -> Finding? {
    guard isRight(command, by: actor), session.userID == command.userID, session.generation == 1
    else { return wrong("\(command.session.id) was opened without the password that is in force") }
    began(session.id, of: session.userID, at: clock, index)
    if let person = people[command.userID] {
      attempts.loggedIn(person.email, from: command.network, at: clock)
    }
    return nil
  }

  private func isRight(_ command: OpenSession, by actor: Actor) -> Bool {
    actor == .user(command.userID) && people[command.userID]?.hash == command.passwordHash
  }

  /// Each generation is good once.
  mutating func renewed(
    _ command: RefreshSession, _ session: CloudState.Session, by actor: Actor, at clock: Int64
  ) -> Finding? {
    coverage.count(.sessionsRenewed)
    guard actor == .session(command.id), let known = sessions[command.id] else {
      return wrong("\(command.id) was renewed, and has ended")
    }
    guard command.generation == known.generation, session.generation == known.generation + 1 else {
      return wrong(
        "\(command.id) was renewed with generation \(command.generation), and only "
          + "\(known.generation) is good")
    }
    sessions[command.id]?.generation += 1
    sessions[command.id]?.end = clock + Self.sessionLength
    return nil
  }

  /// A copy was used: nobody can tell by whom.
  mutating func reused(_ command: RefreshSession, by actor: Actor, at index: UInt64) -> Finding? {
    coverage.count(.sessionsReused)
    guard actor == .session(command.id), let known = sessions[command.id],
      command.generation < known.generation
    else { return wrong("\(command.id) ended for a refresh token that was not used before") }
    end(command.id, at: index)
    return nil
  }

  mutating func closed(
    _ command: CloseSession, _ count: Int64, by actor: Actor, at index: UInt64
  ) -> Finding? {
    coverage.count(.sessionsClosed)
    guard let user = user(of: actor), sessions[command.id]?.user == user else {
      return wrong("\(command.id) was ended by somebody else, or had ended")
    }
    guard command.everywhere else {
      end(command.id, at: index)
      return count == 1 ? nil : wrong("\(count) sessions were ended instead of \(command.id)")
    }
    // Some that ran out may not be removed yet.
    let ended = endAll(of: user, at: index)
    return ended <= count ? nil : wrong("\(count) of \(ended) sessions were ended")
  }

  @discardableResult
  private mutating func endAll(
    of user: UserID, except kept: SessionID? = nil, at index: UInt64
  ) -> Int64 {
    let ended = sessions.filter { $0.value.user == user && $0.key != kept }.map(\.key)
    for id in ended { end(id, at: index) }
    return Int64(ended.count)
  }

  // MARK: Passwords

  mutating func changed(
    _ command: ChangePassword, _ user: UserID, by actor: Actor, at index: UInt64
  ) -> Finding? {
    coverage.count(.passwordsChanged)
    guard case .session(let session) = actor, sessions[session]?.user == user,
      people[user]?.hash == command.current
    else { return wrong("\(user)'s password was changed without a session or the present one") }
    set(command.new, of: user, keeping: session, proving: false, at: index)
    return nil
  }

  /// Sessions and tokens end that may be those of whoever knew the old one.
  private mutating func set(
    _ hash: String, of user: UserID, keeping session: SessionID?, proving proves: Bool,
    at index: UInt64
  ) {
    if let person = people[user] {
      attempts.forgive(person.email)
      if person.mayBeAnothers(ifThatProves: proves) { attempts.forgetLogins(of: person.email) }
    }
    people[user]?.hash = hash
    people[user]?.isImposed = false
    if proves { prove(user) }
    resets.endAll(of: user)
    endAll(of: user, except: session, at: index)
  }

  mutating func upgraded(_ command: UpgradePasswordHash, by actor: Actor) -> Finding? {
    coverage.count(.passwordHashesUpgraded)
    guard actor == .user(command.userID), people[command.userID]?.hash == command.current else {
      return wrong("\(command.userID)'s password was kept in another form, and is another")
    }
    people[command.userID]?.hash = command.new
    return nil
  }

  mutating func requested(
    _ command: RequestPasswordReset, _ reset: PasswordReset?, at clock: Int64
  ) -> Finding? {
    var user: UserID?
    switch command.subject {
    case .email(let email):
      user = addresses[email].flatMap { resets.hasRoom(for: $0) ? $0 : nil }
      if let known = user, !resets.takeMail(to: known, at: clock) {
        coverage.count(.resetMailsRefused)
        user = nil
      }
    case .user(let id):
      user = id
      resets.makeRoom(for: id)
    }
    guard reset?.userID == user else {
      return wrong(
        "a token was made for \(reset?.userID.rawValue ?? "nobody"), expected was "
          + (user?.rawValue ?? "nobody"))
    }
    guard let user else { return nil }
    coverage.count(.resetsRequested)
    resets.make(command.tokenHash, for: user, at: clock)
    return nil
  }

  mutating func reset(
    _ command: ResetPassword, _ user: UserID, at clock: Int64, _ index: UInt64
  ) -> Finding? {
    coverage.count(.passwordsReset)
    guard resets.owner(of: command.tokenHash) == user else {
      return wrong("\(user)'s password was set by a token that was used, has run out, or never was")
    }
    set(command.passwordHash, of: user, keeping: nil, proving: true, at: index)
    isAt(command.network, user, at: clock)
    return nil
  }

  // MARK: Proofs of addresses

  mutating func asked(
    _ command: RequestEmailVerification, _ verification: EmailVerification, by actor: Actor,
    at clock: Int64
  ) -> Finding? {
    coverage.count(.proofsRequested)
    guard let user = user(of: actor), verification.userID == user, people[user]?.isProven == false,
      proofs.takeMail(to: user, at: clock)
    else { return wrong("a proof was mailed to \(verification.userID), who may have none") }
    proofs.makeRoom(for: user)
    proofs.make(command.tokenHash, for: user, at: clock)
    return nil
  }

  mutating func proved(_ command: VerifyEmail, _ user: UserID, by actor: Actor) -> Finding? {
    coverage.count(.addressesProven)
    guard self.user(of: actor) == user, proofs.owner(of: command.tokenHash) == user,
      people[user]?.isImposed == false
    else { return wrong("the address of \(user) was proven by what proves nothing") }
    prove(user)
    return nil
  }

  private mutating func prove(_ user: UserID) {
    people[user]?.isProven = true
    proofs.endAll(of: user)
  }

  // MARK: Attempts

  mutating func counted(_ command: CountAttempt, at clock: Int64) -> Finding? {
    coverage.count(.attemptsCounted)
    if let until = attempts.refusal(of: command, at: clock) {
      return wrong("an attempt was let through at \(clock), and none may be made before \(until)")
    }
    attempts.count(command, at: clock)
    return nil
  }

  // MARK: Refusals

  /// Nobody is refused who shows what is good.
  mutating func refused(
    _ command: Command, _ rejection: Rejection, by actor: Actor, at clock: Int64
  ) -> Finding? {
    switch (command, rejection) {
    case (.openSession(let command), .unauthenticated):
      coverage.count(.passwordsOutdated)
      return isRight(command, by: actor) ? wrong("a login with the password was refused") : nil
    case (.refreshSession(let command), .unauthenticated):
      coverage.count(.refreshesRefused)
      guard actor == .session(command.id), let session = sessions[command.id],
        command.generation <= session.generation
      else { return nil }
      return wrong("\(command.id) lives, and its refresh token was refused")
    case (.closeSession(let command), .unauthenticated),
      (.closeSession(let command), .notFound(.session)):
      guard let user = user(of: actor), sessions[command.id]?.user == user else { return nil }
      return wrong("\(command.id) lives, and its user could not end it")
    case (.changePassword(let command), .unauthenticated),
      (.changePassword(let command), .conflict(.passwordChanged)):
      coverage.count(.passwordsOutdated)
      guard case .session = actor, let user = user(of: actor),
        people[user]?.hash == command.current
      else { return nil }
      return wrong("\(user) could not change the password")
    case (.resetPassword(let command), .notFound(.passwordReset)):
      coverage.count(.resetTokensRefused)
      return resets.owner(of: command.tokenHash) == nil
        ? nil : wrong("a token that is good was refused")
    case (.requestEmailVerification, .rateLimited(let until)):
      coverage.count(.proofsRefused)
      guard let user = user(of: actor) else { return wrong("nobody was told to wait for a proof") }
      let wait = proofs.wait(of: user, at: clock)
      return wait > 0 && until.milliseconds == clock + wait
        ? nil : wrong("\(user) was told to wait until \(until) for another proof")
    case (.requestEmailVerification, .conflict(.emailVerified)):
      return user(of: actor).flatMap { people[$0] }?.isProven == true
        ? nil : wrong("an address is said to be proven, and nobody has proven it")
    case (.verifyEmail(let command), .notFound(.emailVerification)):
      coverage.count(.proofsRefused)
      guard let user = user(of: actor), proofs.owner(of: command.tokenHash) == user else {
        return nil
      }
      return wrong("a proof of \(user)'s address was refused that is good")
    case (.countAttempt(let command), .rateLimited(let until)):
      coverage.count(.attemptsRefused)
      let due = attempts.refusal(of: command, at: clock)
      return due == until.milliseconds
        ? nil
        : wrong(
          "an attempt was refused until \(until.milliseconds), and may be made "
            + (due.map { "from \($0) on" } ?? "at once"))
    default: return nil
    }
  }

  private func wrong(_ details: String) -> Finding {
    Finding(property: .sessions, details: details)
  }
}
