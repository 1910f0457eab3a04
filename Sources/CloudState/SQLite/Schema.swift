/// The tables of the state. Every member has the same rows in them at the same applied index.
///
/// A change of the schema raises ``version``: a file of another version is discarded and rebuilt
/// from snapshot and log. The built-in plans are part of the schema; an operator may define them anew.
enum Schema {
  /// Kept in `PRAGMA application_id`: "Cln1".
  static let applicationID: Int64 = 0x436c_6e31
  /// Kept in `PRAGMA user_version`.
  static let version: Int64 = 3

  struct Table {
    let name: String
    /// The columns of the primary key, by which the rows are ordered in a snapshot.
    let key: String
    let definition: String
    /// A table with one integer key is a rowid table by nature; the others are their own index.
    var hasRowID = false
  }

  /// In the order of a snapshot. Columns are read by position, so new ones go last.
  static let tables: [Table] = [
    Table(
      name: "position", key: "id",
      definition: """
        id INTEGER PRIMARY KEY CHECK (id = 1),
        applied_index INTEGER NOT NULL,
        applied_term INTEGER NOT NULL,
        clock INTEGER NOT NULL,
        digest BLOB NOT NULL CHECK (length(digest) = 32)
        """, hasRowID: true),
    Table(
      name: "cluster", key: "id",
      definition: """
        id INTEGER PRIMARY KEY CHECK (id = 1),
        cluster_id TEXT NOT NULL,
        secret BLOB NOT NULL CHECK (length(secret) = 32)
        """, hasRowID: true),
    Table(
      name: "signing_keys", key: "id",
      definition: """
        id TEXT NOT NULL PRIMARY KEY,
        private_key BLOB NOT NULL,
        created_at INTEGER NOT NULL,
        retired_at INTEGER
        """),
    Table(
      name: "admin_tokens", key: "member_name",
      definition: """
        member_name TEXT NOT NULL PRIMARY KEY,
        hash BLOB NOT NULL,
        registered_at INTEGER NOT NULL,
        member_id INTEGER NOT NULL
        """),
    Table(
      name: "plans", key: "id",
      definition: """
        id TEXT NOT NULL PRIMARY KEY,
        max_rows INTEGER,
        max_api_calls INTEGER,
        max_users INTEGER,
        max_datasets INTEGER,
        retention_days INTEGER NOT NULL,
        monthly_price_cents INTEGER,
        all_features INTEGER NOT NULL
        """),
    Table(
      name: "users", key: "id",
      definition: """
        id TEXT NOT NULL PRIMARY KEY,
        email TEXT NOT NULL,
        name TEXT NOT NULL,
        password_hash TEXT,
        created_at INTEGER NOT NULL,
        email_verified_at INTEGER,
        must_change_password INTEGER NOT NULL
        """),
    Table(
      name: "sessions", key: "id",
      definition: """
        id TEXT NOT NULL PRIMARY KEY,
        user_id TEXT NOT NULL,
        generation INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        refreshed_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        key BLOB NOT NULL CHECK (length(key) = 32)
        """),
    Table(
      name: "password_resets", key: "token_hash",
      definition: """
        token_hash BLOB NOT NULL PRIMARY KEY,
        user_id TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL
        """),
    Table(
      name: "email_verifications", key: "token_hash",
      definition: """
        token_hash BLOB NOT NULL PRIMARY KEY,
        user_id TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL
        """),
    // Who has tried something lately; a row that is full by now says nothing.
    Table(
      name: "attempts", key: "subject",
      definition: """
        subject BLOB NOT NULL PRIMARY KEY,
        full_at INTEGER NOT NULL
        """),
    // Where users have logged in lately.
    Table(
      name: "familiar_networks", key: "account, network",
      definition: """
        account BLOB NOT NULL,
        network BLOB NOT NULL,
        seen_at INTEGER NOT NULL,
        PRIMARY KEY (account, network)
        """),
    Table(
      name: "workspaces", key: "id",
      definition: """
        id TEXT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        plan_id TEXT NOT NULL,
        max_rows INTEGER,
        max_api_calls INTEGER,
        max_users INTEGER,
        max_datasets INTEGER,
        retention_days INTEGER,
        created_at INTEGER NOT NULL,
        member_count INTEGER NOT NULL,
        owner_count INTEGER NOT NULL CHECK (owner_count BETWEEN 1 AND member_count),
        active_keys INTEGER NOT NULL CHECK (active_keys >= 0),
        open_reservations INTEGER NOT NULL CHECK (open_reservations >= 0),
        revision INTEGER NOT NULL,
        made_by TEXT,
        set_by_operator INTEGER NOT NULL
        """),
    // Workspaces that were deleted, until the last of what belonged to them is.
    Table(
      name: "deleted_workspaces", key: "id",
      definition: """
        id TEXT NOT NULL PRIMARY KEY,
        deleted_at INTEGER NOT NULL
        """),
    Table(
      name: "memberships", key: "workspace_id, user_id",
      definition: """
        workspace_id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        role TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        PRIMARY KEY (workspace_id, user_id)
        """),
    Table(
      name: "invitations", key: "id",
      definition: """
        id TEXT NOT NULL PRIMARY KEY,
        workspace_id TEXT NOT NULL,
        email TEXT NOT NULL,
        role TEXT NOT NULL,
        invited_by TEXT,
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        token_hash BLOB NOT NULL,
        makers TEXT NOT NULL,
        is_mailed INTEGER NOT NULL
        """),
    Table(
      name: "api_keys", key: "id",
      definition: """
        id TEXT NOT NULL PRIMARY KEY,
        workspace_id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        name TEXT NOT NULL,
        scopes INTEGER NOT NULL,
        secret_hash BLOB NOT NULL,
        created_at INTEGER NOT NULL,
        expires_at INTEGER,
        revoked_at INTEGER,
        last_used_at INTEGER,
        replaced_by TEXT,
        makers TEXT NOT NULL
        """),
    Table(
      name: "usage", key: "workspace_id, month",
      definition: """
        workspace_id TEXT NOT NULL,
        month INTEGER NOT NULL,
        used INTEGER NOT NULL CHECK (used >= 0),
        reserved INTEGER NOT NULL CHECK (reserved >= 0),
        analyses INTEGER NOT NULL,
        PRIMARY KEY (workspace_id, month)
        """),
    Table(
      name: "reservations", key: "id",
      definition: """
        id TEXT NOT NULL PRIMARY KEY,
        workspace_id TEXT NOT NULL,
        user_id TEXT,
        purpose TEXT NOT NULL,
        month INTEGER NOT NULL,
        rows INTEGER NOT NULL,
        expires_at INTEGER NOT NULL
        """),
    // What was billed. Rows are only ever added: an analysis may be deleted, its bill may not.
    Table(
      name: "ledger", key: "analysis_id",
      definition: """
        analysis_id TEXT NOT NULL PRIMARY KEY,
        reservation_id TEXT NOT NULL,
        workspace_id TEXT NOT NULL,
        month INTEGER NOT NULL,
        rows INTEGER NOT NULL,
        settled_at INTEGER NOT NULL
        """),
    Table(
      name: "call_usage", key: "workspace_id, day",
      definition: """
        workspace_id TEXT NOT NULL,
        day INTEGER NOT NULL,
        spent INTEGER NOT NULL CHECK (spent >= 0),
        outstanding INTEGER NOT NULL CHECK (outstanding >= 0),
        PRIMARY KEY (workspace_id, day)
        """),
    Table(
      name: "call_leases", key: "id",
      definition: """
        id TEXT NOT NULL PRIMARY KEY,
        workspace_id TEXT NOT NULL,
        day INTEGER NOT NULL,
        holder TEXT NOT NULL,
        calls INTEGER NOT NULL CHECK (calls > 0),
        expires_at INTEGER NOT NULL
        """),
    Table(
      name: "analyses", key: "id",
      definition: """
        id TEXT NOT NULL PRIMARY KEY,
        workspace_id TEXT NOT NULL,
        user_id TEXT,
        name TEXT NOT NULL,
        purpose TEXT NOT NULL,
        status TEXT NOT NULL,
        rows INTEGER NOT NULL,
        month INTEGER NOT NULL,
        quality_score REAL,
        created_at INTEGER NOT NULL
        """),
    Table(
      name: "requests", key: "request_id",
      definition: """
        request_id BLOB NOT NULL PRIMARY KEY,
        expires_at INTEGER NOT NULL,
        fingerprint BLOB,
        outcome BLOB NOT NULL,
        salt BLOB
        """),
    // Named after the log index of the command that did it: the newest has the highest.
    Table(
      name: "audit", key: "id",
      definition: """
        id INTEGER PRIMARY KEY,
        workspace_id TEXT,
        at INTEGER NOT NULL,
        actor_kind TEXT NOT NULL,
        actor_id TEXT NOT NULL,
        user_id TEXT,
        action TEXT NOT NULL,
        target TEXT NOT NULL,
        outcome TEXT NOT NULL,
        address TEXT NOT NULL,
        request_name TEXT NOT NULL
        """, hasRowID: true),
  ]

