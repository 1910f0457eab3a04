import Foundation
import Testing

@testable import CloudState

/// A store in a folder of its own, and what a proposer adds to each command: index, stamp, request.
final class Proposer {
  let directory: TestDirectory
  private(set) var store: StateStore
  private(set) var now: Timestamp
  private var requests: UInt64 = 0

  init(at start: Timestamp = .june(10)) throws {
    directory = try TestDirectory()
    store = try StateStore(directory: directory.path, trustExistingFile: false)
    now = start
  }

  var view: StateReader { store.makeReader() }

  func advance(milliseconds: Int64) {
    now = now.adding(milliseconds: milliseconds)
  }

  func jump(to moment: Timestamp) {
    now = moment
  }

  func envelope(
    _ command: some TypedCommand, by actor: Actor, retention: OutcomeRetention = .retry
  ) throws -> CommandEnvelope {
    requests += 1
    return CommandEnvelope(
      requestID: try requestID(requests), stampedAt: now, actor: actor, retention: retention,
      command: command.command)
  }

  @discardableResult
  func propose<Payload: TypedCommand>(
    _ command: Payload, by actor: Actor = .operator(name: "ops")
  ) throws -> Payload.Success {
    try apply(envelope(command, by: actor)).value(of: Payload.self)
  }

  /// Each command's outcome, all of them applied in one batch.
  func batch(_ envelopes: [CommandEnvelope]) throws -> [Outcome] {
    let first = store.lastApplied.index + 1
    let records = try envelopes.enumerated().map { offset, envelope in
      CommandRecord(index: first + UInt64(offset), term: 1, payload: try envelope.encoded())
    }
    return try store.apply(records).map { try Outcome(decoding: $0) }
  }

  func apply(_ envelope: CommandEnvelope) throws -> Outcome {
    try #require(try batch([envelope]).first)
  }

  func apply(raw payload: [UInt8]) throws -> Outcome {
    let record = CommandRecord(
      index: store.lastApplied.index + 1, term: 1, payload: payload)
    return try Outcome(decoding: try #require(try store.apply([record]).first))
  }

  /// A user with a workspace of the given plan.
  func tenant(
    _ name: String, plan: PlanID = .free, settings: WorkspaceSettings = WorkspaceSettings()
  ) throws -> (user: User, workspace: Workspace) {
    let (user, workspace) = try propose(
      CreateUser(
        user: newUser(name),
        workspace: NewWorkspace(
          id: WorkspaceID(rawValue: "ws_" + name), name: name, planID: plan, settings: settings)))
    return (user, try #require(workspace))
  }

  /// Has a user prove the address with a token from the operator, and keep the password.
  func prove(_ user: User) throws -> User {
    let token = try hash(250)
    try propose(RequestPasswordReset(subject: .user(user.id), tokenHash: token))
    try propose(
      ResetPassword(tokenHash: token, passwordHash: newUser(user.name).passwordHash ?? ""),
      by: .anonymous)
    return try #require(try view.read { try $0.user(user.id) })
  }

  /// A session of a user's.
  func session(_ name: String, of user: User) throws -> Actor {
    let known = try #require(try view.read { try $0.user(user.id) })
    let session = try propose(
      OpenSession(
        userID: user.id,
        session: NewSession(
          id: SessionID(rawValue: "ses_" + name), key: [UInt8](repeating: 1, count: 32)),
        passwordHash: try #require(known.passwordHash)), by: .user(user.id))
    return .session(session.id)
  }

  /// Adds a member with the given role.
  func member(_ name: String, _ role: Role, in workspace: Workspace) throws -> User {
    try propose(AddMember(workspaceID: workspace.id, user: newUser(name), role: role)).member.user
  }

  func reserve(
    _ rows: Int64, in workspace: Workspace, id: String, for milliseconds: Int64 = 60_000
  ) -> ReserveRows {
    ReserveRows(
      workspaceID: workspace.id, id: ReservationID(rawValue: "rsv_" + id), rows: rows,
      expiresAt: now.adding(milliseconds: milliseconds))
  }

  func settle(
    _ rows: Int64, in workspace: Workspace, id: String, analysis: String? = nil
  ) -> SettleReservation {
    SettleReservation(
      workspaceID: workspace.id, id: ReservationID(rawValue: "rsv_" + id), rows: rows,
      analysisID: AnalysisID(rawValue: "an_" + (analysis ?? id)))
  }

  func rows(of workspace: Workspace, in month: Month? = nil) throws -> RowUsage {
    let month = month ?? Month(containing: now)
    return try #require(try view.read { try $0.rowUsage(of: workspace.id, in: month) })
  }
}

func newUser(_ name: String) -> NewUser {
  NewUser(
    id: UserID(rawValue: "usr_" + name), email: "\(name)@example.org", name: name,
    passwordHash: "scrypt$15$8$1$c2FsdA$aGFzaA")
}

func hash(_ byte: UInt8) throws -> SecretHash {
  try #require(SecretHash(repeatElement(byte, count: 32)))
}

func requestID(_ number: UInt64) throws -> RequestID {
  try #require(
    RequestID(withUnsafeBytes(of: (number.bigEndian, number.bigEndian)) { Array($0) }))
}

extension Proposer {
  /// A login of a user who has a password.
  func open(_ name: String, of user: User) throws -> Session {
    let hash = try #require(try view.read { try $0.user(user.id)?.passwordHash })
    return try propose(
      OpenSession(
        userID: user.id,
        session: NewSession(
          id: SessionID(rawValue: "ses_" + name), key: [UInt8](repeating: 1, count: 32)),
        passwordHash: hash), by: .user(user.id))
  }
}

extension Timestamp {
  /// Noon of a day in June 2026.
  static func june(_ day: Int64) -> Timestamp {
    Timestamp(milliseconds: 1_780_272_000_000 + (day - 1) * 86_400_000 + 43_200_000)
  }
}

/// A folder that goes with the test.
final class TestDirectory {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("cloud-state-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers for the same seed, on every machine.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
