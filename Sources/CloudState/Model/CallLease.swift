/// A part of a workspace's daily API calls that one node may let through without asking anybody.
///
/// It ends in one of two ways: its holder returns it and says how many calls were made, or it expires
/// and all of it counts as made. Nobody but the holder knows what was, and it may be dead.
public struct CallLease: Hashable, Sendable {
  /// Which.
  public var id: CallLeaseID
  /// Whose calls.
  public var workspaceID: WorkspaceID
  /// The day whose quota they are taken from.
  public var day: Day
  /// The process that may spend them.
  public var holder: String
  /// How many.
  public var calls: Int64
  /// The first moment at which all of them count as made.
  public var expiresAt: Timestamp
}

/// A lease, and how the workspace stands with it.
public struct CallGrant: Hashable, Sendable {
  /// The calls granted.
  public var lease: CallLease
  /// The most calls there may be that day; nothing means unlimited.
  public var limit: Int64?
  /// What is spent and what is leased, this lease included.
  public var used: Int64
}

/// What a holder says of a lease that it gives back.
public struct CallReturn: Hashable, Sendable {
  /// Which lease.
  public var id: CallLeaseID
  /// How many of its calls were made.
  public var spent: Int64

  /// Says how many calls of a lease were made.
  public init(id: CallLeaseID, spent: Int64) {
    self.id = id
    self.spent = spent
  }
}