  /// Made after the rows of a snapshot are in, which is faster than keeping them up to date.
  static let indexes = """
    CREATE INDEX admin_tokens_by_hash ON admin_tokens (hash);
    CREATE UNIQUE INDEX users_by_email ON users (email);
    CREATE INDEX sessions_by_user ON sessions (user_id, refreshed_at, id);
    CREATE INDEX sessions_by_expiry ON sessions (expires_at, id);
    CREATE INDEX password_resets_by_user ON password_resets (user_id, created_at, token_hash);
    CREATE INDEX password_resets_by_expiry ON password_resets (expires_at, token_hash);
    CREATE INDEX email_verifications_by_user ON email_verifications (
      user_id, created_at, token_hash);
    CREATE INDEX email_verifications_by_expiry ON email_verifications (expires_at, token_hash);
    CREATE INDEX attempts_by_fullness ON attempts (full_at, subject);
    CREATE INDEX familiar_networks_by_account ON familiar_networks (account, seen_at, network);
    CREATE INDEX familiar_networks_by_age ON familiar_networks (seen_at, account, network);
    CREATE UNIQUE INDEX invitations_by_token ON invitations (token_hash);
    CREATE UNIQUE INDEX invitations_by_address ON invitations (workspace_id, email);
    CREATE INDEX invitations_by_workspace ON invitations (workspace_id, created_at, id);
    CREATE INDEX invitations_by_expiry ON invitations (expires_at, id);
    CREATE INDEX workspaces_by_age ON workspaces (created_at, id);
    CREATE INDEX workspaces_by_maker ON workspaces (made_by, plan_id) WHERE made_by IS NOT NULL;
    CREATE INDEX memberships_by_user ON memberships (user_id, created_at, workspace_id);
    CREATE INDEX memberships_of_owners ON memberships (workspace_id, user_id) WHERE role = 'owner';
    CREATE INDEX api_keys_by_workspace ON api_keys (workspace_id, created_at, id);
    CREATE INDEX api_keys_not_revoked ON api_keys (workspace_id, created_at, id)
      WHERE revoked_at IS NULL;
    CREATE INDEX api_keys_by_member ON api_keys (workspace_id, user_id) WHERE revoked_at IS NULL;
    CREATE INDEX api_keys_known_to_others ON api_keys (workspace_id, id)
      WHERE revoked_at IS NULL AND makers <> '';
    CREATE INDEX api_keys_by_expiry ON api_keys (expires_at, id)
      WHERE revoked_at IS NULL AND expires_at IS NOT NULL;
    CREATE INDEX api_keys_by_revocation ON api_keys (revoked_at, id) WHERE revoked_at IS NOT NULL;
    CREATE INDEX reservations_by_workspace ON reservations (workspace_id, expires_at, id);
    CREATE INDEX reservations_by_expiry ON reservations (expires_at, id);
    CREATE UNIQUE INDEX ledger_by_reservation ON ledger (reservation_id);
    CREATE INDEX ledger_by_workspace ON ledger (workspace_id, month, settled_at, analysis_id);
    CREATE INDEX call_usage_by_day ON call_usage (day, workspace_id);
    CREATE INDEX call_leases_by_workspace ON call_leases (workspace_id, expires_at, id);
    CREATE INDEX call_leases_by_expiry ON call_leases (expires_at, id);
    CREATE INDEX analyses_by_workspace ON analyses (workspace_id, created_at, id);
    CREATE INDEX audit_by_workspace ON audit (workspace_id, id);
    CREATE INDEX audit_of_accounts ON audit (user_id, id)
      WHERE workspace_id IS NULL AND user_id IS NOT NULL;
    CREATE INDEX audit_by_age ON audit (at, id);
    CREATE INDEX requests_by_expiry ON requests (expires_at, request_id);
    """

