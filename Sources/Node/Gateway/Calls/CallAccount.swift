import CloudState

/// The workspace that a call counts for, as the state had it when the call was let in.
struct CallAccount: Sendable {
  var workspaceID: WorkspaceID
  /// The most calls there may be a day; nothing means unlimited.
  var limit: Int64?
  /// The state's clock.
  var clock: Timestamp

  /// Nothing for calls that count for nobody: those of operators, and those about no workspace.
  init?(
    _ caller: Caller, _ access: WorkspaceAccess?, in view: borrowing StateView
  ) throws {
    guard caller.user != nil, let workspace = access?.workspace else { return nil }
    workspaceID = workspace.id
    limit = try view.limits(of: workspace).maxAPICalls
    clock = view.position.clock
  }
}
