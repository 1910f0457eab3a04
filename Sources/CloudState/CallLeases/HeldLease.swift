/// A lease as its holder has it: `0 <= open <= spent <= calls`.
struct HeldLease: Hashable {
  let lease: CallLease
  /// Calls let through, but for those that came to nothing.
  private(set) var spent: Int64 = 0
  /// Calls let through that have not ended: each may come to nothing.
  private var open: Int64 = 0
  private var lastCall: Int64 = 0
  /// Whether the cluster may have been told how many calls were made: that does not change any more.
  private(set) var isTold = false
  /// The workspace's when the lease was granted.
  let limit: Int64?
  /// What the workspace had left when the lease was granted, besides the lease.
  private let remainder: Int64?

  /// How long before its end a lease is no longer spent, in milliseconds: time to return it in.
  static let margin: Int64 = 5_000
  /// For how long after the last call it is waited for calls to end, in milliseconds.
  static let patience: Int64 = 10_000

  init(_ grant: CallGrant) {
    lease = grant.lease
    limit = grant.limit
    remainder = grant.limit.map { max(0, $0 - grant.used) }
  }

  /// Whether calls may still be taken from it: neither near its end nor beyond its day, whose quota
  /// it is a part of.
  func holds(at clock: Timestamp) -> Bool {
    clock < lease.expiresAt.adding(milliseconds: -Self.margin) && clock < lease.day.end
  }

  /// Whether it can be said how many calls were made: all have ended, or it is too late to wait.
  func isSettled(at moment: CallMoment) -> Bool {
    open == 0 || !holds(at: moment.clock) || moment.uptime - lastCall >= Self.patience
  }

  mutating func spend(at uptime: Int64) {
    spent += 1
    open += 1
    lastCall = uptime
  }

  mutating func end(counts: Bool) {
    open -= 1
    if !counts, !isTold { spent -= 1 }
  }

  mutating func tell() { isTold = true }

  var isSpent: Bool { spent >= lease.calls }

  var receipt: CallReceipt {
    CallReceipt(
      workspaceID: lease.workspaceID, leaseID: lease.id, limit: limit,
      remaining: remainder.map { $0 + lease.calls - spent }, resetsAt: lease.day.end)
  }

  var settlement: CallReturn { CallReturn(id: lease.id, spent: spent) }
}