  /// Makes the tables, without rows and indexes.
  static func createTables(on connection: Connection) throws {
    for table in tables {
      let form = table.hasRowID ? "" : ", WITHOUT ROWID"
      try connection.execute("CREATE TABLE \(table.name) (\(table.definition)) STRICT\(form)")
    }
  }

  /// Makes an empty state at index 0.
  static func createState(on connection: Connection) throws {
    try createTables(on: connection)
    try connection.execute(indexes)
    for plan in Plan.builtIn {
      try connection.run(
        "INSERT INTO plans VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        plan.id, plan.maxRows, plan.maxAPICalls, plan.maxUsers, plan.maxDatasets,
        plan.retentionDays, plan.monthlyPriceCents, Int64(plan.allFeatures ? 1 : 0))
    }
    try connection.run(
      "INSERT INTO position VALUES (1, 0, 0, 0, ?)", [UInt8](repeating: 0, count: 32))
    try connection.execute(
      "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
  }

  static func dropTables(on connection: Connection) throws {
    for table in tables { try connection.execute("DROP TABLE \(table.name)") }
  }
}

extension Plan {
  static let builtIn: [Plan] = [
    Plan(
      id: .free, maxRows: 10_000, maxAPICalls: 100, maxUsers: 1, maxDatasets: 10,
      retentionDays: 7, monthlyPriceCents: 0, allFeatures: false),
    Plan(
      id: .professional, maxRows: 1_000_000, maxAPICalls: 10_000, maxUsers: 10,
      maxDatasets: 100, retentionDays: 90, monthlyPriceCents: 9_900, allFeatures: true),
    Plan(
      id: .enterprise, maxRows: nil, maxAPICalls: nil, maxUsers: nil, maxDatasets: 1_000,
      retentionDays: 365, monthlyPriceCents: nil, allFeatures: true),
  ]
}
