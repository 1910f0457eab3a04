// Each workspace of the free plan has a quota of its own. How many of them a user makes is bounded, and how often
// another one: else a user's quota would have no bound, and one that is used up would be had anew for the deletion
// of a workspace.

extension Transition {
  /// Counts a workspace of the free plan that this user has just made.
  ///
  /// - Throws: `Rejection.overloaded` or `Rejection.rateLimited`, and then it is not made.
  func countWorkspace(madeBy userID: UserID) throws {
    guard try freeWorkspaces(madeBy: userID) <= StateLimits.freeWorkspaces else {
      throw Rejection.overloaded(.freeWorkspaces)
    }
    try require(AttemptBucket(subject: .workspaces(madeBy: userID), limit: .workspaces))
  }

  private func freeWorkspaces(madeBy userID: UserID) throws -> Int64 {
    try connection.first(
      "SELECT count(*) FROM workspaces WHERE made_by = ? AND plan_id = ?", userID, PlanID.free
    ) { $0.integer(0) } ?? 0
  }
}
