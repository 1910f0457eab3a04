extension StateView {
  /// The API calls of a workspace on a day; nothing if there is no such workspace.
  public func callUsage(of workspaceID: WorkspaceID, on day: Day) throws -> CallUsage? {
    guard let workspace = try connection.workspace(workspaceID) else { return nil }
    return CallUsage(
      day: day, count: try connection.callCount(of: workspaceID, on: day),
      limit: try connection.limits(of: workspace).maxAPICalls)
  }

  /// What a workspace may use, by its plan as it stands.
  public func limits(of workspace: Workspace) throws -> Limits {
    try connection.limits(of: workspace)
  }

  /// What was billed to a workspace in a month, oldest first.
  public func ledger(
    of workspaceID: WorkspaceID, in month: Month, after cursor: PageCursor? = nil, limit: Int = 100
  ) throws -> Page<LedgerRecord> {
    let items = try connection.all(
      """
      SELECT * FROM ledger
      WHERE workspace_id = ?1 AND month = ?2 AND (settled_at, analysis_id) > (?3, ?4)
      ORDER BY settled_at, analysis_id LIMIT ?5
      """, workspaceID, month, cursor.lowestTime, cursor.lowestID, readAhead(limit)
    ) { LedgerRecord($0) }
    return Page(items, limit: limit) { PageCursor(time: $0.settledAt, id: $0.analysisID.rawValue) }
  }
}

/// The calls of a workspace on a day, by what is known of them.
public struct CallCount: Hashable, Sendable {
  /// Made, or lost with the node that held them.
  public var spent: Int64
  /// Leased to nodes: made since, or not yet.
  public var outstanding: Int64

  /// What cannot be leased any more.
  public var taken: Int64 { spent + outstanding }
}

/// The API calls of a workspace on a day, against its limit.
public struct CallUsage: Hashable, Sendable {
  /// Which day.
  public var day: Day
  /// What is spent and what is leased.
  public var count: CallCount
  /// The most there may be of both; nothing means unlimited.
  public var limit: Int64?
}
