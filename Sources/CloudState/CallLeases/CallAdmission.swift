/// What becomes of a call.
public enum CallAdmission: Hashable, Sendable {
  /// It is counted.
  case admitted(CallReceipt)
  /// Nothing is at hand and nobody has asked: propose this, and tell the holder what came of it.
  case needsLease(LeaseCalls)
  /// Nothing is at hand, and somebody is asking.
  case waits
  /// The quota is used up.
  case refused(QuotaExceeded)
}

/// A call that was counted.
public struct CallReceipt: Hashable, Sendable {
  /// Whose call.
  public var workspaceID: WorkspaceID
  /// The lease it was taken from.
  public var leaseID: CallLeaseID
  /// The most calls there may be that day; nothing means unlimited.
  public var limit: Int64?
  /// How many more there may be, as far as this holder knows; nothing means unlimited.
  public var remaining: Int64?
  /// When the count starts anew.
  public var resetsAt: Timestamp
}
