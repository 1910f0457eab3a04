/// A lease as its holder has it: `0 <= spent <= calls`.
struct HeldLease: Hashable {
  let lease: CallLease
  /// Calls let through.
  var spent: Int64 = 0
  private let limit: Int64?
  /// What the workspace had left when the lease was granted, besides the lease.
  private let remainder: Int64?

  /// How long before its end a lease is no longer spent, in milliseconds: time to return it in.
  static let margin: Int64 = 5_000

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

  var isSpent: Bool { spent >= lease.calls }

  var receipt: CallReceipt {
    CallReceipt(
      workspaceID: lease.workspaceID, leaseID: lease.id, limit: limit,
      remaining: remainder.map { $0 + lease.calls - spent }, resetsAt: lease.day.end)
  }

  var settlement: CallReturn { CallReturn(id: lease.id, spent: spent) }
}
