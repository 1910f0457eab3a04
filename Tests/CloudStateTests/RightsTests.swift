import TenantLog
import Testing

@testable import CloudState

/// Nodes wait with the answer to what takes rights away, and learn from the effect that it does.
@Suite struct RightsTests {
  /// Who may do something, and how much of it.
  private struct Rights {
    /// A rank for each caller in each place; less is more.
    var ranks: [String: Int] = [:]

    init(in connection: Connection, at now: Timestamp) throws {
      let rows = try connection.all(
        """
        SELECT 'token ' || member_name || hex(hash), 0 FROM admin_tokens
        UNION ALL SELECT 'session ' || id, 0 FROM sessions WHERE expires_at > ?1
        UNION ALL SELECT 'session ' || s.id || ' ' || w.id, instr('owner,admin,analyst,viewer', m.role) FROM sessions s
          JOIN memberships m ON m.user_id = s.user_id JOIN workspaces w ON w.id = m.workspace_id
          WHERE s.expires_at > ?1
        UNION ALL SELECT 'key ' || k.id || ' ' || w.id, instr('owner,admin,analyst,viewer', m.role) FROM api_keys k
          JOIN memberships m ON m.user_id = k.user_id AND m.workspace_id = k.workspace_id
          JOIN workspaces w ON w.id = m.workspace_id
          WHERE k.revoked_at IS NULL AND coalesce(k.expires_at > ?1, 1)
        UNION ALL SELECT 'user ' || m.user_id || ' ' || w.id, instr('owner,admin,analyst,viewer', m.role) FROM memberships m
          JOIN workspaces w ON w.id = m.workspace_id
        """, now
      ) { (name: $0.text(0), rank: Int($0.integer(1))) }
      for row in rows { ranks[row.name] = row.rank }
    }

    /// Whether somebody can do less than with `earlier`.
    func areLess(than earlier: Rights) -> Bool {
      earlier.ranks.contains { name, rank in ranks[name].map { $0 > rank } ?? true }
    }
  }

  /// A state with the rights in it as they were last looked at.
  private final class Witness {
    let store: StateStore
    private let connection: Connection
    private(set) var losing: [Effect] = []

    init(store: StateStore, in directory: TestDirectory) throws {
      self.store = store
      connection = try Connection(path: directory.path + "/state.sqlite", access: .readOnly)
    }

    /// Compares before and after, both at the command's time: what merely runs out is known to all.
    func apply(_ entry: [UInt8]) throws {
      let stamp = CommandEnvelope(decoding: entry)?.stampedAt ?? Timestamp(milliseconds: 0)
      let now = max(stamp, try store.makeReader().read { $0.position.clock })
      let before = try Rights(in: connection, at: now)
      let outcomes = try store.apply([
        CommandRecord(index: store.lastApplied.index + 1, term: 3, payload: entry)
      ])
      guard try Rights(in: connection, at: now).areLess(than: before) else { return }
      losing.append(try Outcome(decoding: try #require(outcomes.first)).get())
    }

    /// The names of the effects by which somebody lost rights, each of which must say so.
    func kinds() -> Set<String> {
      for effect in losing { #expect(effect.takesRightsAway, "\(effect)") }
      return Set(losing.map { String("\($0)".prefix { $0 != "(" }) })
    }
  }

  @Test func everyEffectThatTakesRightsAwaySaysSo() throws {
    var kinds: Set<String> = []
    for seed in UInt64(21)...25 {
      let member = try Member()
      let witness = try Witness(store: member.store, in: member.directory)
      for entry in try RandomLog.entries(seed: seed, count: 1_500) { try witness.apply(entry) }
      kinds.formUnion(witness.kinds())
    }
    // What a log never had would prove nothing.
    #expect(
      kinds.isSuperset(of: ["sessionsClosed", "memberRemoved", "apiKeyRevoked", "workspaceDeleted"]
      ),
      "\(kinds.sorted())")
  }

  @Test func whatRandomLogsSeldomHaveSaysSoToo() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann", plan: .professional)
    let bob = try proposer.member("bob", .admin, in: workspace)
    let session = SessionID(rawValue: "ses_s")
    try proposer.propose(
      OpenSession(
        userID: ann.id, session: NewSession(id: session, key: [UInt8](repeating: 1, count: 32)),
        passwordHash: newUser("ann").passwordHash ?? "", network: nil), by: .user(ann.id))
    try proposer.propose(RefreshSession(id: session, generation: 1), by: .session(session))
    let key = try proposer.propose(
      CreateAPIKey(
        id: APIKeyID(rawValue: "key_k"), workspaceID: workspace.id, userID: ann.id, name: "k",
        scopes: .all, secretHash: try hash(1)), by: .user(ann.id))
    let witness = try Witness(store: proposer.store, in: proposer.directory)
    try witness.apply(
      proposer.envelope(
        ChangeRole(workspaceID: workspace.id, userID: bob.id, role: .viewer), by: .user(ann.id)
      ).encoded())
    try witness.apply(
      proposer.envelope(
        RotateAPIKey(
          workspaceID: workspace.id, id: key.id, newID: APIKeyID(rawValue: "key_n"),
          secretHash: try hash(2), overlap: 0), by: .user(ann.id)
      ).encoded())
    try witness.apply(
      proposer.envelope(RefreshSession(id: session, generation: 1), by: .session(session))
        .encoded())
    #expect(witness.kinds() == ["roleChanged", "apiKeyRotated", "sessionReused"])
  }
}
